"""Cases, their requests in clear, their thread tokens, and proofs, in tables.

How events are chained stands in `events`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, func, insert, update
from sqlmodel import Session, col, select

from inbox_bot.adapters.db import events as record
from inbox_bot.adapters.db.mapping import Mapper, request_values
from inbox_bot.adapters.db.statements import insert_new
from inbox_bot.adapters.db.tables import CaseRow, ProofRow, RequestRow, TokenRow
from inbox_bot.domain.case import Case
from inbox_bot.domain.records import Event
from inbox_bot.errors import ConflictError, ForgottenError, NotFoundError
from inbox_bot.ports import ProofSecret

RowT = TypeVar("RowT")
ValueT = TypeVar("ValueT")


def remembered(
    rows: Iterable[RowT], open_row: Callable[[RowT], ValueT]
) -> Iterator[ValueT]:
    """Open rows and leave out those whose key was destroyed."""
    for row in rows:
        try:
            value = open_row(row)
        except ForgottenError:
            continue
        yield value


class SqlCases:
    """Implements `CaseStore`.

    A forgotten case raises ForgottenError when it is asked for by id or number, and
    is left out where cases are searched or listed.
    """

    def __init__(self, session: Session, mapper: Mapper) -> None:
        self._session = session
        self._mapper = mapper

    def add(self, case: Case) -> None:
        """Store a new case; ConflictError where id or reference is taken."""
        self._session.exec(insert(CaseRow).values(**self._mapper.case_values(case)))
        self._write_requests(case)

    def save(self, case: Case) -> None:
        """Store a changed case; ConflictError unless its version is the stored one."""
        values = self._mapper.case_values(case) | {"version": case.version + 1}
        mine = (col(CaseRow.id) == case.id, col(CaseRow.version) == case.version)
        write = update(CaseRow).where(*mine).values(**values)
        if self._session.exec(write).rowcount == 0:
            raise ConflictError
        self._session.exec(delete(RequestRow).where(col(RequestRow.case_id) == case.id))
        self._write_requests(case)

    def get(self, case_id: str) -> Case:
        """Load a case; NotFoundError."""
        row = self._session.get(CaseRow, case_id)
        if row is None:
            raise NotFoundError("There is no such case.")
        return self._mapper.case(row)

    def by_reference(self, reference: str) -> Case | None:
        """Find a case by its visible number."""
        row = self._session.exec(
            select(CaseRow).where(CaseRow.reference == reference)
        ).one_or_none()
        return self._mapper.case(row) if row else None

    def by_token(self, token_hashes: Sequence[str]) -> Case | None:
        """Find the case of the first of these hashes that is known."""
        rows = self._session.exec(
            select(TokenRow.token_hash, CaseRow)
            .join(CaseRow, col(CaseRow.id) == col(TokenRow.case_id))
            .where(col(TokenRow.token_hash).in_(token_hashes))
        )
        known = dict(iter(rows))
        in_order = (known[given] for given in token_hashes if given in known)
        return next(remembered(in_order, self._mapper.case), None)

    def add_token(self, case_id: str, token_hash: str) -> None:
        """Remember a hash; one that is known stays with its first case.

        Whoever repeats a Message-ID can't lead another's replies into their case.
        """
        values = {"token_hash": token_hash, "case_id": case_id}
        self._session.exec(insert_new(self._session, TokenRow, values))

    def due(self, now: datetime, *, limit: int) -> tuple[str, ...]:
        """Give ids of cases whose next timer has come, the longest waiting first."""
        query = (
            select(CaseRow.id)
            .where(col(CaseRow.next_timer_at) <= now)
            .order_by(col(CaseRow.next_timer_at), col(CaseRow.id))
            .limit(limit)
        )
        return tuple(self._session.exec(query))

    def recent_of(self, requester: str, since: datetime) -> int:
        """Count the requester's open cases that were opened since then."""
        query = select(func.count()).where(
            col(CaseRow.requester_hash) == self._mapper.address_hash(requester),
            col(CaseRow.is_open).is_(True),
            col(CaseRow.opened_at) >= since,
        )
        return self._session.exec(query).one()

    def listing(self, *, only_open: bool, limit: int) -> tuple[Case, ...]:
        """Load cases, earliest due date first, those without one last."""
        query = select(CaseRow).order_by(
            col(CaseRow.due_at).nulls_last(), col(CaseRow.opened_at), col(CaseRow.id)
        )
        if only_open:
            query = query.where(col(CaseRow.is_open).is_(True))
        rows = self._session.exec(query.limit(limit))
        return tuple(remembered(rows, self._mapper.case))

    def append(self, events: Sequence[Event]) -> None:
        """Append events, chained to the last one of their case."""
        record.append(self._session, events)

    def events(self, case_id: str) -> tuple[Event, ...]:
        """Load the record of a case, in order."""
        return record.load(self._session, case_id)

    def _write_requests(self, case: Case) -> None:
        for values in request_values(case):
            self._session.exec(insert(RequestRow).values(**values))


class SqlProofs:
    """Implements `ProofStore`: keyed hashes only, so nothing is sealed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, secret: ProofSecret) -> None:
        """Keep one."""
        self._session.exec(
            insert(ProofRow).values(
                challenge_id=secret.challenge_id,
                case_id=secret.case_id,
                token_hash=secret.token_hash,
                code_hash=secret.code_hash,
            )
        )

    def by_token(self, token_hash: str) -> ProofSecret | None:
        """Find the challenge of a token."""
        query = select(ProofRow).where(ProofRow.token_hash == token_hash)
        row = self._session.exec(query).one_or_none()
        return _secret(row) if row else None

    def of_case(self, case_id: str) -> tuple[ProofSecret, ...]:
        """Load those of a case."""
        query = (
            select(ProofRow)
            .where(ProofRow.case_id == case_id)
            .order_by(col(ProofRow.challenge_id))
        )
        return tuple(_secret(row) for row in self._session.exec(query))


def _secret(row: ProofRow) -> ProofSecret:
    return ProofSecret(
        challenge_id=row.challenge_id,
        case_id=row.case_id,
        token_hash=row.token_hash,
        code_hash=row.code_hash,
    )
