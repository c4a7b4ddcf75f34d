"""Writes the pages of docs/ that are made from code, so that they can't drift.

No prose of its own beyond a page's opening lines; tests/hygiene compares the pages.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from inspect import getdoc
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from inbox_bot.domain.case import RequestState
from inbox_bot.domain.transitions import START, TRANSITIONS
from inbox_bot.settings import Settings

DOCS = Path(__file__).resolve().parent.parent / "docs"


def states_page() -> str:
    """Draw the life of a request from the transition table (Mermaid, then a table)."""
    return "\n".join(
        [
            "# The life of a request",
            "",
            "Made by `make docs` from `inbox_bot/domain/transitions.py`. A move that",
            "is not drawn is illegal: it raises and changes nothing.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *(f"    {source} --> {to}: {move}" for source, move, to in _moves("[*]")),
            "```",
            "",
            "| from | move | to |",
            "|---|---|---|",
            *(f"| {source} | {move} | {to} |" for source, move, to in _moves("(new)")),
            "",
        ]
    )


def _moves(beginning: str) -> Iterator[tuple[str, str, str]]:
    for move, state in START.items():
        yield beginning, move.value, state.value
    for source in RequestState:
        for move, state in TRANSITIONS.get(source, {}).items():
            yield source.value, move.value, state.value


def settings_page() -> str:
    """List every setting with its default and meaning from the settings tree."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from `inbox_bot/settings.py`. Every key of a section also",
        "goes as an environment variable: `[imap] host` as `INBOX_BOT__IMAP__HOST`.",
    ]
    for section, field in Settings.model_fields.items():
        lines += ["", *_section(section, field)]
    return "\n".join([*lines, ""])


def _section(name: str, section: FieldInfo) -> Iterator[str]:
    yield f"## `[{name}]`"
    yield ""
    yield section.description or getdoc(_model(section)) or ""
    yield ""
    yield "| key | value | default | meaning |"
    yield "|---|---|---|---|"
    for key, field in _model(section).model_fields.items():
        cells = (_kind(field.annotation), _default(field), field.description or "")
        yield f"| `{key}` | {' | '.join(_cell(cell) for cell in cells)} |"


def _model(section: FieldInfo) -> type[BaseModel]:
    if isinstance(section.annotation, type) and issubclass(
        section.annotation, BaseModel
    ):
        return section.annotation
    raise TypeError(f"A section is a model, not {section.annotation}.")


def _kind(annotation: Any) -> str:
    """Say in a word or two what a value looks like."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice(member.value for member in annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is None:
        return _WORDS.get(annotation, getattr(annotation, "__name__", str(annotation)))
    if origin is Literal:
        return _choice(arguments)
    if origin is Annotated:
        return _kind(arguments[0])
    inner = [_kind(a) for a in arguments if a not in {NoneType, Ellipsis}]
    kinds = " or ".join(dict.fromkeys(inner))
    return f"list of {kinds}" if origin in _LISTS else kinds


def _choice(values: Iterable[object]) -> str:
    return " or ".join(f'"{value}"' for value in values)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    return "" if value is None else f"`{_toml(value)}`"


def _toml(value: object) -> str:
    if isinstance(value, SecretStr):
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return _toml(value.value)
    if isinstance(value, set | frozenset):
        return _toml(sorted(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return str(value) if isinstance(value, int | float) else f'"{value}"'


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


_LISTS = {list, tuple, set, frozenset}
_WORDS: dict[Any, str] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "true or false",
    Path: "path",
    SecretStr: "secret",
}

PAGES: dict[str, Callable[[], str]] = {
    "states.md": states_page,
    "settings.md": settings_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
