"""Mail out: claim what is due, send it, record each result; three steps, two commits.

A process killed between sending and recording sends again once the lease ran out, with
the same Message-ID, so that the receiver's server can tell.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from inbox_bot.domain.happenings import AnswerSent, MailUndelivered
from inbox_bot.domain.records import DraftState, Event, Outgoing, OutgoingState
from inbox_bot.errors import ConflictError, SettingsError
from inbox_bot.ports import Delivery, OutboundMail, Transport, UnitOfWork, Verdict
from inbox_bot.services.execute import happen
from inbox_bot.services.house import House

log = structlog.get_logger()

BATCH = 50
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
RENEWALS = 3
"""How often within its length a lease is renewed while a batch is being sent."""
CONNECTION = "connection"
"""The reason of a delivery for which no server could be reached (ports.Transport)."""

HOURLY_CAP = "hourly_cap"
"""The reason of a mail that waits because too many left within the hour."""
CONFLICTS = 5
"""How often recording is tried again before the lease has to bring it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """What one pass over the outbox did; `delayed` counts mails the cap keeps back."""

    claimed: int = 0
    sent: int = 0
    retried: int = 0
    dead: int = 0
    delayed: int = 0


def dispatch(house: House, transport: Transport, *, limit: int = BATCH) -> Dispatched:
    """Make one pass over the outbox."""
    mails = _claim(house, limit)
    renewed = house.clock.now()
    counts = {Verdict.SENT: 0, Verdict.TEMPORARY: 0, Verdict.PERMANENT: 0}
    unsent = {mail.id: mail for mail in mails}
    try:
        for delivery in transport.deliver([_outbound(mail) for mail in mails]):
            mail = unsent.pop(delivery.id)
            counts[_record_surely(house, mail, delivery)] += 1
            renewed = _keep(house, list(unsent.values()), since=renewed)
    except SettingsError:
        _give_back(house, unsent.values())
        raise
    with house.unit_of_work() as uow:
        delayed = uow.outbox.waiting(now=house.clock.now())
    return Dispatched(
        claimed=len(mails),
        sent=counts[Verdict.SENT],
        retried=counts[Verdict.TEMPORARY],
        dead=counts[Verdict.PERMANENT],
        delayed=delayed,
    )


def dispatch_all(house: House, transport: Transport) -> Dispatched:
    """Make passes until nothing is due; count them together."""
    total = Dispatched()
    while (done := dispatch(house, transport)).claimed:
        total = Dispatched(
            claimed=total.claimed + done.claimed,
            sent=total.sent + done.sent,
            retried=total.retried + done.retried,
            dead=total.dead + done.dead,
            delayed=done.delayed,
        )
    return replace(total, delayed=done.delayed)


def _claim(house: House, limit: int) -> tuple[Outgoing, ...]:
    now = house.clock.now()
    with house.unit_of_work() as uow:
        sent = uow.outbox.automatic_sent(now - timedelta(hours=1))
        budget = max(0, house.post.hourly_cap - sent)
        mails = uow.outbox.claim(
            limit=limit,
            now=now,
            lease_until=now + house.post.lease,
            automatic_budget=budget,
        )
        if sum(mail.automatic for mail in mails) == budget:
            _note_delayed(uow, now)
        uow.commit()
    return mails


def _keep(house: House, mails: Sequence[Outgoing], *, since: datetime) -> datetime:
    """Keep hold of what is still to be sent, so that nobody else sends it as well.

    A slow server takes longer for a batch than a lease lasts. Gives when the lease was
    last renewed.
    """
    now = house.clock.now()
    if now - since < house.post.lease / RENEWALS:
        return since
    with house.unit_of_work() as uow:
        uow.outbox.renew(mails, lease_until=now + house.post.lease)
        uow.commit()
    return now


def _note_delayed(uow: UnitOfWork, now: datetime) -> None:
    """Record in its case each mail that the hourly cap keeps back."""
    for mail in uow.outbox.newly_delayed(now=now, limit=BATCH):
        uow.outbox.save(replace(mail, reason=HOURLY_CAP))
        if mail.case_id is not None:
            data = {"mail": mail.id, "reason": HOURLY_CAP}
            event = Event(
                case_id=mail.case_id,
                number=0,
                at=now,
                by="bot",
                action="answer_delayed",
                data=data,
            )
            uow.cases.append([event])


def _give_back(house: House, mails: Iterable[Outgoing]) -> None:
    """Free mails that no server was asked to take: a log-in was refused."""
    with house.unit_of_work() as uow:
        for mail in mails:
            uow.outbox.save(replace(mail, state=OutgoingState.PENDING), counted=False)
        uow.commit()


def _outbound(mail: Outgoing) -> OutboundMail:
    return OutboundMail(
        id=mail.id, mail_from=mail.mail_from, rcpt_to=(mail.to,), content=mail.content
    )


def _record_surely(house: House, mail: Outgoing, delivery: Delivery) -> Verdict:
    """Record one result, also where somebody changes the case at this moment.

    The mail has left: without its record it would leave again.
    """
    for _ in range(CONFLICTS):
        with suppress(ConflictError):
            return _record(house, mail, delivery)
    return _record(house, mail, delivery)


def _record(house: House, mail: Outgoing, delivery: Delivery) -> Verdict:
    """Record one result; a mail that was tried too often counts as refused."""
    verdict = delivery.verdict
    tried_out = _attempts(mail, delivery) >= house.post.attempts
    if verdict is Verdict.TEMPORARY and tried_out:
        verdict = Verdict.PERMANENT
    now = house.clock.now()
    with house.unit_of_work() as uow:
        match verdict:
            case Verdict.SENT:
                _sent(house, uow, mail, now)
            case Verdict.TEMPORARY:
                _again(house, uow, mail, delivery, now)
            case Verdict.PERMANENT:
                _dead(house, uow, mail, delivery)
        uow.commit()
    log.info("dispatched", mail=mail.id, verdict=verdict, reason=delivery.reason)
    return verdict


def _attempts(mail: Outgoing, delivery: Delivery) -> int:
    """Count the attempts of the mail itself."""
    return mail.attempts if _counts(delivery) else mail.attempts - 1


def _counts(delivery: Delivery) -> bool:
    """Whether it was an attempt: a server's outage is no fault of the mail."""
    return delivery.reason != CONNECTION


def _sent(house: House, uow: UnitOfWork, mail: Outgoing, now: datetime) -> None:
    # A secret must not outlive its delivery; what was approved stays, with its hash.
    content = b"" if mail.secret else mail.content
    first = uow.outbox.save(
        replace(mail, state=OutgoingState.SENT, sent_at=now, reason="", content=content)
    )
    if not first or mail.case_id is None or mail.draft_id is None:
        return
    draft = uow.drafts.get(mail.draft_id)
    uow.drafts.save(replace(draft, state=DraftState.SENT))
    happening = AnswerSent(
        draft_id=mail.draft_id,
        outgoing_id=mail.id,
        request_ids=mail.request_ids,
        outcome=mail.outcome,
    )
    happen(house, uow, uow.cases.get(mail.case_id), happening)


def _again(
    house: House, uow: UnitOfWork, mail: Outgoing, delivery: Delivery, now: datetime
) -> None:
    failures = max(0, _attempts(mail, delivery) - 1)
    pause = min(FIRST_PAUSE * 2**failures, LONGEST_PAUSE)
    uow.outbox.save(
        replace(
            mail,
            state=OutgoingState.PENDING,
            reason=delivery.reason,
            next_attempt_at=now + pause * house.randomness.jitter(),
        ),
        counted=_counts(delivery),
    )


def _dead(house: House, uow: UnitOfWork, mail: Outgoing, delivery: Delivery) -> None:
    dead = replace(mail, state=OutgoingState.DEAD, reason=delivery.reason)
    if not uow.outbox.save(dead) or mail.case_id is None:
        return
    happening = MailUndelivered(
        outgoing_id=mail.id,
        draft_id=mail.draft_id,
        request_ids=mail.request_ids,
        bounced=False,
        reason=delivery.reason,
        outcome=mail.outcome,
    )
    happen(house, uow, uow.cases.get(mail.case_id), happening)
