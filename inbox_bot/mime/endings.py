"""How a mail ends: closing, name and company, phones' signatures, footers.

Looks at one stretch of the author's lines at a time; quotation is for `quoting`, the
phrases of programs stand in `quote_words`, those of people here. When in doubt a line
stays the author's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inbox_bot.mime import quote_words as words

# Patterns look at the head of a line only: footers are often one endless line.
HEAD: Final = 400
# RFC 3676 knows no bound; people who use "--" as a rule write on for longer.
SIGNATURE_LINES: Final = 15
# The telling words of a footer stand in its first lines, as folded in plain mail.
FOOTER_FOLDS: Final = 3
# The politest closing of French is one sentence.
CLOSING_LENGTH: Final = 160
# "Kari van der Nordmann, Head of Sales"; words below PARTICLE letters may be small.
NAME_WORDS: Final = 6
PARTICLE: Final = 4
# So many words in small letters make a sentence, twice as many a loud one.
SMALL_WORDS: Final = 5

_STOPS: Final = " \t,.!;:*_-–—"
_CLOSINGS: Final = (
    # English
    r"thanks and (?:best |kind |warm )?regards|(?:with )?(?:my )?(?:very )?"
    r"(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes)|regards|all the best|"
    r"(?:yours )?(?:very )?(?:sincerely|faithfully|truly|cordially|respectfully)(?: yours)?|"
    r"cheers|best|rgds|br|"
    # Norwegian, Danish, Swedish
    r"(?:med |de |dei )?(?:vennlig|vennlege|vennleg|venlig|venlege|vennligste|beste|bedste|god|gode|"
    r"kjærlig|varm|varme|hjertelig|mange|vänlig|vänliga|bästa|många)? ?"
    r"(?:hilsen|hilsener|hilsninger|hilsner|helsing|helsingar|hälsning|hälsningar)|"
    r"vänligen|mvh|m\.v\.h\.?|vh|dbh|hälsn|"
    # German
    r"(?:mit )?(?:den )?(?:freundliche[nm]?|beste[n]?|herzliche[nm]?|viele[n]?|liebe[n]?|"
    r"schöne[n]?|sonnige[n]?) (?:grü(?:ß|ss)en?|gru(?:ß|ss))(?: aus [^\W\d_]{2,30})?|"
    r"grü(?:ß|ss)e|gru(?:ß|ss)|hochachtungsvoll|mfg|vg|lg|"
    # French
    r"(?:bien |très )?cordialement|bien à vous|(?:bien )?sincèrement|amicalement|cdlt|"
    r"(?:avec )?(?:mes |nos )?(?:meilleures |sincères |cordiales |respectueuses )?"
    r"salutations(?: distinguées| cordiales)?|bonne (?:journée|soirée)|"
    r"(?:(?:je|nous) vous prie?(?:ons)?|veuillez|merci) (?:d.|de )?(?:bien vouloir )?"
    r"(?:agréer|recevoir|croire).{0,120}(?:salutations|sentiments|considération)"
    r"(?: (?:les plus )?(?:distinguée?s?|respectueux|respectueuses|cordiales))?|"
    # Spanish, Portuguese
    r"(?:un |reciba un |reciban un )?(?:cordial |atento |afectuoso )?saludos?"
    r"(?: cordial(?:es)?| atentos?)?|(?:muy )?atentamente|cordialmente|(?:um|un) abra[çz]o|"
    r"(?:com )?(?:os )?(?:meus )?(?:melhores |sinceros |cordiais )?cumprimentos|"
    r"(?:cordiais |com )?saudações(?: cordiais)?|atenciosamente|respeitosamente|abraços|att|"
    # Italian
    r"(?:i |i miei )?(?:più )?(?:cordiali|distinti|migliori|tanti)? ?saluti(?: cordiali)?|"
    r"(?:un )?cordiale saluto|in fede|"
    # Dutch
    r"(?:met )?(?:een )?(?:vriendelijke?|hartelijke?|beste|warme) groet(?:en|jes)?|"
    r"groet(?:en|jes)?|hoogachtend|mvg|m\.v\.g\.?|"
    # Polish
    r"(?:serdecznie |łączę )?(?:pozdrawiam|pozdrowienia)(?: serdecznie)?|"
    r"serdeczne pozdrowienia|z (?:poważaniem|wyrazami szacunku)|pozdr|"
    # Finnish
    r"(?:parhain|ystävällisin|lämpimin|kunnioittavin)? ?terveisin|"
    r"(?:parhaat |ystävälliset )?terveiset|ystävällisesti|kunnioittavasti|kunnioittaen"
)
_CLOSING: Final = re.compile(r"\s*(?:" + _CLOSINGS + r")(?!\w)", re.IGNORECASE)
# Thanks are the author's words, but a name may stand below them too.
_THANKS: Final = re.compile(
    r"\s*(?:(?:many )?thanks|thank you|thx|(?:tusen |mange )?takk|(?:mange )?tak|(?:stort )?tack|"
    r"(?:vielen |besten |herzlichen )?dank|danke(?: schön)?|merci(?: beaucoup| bien)?|"
    r"(?:muchas |mil )?gracias|(?:muito )?obrigad[oa]|(?:molte |mille )?grazie|"
    r"(?:hartelijk |alvast )?(?:be)?dankt?(?: je wel| u wel)?|dziękuję|z góry dziękuję|kiitos|kiitän)"
    r"(?: (?:in advance|so much|very much|på forhånd|på forhand|på förhand|im voraus|d.avance|"
    r"par avance|de antemano|por adelantado|antecipadamente|in anticipo|bij voorbaat|z góry|"
    r"etukäteen))?(?!\w)",
    re.IGNORECASE,
)
_CONNECTOR: Final = re.compile(
    r"[\s,/&]*(?:and|og|och|und|et|y|e|en|i|ja)\s", re.IGNORECASE
)
_POSTSCRIPT: Final = re.compile(
    r"\W{0,3}(?:p\.?\s?-?\s?s|p\.?\s?d|post ?scriptum|n\.?b)\b", re.IGNORECASE
)

# What a person says of themselves: no slogan and no footer does.
_MINE: Final = re.compile(
    r"\bI\b|\b(?!(?:Mina|Mia|Mio)\b(?:$| [A-ZÀ-Þ]))(?i:my|mine|min|mitt|mit|mina|mein(?:e[nmrs]?)?|mon|mes|mi|mis|mío|mía|mio|mia|miei|"
    r"mie|mijn|mój|moje|moja|moją|mojego|mojej|moich|meu|minha|meus|minhas|minun|tietoni|"
    r"tilini)\b"
)
_PERSONAL: Final = re.compile(
    r"\b(?:me|i'm|i've|please|kindly|can you|could you|jeg|eg|meg|mig|jag|vennligst|venligst|"
    r"kan dere|kan du|kan ni|snälla|ich|mich|mir|bitte|j'[^\W\d_]+|je (?:veux|souhaite|vous|voudrais|"
    r"demande)|moi|merci de|veuillez|s'il vous|por favor|quiero|yo|vorrei|chiedo|per favore|"
    r"per cortesia|ik|mij|graag|alstublieft|alsjeblieft|proszę|mnie|chcę|quero|gostaria|peço|"
    r"minä|minua|minut|minusta|haluan|pyydän|poistakaa)\b",
    re.IGNORECASE,
)
_CONTACT: Final = re.compile(
    r"@|https?://|\bwww\.|\w\.(?:com|org|net|no|se|dk|de|fr|es|it|nl|pl|pt|fi|eu|io|co|example|"
    r"test)\b|\+?\d[\d ()/.-]{5,18}\d|[|•·]|"
    r"\b(?:tel|tlf|tfn|telefono?|teléfono|telefone|téléphone|téléph|puh|puhelin|phone|mob|mobile?|mobiel|"
    r"móvil|cell|fax|org\.? ?nr|vat|cvr|kvk|nip|siret|nif|cif|p\.? ?iva|y-tunnus)\b\W{1,3}[\w+(]|"
    r"\b\d{4,5} [^\W\d_]{3}|\b\d{2}-\d{3} [^\W\d_]{3}",
    re.IGNORECASE,
)
_COMPANY: Final = re.compile(
    r"\b(?:ASA?|AB|A/S|ApS|GmbH|AG|KG|UG|Ltd|LLC|LLP|Inc|Corp|PLC|plc|Oyj?|BV|B\.V|NV|N\.V|SAS|"
    r"SARL|S\.?A\.?S|SA|S\.A|SL|S\.L|SLU|S\.?r\.?l|SRL|S\.?p\.?A|Lda|LTDA|Ltda|Sp\.? z ?o\.? ?o)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Lines taken apart: the author's words, what signs them, what programs add."""

    kept: list[str]
    signature: list[str]
    footer: list[str]


def own_words(run: list[str]) -> Ending:
    """Split the lines of one stretch of the author's into words and what ends them."""
    cut = _delimiter(run)
    kept: list[str] = []
    signature: list[str] = []
    footers: list[str] = []
    footer = False
    for at, line in enumerate(run[:cut]):
        footer = bool(line.strip()) and (footer or _is_footer(run, at))
        if _is_mobile(line[:HEAD].strip()):
            signature.append(line)
        elif footer or words.BANNER.match(line[:HEAD].lstrip()):
            footers.append(line)
        else:
            kept.append(line)
    kept, signed = _without_sign_off(kept)
    return Ending(
        kept=kept, signature=[*signed, *signature, *run[cut:]], footer=footers
    )


def _delimiter(run: list[str]) -> int:
    """Return the first delimiter that few enough lines follow, found from below."""
    cut = len(run)
    filled = 0
    for at in range(len(run) - 1, -1, -1):
        if run[at].rstrip() == "--":
            cut = at
        filled += bool(run[at].strip())
        if filled > SIGNATURE_LINES:
            break
    return cut


def _is_mobile(head: str) -> bool:
    if words.GET_OUTLOOK.fullmatch(head):
        return _MINE.search(head) is None
    if not words.SENT_FROM.match(head) or not words.DEVICE.search(head):
        return False
    line = words.SENT_LINE.fullmatch(head.strip())
    return line is not None and _PERSONAL.search(line["device"]) is None


def _is_footer(run: list[str], at: int) -> bool:
    # Indentation would be tried at every length.
    head = " ".join(run[at : at + FOOTER_FOLDS])[:HEAD].lstrip()
    if words.CONFIDENTIALITY.match(head):
        return _MINE.search(run[at][:HEAD]) is None
    return words.MARKETING.match(head) is not None and not _MINE.search(head)


def _without_sign_off(run: list[str]) -> tuple[list[str], list[str]]:
    """Take out each closing and the block below it; prose that follows stays."""
    kept: list[str] = []
    signature: list[str] = []
    said = False
    at = 0
    while at < len(run):
        line = run[at]
        thanked = _closes(line, _THANKS)
        if not said or not (thanked or _closes(line, _CLOSING)):
            kept.append(line)
            said = said or bool(line.strip())
            at += 1
            continue
        (kept if thanked else signature).append(line)
        end = _end_of_block(run, at + 1)
        for each, judged in _judged(run[at + 1 : end]):
            # Addresses below thanks may be what the thanks are for.
            signs = judged and not (thanked and "@" in each)
            (signature if signs else kept).append(each)
        at = end
    return kept, signature


def _closes(line: str, pattern: re.Pattern[str]) -> bool:
    """Whether a line is a closing, with a name behind it or without."""
    rest = line
    if len(line) > CLOSING_LENGTH or not pattern.match(line):
        return False
    while match := (pattern.match(rest) or _CLOSING.match(rest)):
        rest = rest[match.end() :].lstrip(_STOPS)
        connector = _CONNECTOR.match(rest)
        rest = rest[connector.end() :] if connector else rest
    return not rest.strip(_STOPS) or _is_name(rest)


def _end_of_block(run: list[str], start: int) -> int:
    """Return where prose begins, at the latest where no signature reaches."""
    filled = 0
    for at in range(start, len(run)):
        if _is_prose(run[at][:HEAD]):
            return _start_of_sentence(run, start, at)
        filled += bool(run[at].strip())
        if filled > SIGNATURE_LINES or (filled and _closes(run[at], _CLOSING)):
            return at
    return len(run)


def _start_of_sentence(run: list[str], start: int, at: int) -> int:
    """Step back over what may be the first line of a folded sentence."""
    above = run[at - 1] if at > start + 1 else ""
    folded = len(above.split()) > NAME_WORDS and not _CONTACT.search(above[:HEAD])
    return at - 1 if folded and not _POSTSCRIPT.match(run[at]) else at


def _is_prose(line: str) -> bool:
    if _POSTSCRIPT.match(line) or _MINE.search(line) or _PERSONAL.search(line):
        return True
    small = sum(word.isalpha() and word.islower() for word in line.split())
    shouted = line.rstrip().endswith("!")
    return line.rstrip().endswith("?") or small >= SMALL_WORDS * (2 if shouted else 1)


def _judged(block: list[str]) -> Iterator[tuple[str, bool]]:
    """Tell for each line below a closing whether it signs; in doubt it doesn't."""
    contacts = sum(bool(_CONTACT.search(line[:HEAD])) for line in block)
    company = any(_COMPANY.search(line[:HEAD]) for line in block)
    names = 0
    for line in block:
        named = _is_name(line) or (not names and len(line.split()) == 1)
        known = named or _CONTACT.search(line[:HEAD]) is not None
        yield (
            line,
            (known or not line.strip(_STOPS) or company or contacts > 1 or names > 1),
        )
        names = names + 1 if named else names if line.strip() else min(names, 1)


def _is_name(line: str) -> bool:
    """Whether every longer word of a short line begins like a name."""
    found = line.split()
    if not 0 < len(found) <= NAME_WORDS or line.rstrip().endswith(("!", "?", ":")):
        return False
    return all(len(word) < PARTICLE or not word[:1].islower() for word in found) and (
        any(word[:1].isupper() for word in found)
    )
