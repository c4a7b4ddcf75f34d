"""The record of a case: events chained by hash, appended and never changed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import insert
from sqlmodel import Session, col, select

from inbox_bot.adapters.db.columns import in_utc
from inbox_bot.adapters.db.tables import EventRow
from inbox_bot.domain.records import Event


def digest(previous: str, event: Event) -> str:
    """Give SHA-256 in hex over the previous digest and this event's canonical JSON.

    Canonical: keys sorted, no blanks, `at` in UTC; the first event follows "".
    """
    content = {
        "case_id": event.case_id,
        "number": event.number,
        "at": in_utc(event.at).isoformat(timespec="microseconds"),
        "by": event.by,
        "action": event.action,
        "data": dict(event.data),
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((previous + canonical).encode()).hexdigest()


def append(session: Session, events: Sequence[Event]) -> None:
    """Append events, each behind the last one of its case."""
    for event in events:
        last = _last(session, event.case_id)
        number, previous = (last.number, last.digest) if last else (0, "")
        numbered = replace(event, number=number + 1)
        session.exec(
            insert(EventRow).values(
                case_id=numbered.case_id,
                number=numbered.number,
                at=numbered.at,
                by=numbered.by,
                action=numbered.action,
                data=dict(numbered.data),
                digest=digest(previous, numbered),
            )
        )


def load(session: Session, case_id: str) -> tuple[Event, ...]:
    """Load the record of a case, in order."""
    rows = session.exec(
        select(EventRow)
        .where(EventRow.case_id == case_id)
        .order_by(col(EventRow.number))
    )
    return tuple(
        Event(
            case_id=row.case_id,
            number=row.number,
            at=row.at,
            by=row.by,
            action=row.action,
            data=row.data,
            digest=row.digest,
        )
        for row in rows
    )


def _last(session: Session, case_id: str) -> EventRow | None:
    return session.exec(
        select(EventRow)
        .where(EventRow.case_id == case_id)
        .order_by(col(EventRow.number).desc())
        .limit(1)
    ).one_or_none()
