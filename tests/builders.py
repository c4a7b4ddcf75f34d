"""Values with everything filled in: a test names only what it is about.

`sqlite_house` opens a whole store in a folder; no servers are started here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from inbox_bot.adapters.db import schema
from inbox_bot.adapters.db.engine import make_engine
from inbox_bot.adapters.db.unit_of_work import SqlUnitOfWork
from inbox_bot.adapters.keys import KeyedHashes, KeyStore
from inbox_bot.domain.case import Case, Request, RequestState
from inbox_bot.domain.clocks import DueDates
from inbox_bot.domain.effects import Letter
from inbox_bot.domain.jurisdictions import Regime
from inbox_bot.domain.reading import Right
from inbox_bot.domain.records import Draft, Inbound, InboundContent, Outgoing

KARI = "kari@example.no"
OLA = "ola@example.com"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(hours=1)
MASTER_KEY = bytes(range(32))


def a_request(request_id: str = "request-1", **changes: Any) -> Request:
    """Kari wants to see her data, due on 2 April."""
    request = Request(
        id=request_id,
        right=Right.ACCESS,
        state=RequestState.VERIFYING,
        receipt=NOW,
        dates=DueDates(
            regimes=(Regime.GDPR,),
            due=date(2026, 4, 2),
            latest=date(2026, 4, 2),
            derivation=("One month after 2 March is 2 April.",),
        ),
    )
    return replace(request, **changes)


def a_case(case_id: str = "case-1", **changes: Any) -> Case:
    """Kari's case with one request, opened now."""
    case = Case(
        id=case_id,
        reference=f"REF-{case_id}",
        requester=KARI,
        participants=(KARI,),
        opened_at=NOW,
        receipt=NOW,
        language="nb",
        requests=(a_request(f"{case_id}-request"),),
    )
    return replace(case, **changes)


def an_inbound(message_id: str = "message-1", **changes: Any) -> Inbound:
    """Kari's message, the first in the mailbox, just accepted."""
    message = Inbound(
        id=message_id,
        folder="INBOX",
        uid_validity=1,
        uid=1,
        received_at=NOW,
        accepted_at=NOW,
        size=2048,
        blob=f"blob-{message_id}",
        content=InboundContent(
            sender=KARI,
            sender_name="Kari Nordmann",
            subject="Innsyn",
            author_text="Hva har dere om meg?",
        ),
    )
    return replace(message, **changes)


def a_draft(draft_id: str = "draft-1", **changes: Any) -> Draft:
    """An open answer to Kari in case-1."""
    draft = Draft(
        id=draft_id,
        case_id="case-1",
        to=KARI,
        letters=(Letter.ACCESS_ANSWER,),
        subject="Svar på innsyn",
        source="Dette har vi om deg.",
        language="nb",
        created_at=NOW,
    )
    return replace(draft, **changes)


def an_outgoing(outgoing_id: str = "mail-1", **changes: Any) -> Outgoing:
    """An automatic mail to Kari in case-1, due now."""
    mail = Outgoing(
        id=outgoing_id,
        case_id="case-1",
        to=KARI,
        mail_from=f"bounce+{outgoing_id}@privacy.example",
        message_id=f"<{outgoing_id}@privacy.example>",
        subject="Vi har mottatt henvendelsen",
        shown="Takk for henvendelsen.",
        content=b"Subject: Vi har mottatt henvendelsen\r\n\r\nTakk.\r\n",
        sha256="0" * 64,
        created_at=NOW,
        next_attempt_at=NOW,
        letters=(Letter.ACKNOWLEDGE,),
    )
    return replace(mail, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An opened store: `with house.unit() as uow`, then `uow.commit()`."""

    url: str
    engine: Engine
    keys: KeyStore
    hashing: KeyedHashes

    def unit(self, *, reading: bool = False) -> SqlUnitOfWork:
        """Give a unit of work that is not entered yet."""
        return SqlUnitOfWork(self.engine, self.keys, self.hashing, reading=reading)

    def holds(self, *values: Case | Inbound | Draft | Outgoing) -> None:
        """Store values, in this order, with keys where they need their own."""
        with self.unit() as uow:
            for value in values:
                self._store(uow, value)
            uow.commit()

    def _store(
        self, uow: SqlUnitOfWork, value: Case | Inbound | Draft | Outgoing
    ) -> None:
        match value:
            case Case():
                self.keys.create([value.id])
                uow.cases.add(value)
            case Inbound():
                self.keys.create([value.id])
                uow.inbound.add([value])
            case Draft():
                uow.drafts.add(value)
            case Outgoing():
                self.keys.create([value.case_id or value.id])
                uow.outbox.add(value)


@contextmanager
def house_at(url: str) -> Iterator[House]:
    """Migrate and open the store at `url` for as long as the block lasts."""
    schema.upgrade(url)
    house = House(
        url=url,
        engine=make_engine(url),
        keys=KeyStore(url, MASTER_KEY),
        hashing=KeyedHashes(MASTER_KEY),
    )
    try:
        yield house
    finally:
        house.engine.dispose()
        house.keys.close()


@contextmanager
def sqlite_house(tmp_path: Path) -> Iterator[House]:
    """Open a fresh store on SQLite in a test's folder."""
    with house_at(f"sqlite:///{tmp_path / 'inbox.db'}") as house:
        yield house
