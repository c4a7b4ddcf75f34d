"""The inbound queue, its cursors and fingerprints, in tables."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, Update, and_, insert, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from inbox_bot.adapters.db.mapping import Mapper
from inbox_bot.adapters.db.statements import insert_into, insert_new
from inbox_bot.adapters.db.tables import CursorRow, FingerprintRow, InboundRow
from inbox_bot.domain.effects import Place
from inbox_bot.domain.records import Inbound, InboundState
from inbox_bot.errors import ConflictError, ForgottenError, NotFoundError
from inbox_bot.ports import Cursor, Sighting

_UNFINISHED = (InboundState.ACCEPTED.value, InboundState.CLAIMED.value)


class SqlInbound:
    """Implements `InboundStore`."""

    def __init__(self, session: Session, mapper: Mapper) -> None:
        self._session = session
        self._mapper = mapper

    def cursor(self, folder: str) -> Cursor | None:
        """Tell how far a folder was read."""
        row = self._session.get(CursorRow, folder)
        return Cursor(uid_validity=row.uid_validity, uid=row.uid) if row else None

    def advance(self, folder: str, cursor: Cursor) -> None:
        """Move the cursor on; never back within one UIDVALIDITY."""
        fresh = {"uid_validity": cursor.uid_validity, "uid": cursor.uid}
        ahead = or_(
            col(CursorRow.uid_validity) != cursor.uid_validity,
            col(CursorRow.uid) < cursor.uid,
        )
        self._session.exec(
            insert_into(self._session, CursorRow)
            .values(folder=folder, **fresh)
            .on_conflict_do_update(index_elements=["folder"], set_=fresh, where=ahead)
        )

    def add(self, messages: Sequence[Inbound]) -> frozenset[str]:
        """Queue messages, skip the known; give the ids of the new."""
        return frozenset(message.id for message in messages if self._add(message))

    def waiting(self, *, now: datetime) -> bool:
        """Whether there is anything to claim."""
        query = select(InboundRow.id).where(_is_free(now)).limit(1)
        return self._session.exec(query).first() is not None

    def claim(
        self, *, limit: int, now: datetime, lease_until: datetime, alone_after: int
    ) -> tuple[Inbound, ...]:
        """Take messages that are free, oldest receipt first, a suspect one alone."""
        waiting = self._session.exec(
            select(InboundRow.id, InboundRow.attempts)
            .where(_is_free(now))
            .order_by(col(InboundRow.received_at), col(InboundRow.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        claimed = [
            message_id
            for message_id in _together(waiting, alone_after)
            if self._session.exec(_claim(message_id, now, lease_until)).rowcount == 1
        ]
        return tuple(self.get(message_id) for message_id in claimed)

    def sighting(
        self, message_id: str, message_id_hash: str, identity_hash: str
    ) -> Sighting:
        """Register a fingerprint and say whether it was known."""
        query = select(FingerprintRow.identity_hash).where(
            col(FingerprintRow.message_id_hash) == message_id_hash,
            col(FingerprintRow.message) != message_id,
        )
        if not message_id_hash:
            # Messages without a Message-ID have nothing in common by that.
            query = query.where(col(FingerprintRow.identity_hash) == identity_hash)
        others = self._session.exec(query).all()
        if identity_hash in others:
            return Sighting.DUPLICATE
        self._register(message_id, message_id_hash, identity_hash)
        return Sighting.SAME_MESSAGE_ID if others else Sighting.NEW

    def get(self, message_id: str) -> Inbound:
        """Load a message; NotFoundError."""
        row = self._session.get(InboundRow, message_id)
        if row is None:
            raise NotFoundError("There is no such message.")
        return self._mapper.inbound(row)

    def save(self, message: Inbound) -> None:
        """Write a message back; ConflictError where its claim went to another worker.

        Of a forgotten message only the clear columns can still change.
        """
        values = self._mapper.inbound_values(message)
        with suppress(ForgottenError):
            values["sealed"] = self._mapper.sealed_message(message)
        if message.state is not InboundState.CLAIMED:
            values["lease_until"] = None
        if message.state is InboundState.ACCEPTED:
            # A claim that is given back doesn't count.
            values["attempts"] = max(0, message.attempts - 1)
        write = (
            update(InboundRow)
            .where(col(InboundRow.id) == message.id, _still_theirs(message))
            .values(**values)
        )
        if self._session.exec(write).rowcount == 0:
            self.get(message.id)
            raise ConflictError

    def of_case(self, case_id: str) -> tuple[Inbound, ...]:
        """Load the messages of a case, oldest first."""
        return self._load(
            select(InboundRow)
            .where(col(InboundRow.case_id) == case_id)
            .order_by(col(InboundRow.received_at), col(InboundRow.id))
        )

    def in_place(self, place: Place, *, limit: int) -> tuple[Inbound, ...]:
        """Load the tray or the quarantine, newest receipt first."""
        return self._load(
            select(InboundRow)
            .where(col(InboundRow.place) == place.value)
            .order_by(col(InboundRow.received_at).desc(), col(InboundRow.id).desc())
            .limit(limit)
        )

    def page(self, *, before: str | None, limit: int) -> tuple[Inbound, ...]:
        """Load messages by id, the latest first, those behind `before`."""
        query = select(InboundRow).order_by(col(InboundRow.id).desc()).limit(limit)
        if before is not None:
            query = query.where(col(InboundRow.id) < before)
        return self._load(query)

    def unmoved(self, *, folder: str, limit: int) -> tuple[Inbound, ...]:
        """Load finished messages whose server copy was not moved yet."""
        return self._load(
            select(InboundRow)
            .where(
                col(InboundRow.folder) == folder,
                col(InboundRow.moved).is_(False),
                col(InboundRow.state).not_in(_UNFINISHED),
            )
            .order_by(col(InboundRow.received_at), col(InboundRow.id))
            .limit(limit)
        )

    def _add(self, message: Inbound) -> int:
        values = self._mapper.inbound_values(message)
        values["sealed"] = self._mapper.sealed_message(message)
        return self._session.exec(
            insert_new(self._session, InboundRow, values)
        ).rowcount

    def _load(self, query: SelectOfScalar[InboundRow]) -> tuple[Inbound, ...]:
        return tuple(self._mapper.inbound(row) for row in self._session.exec(query))

    def _register(
        self, message_id: str, message_id_hash: str, identity_hash: str
    ) -> None:
        if self._session.get(FingerprintRow, message_id) is None:
            self._session.exec(
                insert(FingerprintRow).values(
                    message=message_id,
                    message_id_hash=message_id_hash,
                    identity_hash=identity_hash,
                )
            )


def _still_theirs(message: Inbound) -> ColumnElement[bool]:
    """Tell by the attempts, which each claim raises, whether no one claimed it since.

    Back into the queue a message goes from the one claim that it is held by, or out
    of the quarantine; else one who is late would free what another is working on.
    """
    attempts, state = col(InboundRow.attempts), col(InboundRow.state)
    same = attempts == message.attempts
    if message.state is not InboundState.ACCEPTED:
        return same
    return or_(
        and_(state == InboundState.CLAIMED.value, same),
        state == InboundState.QUARANTINED.value,
    )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(
        col(InboundRow.state) == InboundState.ACCEPTED.value,
        and_(
            col(InboundRow.state) == InboundState.CLAIMED.value,
            col(InboundRow.lease_until) <= now,
        ),
    )


def _together(waiting: Sequence[tuple[str, int]], alone_after: int) -> Sequence[str]:
    """Give the messages that may be processed together."""
    suspect = [message_id for message_id, tried in waiting if tried >= alone_after]
    if suspect and suspect[0] == waiting[0][0]:
        return suspect[:1]
    return [message_id for message_id, _ in waiting if message_id not in suspect]


def _claim(message_id: str, now: datetime, lease_until: datetime) -> Update:
    return (
        update(InboundRow)
        .where(col(InboundRow.id) == message_id, _is_free(now))
        .values(
            state=InboundState.CLAIMED.value,
            lease_until=lease_until,
            attempts=col(InboundRow.attempts) + 1,
        )
    )
