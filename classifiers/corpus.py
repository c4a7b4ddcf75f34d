"""Loads the labelled mails and makes them messages; nothing is learned here.

Every mail goes through the parser of the bot, so that training and running read the
author's words by the same code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Kind, Right
from inbox_bot.mime.parser import parse

FOLDER = Path(__file__).parent / "corpus"
TRAINING = tuple(sorted(path.stem for path in FOLDER.glob("train_*.jsonl")))
CALIBRATION = "calibration"
# Models and thresholds are compared on it; nothing is learned from it.
DEVELOPMENT = "development"
# Never looked at while anything was made.
HELD_OUT = "heldout"

_MAILBOX = "privacy@leadjabber.com"
_KEYS = frozenset(
    {
        "id",
        "language",
        "from",
        "subject",
        "body",
        "headers",
        "kind",
        "labels",
        "purposes",
        "on_behalf",
        "jurisdiction",
    }
)
_BOUNDARY = "=_corpus"


class CorpusError(ValueError):
    """A line of a corpus is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A mail with what a person says it asks for."""

    id: str
    language: str
    message: InboundMessage
    kind: Kind
    labels: frozenset[Right]
    purposes: Mapping[Right, tuple[str, ...]]
    on_behalf: bool
    jurisdiction: str | None


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key, "")
    if not isinstance(value, str):
        raise CorpusError(f"{key} is no string")
    return value


def _one_line(value: str) -> str:
    """Drop what would end a header line: these come from outside."""
    return " ".join(value.split())


def _extra_headers(fields: Mapping[str, object]) -> dict[str, str]:
    headers = fields.get("headers", {})
    if not isinstance(headers, Mapping):
        raise CorpusError("headers is no object")
    if not all(isinstance(value, str) for value in headers.values()):
        raise CorpusError("a header is no string")
    return {_one_line(str(k)).lower(): _one_line(v) for k, v in headers.items()}


def _body(subtype: str, text: str, declared: str) -> str:
    """Give the MIME headers and the body; a declared report becomes a real one."""
    part = (
        f"Content-Type: text/{subtype}; charset=utf-8\nContent-Transfer-Encoding: 8bit"
    )
    if not declared.lower().startswith("multipart/report"):
        return f"{part}\n\n{text}\n"
    kind = f'{declared.partition("boundary")[0].rstrip("; ")}; boundary="{_BOUNDARY}"'
    return f"Content-Type: {kind}\n\n--{_BOUNDARY}\n{part}\n\n{text}\n--{_BOUNDARY}--\n"


def raw_mail(fields: Mapping[str, object]) -> bytes:
    """Make bytes from {"from", "subject", "body" | "html", "headers"}.

    Raises CorpusError where a field has the wrong type.
    """
    headers = _extra_headers(fields)
    key = "body" if fields.get("html") is None else "html"
    declared = headers.pop("content-type", "")
    own = {
        "From": _one_line(_text(fields, "from")),
        "To": _MAILBOX,
        "Subject": _one_line(_text(fields, "subject")),
        "MIME-Version": "1.0",
    }
    lines = [f"{name}: {value}" for name, value in (own | headers).items()]
    lines.append(
        _body("plain" if key == "body" else "html", _text(fields, key), declared)
    )
    return "\n".join(lines).encode("utf-8", "replace")


def to_message(fields: Mapping[str, object]) -> InboundMessage:
    """Make the message that the bot would see; raises CorpusError."""
    return parse(raw_mail(fields))


def _purposes(value: Mapping[str, list[str]]) -> dict[Right, tuple[str, ...]]:
    return {Right(label): tuple(sorted(names)) for label, names in value.items()}


def example(fields: Mapping[str, Any]) -> Example:
    """Take a row of a corpus; CorpusError, ValueError or KeyError where it is wrong."""
    if set(fields) - {"html"} != _KEYS:
        raise CorpusError(f"keys: {sorted(fields)}")
    return Example(
        id=fields["id"],
        language=fields["language"],
        message=to_message(fields),
        kind=Kind(fields["kind"]),
        labels=frozenset(map(Right, fields["labels"])),
        purposes=_purposes(fields["purposes"]),
        on_behalf=fields["on_behalf"],
        jurisdiction=fields["jurisdiction"],
    )


def load(*names: str) -> tuple[Example, ...]:
    """Load corpora by name; a file that is not there yet has no mails.

    Raises CorpusError for a line that breaks the format.
    """
    paths = (FOLDER / f"{name}.jsonl" for name in names)
    return tuple(one for path in paths if path.exists() for one in read(path))


def read(path: Path) -> tuple[Example, ...]:
    """Load the mails of a file, such as `classify corrections export` writes.

    Raises CorpusError, which names the line, for one that breaks the format.
    """
    # Not splitlines: mails hold other line ends, which JSON leaves as they are.
    lines = enumerate(path.read_text("utf-8").split("\n"), start=1)
    return tuple(_row(path, n, line) for n, line in lines if line.strip())


def _row(path: Path, number: int, line: str) -> Example:
    try:
        return example(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"{path.name}, line {number}: {error}") from error
