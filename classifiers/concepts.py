"""Finds what words mean, in thirteen languages: a word becomes a concept.

What the concepts are stands in lexicon/concepts.toml, the words in a file for each
language beside it. Nothing here knows a right or a kind.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

LANGUAGES = (
    "en", "nb", "nn", "sv", "da", "de", "fr", "es", "nl", "it", "pl", "pt", "fi",
)  # fmt: skip

_ANY = "_"
_KNOWN_WORDS = 1 << 16
# Rules and models cut the clauses of a mail one after the other.
_KNOWN_CLAUSES = 512
_FOLDED = str.maketrans(
    {
        "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d",
        "’": "'", "\u02bc": "'", "\u2018": "'",
    }
)  # fmt: skip
# Short words that French and Italian put before an apostrophe.
_WORD = re.compile(
    r"(?:(?<![^\W\d_])(?:[ldjmnsct]|qu|jusqu|lorsqu|puisqu|quelqu|un|all|dell|nell|sull|"
    r"dall|quell|com|c|d)(?=['’](?!t\b|s\b|re\b|ve\b|ll\b|d\b|m\b)[^\W\d_]))"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[§€£$%&]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A folded word and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A concept that was found; `first` and `last` count words."""

    concept: str
    first: int
    last: int


@lru_cache(_KNOWN_WORDS)
def fold(word: str) -> str:
    """Give a word in lower case, without accents: as people type on a phone."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(_FOLDED))
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(_KNOWN_CLAUSES)
def split(text: str) -> tuple[Word, ...]:
    """Cut a text into folded words with their offsets."""
    return tuple(
        Word(text=fold(match.group()), start=match.start(), end=match.end())
        for match in _WORD.finditer(text)
    )


class _Patterns:
    """All word patterns of a language, told apart by their number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        self._prefix: dict[str, int] = {}
        self._suffix: dict[str, int] = {}
        self._inside: dict[str, int] = {}

    def number(self, pattern: str) -> int:
        """Give the number of a pattern, a new one for a new pattern."""
        if pattern not in self._numbers:
            number = self._numbers[pattern] = len(self._numbers)
            stem = pattern.strip("*")
            if pattern.startswith("*") and pattern.endswith("*"):
                self._inside[stem] = number
            elif pattern.endswith("*"):
                self._prefix[stem] = number
            elif pattern.startswith("*"):
                self._suffix[stem] = number
            else:
                self._exact[stem] = number
        return self._numbers[pattern]

    def of(self, word: str) -> tuple[int, ...]:
        """Give the numbers of all patterns that a word matches."""
        ends = range(1, len(word) + 1)
        found = [self._exact.get(word)]
        found += [self._prefix.get(word[:end]) for end in ends]
        found += [self._suffix.get(word[-end:]) for end in ends]
        found += [number for stem, number in self._inside.items() if stem in word]
        return tuple(number for number in found if number is not None)


class Lexicon:
    """The words of one language."""

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        """Take {concept: entries}; the form of an entry stands in lexicon/README.md."""
        patterns = _Patterns()
        self._blank = patterns.number(_ANY)
        self._single: dict[int, list[str]] = {}
        # By their first two words, since most words begin many phrases.
        self._phrases: dict[tuple[int, int], list[tuple[tuple[int, ...], str]]] = {}
        for concept, texts in entries.items():
            for text in texts:
                first, *rest = (patterns.number(p) for p in _pieces(text))
                if rest:
                    begun = self._phrases.setdefault((first, rest[0]), [])
                    begun.append((tuple(rest[1:]), concept))
                else:
                    self._single.setdefault(first, []).append(concept)
        self._of = lru_cache(_KNOWN_WORDS)(patterns.of)

    def find(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Find every concept in some folded words: its name, first and last word."""
        numbers = [self._of(word) for word in words]
        blank = (self._blank,)
        for at, own in enumerate(numbers):
            following = numbers[at + 1] + blank if at + 1 < len(numbers) else ()
            for number in own:
                for concept in self._single.get(number, ()):
                    yield concept, at, at
                for second in following:
                    for rest, concept in self._phrases.get((number, second), ()):
                        if self._goes_on(rest, numbers, at + 2):
                            yield concept, at, at + 1 + len(rest)

    def _goes_on(
        self, rest: tuple[int, ...], numbers: Sequence[tuple[int, ...]], at: int
    ) -> bool:
        return at + len(rest) <= len(numbers) and all(
            wanted == self._blank or wanted in numbers[at + index]
            for index, wanted in enumerate(rest)
        )


def _pieces(entry: str) -> list[str]:
    """Fold an entry like the text that it is to match, stars and blanks kept."""
    pieces = []
    for part in entry.split():
        if part == _ANY:
            pieces.append(part)
            continue
        words = [word.text for word in split(part.strip("*"))]
        if not words:
            continue
        if part.startswith("*"):
            words[0] = f"*{words[0]}"
        if part.endswith("*"):
            words[-1] = f"{words[-1]}*"
        pieces += words
    if not pieces:
        raise ValueError(f"an entry with nothing to match: {entry}")
    return pieces


@cache
def lexicon(language: str) -> Lexicon:
    """Load the words of a language; FileNotFoundError for one that is not handled."""
    path = files("classifiers").joinpath("lexicon", f"{language}.toml")
    return Lexicon(tomllib.loads(path.read_text("utf-8")))


def find(words: Sequence[str], languages: Iterable[str]) -> tuple[Hit, ...]:
    """Find every concept that some words have in any of the languages, in order."""
    found = {hit for language in languages for hit in lexicon(language).find(words)}
    return tuple(
        Hit(concept=concept, first=first, last=last)
        for first, last, concept in sorted((a, b, name) for name, a, b in found)
    )
