"""From a parsed message to the facts a decision may rest on; looks up, never decides."""

import re
from dataclasses import dataclass, replace

from inbox_bot.domain.case import Case, Thread
from inbox_bot.domain.happenings import ForwardedFrom, Mail
from inbox_bot.domain.matching import Match, match
from inbox_bot.domain.message import Automation, ForwardedPart, InboundMessage
from inbox_bot.domain.reading import Kind, Reading
from inbox_bot.domain.records import Inbound
from inbox_bot.domain.verification import CodeCheck
from inbox_bot.ports import UnitOfWork
from inbox_bot.services.addresses import usable
from inbox_bot.services.execute import code_hash
from inbox_bot.services.house import House

CODE = re.compile(r"(?<!\d)(\d{3})[ \u00a0-]?(\d{3})(?!\d)")
REFERENCE = re.compile(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b")
NO_MATCH = Match()
CODES_READ = 5
"""More numbers than this in one mail are no answer to a question for a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A stored message with what was made of it."""

    stored: Inbound
    message: InboundMessage
    reading: Reading


def sender_of(message: InboundMessage) -> str:
    """Give the author's address in the form the house compares, or ""."""
    if message.sender is None or "multiple_from" in message.defects:
        return ""
    return usable(message.sender.addr_spec)


def find_case(
    house: House, uow: UnitOfWork, message: InboundMessage
) -> tuple[Case | None, Match]:
    """Find the case a message joins, and the one it may be about."""
    hashes = [
        house.hashing.keyed_hash("message-id", ancestor)
        for ancestor in message.ancestors
    ]
    by_token = uow.cases.by_token(hashes) if hashes else None
    named = REFERENCE.search(message.subject)
    by_name = uow.cases.by_reference(named.group(1)) if named else None
    matched = match(by_token, by_name.id if by_name else None, sender_of(message))
    return (by_token if matched.joins else None), matched


def facts(
    house: House,
    uow: UnitOfWork,
    arrival: Arrival,
    case: Case | None = None,
    *,
    matched: Match = NO_MATCH,
    known_id: bool = False,
) -> Mail:
    """Gather the facts of an arrived message.

    `known_id` says that another message with this Message-ID was seen before.
    """
    message, stored = arrival.message, arrival.stored
    sender = sender_of(message)
    own = sender in _own_addresses(house)
    colleague = sender.rpartition("@")[2] in house.company.domains
    code, challenge_id = _check_code(house, uow, arrival, case)
    return Mail(
        id=stored.id,
        sender=sender,
        received_at=stored.received_at,
        reading=_about_others(arrival.reading, house),
        thread=Thread(
            author=sender,
            message_id=message.message_id,
            references=message.references,
        ),
        automation=message.automation,
        answerable=message.answerable and bool(sender) and not own,
        authenticated=message.authentication.aligned,
        own=own,
        colleague=colleague,
        forwarded=_forwarded(message, house) if colleague else None,
        whole=stored.whole,
        same_message_id=known_id,
        possible_case=matched.possible,
        code=code,
        challenge_id=challenge_id,
        attachments=len(message.attachments),
    )


def _about_others(reading: Reading, house: House) -> Reading:
    """Leave our own addresses out of those that the author names.

    An agent who writes "your mailbox is …" names no consumer.
    """
    usables = (usable(address) for address in reading.mentioned)
    foreign = (
        address
        for address in usables
        if address and address.rpartition("@")[2] not in house.company.domains
    )
    own = _own_addresses(house)
    named = tuple(dict.fromkeys(address for address in foreign if address not in own))
    return replace(reading, mentioned=named)


def _own_addresses(house: House) -> set[str]:
    return {usable(house.company.mailbox), usable(house.post.sender)}


def _forwarded(message: InboundMessage, house: House) -> ForwardedFrom | None:
    foreign = [part for part in message.forwarded if not _is_ours(part, house)]
    if not foreign:
        return None
    first = foreign[-1]
    address = usable(first.sender.addr_spec) if first.sender else ""
    return ForwardedFrom(address=address, date=first.date)


def _is_ours(part: ForwardedPart, house: House) -> bool:
    return part.sender is not None and part.sender.domain in house.company.domains


def _check_code(
    house: House, uow: UnitOfWork, arrival: Arrival, case: Case | None
) -> tuple[CodeCheck, str | None]:
    """Look for a code in the author's own words of a mail that no machine wrote."""
    message, reading = arrival.message, arrival.reading
    machine = message.automation is not Automation.NONE or reading.kind in {
        Kind.AUTO_REPLY,
        Kind.BOUNCE,
    }
    codes = {"".join(pair) for pair in CODE.findall(message.author_text)}
    if case is None or machine or not codes or len(codes) > CODES_READ:
        return CodeCheck.NONE, None
    now, sender = house.clock.now(), sender_of(message)
    hashes = {p.challenge_id: p.code_hash for p in uow.proofs.of_case(case.id)}
    stale: str | None = None
    for challenge in case.challenges:
        if challenge.address != sender or challenge.id not in hashes:
            continue
        if not any(
            code_hash(house, challenge.id, code) == hashes[challenge.id]
            for code in codes
        ):
            continue
        if challenge.is_open(now):
            return CodeCheck.VALID, challenge.id
        stale = challenge.id
    if stale is not None:
        return CodeCheck.EXPIRED, stale
    if reading.kind is Kind.VERIFICATION_REPLY:
        return CodeCheck.WRONG, None
    asked = any(c.address == sender and c.is_open(now) for c in case.challenges)
    return (CodeCheck.GUESS if asked else CodeCheck.NONE), None
