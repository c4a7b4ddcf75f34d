"""Takes out of a text what tells whose it is, and leaves what it asks for; pure.

What the author is called is known from the header; of others only what gives itself
away: addresses, links, numbers, names behind a title or an introduction. The result is
pseudonymous (GDPR Art. 4(5)), never anonymous: it is sealed like the mail itself.
"""

import re
from collections.abc import Iterable, Iterator

from inbox_bot.services.facts import REFERENCE

NAME = "Alex"
ADDRESS = "alex@example.org"
_PAGE = "https://example.org/page"
_HANDLE = "@alex"
_NO_REFERENCE = "0000-0000"

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Bounded as addresses are (RFC 5321, 4.5.3.1): what is longer is searched no further.
_ADDRESS = re.compile(
    r"(?<![^\s<>()\[\],;:\"])[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"]{1,255}"
)
_AT_NAME = re.compile(r"(?<!\w)@\w{2,}")
_WORD = re.compile(r"[^\W\d_]+")
# What every mail cites, before any number that may be somebody's.
_NUMBER = re.compile(
    r"(?P<law>(?<!\d)(?:1798[.,]\d{3}|2016/679)(?!\d))"
    r"|\d{4,}|\+?\(?\d[\d\u00a0 ()/.-]{3,}\d"
)
_LEAST_DIGITS = 5
_LONG_RUN = re.compile(r"\d{4}")

# Addresses and names of functions (RFC 2142, and the usual ones), and particles: no
# name, and words that a request may be made of.
_FUNCTIONS = (
    "info marketing sales support abuse noc security postmaster hostmaster news"
    " webmaster www privacy contact mail email post office hello data legal team"
    " admin service kontakt firma noreply reply com org net no gdpr dpo dsar unsubscribe"
    " delete optout stop personvern datenschutz access"
)
_PARTICLES = (
    "van der von del den det des dos das della the and via for und och med de la di da"
    " du le en av af"
)
_NO_NAME = frozenset(f"{_FUNCTIONS} {_PARTICLES}".split())
_FROM_ADDRESS = 3
_SHORT = 2

_INTRODUCTIONS = (
    r"my name is|i am called|jeg heter|jeg hedder|eg heiter|namnet mitt er|navnet mitt er"
    r"|mit navn er|jag heter|mitt namn är|ich hei(?:ß|ss)e|mein name ist|je m.appelle"
    r"|mon nom est|me llamo|mi nombre es|mi chiamo|il mio nome è|mijn naam is|ik heet"
    r"|nazywam się|mam na imię|chamo-me|me chamo|(?:o )?meu nome é|nimeni on"
)
_TITLES = (
    r"mr|mrs|ms|miss|dr|herrn?|frau|fru|hr|sr|sra|señora?|mme|monsieur|madame|sig"
    r"|signora?|pan|pani|dhr|mevr"
)
# Of the names only the first letter says that they are names.
_CAPITAL = r"[^\W\d_a-zà-öø-ÿß][^\W\d_]*"
_INTRODUCED = re.compile(
    rf"(?<!\w)(?P<before>(?i:{_INTRODUCTIONS}|(?:{_TITLES})\.?)[ \u00a0:]+)"
    rf"{_CAPITAL}(?:[ -]{_CAPITAL}){{0,2}}"
)


def pseudonymised(text: str, *, names: Iterable[str], addresses: Iterable[str]) -> str:
    """Replace names, addresses, links, case and other numbers in a text.

    `names` are display names of people who may be named in it, `addresses` theirs.
    Digits become zeros, so that a number stays a number; the articles of laws stay.
    """
    # First, since what is put in for addresses may hold one of the words.
    told = _without_names(text, {*_of_names(names), *_of_addresses(addresses)})
    told = _URL.sub(_PAGE, told)
    told = _ADDRESS.sub(ADDRESS, told)
    told = _AT_NAME.sub(_HANDLE, told)
    told = REFERENCE.sub(_NO_REFERENCE, told)
    told = _INTRODUCED.sub(lambda found: f"{found['before']}{NAME}", told)
    return _NUMBER.sub(_without_digits, told)


def _of_names(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for word in _WORD.findall(name):
            if len(word) >= _SHORT and word.casefold() not in _NO_NAME:
                yield word


def _of_addresses(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        for word in _WORD.findall(address.rpartition(".")[0]):
            if len(word) >= _FROM_ADDRESS and word.casefold() not in _NO_NAME:
                yield word


def _without_names(text: str, words: Iterable[str]) -> str:
    """Replace words wherever they stand, with a genitive; the shortest as written.

    "Bo" is a name, "bo" a word: two letters count only in their own case.
    """
    told = text
    for word in sorted(words, key=len, reverse=True):
        case = re.NOFLAG if len(word) == _SHORT else re.IGNORECASE
        told = re.sub(
            rf"(?<!\w){re.escape(word)}(?=(?:['’]?s)?(?!\w))", NAME, told, flags=case
        )
    return told


def _without_digits(found: re.Match[str]) -> str:
    number = found.group()
    many = sum(char.isdigit() for char in number) >= _LEAST_DIGITS
    if found["law"] or not (many or _LONG_RUN.search(number)):
        return number
    return re.sub(r"\d", "0", number)
