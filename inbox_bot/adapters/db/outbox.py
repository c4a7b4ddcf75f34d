"""The outbound queue, in a table."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, Update, and_, func, insert, or_, update
from sqlmodel import Session, col, select

from inbox_bot.adapters.db.cases import remembered
from inbox_bot.adapters.db.mapping import Mapper
from inbox_bot.adapters.db.tables import OutgoingRow
from inbox_bot.domain.records import Outgoing, OutgoingState
from inbox_bot.errors import ForgottenError, NotFoundError

FORGOTTEN = "forgotten"
"""The reason of a mail that became void because its key was destroyed."""

_OPEN = (OutgoingState.PENDING.value, OutgoingState.CLAIMED.value)


class SqlOutbox:
    """Implements `Outbox`."""

    def __init__(self, session: Session, mapper: Mapper) -> None:
        self._session = session
        self._mapper = mapper

    def add(self, mail: Outgoing) -> None:
        """Queue a finished mail."""
        values = self._mapper.outgoing_values(mail)
        values["sealed"] = self._mapper.sealed_mail(mail)
        values["sealed_content"] = self._mapper.sealed_content(mail)
        self._session.exec(insert(OutgoingRow).values(**values))

    def claim(
        self,
        *,
        limit: int,
        now: datetime,
        lease_until: datetime,
        automatic_budget: int,
    ) -> tuple[Outgoing, ...]:
        """Take mails that are due: answers by people first, then within the budget."""
        by_people = self._due_ids(now, automatic=False, limit=limit)
        left = max(0, min(automatic_budget, limit - len(by_people)))
        by_bot = self._due_ids(now, automatic=True, limit=left)
        claimed = [
            outgoing_id
            for outgoing_id in (*by_people, *by_bot)
            if self._session.exec(_claim(outgoing_id, now, lease_until)).rowcount == 1
        ]
        return tuple(
            mail for mail in map(self._get_or_void, claimed) if mail is not None
        )

    def renew(self, mails: Sequence[Outgoing], *, lease_until: datetime) -> None:
        """Keep hold of claimed mails for longer; those of other claims stay as is."""
        for mail in mails:
            write = update(OutgoingRow).where(
                col(OutgoingRow.id) == mail.id,
                col(OutgoingRow.state) == OutgoingState.CLAIMED.value,
                col(OutgoingRow.attempts) == mail.attempts,
            )
            self._session.exec(write.values(lease_until=lease_until))

    def save(self, mail: Outgoing, *, counted: bool = True) -> bool:
        """Write the state of a mail back; an empty `content` forgets the bytes.

        Of a forgotten mail only the clear columns can still change.
        """
        values = self._mapper.outgoing_values(mail)
        with suppress(ForgottenError):
            values["sealed"] = self._mapper.sealed_mail(mail)
        if not mail.content:
            values["sealed_content"] = None
        if mail.state is not OutgoingState.CLAIMED:
            values["lease_until"] = None
        if not counted:
            values["attempts"] = max(0, mail.attempts - 1)
        write = update(OutgoingRow).where(
            col(OutgoingRow.id) == mail.id, _still_theirs(mail)
        )
        if self._session.exec(write.values(**values)).rowcount == 1:
            return True
        if self._session.get(OutgoingRow, mail.id) is None:
            raise NotFoundError("There is no such mail.")
        return False

    def void_draft(self, draft_id: str) -> bool:
        """Take an approved draft's mail back; False once it was claimed or sent."""
        write = (
            update(OutgoingRow)
            .where(
                col(OutgoingRow.draft_id) == draft_id,
                col(OutgoingRow.state) == OutgoingState.PENDING.value,
                col(OutgoingRow.attempts) == 0,
            )
            .values(state=OutgoingState.VOID.value)
        )
        return self._session.exec(write).rowcount > 0

    def get(self, outgoing_id: str) -> Outgoing:
        """Load a mail; NotFoundError."""
        row = self._session.get(OutgoingRow, outgoing_id)
        if row is None:
            raise NotFoundError("There is no such mail.")
        return self._mapper.outgoing(row)

    def by_message_id(self, message_id_hashes: Sequence[str]) -> Outgoing | None:
        """Find the newest mail with one of these Message-ID or bounce hashes."""
        found = self._session.exec(
            select(OutgoingRow)
            .where(
                or_(
                    col(OutgoingRow.message_id_hash).in_(message_id_hashes),
                    col(OutgoingRow.bounce_hash).in_(message_id_hashes),
                )
            )
            .order_by(col(OutgoingRow.created_at).desc(), col(OutgoingRow.id).desc())
        )
        return next(remembered(found, self._mapper.outgoing), None)

    def of_case(self, case_id: str) -> tuple[Outgoing, ...]:
        """Load the mails of a case, oldest first."""
        query = (
            select(OutgoingRow)
            .where(OutgoingRow.case_id == case_id)
            .order_by(col(OutgoingRow.created_at), col(OutgoingRow.id))
        )
        return tuple(self._mapper.outgoing(row) for row in self._session.exec(query))

    def automatic_to(self, address: str, since: datetime) -> int:
        """Count automatic mails that count, made for an address since then."""
        return self._count(
            col(OutgoingRow.to_hash) == self._mapper.address_hash(address),
            col(OutgoingRow.automatic).is_(True),
            col(OutgoingRow.counts).is_(True),
            col(OutgoingRow.created_at) >= since,
        )

    def automatic_sent(self, since: datetime) -> int:
        """Count automatic mails sent since then, to anybody."""
        return self._count(
            col(OutgoingRow.automatic).is_(True), col(OutgoingRow.sent_at) >= since
        )

    def newly_delayed(self, *, now: datetime, limit: int) -> tuple[Outgoing, ...]:
        """Load automatic mails that are due, unclaimed, and without a reason yet."""
        query = (
            select(OutgoingRow)
            .where(
                col(OutgoingRow.state) == OutgoingState.PENDING.value,
                col(OutgoingRow.next_attempt_at) <= now,
                col(OutgoingRow.automatic).is_(True),
                col(OutgoingRow.reason) == "",
            )
            .order_by(col(OutgoingRow.created_at), col(OutgoingRow.id))
            .limit(limit)
        )
        return tuple(remembered(self._session.exec(query), self._mapper.outgoing))

    def waiting(self, *, now: datetime) -> int:
        """Count mails that are due and not sent, those being sent among them."""
        return self._count(
            or_(col(OutgoingRow.state) == OutgoingState.CLAIMED.value, _is_due(now))
        )

    def dead(self, *, limit: int) -> tuple[Outgoing, ...]:
        """Load mails that will not be tried again, newest first."""
        query = (
            select(OutgoingRow)
            .where(OutgoingRow.state == OutgoingState.DEAD.value)
            .order_by(col(OutgoingRow.created_at).desc(), col(OutgoingRow.id).desc())
            .limit(limit)
        )
        return tuple(remembered(self._session.exec(query), self._mapper.outgoing))

    def _due_ids(
        self, now: datetime, *, automatic: bool, limit: int
    ) -> tuple[str, ...]:
        query = (
            select(OutgoingRow.id)
            .where(_is_due(now), col(OutgoingRow.automatic).is_(automatic))
            .order_by(col(OutgoingRow.created_at), col(OutgoingRow.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return tuple(self._session.exec(query))

    def _get_or_void(self, outgoing_id: str) -> Outgoing | None:
        try:
            return self.get(outgoing_id)
        except ForgottenError:
            # It can never be sent, and must not hold up the mails behind it.
            write = update(OutgoingRow).where(col(OutgoingRow.id) == outgoing_id)
            void = {"state": OutgoingState.VOID.value, "reason": FORGOTTEN}
            self._session.exec(write.values(**void))
            return None

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(OutgoingRow).where(*conditions)
        return self._session.exec(query).one()


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(
            col(OutgoingRow.state) == OutgoingState.PENDING.value,
            col(OutgoingRow.next_attempt_at) <= now,
        ),
        and_(
            col(OutgoingRow.state) == OutgoingState.CLAIMED.value,
            col(OutgoingRow.lease_until) <= now,
        ),
    )


def _still_theirs(mail: Outgoing) -> ColumnElement[bool]:
    """Whether nobody claimed the mail since; what left is recorded in any case."""
    if mail.state is OutgoingState.SENT:
        return col(OutgoingRow.state) != OutgoingState.SENT.value
    return and_(
        col(OutgoingRow.state).in_(_OPEN), col(OutgoingRow.attempts) == mail.attempts
    )


def _claim(outgoing_id: str, now: datetime, lease_until: datetime) -> Update:
    return (
        update(OutgoingRow)
        .where(col(OutgoingRow.id) == outgoing_id, _is_due(now))
        .values(
            state=OutgoingState.CLAIMED.value,
            lease_until=lease_until,
            attempts=col(OutgoingRow.attempts) + 1,
        )
    )
