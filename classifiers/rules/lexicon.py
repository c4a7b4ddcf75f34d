"""Loads the rule files into compiled patterns; no rule is applied here."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from inbox_bot.domain.reading import Kind, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A pattern that speaks for one label or kind.

    A `strong` cue is alone enough to believe it; a weak one only informs the model;
    a `wide` one may reach over two sentences.
    """

    target: str
    name: str
    strength: str
    pattern: re.Pattern[str]

    @property
    def strong(self) -> bool:
        """Whether the rules believe it for this cue alone."""
        return self.strength != "weak"

    @property
    def wide(self) -> bool:
        """Whether it reaches over two sentences."""
        return self.strength == "wide"

    @property
    def token(self) -> str:
        """The word by which the model sees this cue."""
        return f"CUE/{self.target}/{self.name}"


def _table(name: str) -> dict[str, dict[str, dict[str, str]]]:
    text = files("classifiers.rules").joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _words() -> Mapping[str, str]:
    text = files("classifiers.rules").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)


def compiled(source: str) -> re.Pattern[str]:
    """Compile a pattern after putting the word classes in for their names."""
    words = _words()
    expanded = re.sub(r"\{([a-z]+)\}", lambda m: words[m[1]], source)
    return re.compile(expanded, re.IGNORECASE)


@cache
def cues(name: str) -> tuple[Cue, ...]:
    """Give all cues of a rule file ("rights", "kinds") in its order."""
    return tuple(
        Cue(
            target=target,
            name=cue,
            strength=strength,
            pattern=compiled(source),
        )
        for target, strengths in _table(name).items()
        for strength, sources in strengths.items()
        for cue, source in sources.items()
    )


@cache
def facts(group: str, part: str) -> Mapping[str, re.Pattern[str]]:
    """Give the compiled patterns of a table in the facts file, by their name."""
    table = _table("facts")[group][part]
    return {name: compiled(source) for name, source in table.items()}


def right_cues() -> tuple[tuple[Right, Cue], ...]:
    """Give the cues for rights."""
    return tuple((Right(cue.target), cue) for cue in cues("rights"))


def kind_cues() -> tuple[tuple[Kind, Cue], ...]:
    """Give the cues for kinds."""
    return tuple((Kind(cue.target), cue) for cue in cues("kinds"))
