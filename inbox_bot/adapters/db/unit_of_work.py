"""One transaction over all stores; statements stand with their stores."""

from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from inbox_bot.adapters.db.cases import SqlCases, SqlProofs
from inbox_bot.adapters.db.corrections import SqlCorrections
from inbox_bot.adapters.db.drafts import SqlDrafts
from inbox_bot.adapters.db.engine import BEGIN_OPTION, READING
from inbox_bot.adapters.db.house import SqlLeases, SqlNotices
from inbox_bot.adapters.db.inbound import SqlInbound
from inbox_bot.adapters.db.mapping import Mapper
from inbox_bot.adapters.db.outbox import SqlOutbox
from inbox_bot.adapters.db.people import SqlStaff, SqlSuppression
from inbox_bot.errors import DatabaseError
from inbox_bot.ports import (
    CaseStore,
    CorrectionStore,
    DraftStore,
    Hashing,
    InboundStore,
    Keys,
    Leases,
    Notices,
    Outbox,
    ProofStore,
    StaffStore,
    SuppressionList,
)

_OPTIONS = {"populate_existing": True, "synchronize_session": False}
"""Rows are read afresh each time: statements change tables behind loaded objects."""


class SqlUnitOfWork:
    """Implements `UnitOfWork`; the transaction is open from `__enter__` on.

    On SQLite it holds the only write lock meanwhile, so keep it short; one that is
    `reading` holds none, sees one moment, and can't commit anything.
    """

    inbound: InboundStore
    corrections: CorrectionStore
    cases: CaseStore
    proofs: ProofStore
    drafts: DraftStore
    outbox: Outbox
    suppression: SuppressionList
    staff: StaffStore
    leases: Leases
    notices: Notices

    def __init__(
        self, engine: Engine, keys: Keys, hashing: Hashing, *, reading: bool = False
    ) -> None:
        if reading:
            engine = engine.execution_options(**{BEGIN_OPTION: READING})
        session = Session(engine, autoflush=False, execution_options=_OPTIONS)
        mapper = Mapper(keys, hashing)
        self._session = session
        self._reading = reading
        self.inbound = SqlInbound(session, mapper)
        self.corrections = SqlCorrections(session, mapper)
        self.cases = SqlCases(session, mapper)
        self.proofs = SqlProofs(session)
        self.drafts = SqlDrafts(session, mapper)
        self.outbox = SqlOutbox(session, mapper)
        self.suppression = SqlSuppression(session, mapper)
        self.staff = SqlStaff(session)
        self.leases = SqlLeases(session)
        self.notices = SqlNotices(session)

    def __enter__(self) -> Self:
        try:
            self._session.connection()
        except PoolTimeoutError as error:
            raise DatabaseError("All connections to the database are busy.") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def commit(self) -> None:
        """Make everything durable; what follows is a new transaction.

        Raises TypeError in a unit that only reads.
        """
        if self._reading:
            raise TypeError("This unit of work was opened for reading.")
        self._session.commit()
