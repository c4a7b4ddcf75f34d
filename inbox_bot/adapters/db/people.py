"""The suppression list, and the staff with their sessions, in tables."""

from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from inbox_bot.adapters.db.mapping import Mapper
from inbox_bot.adapters.db.statements import insert_new
from inbox_bot.adapters.db.tables import SessionRow, StaffRow, SuppressionRow
from inbox_bot.domain.records import Staff
from inbox_bot.domain.suppression import Scope, Suppression
from inbox_bot.errors import ConflictError, NotFoundError, RefusalError


class SqlSuppression:
    """Implements `SuppressionList`."""

    def __init__(self, session: Session, mapper: Mapper) -> None:
        self._session = session
        self._mapper = mapper

    def add(self, entry: Suppression, *, at: datetime, case_id: str | None) -> None:
        """Add an entry; the first one for an address and scope stays."""
        values = {
            "address_hash": self._mapper.address_hash(entry.address),
            "scope": entry.scope.value,
            "source": entry.source,
            "at": at,
            "case_id": case_id,
        }
        self._session.exec(insert_new(self._session, SuppressionRow, values))

    def scopes_of(self, address: str) -> tuple[Scope, ...]:
        """Tell what is stopped for an address, in the order of `Scope`."""
        hashed = self._mapper.address_hash(address)
        query = select(SuppressionRow.scope).where(
            SuppressionRow.address_hash == hashed
        )
        stopped = set(self._session.exec(query))
        return tuple(scope for scope in Scope if scope.value in stopped)


class SqlStaff:
    """Implements `StaffStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, staff: Staff) -> None:
        """Add a member; RefusalError where the name is taken."""
        try:
            self._session.exec(
                insert(StaffRow).values(
                    id=staff.id,
                    name=staff.name,
                    password_hash=staff.password_hash,
                    disabled=staff.disabled,
                )
            )
        except ConflictError as error:
            raise RefusalError("There is a member of staff of that name.") from error

    def by_name(self, name: str) -> Staff | None:
        """Find a member."""
        query = select(StaffRow).where(StaffRow.name == name)
        row = self._session.exec(query).one_or_none()
        return _staff(row) if row else None

    def save(self, staff: Staff) -> None:
        """Write a member back; NotFoundError."""
        write = (
            update(StaffRow)
            .where(col(StaffRow.id) == staff.id)
            .values(
                name=staff.name,
                password_hash=staff.password_hash,
                disabled=staff.disabled,
            )
        )
        if self._session.exec(write).rowcount == 0:
            raise NotFoundError("There is no such member of staff.")

    def listing(self) -> tuple[Staff, ...]:
        """Load all members, by name."""
        query = select(StaffRow).order_by(col(StaffRow.name))
        return tuple(_staff(row) for row in self._session.exec(query))

    def open_session(self, token_hash: str, staff_id: str, until: datetime) -> None:
        """Remember a session."""
        values = {"token_hash": token_hash, "staff_id": staff_id, "until": until}
        self._session.exec(insert(SessionRow).values(**values))

    def session(self, token_hash: str, now: datetime) -> Staff | None:
        """Give the member whose session is open, if they are not disabled."""
        row = self._session.exec(
            select(StaffRow)
            .join(SessionRow, col(SessionRow.staff_id) == col(StaffRow.id))
            .where(
                col(SessionRow.token_hash) == token_hash,
                col(SessionRow.until) > now,
                col(StaffRow.disabled).is_(False),
            )
        ).one_or_none()
        return _staff(row) if row else None

    def close_session(self, token_hash: str) -> None:
        """Forget a session."""
        self._session.exec(
            delete(SessionRow).where(col(SessionRow.token_hash) == token_hash)
        )


def _staff(row: StaffRow) -> Staff:
    return Staff(
        id=row.id,
        name=row.name,
        password_hash=row.password_hash,
        disabled=row.disabled,
    )
