"""Drafts, in a table."""

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from inbox_bot.adapters.db.cases import remembered
from inbox_bot.adapters.db.mapping import Mapper
from inbox_bot.adapters.db.tables import DraftRow
from inbox_bot.domain.records import Draft, DraftState
from inbox_bot.errors import ConflictError, NotFoundError


class SqlDrafts:
    """Implements `DraftStore`; the listing leaves forgotten drafts out."""

    def __init__(self, session: Session, mapper: Mapper) -> None:
        self._session = session
        self._mapper = mapper

    def add(self, draft: Draft) -> None:
        """Store a new draft."""
        self._session.exec(insert(DraftRow).values(**self._mapper.draft_values(draft)))

    def save(self, draft: Draft) -> None:
        """Store a changed draft; ConflictError unless its version is the stored one."""
        values = self._mapper.draft_values(draft) | {"version": draft.version + 1}
        mine = (col(DraftRow.id) == draft.id, col(DraftRow.version) == draft.version)
        write = update(DraftRow).where(*mine).values(**values)
        if self._session.exec(write).rowcount == 0:
            raise ConflictError

    def get(self, draft_id: str) -> Draft:
        """Load a draft; NotFoundError."""
        row = self._session.get(DraftRow, draft_id)
        if row is None:
            raise NotFoundError("There is no such draft.")
        return self._mapper.draft(row)

    def of_case(self, case_id: str) -> tuple[Draft, ...]:
        """Load the drafts of a case, oldest first."""
        query = (
            select(DraftRow)
            .where(DraftRow.case_id == case_id)
            .order_by(col(DraftRow.created_at), col(DraftRow.id))
        )
        return tuple(self._mapper.draft(row) for row in self._session.exec(query))

    def listing(self, *, state: DraftState, limit: int) -> tuple[Draft, ...]:
        """Load drafts in a state, oldest first."""
        query = (
            select(DraftRow)
            .where(DraftRow.state == state.value)
            .order_by(col(DraftRow.created_at), col(DraftRow.id))
            .limit(limit)
        )
        return tuple(remembered(self._session.exec(query), self._mapper.draft))
