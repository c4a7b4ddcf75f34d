"""Makes letters from the templates in `templates/mail`: implements ports.Renderer.

One mail is its pieces in order inside one frame; the result is Markdown source. What
is written, to whom, and when secrets take the markers' place is not decided here.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.exceptions import TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

import inbox_bot
from inbox_bot.domain.effects import Letter
from inbox_bot.domain.reading import Right
from inbox_bot.domain.suppression import Scope
from inbox_bot.errors import SettingsError
from inbox_bot.ports import Written

VARIABLES: Final = (
    "company_name",
    "mailbox",
    "policy_url",
    "authority_name",
    "authority_address",
    "reference",
    "receipt",
    "due",
    "rights",
    "scopes",
    "purposes",
    "link",
    "code",
    "expires",
    "address",
    "california",
    "agent",
)
"""All that a template may name; whatever else is handed in stays out of its reach."""

MARKERS: Final = {"link": "\u27e6link\u27e7", "code": "\u27e6code\u27e7"}
"""What stands in a source until the secrets take its place."""

_BRACKETS: Final = str.maketrans("", "", "\u27e6\u27e7")
# Only what Markdown would read as markup: staff edit this source, and an address in
# it should look like one.
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&~|]")
_BLOCK_START: Final = re.compile(r"^(?:[-+=#]|(\d{1,9})(?=[.)]))")
_GAP: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
# What a template can bring about; MemoryError and the like are not its author's.
_BROKEN: Final = (TemplateError, TypeError, ValueError, ArithmeticError)


def templates_root() -> Path:
    """Find the templates: packed into the wheel, else beside the package.

    Raises SettingsError where there are none.
    """
    package = Path(inbox_bot.__file__).parent
    for root in (package / "_templates", package.parent / "templates"):
        if root.is_dir():
            return root
    raise SettingsError("The folder templates/ is missing; install inbox-bot again.")


class TemplateRenderer:
    """Writes letters in every language that has a folder under `root`/mail."""

    def __init__(self, root: Path) -> None:
        """Read the words of every language.

        Raises SettingsError where a words.toml is missing or lacks a word.
        """
        folders = sorted(f.parent for f in (root / "mail").glob("*/_frame.md"))
        self._languages = {folder.name: _Language(folder) for folder in folders}

    def languages(self) -> tuple[str, ...]:
        """List the languages that letters can be written in."""
        return tuple(self._languages)

    def write(
        self, letters: Sequence[Letter], language: str, values: Mapping[str, object]
    ) -> Written:
        """Write one mail from its pieces; its subject is that of the first.

        `values` are those named in VARIABLES. Raises SettingsError where there is no
        such language, or a template is missing or broken or names anything else.
        """
        if language not in self._languages:
            raise SettingsError(f"There are no letters in the language {language!r}.")
        return self._languages[language].write(letters, values)

    def check(self) -> None:
        """Write every letter in every language, with all values and with the fewest.

        Raises SettingsError for the first template that fails, or if there are none.
        """
        if not self._languages:
            raise SettingsError("The folder templates/mail holds no language.")
        for language in self._languages:
            for letter in Letter:
                for values in (_FULL, _BARE):
                    self.write((letter,), language, values)


class _Source(str):
    """Markdown that may be inserted as it stands."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How a language names things inside a sentence; `locale` is Babel's."""

    locale: str
    rights: Mapping[str, str]
    scopes: Mapping[str, str]
    purposes: Mapping[str, str]


class _Language:
    """The letters of one language."""

    def __init__(self, folder: Path) -> None:
        words = _read_words(folder / "words.toml")
        self._name = folder.name
        self._bodies = _environment(folder, words, _as_markdown)
        self._subjects = _environment(folder, words, _as_line)

    def write(self, letters: Sequence[Letter], values: Mapping[str, object]) -> Written:
        known = {
            name: _Source(value) if (name, value) in MARKERS.items() else value
            for name, value in values.items()
            if name in VARIABLES
        }
        pieces = [
            self._render(self._bodies, f"{letter.value}/body.md", known)
            for letter in letters
        ]
        body = _Source("\n\n".join(piece.strip() for piece in pieces))
        source = self._render(self._bodies, "_frame.md", {**known, "body": body})
        subject = self._render(self._subjects, f"{letters[0].value}/subject.txt", known)
        return Written(
            subject=" ".join(subject.split()),
            source=_GAP.sub("\n\n", source).strip() + "\n",
        )

    def _render(
        self,
        environment: ImmutableSandboxedEnvironment,
        name: str,
        values: Mapping[str, object],
    ) -> str:
        try:
            return environment.get_template(name).render(values)
        except _BROKEN as error:
            raise SettingsError(
                f"The template mail/{self._name}/{name} can't be used: {error}"
            ) from error


def _environment(
    folder: Path, words: _Words, finalize: Callable[[object], str]
) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        # Nothing here is HTML; `finalize` escapes for Markdown instead.
        autoescape=False,
        finalize=finalize,
    )
    environment.filters |= {
        "day": partial(_day, words.locale),
        "rights_list": partial(_list, words.locale, words.rights),
        "scopes_list": partial(_list, words.locale, words.scopes),
        "purposes_list": partial(_known, words.locale, words.purposes),
    }
    return environment


# --- what is inserted


def _as_line(value: object) -> str:
    """Make a value plain words in one line, without control or bidi characters."""
    words = str(value)
    if not isinstance(value, str):
        raise TemplateRuntimeError(
            f"{words} is no text; dates need the filter day, lists one of their own"
        )
    line = " ".join(words.translate(_BRACKETS).split())
    return "".join(character for character in line if character.isprintable())


def _as_markdown(value: object) -> str:
    """Make a value source that reads the same and marks up nothing."""
    if isinstance(value, _Source):
        return value
    words = _MARKUP.sub(r"\\\g<0>", _as_line(value))
    return _BLOCK_START.sub(
        lambda start: f"{start[1]}\\" if start[1] else f"\\{start[0]}", words
    )


# --- filters


def _day(locale: str, value: object) -> str:
    if not isinstance(value, date):
        raise TemplateRuntimeError(f"{value!r} is no date")
    # Not a person's words: "5. mars" needs no escape inside a sentence.
    return _Source(format_date(value, "long", locale=locale))


def _list(locale: str, words: Mapping[str, str], names: Iterable[str]) -> str:
    return format_list([words[name] for name in dict.fromkeys(names)], locale=locale)


def _known(locale: str, words: Mapping[str, str], names: Iterable[str]) -> str:
    """List only what has a word: a purpose may be anything."""
    return _list(locale, words, [name for name in names if name in words])


# --- words


def _read_words(path: Path) -> _Words:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        words = _Words(
            locale=table["locale"],
            rights={right: table["rights"][right.value] for right in Right},
            scopes={scope: table["scopes"][scope.value] for scope in Scope},
            purposes=table.get("purposes", {}),
        )
        _day(words.locale, _FULL["receipt"])
    except KeyError as error:
        raise SettingsError(f"{path} has no {error}.") from error
    except (OSError, ValueError, TypeError, UnknownLocaleError) as error:
        raise SettingsError(f"{path} can't be used: {error}") from error
    return words


_BARE: Final[Mapping[str, object]] = {
    **dict.fromkeys(VARIABLES, ""),
    **MARKERS,
    "receipt": date(2026, 3, 5),
    "due": None,
    "expires": None,
    "rights": (),
    "scopes": (),
    "purposes": (),
    "california": False,
    "agent": False,
}
_FULL: Final[Mapping[str, object]] = {
    **dict.fromkeys(VARIABLES, "x"),
    **MARKERS,
    "receipt": date(2026, 3, 5),
    "due": date(2026, 4, 7),
    "expires": date(2026, 3, 19),
    "rights": tuple(Right),
    "scopes": tuple(Scope),
    "purposes": ("location",),
    "california": True,
    "agent": True,
}
