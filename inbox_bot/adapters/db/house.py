"""Leases and notices: what the service keeps about itself, in tables."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from inbox_bot.adapters.db.statements import insert_into, upsert
from inbox_bot.adapters.db.tables import LeaseRow, NoticeRow


class SqlLeases:
    """Implements `Leases`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Take or renew a lease; False while another holder has it."""
        free = or_(col(LeaseRow.holder) == holder, col(LeaseRow.until) <= now)
        fresh = {"holder": holder, "until": until}
        statement = (
            insert_into(self._session, LeaseRow)
            .values(name=name, **fresh)
            .on_conflict_do_update(index_elements=["name"], set_=fresh, where=free)
        )
        return self._session.exec(statement).rowcount == 1

    def release(self, name: str, holder: str) -> None:
        """Give it back; one that another has is left alone."""
        mine = (col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
        self._session.exec(delete(LeaseRow).where(*mine))


class SqlNotices:
    """Implements `Notices`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, name: str, value: str, at: datetime) -> None:
        """Keep the latest value under a name."""
        values = {"name": name, "value": value, "at": at}
        self._session.exec(upsert(self._session, NoticeRow, values, key=("name",)))

    def all(self) -> Mapping[str, tuple[str, datetime]]:
        """Give every notice with its time."""
        rows = self._session.exec(select(NoticeRow).order_by(col(NoticeRow.name)))
        return {row.name: (row.value, row.at) for row in rows}
