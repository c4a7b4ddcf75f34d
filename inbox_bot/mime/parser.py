"""Raw bytes to an InboundMessage; never raises, whatever the bytes.

Puts together what the other modules read; holds no grammar of its own.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from inbox_bot.domain.message import (
    Address,
    Authentication,
    ForwardedPart,
    InboundMessage,
)
from inbox_bot.mime.addresses import addr_spec, addresses
from inbox_bot.mime.authentication import authentication
from inbox_bot.mime.automated import answerable, automation, delivery_report
from inbox_bot.mime.body import leaf_text, read_body
from inbox_bot.mime.headers import date, message_ids, subject
from inbox_bot.mime.quoting import is_forward, own_earlier, split
from inbox_bot.mime.structure import Part, read_structure

# A message is known by these; a second one hides something from somebody.
_SINGLE: Final = ("from", "date", "subject", "message-id")
# The border server may have judged another message than the one we read (VU#302671).
_UNTRUSTED: Final = frozenset(
    {"bare_cr", "bare_lf", "nul", "multiple_from"}
    | {f"duplicate_{name.replace('-', '_')}" for name in _SINGLE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What the fields of the message say of itself."""

    sender: Address | None
    subject: str
    date: datetime | None
    message_id: str | None
    return_path: str | None
    defects: tuple[str, ...]


def parse(raw: bytes, *, authserv_id: str = "") -> InboundMessage:
    """Read a message as it came; what is wrong with it is told in `defects`.

    `authserv_id` is the name our border server signs its results with (RFC 8601); ""
    trusts nobody's. CRLF and LF copies give equal messages.
    """
    root, structural = read_structure(raw)
    head = _read_head(root)
    body = read_body(root)
    own = split(body.text, forwards=is_forward(head.subject))
    kind = automation(root, head.sender, head.subject)
    defects = tuple(dict.fromkeys((*structural, *head.defects, *body.defects)))
    trusted = not _UNTRUSTED.intersection(defects)
    embedded = () if root.type == "multipart/report" else _embedded(root)
    return InboundMessage(
        sender=head.sender,
        recipients=_recipients(root),
        subject=head.subject,
        message_id=head.message_id,
        in_reply_to=message_ids(root.first("in-reply-to")),
        references=message_ids(root.first("references")),
        date=head.date,
        return_path=head.return_path,
        text=body.text,
        author_text=own.author,
        quoted_text=own.quoted,
        own_earlier=own_earlier(body.text, head.sender),
        html=body.html,
        forwarded=(*own.forwarded, *embedded),
        attachments=body.attachments,
        authentication=(
            authentication(root.fields, head.sender, authserv_id)
            if trusted
            else Authentication()
        ),
        automation=kind,
        answerable=(
            "multiple_from" not in defects
            and answerable(root, head.sender, head.return_path)
        ),
        delivery_report=delivery_report(root, kind),
        defects=defects,
        identity=_identity(root, head),
    )


def _read_head(part: Part) -> _Head:
    defects = [
        f"duplicate_{name.replace('-', '_')}"
        for name in _SINGLE
        if len(part.all(name)) > 1
    ]
    senders = tuple(found for value in part.all("from") for found in addresses(value))
    if not senders:
        defects.append("bad_from" if part.all("from") else "no_from")
    if len(senders) > 1 or len(part.all("from")) > 1:
        defects.append("multiple_from")
    sent = date(part.first("date"))
    if sent is None:
        defects.append("bad_date" if part.all("date") else "no_date")
    ids = message_ids(part.first("message-id"))
    if not ids:
        defects.append("no_message_id")
    title, cut = subject(part.first("subject"))
    if cut:
        defects.append("header_truncated")
    return _Head(
        sender=senders[0] if senders else None,
        subject=title,
        date=sent,
        message_id=ids[0] if ids else None,
        return_path=_return_path(part),
        defects=tuple(defects),
    )


def _return_path(part: Part) -> str | None:
    """Return the envelope sender that the last server noted (RFC 5321, section 4.4)."""
    if not part.all("return-path"):
        return None
    return addr_spec(part.first("return-path").strip().strip("<>"))


def _recipients(part: Part) -> tuple[Address, ...]:
    values = (*part.all("to"), *part.all("cc"))
    return tuple(dict.fromkeys(found for value in values for found in addresses(value)))


def _bodies(part: Part) -> Iterator[Part]:
    """Yield the parts that hold content, an embedded message as one."""
    if not part.is_multipart:
        yield part
        return
    for child in part.children:
        yield from _bodies(child)


def _embedded(root: Part) -> tuple[ForwardedPart, ...]:
    messages = (part.children[0] for part in _bodies(root) if part.children)
    return tuple(_forwarded(message) for message in messages)


def _forwarded(message: Part) -> ForwardedPart:
    head = _read_head(message)
    return ForwardedPart(
        sender=head.sender,
        date=head.date,
        subject=head.subject,
        text=read_body(message).text,
    )


def _identity(root: Part, head: _Head) -> bytes:
    """Return what stays the same however often and whichever way it is delivered.

    Trace fields (RFC 5321, section 4.4) and transfer encodings change on the way.
    """
    moment = head.date.astimezone(UTC).isoformat() if head.date else root.first("date")
    canonical = {
        "from": head.sender.addr_spec if head.sender else root.first("from"),
        "date": moment,
        "subject": head.subject,
        "parts": [[part.type, part.name, _digest(part)] for part in _bodies(root)],
    }
    return json.dumps(canonical, ensure_ascii=True, sort_keys=True).encode("ascii")


def _digest(part: Part) -> str:
    content = part.body
    if part.text_type or part.type.startswith("text/"):
        content = leaf_text(part)[0].rstrip().encode("utf-8", "replace")
    return hashlib.sha256(content).hexdigest()
