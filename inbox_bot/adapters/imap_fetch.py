"""Turns UIDs of an open folder into fetched messages: sizes first, then bodies.

Nothing is changed on the server: every body is asked for by BODY.PEEK (RFC 9051,
section 6.4.5). What is done with the messages is not decided here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from typing import Any

from inbox_bot.adapters.imap_session import ImapSession, OpenFolder
from inbox_bot.ports import FetchedMessage

# Mail servers refuse headers far below this; a longer one is an attack on memory.
HEADER_BYTES = 1024 * 1024

_HEADER = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"
_STRUCTURE_NOTE = (
    "The whole message is over the size limit and stays on the server. Its parts:"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is taken at once.

    `max_bytes` for one message, `batch_count` and `batch_bytes` for one batch.
    """

    max_bytes: int
    batch_count: int = 50
    batch_bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is known of a message before it is fetched; `size` None: unknown."""

    folder: OpenFolder
    uid: int
    size: int | None
    received_at: datetime


def fetch_batches(
    session: ImapSession,
    folder: OpenFolder,
    uids: Sequence[int],
    limits: Limits,
    now: Callable[[], datetime],
) -> Iterator[tuple[FetchedMessage, ...]]:
    """Yield the messages in the order of their UIDs, in bounded batches.

    A message that is gone is left out. `now` stands in where the server has no
    INTERNALDATE for a damaged message.
    """
    for start in range(0, len(uids), limits.batch_count):
        chunk = uids[start : start + limits.batch_count]
        with session.translated():
            session.back_to(folder)
            known = _facts(session, folder, chunk, now)
        for group in _groups(known, limits):
            with session.translated():
                session.back_to(folder)
                batch = tuple(_messages(session, group, limits))
            if batch:
                yield batch


def _facts(
    session: ImapSession,
    folder: OpenFolder,
    uids: Sequence[int],
    now: Callable[[], datetime],
) -> list[_Facts]:
    answers = session.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
    return [
        _Facts(
            folder=folder,
            uid=uid,
            size=answer.get(b"RFC822.SIZE"),
            received_at=_aware(answer.get(b"INTERNALDATE")) or now(),
        )
        for uid, answer in sorted(answers.items())
    ]


def _aware(moment: datetime | None) -> datetime | None:
    """Give the standard library's zone in place of imapclient's."""
    if moment is None:
        return None
    offset = moment.utcoffset()
    return moment.replace(tzinfo=UTC if offset is None else timezone(offset))


def _groups(known: Sequence[_Facts], limits: Limits) -> Iterator[list[_Facts]]:
    """Cut where the next message would exceed the bytes of a batch."""
    group: list[_Facts] = []
    weight = 0
    for facts in known:
        size = _weight(facts, limits)
        if group and weight + size > limits.batch_bytes:
            yield group
            group, weight = [], 0
        group.append(facts)
        weight += size
    if group:
        yield group


def _fits(facts: _Facts, limits: Limits) -> bool:
    return facts.size is not None and facts.size <= limits.max_bytes


def _weight(facts: _Facts, limits: Limits) -> int:
    return (facts.size or 0) if _fits(facts, limits) else HEADER_BYTES


def _messages(
    session: ImapSession, group: Sequence[_Facts], limits: Limits
) -> Iterator[FetchedMessage]:
    fitting = [facts.uid for facts in group if _fits(facts, limits)]
    bodies = session.fetch(fitting, ["BODY.PEEK[]"]) if fitting else {}
    for facts in group:
        if not _fits(facts, limits):
            message = _outline(session, facts)
        elif facts.uid in bodies:
            message = _whole(session, facts, bodies[facts.uid].get(b"BODY[]"))
        else:
            message = None
        if message is not None:
            yield message


def _whole(
    session: ImapSession, facts: _Facts, raw: bytes | None
) -> FetchedMessage | None:
    if raw is None:
        return _remains(session, facts)
    return _message(facts, raw)


def _outline(session: ImapSession, facts: _Facts) -> FetchedMessage | None:
    """Take the header and the structure of a message that is too large."""
    if facts.size is None:
        return _remains(session, facts)
    answer = session.fetch([facts.uid], [_HEADER, "BODYSTRUCTURE"]).get(facts.uid)
    if answer is None:
        return None
    header = _header(answer)
    if header is None:
        return _remains(session, facts, whole=False)
    structure = "\r\n".join([_STRUCTURE_NOTE, *_parts(answer.get(b"BODYSTRUCTURE"))])
    raw = header.rstrip(b"\r\n") + b"\r\n\r\n" + structure.encode() + b"\r\n"
    return _message(facts, raw, whole=False)


def _remains(
    session: ImapSession, facts: _Facts, *, whole: bool = True
) -> FetchedMessage | None:
    """Take what can be had of a message that can't be fetched: at best its header."""
    answer = session.fetch([facts.uid], [_HEADER]).get(facts.uid)
    if answer is None:
        return None
    raw = _header(answer) or b""
    return _message(facts, raw, whole=whole, unreadable=True)


def _header(answer: dict[bytes, Any]) -> bytes | None:
    header: bytes | None = answer.get(b"BODY[HEADER]<0>")
    return header


def _message(
    facts: _Facts, raw: bytes, *, whole: bool = True, unreadable: bool = False
) -> FetchedMessage:
    return FetchedMessage(
        folder=facts.folder.name,
        uid_validity=facts.folder.uid_validity,
        uid=facts.uid,
        received_at=facts.received_at,
        size=facts.size or len(raw),
        raw=raw,
        whole=whole,
        unreadable=unreadable,
    )


def _parts(structure: Any, number: str = "") -> Iterator[str]:
    """Write a BODYSTRUCTURE, one line a part: number, type, octets, file name."""
    if not structure:
        return
    if isinstance(structure[0], list):
        prefix = f"{number}." if number else ""
        for index, part in enumerate(structure[0], start=1):
            yield from _parts(part, f"{prefix}{index}")
        return
    kind = f"{_word(structure[0])}/{_word(structure[1])}".lower()
    octets = structure[6] if len(structure) > 6 else "?"  # noqa: PLR2004 - body-fld-octets
    name = _file_name(structure[2])
    yield f"{number or '1'} {kind}, {octets} octets{name}"


def _file_name(parameters: Any) -> str:
    pairs = parameters if isinstance(parameters, tuple) else ()
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        if _word(key).lower() == "name":
            return f", {_word(value)}"
    return ""


def _word(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join(text.split())
