"""Performs what was decided: the one interpreter of effects.

Runs inside the caller's transaction; the caller commits, once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from inbox_bot.domain.case import Case, Outcome
from inbox_bot.domain.effects import (
    AskProof,
    Decision,
    DropDrafts,
    Effect,
    FileMessage,
    PrepareDraft,
    Record,
    ReleaseDraft,
    ReopenDraft,
    Send,
    Suppress,
    VoidApprovals,
)
from inbox_bot.domain.effects import Post as LetterPost
from inbox_bot.domain.happenings import Happening
from inbox_bot.domain.policy import decide
from inbox_bot.domain.records import Draft, DraftState, Event, InboundState
from inbox_bot.domain.suppression import Suppression
from inbox_bot.ports import ProofSecret, UnitOfWork, Written
from inbox_bot.services import letters
from inbox_bot.services.gather import circumstances
from inbox_bot.services.house import House


@dataclass(slots=True, kw_only=True)
class _Stage:
    """What the effects of one decision share."""

    house: House
    uow: UnitOfWork
    case: Case | None
    secrets: dict[str, letters.Secret] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def happen(house: House, uow: UnitOfWork, case: Case, happening: Happening) -> Case:
    """Decide about a happening in a stored case and carry the decision out."""
    decision = decide(case, happening, circumstances(house, uow, case))
    carried = carry_out(house, uow, case, decision)
    return carried or case


def carry_out(
    house: House, uow: UnitOfWork, before: Case | None, decision: Decision
) -> Case | None:
    """Store the decided case and perform the effects, in order."""
    case = decision.case
    if case is not None:
        if before is None:
            house.keys.create([case.id])
            uow.cases.add(case)
        else:
            uow.cases.save(case)
    stage = _Stage(house=house, uow=uow, case=case)
    for effect in decision.effects:
        _perform(stage, effect)
    uow.cases.append(stage.events)
    return case


def _perform(stage: _Stage, effect: Effect) -> None:  # noqa: C901, PLR0912 - the union
    match effect:
        case Record():
            _record(stage, effect)
        case Send():
            _send(stage, effect)
        case PrepareDraft():
            _prepare(stage, effect)
        case AskProof():
            _ask(stage, effect.challenge.id)
        case Suppress():
            _suppress(stage, effect)
        case FileMessage():
            _file(stage, effect)
        case VoidApprovals():
            _void(stage)
        case DropDrafts():
            _drop(stage, effect)
        case ReleaseDraft():
            _release(stage, effect)
        case ReopenDraft():
            _reopen(stage, effect)


def _record(stage: _Stage, effect: Record) -> None:
    if stage.case is None:
        return
    event = Event(
        case_id=stage.case.id,
        number=0,
        at=stage.house.clock.now(),
        by=effect.by,
        action=effect.action,
        data=effect.data,
    )
    stage.events.append(event)


def _send(stage: _Stage, effect: Send) -> None:
    post = effect.post
    written = letters.write(stage.house, stage.case, post)
    secret = stage.secrets.get(post.challenge_id or "")
    mail = letters.freeze(stage.house, stage.case, written, post, secret=secret)
    if mail.case_id is None:
        stage.house.keys.create([mail.id])
    _remember(stage, mail.message_id)
    stage.uow.outbox.add(mail)


def _remember(stage: _Stage, message_id: str) -> None:
    if stage.case is not None:
        token = stage.house.hashing.keyed_hash("message-id", message_id)
        stage.uow.cases.add_token(stage.case.id, token)


def _ask(stage: _Stage, challenge_id: str) -> None:
    """Make token and code; only their keyed hashes are kept."""
    house = stage.house
    if stage.case is None:
        raise ValueError("A challenge belongs to a case.")
    secret = letters.Secret(
        token=house.randomness.token(), code=house.randomness.code()
    )
    stage.secrets[challenge_id] = secret
    stage.uow.proofs.add(
        ProofSecret(
            challenge_id=challenge_id,
            case_id=stage.case.id,
            token_hash=house.hashing.keyed_hash("token", secret.token),
            code_hash=code_hash(house, challenge_id, secret.code),
        )
    )


def code_hash(house: House, challenge_id: str, code: str) -> str:
    """Hash a six-digit code, which has no secret of its own, bound to its challenge."""
    return house.hashing.keyed_hash("code", f"{challenge_id}:{code}")


def _suppress(stage: _Stage, effect: Suppress) -> None:
    case_id = stage.case.id if stage.case else None
    for scope in effect.scopes:
        entry = Suppression(address=effect.address, scope=scope, source="mail")
        stage.uow.suppression.add(entry, at=stage.house.clock.now(), case_id=case_id)


def _file(stage: _Stage, effect: FileMessage) -> None:
    message = stage.uow.inbound.get(effect.message_id)
    stage.uow.inbound.save(
        replace(
            message,
            state=InboundState.PROCESSED,
            place=effect.place,
            reason=effect.reason,
            case_id=stage.case.id if stage.case else None,
        )
    )


# --- drafts


def _prepare(stage: _Stage, effect: PrepareDraft) -> None:
    if stage.case is None:
        raise ValueError("A draft belongs to a case.")
    post = effect.post
    written = letters.write(stage.house, stage.case, post)
    stage.uow.drafts.add(
        Draft(
            id=effect.draft_id,
            case_id=stage.case.id,
            to=post.to,
            letters=post.letters,
            subject=written.subject,
            source=written.source,
            language=stage.case.language,
            created_at=stage.house.clock.now(),
            request_ids=post.request_ids,
            challenge_id=post.challenge_id,
            outcome=effect.outcome,
            is_reply=post.is_reply,
            match_needed=effect.outcome is not Outcome.UNVERIFIED
            and _rests_on_proof(stage.case, post),
        )
    )


def _rests_on_proof(case: Case, post: LetterPost) -> bool:
    """Tell whether staff must confirm that the answer stays with the proven address."""
    return any(
        request.proven_address is not None
        for request in case.requests
        if request.id in post.request_ids
    )


def _drafts(stage: _Stage, state: DraftState) -> Iterator[Draft]:
    if stage.case is not None:
        for draft in stage.uow.drafts.of_case(stage.case.id):
            if draft.state is state:
                yield draft


def _void(stage: _Stage) -> None:
    """Take approvals back whose mail nobody has begun to send."""
    for draft in _drafts(stage, DraftState.APPROVED):
        if stage.uow.outbox.void_draft(draft.id):
            stage.uow.drafts.save(
                replace(draft, state=DraftState.OPEN, approved_by=None)
            )
            _record(stage, Record(action="approval_voided", data={"draft": draft.id}))


def _drop(stage: _Stage, effect: DropDrafts) -> None:
    wanted = set(effect.request_ids)
    for draft in _drafts(stage, DraftState.OPEN):
        if wanted & set(draft.request_ids):
            stage.uow.drafts.save(replace(draft, state=DraftState.DROPPED))
    for draft in _drafts(stage, DraftState.APPROVED):
        if wanted & set(draft.request_ids) and stage.uow.outbox.void_draft(draft.id):
            stage.uow.drafts.save(replace(draft, state=DraftState.DROPPED))


def _release(stage: _Stage, effect: ReleaseDraft) -> None:
    """Freeze the draft's bytes: what was approved is what will be sent."""
    draft = stage.uow.drafts.get(effect.draft_id)
    secret = stage.secrets.get(effect.challenge_id or "")
    post = LetterPost(
        to=draft.to,
        letters=draft.letters,
        request_ids=draft.request_ids,
        challenge_id=effect.challenge_id,
        is_reply=draft.is_reply,
        counts=False,
    )
    mail = letters.freeze(
        stage.house,
        stage.case,
        Written(subject=draft.subject, source=draft.source),
        post,
        secret=secret,
        draft=draft,
    )
    _remember(stage, mail.message_id)
    stage.uow.outbox.add(mail)
    stage.uow.drafts.save(
        replace(draft, state=DraftState.APPROVED, approved_by=effect.by)
    )
    _record(
        stage,
        Record(action="mail_frozen", data={"draft": draft.id, "sha256": mail.sha256}),
    )


def _reopen(stage: _Stage, effect: ReopenDraft) -> None:
    draft = stage.uow.drafts.get(effect.draft_id)
    stage.uow.drafts.save(replace(draft, state=DraftState.OPEN, approved_by=None))
