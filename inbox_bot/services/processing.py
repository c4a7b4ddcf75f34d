"""Mail in, second half: parse, read, decide and execute what was accepted.

One message in one transaction that can be run again. How it got here stands in
`intake`.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from inbox_bot.domain.case import RequestState
from inbox_bot.domain.effects import Decision, Place
from inbox_bot.domain.happenings import MailArrived, MailUndelivered
from inbox_bot.domain.message import Automation
from inbox_bot.domain.policy import decide
from inbox_bot.domain.reading import Kind, Reading
from inbox_bot.domain.records import Inbound, InboundContent, InboundState
from inbox_bot.errors import (
    ConflictError,
    ForgottenError,
    OutsideError,
    SettingsError,
    StorageError,
)
from inbox_bot.mime.parser import parse
from inbox_bot.ports import Sighting, UnitOfWork
from inbox_bot.services.execute import carry_out, happen
from inbox_bot.services.facts import Arrival, facts, find_case, sender_of
from inbox_bot.services.gather import circumstances
from inbox_bot.services.house import House
from inbox_bot.services.intake import forget, raw_of

log = structlog.get_logger()

ATTEMPTS = 3
"""Processing failures after which a person must look (contract.md, `quarantined`)."""

CRASHES = 10
"""Claims without any result after which a person must look.

More than the failures: a restart of the machine counts here as well, and the last of
them were of this message alone.
"""

BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What one round of processing made of accepted messages."""

    processed: int = 0
    held: int = 0
    quarantined: int = 0
    not_requests: int = 0

    def __add__(self, other: "Processed") -> "Processed":
        """Add up two rounds."""
        return Processed(
            processed=self.processed + other.processed,
            held=self.held + other.held,
            quarantined=self.quarantined + other.quarantined,
            not_requests=self.not_requests + other.not_requests,
        )


def process(house: House, *, limit: int = BATCH) -> Processed | None:
    """Process one batch of accepted messages; None when none were waiting."""
    with house.unit_of_work() as uow:
        if not uow.inbound.waiting(now=house.clock.now()):
            return None
    # The model loads before anything is claimed: a process that ends while it loads
    # has tried no message.
    house.classifier.read(())
    now = house.clock.now()
    with house.unit_of_work() as uow:
        claimed = uow.inbound.claim(
            limit=limit,
            now=now,
            lease_until=now + house.post.lease,
            alone_after=ATTEMPTS,
        )
        uow.commit()
    if not claimed:
        return None
    loaded, total = _load(house, claimed)
    return total + _process_safely(house, loaded)


def _load(
    house: House, claimed: Sequence[Inbound]
) -> tuple[list[tuple[Inbound, bytes]], Processed]:
    loaded, lost = [], Processed()
    for stored in claimed:
        if stored.attempts > CRASHES:
            with suppress(ConflictError):
                lost += _quarantine(house, stored, "crashed")
            continue
        try:
            loaded.append((stored, raw_of(house, stored)))
        except (StorageError, ForgottenError) as error:
            lost += _failed(house, stored, error)
    return loaded, lost


def _read(house: House, loaded: Sequence[tuple[Inbound, bytes]]) -> list[Arrival]:
    """Parse and classify together, before any writing transaction opens."""
    authserv_id = house.post.authserv_id
    messages = [parse(raw, authserv_id=authserv_id) for _, raw in loaded]
    readings = house.classifier.read(messages)
    nothing = Reading(kind=Kind.OTHER)
    return [
        Arrival(
            stored=stored,
            message=message,
            reading=reading if stored.whole else nothing,
        )
        for (stored, _), message, reading in zip(
            loaded, messages, readings, strict=True
        )
    ]


def _failed(house: House, stored: Inbound, error: Exception) -> Processed:
    """Note that a message can't be processed; after some tries a person must look.

    Before that its lease runs out by itself, which is the pause between two tries.
    """
    log.error(
        "process_failed", message=stored.id, attempts=stored.attempts, exc_info=error
    )
    if stored.attempts >= ATTEMPTS:
        with suppress(ConflictError):
            return _quarantine(house, stored, "failed")
    return Processed()


def _process_safely(
    house: House,
    loaded: Sequence[tuple[Inbound, bytes]],
    arrival: Arrival | None = None,
) -> Processed:
    """Process messages, read as `arrival` if it is one, so that none stops the next."""
    try:
        if arrival is not None:
            return process_one(house, arrival)
        arrivals = _read(house, loaded)
    except ConflictError:
        # Somebody else changed the case, or took the claim: no fault of the message.
        for stored, _ in loaded:
            _release(house, stored)
        return Processed()
    except (OutsideError, SettingsError):
        # The house is in trouble, not the message: the pass fails whole.
        raise
    except Exception as error:  # the worker loop: style.md, rule 17
        if len(loaded) == 1:
            return _failed(house, loaded[0][0], error)
        # One of them can't be read: each alone.
        return _sum(_process_safely(house, [one]) for one in loaded)
    return _sum(
        _process_safely(house, [one], read)
        for one, read in zip(loaded, arrivals, strict=True)
    )


def _sum(parts: Iterable[Processed]) -> Processed:
    return sum(parts, Processed())


def process_one(house: House, arrival: Arrival) -> Processed:
    """Process one claimed message: match, decide, execute, commit."""
    stored = arrival.stored
    if stored.unreadable:
        return _quarantine(house, stored, "unreadable")
    with house.unit_of_work() as uow:
        sighting = sight(house, uow, arrival)
        if sighting is Sighting.DUPLICATE:
            uow.inbound.save(replace(stored, state=InboundState.DUPLICATE))
            uow.commit()
            forget(house, stored)
            return Processed(processed=1)
        uow.inbound.save(replace(stored, content=content_of(arrival)))
        decision = _decide(house, uow, arrival, sighting)
        uow.commit()
    return _count(decision)


def sight(house: House, uow: UnitOfWork, arrival: Arrival) -> Sighting:
    """Register a message by its Message-ID and identity; tell whether it was known."""
    message = arrival.message
    hashing = house.hashing
    known_by = message.message_id or ""
    return uow.inbound.sighting(
        arrival.stored.id,
        hashing.keyed_hash("message-id", known_by) if known_by else "",
        hashing.keyed_hash("identity", message.identity),
    )


def content_of(arrival: Arrival) -> InboundContent:
    """Give what a stored message keeps of what was read."""
    message = arrival.message
    return InboundContent(
        sender=sender_of(message),
        sender_name=message.sender.display_name if message.sender else "",
        subject=message.subject,
        author_text=message.author_text,
        reading=arrival.reading,
    )


def _decide(
    house: House, uow: UnitOfWork, arrival: Arrival, sighting: Sighting
) -> Decision:
    bounced = _bounced(house, uow, arrival)
    case, matched = find_case(house, uow, arrival.message)
    if bounced is not None:
        outgoing_case, happening = bounced
        case = happen(house, uow, uow.cases.get(outgoing_case), happening)
    known_id = sighting is Sighting.SAME_MESSAGE_ID
    mail = facts(house, uow, arrival, case, matched=matched, known_id=known_id)
    arrived = MailArrived(mail=mail, reference=house.randomness.reference())
    around = circumstances(house, uow, case, mail.sender)
    stored = uow.cases.get(case.id) if case else None
    decision = decide(stored, arrived, around)
    carry_out(house, uow, stored, decision)
    return decision


def _bounced(
    house: House, uow: UnitOfWork, arrival: Arrival
) -> tuple[str, MailUndelivered] | None:
    """Recognise the bounce of a mail of ours by what only its receiver could return."""
    message = arrival.message
    report = message.delivery_report
    if message.automation is not Automation.BOUNCE or report is None:
        return None
    hashing = house.hashing
    hashes = [
        hashing.keyed_hash("message-id", id_)
        for id_ in (*report.original_message_ids, *message.ancestors)
    ]
    hashes += [
        hashing.keyed_hash("bounce", address.addr_spec)
        for address in message.recipients
    ]
    mail = uow.outbox.by_message_id(hashes) if hashes else None
    if mail is None or mail.case_id is None or not report.permanent:
        return None
    happening = MailUndelivered(
        outgoing_id=mail.id,
        draft_id=mail.draft_id,
        request_ids=mail.request_ids,
        bounced=True,
        reason=report.status or "",
        outcome=mail.outcome,
    )
    return mail.case_id, happening


def _count(decision: Decision) -> Processed:
    case = decision.case
    held = case is not None and case.state is RequestState.HELD
    return Processed(processed=1, held=int(held), not_requests=int(case is None))


def _quarantine(house: House, stored: Inbound, reason: str) -> Processed:
    with house.unit_of_work() as uow:
        uow.inbound.save(
            replace(
                stored,
                state=InboundState.QUARANTINED,
                place=Place.QUARANTINE,
                reason=reason,
            )
        )
        uow.commit()
    log.error("quarantined", message=stored.id, reason=reason)
    return Processed(processed=1, quarantined=1)


def _release(house: House, stored: Inbound) -> None:
    """Give a message back to the queue, unless another worker has claimed it."""
    with house.unit_of_work() as uow, suppress(ConflictError):
        uow.inbound.save(replace(stored, state=InboundState.ACCEPTED))
        uow.commit()
