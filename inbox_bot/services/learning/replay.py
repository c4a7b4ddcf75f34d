"""Reads stored messages again and tells which would be decided otherwise.

Another model, other rules, or both. Changes nothing, and tells nothing of a person:
ids, kinds, labels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from inbox_bot.domain.reading import Reading
from inbox_bot.domain.records import Inbound, InboundState
from inbox_bot.errors import ForgottenError, StorageError
from inbox_bot.mime.parser import parse
from inbox_bot.ports import Classifier
from inbox_bot.services.house import House
from inbox_bot.services.intake import raw_of

BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A stored message, how it was read and how it would be now.

    `new` is None where there is nothing to compare: never read, or forgotten.
    """

    message_id: str
    old: Reading | None
    new: Reading | None

    @property
    def differs(self) -> bool:
        """Whether kind, labels or decision would be another."""
        if self.old is None or self.new is None:
            return False
        return _decision(self.old) != _decision(self.new)


def replay(
    house: House, classifier: Classifier, *, limit: int | None = None
) -> Iterator[tuple[Replayed, ...]]:
    """Read stored messages again, the newest first, batch by batch; at most `limit`."""
    waiting = islice(_stored(house), limit)
    while batch := tuple(islice(waiting, BATCH)):
        yield _read(house, classifier, batch)


def _stored(house: House) -> Iterator[Inbound]:
    """Give every stored message; no transaction stays open between two batches."""
    before: str | None = None
    while True:
        with house.reading() as uow:
            page = uow.inbound.page(before=before, limit=BATCH)
        yield from page
        if len(page) < BATCH:
            return
        before = page[-1].id


def _read(
    house: House, classifier: Classifier, batch: Sequence[Inbound]
) -> tuple[Replayed, ...]:
    loaded = [(stored, _raw(house, stored)) for stored in batch]
    messages = [
        parse(raw, authserv_id=house.post.authserv_id)
        for _, raw in loaded
        if raw is not None
    ]
    readings = iter(classifier.read(messages))
    return tuple(
        Replayed(
            message_id=stored.id,
            old=stored.content.reading,
            new=None if raw is None else next(readings),
        )
        for stored, raw in loaded
    )


def _raw(house: House, stored: Inbound) -> bytes | None:
    """Give the bytes of a message whose reading counted, if they are still there."""
    counted = stored.state is not InboundState.DUPLICATE and stored.whole
    if not counted or stored.content.reading is None:
        return None
    try:
        return raw_of(house, stored)
    except (ForgottenError, StorageError):
        return None


def _decision(reading: Reading) -> tuple[object, ...]:
    return reading.kind, frozenset(reading.labels), reading.confidence
