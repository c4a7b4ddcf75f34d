"""What is kept of staff's corrections, in a table; nothing of it stands in clear."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from inbox_bot.adapters.db.mapping import Mapper
from inbox_bot.adapters.db.statements import upsert
from inbox_bot.adapters.db.tables import CorrectionRow
from inbox_bot.domain.records import Correction
from inbox_bot.errors import ForgottenError


class SqlCorrections:
    """Implements `CorrectionStore`."""

    def __init__(self, session: Session, mapper: Mapper) -> None:
        self._session = session
        self._mapper = mapper

    def put(self, correction: Correction) -> None:
        """Keep a correction; the latest word on a message counts."""
        values = self._mapper.correction_values(correction)
        key = ("message_id",)
        self._session.exec(upsert(self._session, CorrectionRow, values, key=key))

    def all(self) -> tuple[Correction, ...]:
        """Give every correction whose message wasn't forgotten, in the order of ids."""
        return tuple(self._opened())

    def _opened(self) -> Iterator[Correction]:
        query = select(CorrectionRow).order_by(col(CorrectionRow.message_id))
        for row in self._session.exec(query):
            try:
                yield self._mapper.correction(row)
            except ForgottenError:
                continue
