"""Keeps what staff corrected of a reading, and gives it out as rows of a corpus.

Only where the house consented (`policy.keep_corrections`), only what differs from the
reading, and only the author's own words without what tells whose they are.

A correction is sealed with the key of the message that it was made of. Whoever erases
the person destroys that key, and with it the correction, in backups too: nothing has
to remember that there is one. A key of its own would be one more thing to forget.

That a message of the tray is a request says not yet what it asks for: its correction
is kept when a person names that.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress

from inbox_bot.domain.case import Case, Outcome, RequestState
from inbox_bot.domain.reading import Kind, Reading, Right
from inbox_bot.domain.records import Correction, Inbound
from inbox_bot.errors import ForgottenError, RefusalError
from inbox_bot.ports import UnitOfWork
from inbox_bot.services.house import House
from inbox_bot.services.learning.pseudonyms import ADDRESS, NAME, pseudonymised

_MAY_ASK = frozenset({Kind.REQUEST, Kind.FOLLOW_UP, Kind.VERIFICATION_REPLY})
_UNKNOWN_LANGUAGE = "und"
# Ids in a corpus end with a number.
_ID_DIGITS = 12


def keep(
    house: House,
    uow: UnitOfWork,
    case: Case,
    *,
    by: str,
    rights: Sequence[Right],
    purposes: Mapping[Right, tuple[str, ...]] | None = None,
) -> None:
    """Keep a person's word on what a case asks for, if its message was read otherwise.

    `case` is as it was before; no rights say that it is no request. Nothing is kept
    where it isn't plain of which message the person speaks.
    """
    if not house.keep_corrections:
        return
    stored = _message_of(house, uow, case, held=bool(rights))
    reading = stored.content.reading if stored else None
    if stored is None or reading is None:
        return
    labels = _labels(case, stored, rights)
    kind = _kind(reading, labels)
    if (kind, set(labels)) == (reading.kind, set(reading.labels)):
        return
    given = {**reading.purposes, **{r: p for r, p in (purposes or {}).items() if p}}
    content = stored.content
    names = (content.sender_name, by)
    addresses = (content.sender, *reading.mentioned)
    subject, body = (
        pseudonymised(text, names=names, addresses=addresses)
        for text in (content.subject, content.author_text)
    )
    correction = Correction(
        message_id=stored.id,
        language=reading.language or _UNKNOWN_LANGUAGE,
        subject=subject,
        body=body,
        kind=kind,
        labels=labels,
        purposes={right: given[right] for right in labels if right in given},
        on_behalf=Right.AGENT in labels or reading.on_behalf,
        jurisdiction=reading.jurisdiction,
    )
    # Erased this very moment: then nothing is to be kept, and the act goes on.
    with suppress(ForgottenError):
        uow.corrections.put(correction)


def rows(house: House) -> list[dict[str, object]]:
    """Give every kept correction as a row of a corpus; equal ones once.

    RefusalError where the house doesn't consent, or no more.
    """
    if not house.keep_corrections:
        raise RefusalError(
            "policy.keep_corrections is off: nothing that was kept may be used."
        )
    with house.reading() as uow:
        kept = uow.corrections.all()
    return list({str(row["id"]): row for row in map(_row, kept)}.values())


def _message_of(
    house: House, uow: UnitOfWork, case: Case, *, held: bool
) -> Inbound | None:
    """Find the one message that the requests in question came with.

    What a colleague passed on stands in no author's words.
    """
    receipts = {
        request.receipt
        for request in case.requests
        if request.is_open and (request.state is RequestState.HELD or not held)
    }
    if len(receipts) != 1:
        return None
    found = [m for m in uow.inbound.of_case(case.id) if m.received_at in receipts]
    if len(found) != 1:
        return None
    domain = found[0].content.sender.rpartition("@")[2]
    return None if domain in house.company.domains else found[0]


def _labels(case: Case, stored: Inbound, said: Sequence[Right]) -> tuple[Right, ...]:
    """Add to what a person said what of the same mail was done already."""
    done = {
        request.right
        for request in case.requests
        if request.receipt == stored.received_at
        and not request.is_open
        and request.outcome is not Outcome.NOT_A_REQUEST
    }
    return tuple(right for right in Right if right in {*said, *done})


def _kind(reading: Reading, labels: Sequence[Right]) -> Kind:
    """Give the kind that fits the labels; a person says no more of it."""
    if labels:
        return reading.kind if reading.kind in _MAY_ASK else Kind.REQUEST
    return Kind.OTHER if reading.kind is Kind.REQUEST else reading.kind


def _row(kept: Correction) -> dict[str, object]:
    said = f"{kept.subject}\0{kept.body}\0{','.join(kept.labels)}"
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest) % 10**_ID_DIGITS
    return {
        "id": f"staff-{number:0{_ID_DIGITS}}",
        "language": kept.language,
        "from": f"{NAME} <{ADDRESS}>",
        "subject": kept.subject,
        "body": kept.body,
        "headers": {},
        "kind": kept.kind.value,
        "labels": [right.value for right in kept.labels],
        "purposes": {right.value: list(p) for right, p in kept.purposes.items()},
        "on_behalf": kept.on_behalf,
        "jurisdiction": kept.jurisdiction,
    }
