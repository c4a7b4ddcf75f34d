"""Turns domain values into rows and back: the only place that seals and opens.

Sealed columns hold the value as JSON. Their context names table, row and column, so
that bytes moved to another place don't open. No statement stands here.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json

from inbox_bot.adapters.db.columns import in_utc
from inbox_bot.adapters.db.statements import Values
from inbox_bot.adapters.db.tables import (
    CaseRow,
    CorrectionRow,
    DraftRow,
    InboundRow,
    OutgoingRow,
)
from inbox_bot.domain.case import Case
from inbox_bot.domain.effects import Place
from inbox_bot.domain.records import (
    Correction,
    Draft,
    Inbound,
    InboundContent,
    InboundState,
    Outgoing,
    OutgoingState,
)
from inbox_bot.errors import ForgottenError
from inbox_bot.ports import Hashing, Keys

_CASE = TypeAdapter(Case)
_DRAFT = TypeAdapter(Draft)
_OUTGOING = TypeAdapter(Outgoing)
_CONTENT = TypeAdapter(InboundContent)
_CORRECTION = TypeAdapter(Correction)

ADDRESS = "address"
MESSAGE_ID = "message-id"
BOUNCE = "bounce"
"""Purposes of the keyed hashes in clear columns."""


class Mapper:
    """Maps with the keys and hashes of the house.

    Opening raises ForgottenError where the owner's key was destroyed, except for
    messages: their clear columns still count, so they come back with empty content.
    """

    def __init__(self, keys: Keys, hashing: Hashing) -> None:
        self._keys = keys
        self._hashing = hashing

    def address_hash(self, address: str) -> str:
        """Give the keyed hash by which an address is found, however it is written."""
        return self._hashing.keyed_hash(ADDRESS, address.casefold())

    def inbound_values(self, message: Inbound) -> Values:
        """Give the clear columns of a message."""
        return {
            "id": message.id,
            "folder": message.folder,
            "uid_validity": message.uid_validity,
            "uid": message.uid,
            "received_at": message.received_at,
            "accepted_at": message.accepted_at,
            "size": message.size,
            "blob": message.blob,
            "whole": message.whole,
            "unreadable": message.unreadable,
            "state": message.state.value,
            "attempts": message.attempts,
            "place": message.place.value if message.place else None,
            "reason": message.reason,
            "case_id": message.case_id,
            "moved": message.moved,
        }

    def sealed_message(self, message: Inbound) -> bytes:
        """Give what names or quotes a person in a message, sealed with its own key."""
        content = _json(_CONTENT, message.content)
        return self._keys.seal(message.id, content, _context("inbound", message.id))

    def inbound(self, row: InboundRow) -> Inbound:
        """Give the message of a row."""
        return Inbound(
            id=row.id,
            folder=row.folder,
            uid_validity=row.uid_validity,
            uid=row.uid,
            received_at=row.received_at,
            accepted_at=row.accepted_at,
            size=row.size,
            blob=row.blob,
            whole=row.whole,
            unreadable=row.unreadable,
            state=InboundState(row.state),
            attempts=row.attempts,
            place=Place(row.place) if row.place else None,
            reason=row.reason,
            case_id=row.case_id,
            moved=row.moved,
            content=self._content(row),
        )

    def correction_values(self, correction: Correction) -> Values:
        """Give the columns of a correction; sealed with its message's key."""
        owner = correction.message_id
        content = _json(_CORRECTION, correction)
        sealed = self._keys.seal(owner, content, _context("corrections", owner))
        return {"message_id": owner, "sealed": sealed}

    def correction(self, row: CorrectionRow) -> Correction:
        """Give the correction of a row."""
        owner = row.message_id
        opened = self._keys.open(owner, row.sealed, _context("corrections", owner))
        return _CORRECTION.validate_json(opened)

    def case_values(self, case: Case) -> Values:
        """Give the columns of a case; sealed with its key."""
        return {
            "id": case.id,
            "reference": case.reference,
            "state": case.state.value,
            "is_open": case.is_open,
            "due_at": case.due,
            "opened_at": case.opened_at,
            "receipt": case.receipt,
            "next_timer_at": case.next_timer_at,
            "requester_hash": self.address_hash(case.requester),
            "version": case.version,
            "sealed": self._keys.seal(
                case.id, _json(_CASE, case), _context("cases", case.id)
            ),
        }

    def case(self, row: CaseRow) -> Case:
        """Give the case of a row."""
        opened = self._keys.open(row.id, row.sealed, _context("cases", row.id))
        return replace(_CASE.validate_json(opened), version=row.version)

    def draft_values(self, draft: Draft) -> Values:
        """Give the columns of a draft; sealed with its case's key."""
        return {
            "id": draft.id,
            "case_id": draft.case_id,
            "state": draft.state.value,
            "created_at": draft.created_at,
            "version": draft.version,
            "sealed": self._keys.seal(
                draft.case_id, _json(_DRAFT, draft), _context("drafts", draft.id)
            ),
        }

    def draft(self, row: DraftRow) -> Draft:
        """Give the draft of a row."""
        opened = self._keys.open(row.case_id, row.sealed, _context("drafts", row.id))
        return replace(_DRAFT.validate_json(opened), version=row.version)

    def outgoing_values(self, mail: Outgoing) -> Values:
        """Give the clear columns of a mail."""
        hashed = self._hashing.keyed_hash
        return {
            "id": mail.id,
            "case_id": mail.case_id,
            "draft_id": mail.draft_id,
            "state": mail.state.value,
            "attempts": mail.attempts,
            "next_attempt_at": mail.next_attempt_at,
            "created_at": mail.created_at,
            "sent_at": mail.sent_at,
            "automatic": mail.automatic,
            "counts": mail.counts,
            "secret": mail.secret,
            "sha256": mail.sha256,
            "reason": mail.reason,
            "to_hash": self.address_hash(mail.to),
            "message_id_hash": hashed(MESSAGE_ID, mail.message_id),
            "bounce_hash": hashed(BOUNCE, mail.mail_from) if mail.mail_from else None,
        }

    def sealed_mail(self, mail: Outgoing) -> bytes:
        """Give the whole mail but for its bytes, sealed with its case's or own key."""
        rest = _json(_OUTGOING, replace(mail, content=b""))
        owner = mail.case_id or mail.id
        return self._keys.seal(owner, rest, _context("outbox", mail.id))

    def sealed_content(self, mail: Outgoing) -> bytes | None:
        """Give the frozen bytes as they are kept; None where they are forgotten."""
        if not mail.content:
            return None
        owner = mail.case_id or mail.id
        return self._keys.seal(owner, mail.content, _context("outbox.content", mail.id))

    def outgoing(self, row: OutgoingRow) -> Outgoing:
        """Give the mail of a row."""
        owner = row.case_id or row.id
        opened = self._keys.open(owner, row.sealed, _context("outbox", row.id))
        content = b""
        if row.sealed_content is not None:
            context = _context("outbox.content", row.id)
            content = self._keys.open(owner, row.sealed_content, context)
        # A claim changes the columns and leaves the sealed value as it was.
        return replace(
            _OUTGOING.validate_json(opened),
            state=OutgoingState(row.state),
            attempts=row.attempts,
            reason=row.reason,
            content=content,
        )

    def _content(self, row: InboundRow) -> InboundContent:
        try:
            opened = self._keys.open(row.id, row.sealed, _context("inbound", row.id))
        except ForgottenError:
            return InboundContent()
        return _CONTENT.validate_json(opened)


def request_values(case: Case) -> list[Values]:
    """Give the clear rows of a case's requests."""
    return [
        {
            "case_id": case.id,
            "id": request.id,
            "right": request.right.value if request.right else None,
            "state": request.state.value,
            "receipt": request.receipt,
            "due": request.dates.due,
            "latest": request.dates.latest,
            "outcome": request.outcome.value if request.outcome else None,
        }
        for request in case.requests
    ]


def _context(table: str, row_id: str) -> str:
    return f"{table}:{row_id}"


def _json(adapter: TypeAdapter[Any], value: object) -> bytes:
    return to_json(_dates_in_utc(adapter.dump_python(value)))


def _dates_in_utc(value: object) -> object:
    match value:
        case datetime():
            return in_utc(value)
        case dict():
            return {key: _dates_in_utc(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_dates_in_utc(inner) for inner in value]
        case _:
            return value
