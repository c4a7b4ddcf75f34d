"""Mail in, first half: take over what the mailbox holds and store it, nothing more.

What a stored message means is found out in `processing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inbox_bot.domain.records import Inbound
from inbox_bot.ports import Cursor, FetchedMessage, Mailbox
from inbox_bot.services.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one look into the mailbox brought."""

    fetched: int = 0
    accepted: int = 0

    def __add__(self, other: "Fetched") -> "Fetched":
        """Add up two looks."""
        return Fetched(
            fetched=self.fetched + other.fetched,
            accepted=self.accepted + other.accepted,
        )


def fetch(house: House, mailbox: Mailbox, folder: str) -> Fetched:
    """Take in everything behind the folder's cursor, batch by batch."""
    with house.unit_of_work() as uow:
        cursor = uow.inbound.cursor(folder)
    fetched = accepted = 0
    for batch in mailbox.fetch_after(folder, cursor):
        accepted += accept(house, batch)
        fetched += len(batch)
    return Fetched(fetched=fetched, accepted=accepted)


def accept(house: House, batch: Sequence[FetchedMessage]) -> int:
    """Store raw messages and move the cursor, in one commit; count the new ones.

    Key and blob are durable before the row that names them.
    """
    ids = [house.randomness.new_id() for _ in batch]
    house.keys.create(ids)
    rows = [
        _store(house, id_, message) for id_, message in zip(ids, batch, strict=True)
    ]
    with house.unit_of_work() as uow:
        new = uow.inbound.add(rows)
        for message in batch:
            cursor = Cursor(uid_validity=message.uid_validity, uid=message.uid)
            uow.inbound.advance(message.folder, cursor)
        uow.commit()
    for row in rows:
        if row.id not in new:
            forget(house, row)
    return len(new)


def _store(house: House, id_: str, message: FetchedMessage) -> Inbound:
    blob = house.hashing.keyed_hash("blob", id_.encode() + message.raw)
    house.blobs.put(blob, house.keys.seal(id_, message.raw, blob))
    return Inbound(
        id=id_,
        folder=message.folder,
        uid_validity=message.uid_validity,
        uid=message.uid,
        received_at=message.received_at,
        accepted_at=house.clock.now(),
        size=message.size,
        blob=blob,
        whole=message.whole,
        unreadable=message.unreadable,
    )


def raw_of(house: House, stored: Inbound) -> bytes:
    """Give the raw bytes of a stored message."""
    sealed = house.blobs.get(stored.blob)
    return house.keys.open(stored.id, sealed, stored.blob)


def forget(house: House, stored: Inbound) -> None:
    """Destroy the second copy of a message that is known already."""
    house.blobs.delete(stored.blob)
    house.keys.destroy(stored.id)


def move_processed(house: House, mailbox: Mailbox, folder: str, to: str) -> int:
    """Move finished messages to the processed folder; count them."""
    with house.unit_of_work() as uow:
        done = uow.inbound.unmoved(folder=folder, limit=500)
    for uid_validity in {message.uid_validity for message in done}:
        uids = [m.uid for m in done if m.uid_validity == uid_validity]
        mailbox.move(folder, uid_validity, uids, to)
    with house.unit_of_work() as uow:
        for message in done:
            uow.inbound.save(replace(message, moved=True))
        uow.commit()
    return len(done)
