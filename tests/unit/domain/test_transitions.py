"""The table of moves, and what holds for a case whatever happens to it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from inbox_bot.domain.case import Case, Outcome, Request, RequestState, TimerKind
from inbox_bot.domain.doors.rights import PROVEN
from inbox_bot.domain.effects import (
    DropDrafts,
    Letter,
    PrepareDraft,
    Record,
    ReleaseDraft,
    ReopenDraft,
    Send,
    VoidApprovals,
)
from inbox_bot.domain.happenings import (
    AnswerSent,
    ClosedByStaff,
    DraftApproved,
    DraftRejected,
    DraftSaved,
    ForwardedFrom,
    Happening,
    Identified,
    Mail,
    MailArrived,
    MailUndelivered,
    PermissionAccepted,
    ProofGiven,
    Seen,
    TimerFired,
)
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right
from inbox_bot.domain.records import DraftState
from inbox_bot.domain.transitions import START, TRANSITIONS, Move, advance, start
from inbox_bot.domain.verification import CodeCheck
from inbox_bot.errors import IllegalMoveError, RefusalError
from tests.unit.domain.happenings import AGENT, KARI, OLA, Table, a_mail

COLLEAGUE = "astrid@leadjabber.com"
ENDS = {RequestState.ANSWERED, RequestState.CLOSED}

# --- the table


def test_every_state_has_its_moves():
    assert set(RequestState) == set(TRANSITIONS)


def test_every_state_can_be_reached():
    reached = set(START.values())
    for _ in RequestState:
        reached |= {to for state in reached for to in TRANSITIONS[state].values()}

    assert set(RequestState) == reached


def test_every_move_is_used():
    used = set(START) | {move for moves in TRANSITIONS.values() for move in moves}

    assert set(Move) == used


def test_every_open_request_can_be_closed_or_answered():
    for state in set(RequestState) - ENDS:
        assert Move.CLOSE in TRANSITIONS[state], state


def test_nothing_reopens_but_by_proof_or_as_undelivered():
    assert {Move.PROVE, Move.REOPEN} == set(TRANSITIONS[RequestState.CLOSED])


def test_an_illegal_move_raises_and_says_what_was_tried():
    with pytest.raises(IllegalMoveError, match="closed can't settle"):
        advance(RequestState.CLOSED, Move.SETTLE)


def test_an_illegal_start_raises():
    with pytest.raises(IllegalMoveError, match="can't prove"):
        start(Move.PROVE)


def test_a_legal_move_gives_the_next_state():
    assert RequestState.WORKING == advance(RequestState.VERIFYING, Move.PROVE)


# --- whatever happens

labels = st.lists(
    st.sampled_from(
        [
            Right.ACCESS,
            Right.DELETION,
            Right.OPT_OUT,
            Right.AGENT,
            Right.CORRECTION,
            Right.QUESTION,
        ]
    ),
    max_size=3,
    unique=True,
)


@st.composite
def readings(draw) -> Reading:
    return Reading(
        kind=draw(st.sampled_from(Kind)),
        labels=tuple(draw(labels)),
        mentioned=draw(st.sampled_from([(), (OLA,)])),
        confidence=draw(st.sampled_from(Confidence)),
        jurisdiction=draw(st.sampled_from([None, "eu", "us-ca"])),
    )


@st.composite
def mails(draw) -> Mail:
    forwarded = draw(
        st.sampled_from([None, None, None, ForwardedFrom(address=OLA, date=None)])
    )
    sender = COLLEAGUE if forwarded else draw(st.sampled_from([KARI, AGENT, OLA, ""]))
    return a_mail(
        draw(readings()),
        sender=sender,
        colleague=forwarded is not None,
        forwarded=forwarded,
        automation=draw(
            st.sampled_from([Automation.NONE, Automation.NONE, *Automation])
        ),
        answerable=bool(sender) and draw(st.booleans()),
        authenticated=draw(st.booleans()),
        whole=draw(st.sampled_from([True, True, False])),
        possible_case=draw(st.sampled_from([None, None, "case-other"])),
    )


usual = st.builds(
    a_mail,
    st.sampled_from(
        [
            Reading(
                kind=Kind.REQUEST,
                labels=rights,
                mentioned=(OLA,),
                confidence=Confidence.AUTO,
            )
            for rights in (
                (Right.ACCESS,),
                (Right.DELETION,),
                (Right.ACCESS, Right.DELETION, Right.OPT_OUT),
                (Right.ACCESS, Right.AGENT, Right.DELETION),
            )
        ]
    ),
)


class Whatever(RuleBasedStateMachine):
    """Mails, people and time, in any order, on one case."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table()
        self.drafts: dict[str, tuple[PrepareDraft, DraftState]] = {}
        self.escalated: set[str] = set()

    # --- what happens

    @initialize(mail=st.one_of(usual, mails()), late=st.booleans(), again=st.booleans())
    def a_first_mail_arrives(self, mail: Mail, late, again) -> None:
        self.table.recent_cases = int(again)
        self.mail_arrives(replace(mail, id="first"), late=late)

    @rule(mail=mails(), late=st.sampled_from([False, False, True]))
    def a_mail_arrives(self, mail: Mail, late) -> None:
        if self.table.case is not None:
            self.mail_arrives(replace(mail, forwarded=None, colleague=False), late=late)

    @rule(data=st.data(), mail=mails(), check=st.sampled_from(CodeCheck))
    def a_code_is_sent(self, data, mail: Mail, check: CodeCheck) -> None:
        case, now = self.table.case, self.table.now
        if case is None or not case.challenges:
            return
        challenge = data.draw(st.sampled_from(case.challenges))
        if (check is CodeCheck.VALID) is not challenge.is_open(now):
            return
        about = None if check in {CodeCheck.WRONG, CodeCheck.GUESS} else challenge.id
        self.mail_arrives(
            replace(
                mail,
                sender=challenge.address,
                forwarded=None,
                automation=Automation.NONE,
                code=check,
                challenge_id=about,
            )
        )

    @rule(data=st.data())
    def a_link_is_pressed(self, data) -> None:
        case = self.table.case
        if case is not None and case.challenges:
            challenge = data.draw(st.sampled_from(case.challenges))
            self.happens(ProofGiven(challenge_id=challenge.id))

    @rule(rights=labels, requester=st.sampled_from([None, KARI, OLA]))
    def a_person_identifies(self, rights, requester) -> None:
        self.happens(Identified(by="Astrid", rights=tuple(rights), requester=requester))

    @rule(consumer=st.sampled_from([OLA, AGENT, "per@example.net"]))
    def a_person_accepts_a_permission(self, consumer) -> None:
        self.happens(PermissionAccepted(by="Astrid", consumer=consumer))

    @rule(data=st.data(), act=st.sampled_from(["save", "leave", "approve", "reject"]))
    def a_person_works_on_a_draft(self, data, act) -> None:
        drafts = self.in_state(DraftState.OPEN)
        if not drafts:
            return
        draft = data.draw(st.sampled_from(drafts))
        common: dict[str, Any] = {
            "by": "Astrid",
            "draft_id": draft.draft_id,
            "request_ids": draft.post.request_ids if draft.outcome else (),
        }
        if act == "approve":
            happening: Happening = DraftApproved(
                outcome=draft.outcome, challenge_id=draft.post.challenge_id, **common
            )
        elif act == "reject":
            happening = DraftRejected(**common)
        else:
            happening = DraftSaved(complete=act == "save", **common)
        self.happens(happening)

    @rule(data=st.data(), arrives=st.booleans())
    def an_answer_leaves(self, data, arrives) -> None:
        if drafts := self.in_state(DraftState.APPROVED):
            draft = data.draw(st.sampled_from(drafts))
            if arrives:
                self.drafts[draft.draft_id] = draft, DraftState.SENT
                self.happens(
                    AnswerSent(
                        draft_id=draft.draft_id,
                        outgoing_id="out",
                        request_ids=draft.post.request_ids,
                        outcome=draft.outcome,
                    )
                )
            else:
                self.happens(undelivered(draft, bounced=False))

    @rule(data=st.data())
    def an_answer_bounces(self, data) -> None:
        if drafts := self.in_state(DraftState.SENT):
            self.happens(undelivered(data.draw(st.sampled_from(drafts)), bounced=True))

    @rule(hours=st.integers(1, 24 * 12))
    def time_passes(self, hours) -> None:
        table = self.table
        table.passes(hours=hours)
        if table.case is None:
            return
        for timer in sorted(table.case.timers, key=lambda timer: timer.at):
            if timer.at <= table.now and timer in table.case.timers:
                if timer.kind is TimerKind.ESCALATE:
                    self.escalated.add(timer.about)
                self.happens(TimerFired(timer=timer), must=True)

    @rule(outcome=st.sampled_from([Outcome.WITHDRAWN, Outcome.UNVERIFIED]))
    def a_person_closes(self, outcome) -> None:
        self.happens(ClosedByStaff(by="Astrid", outcome=outcome))

    @rule()
    def a_person_looks(self) -> None:
        self.happens(Seen(by="Astrid"))

    # --- how it is decided, and what holds for each decision

    def mail_arrives(self, mail: Mail, *, late: bool = False) -> None:
        table = self.table
        age = table.policy.answer_within + timedelta(hours=1)
        mail = replace(mail, received_at=table.now - age if late else table.now)
        self.happens(MailArrived(mail=mail, reference="R"), must=True)

        sent = table.all(Send)
        assert len(sent) <= 1
        if late or not mail.answerable or mail.automation is not Automation.NONE:
            assert [] == sent
        if mail.forwarded is not None and table.case is not None:
            assert [] == sent

    def happens(self, happening: Happening, *, must: bool = False) -> None:
        table = self.table
        before = table.case
        if before is None and not isinstance(happening, MailArrived):
            return
        table.effects = ()
        refused: list[RefusalError] = []
        try:
            table.happens(happening)
        except RefusalError as error:
            refused = [error]
        # The rules refuse before the table has to.
        assert [] == [error for error in refused if isinstance(error, IllegalMoveError)]
        if refused:
            assert not must
            assert before == table.case
            return
        self.track_drafts()
        if before is not None:
            self.nothing_changed_in_secret(before)

    def track_drafts(self) -> None:
        for effect in self.table.effects:
            match effect:
                case PrepareDraft():
                    self.drafts[effect.draft_id] = effect, DraftState.OPEN
                case DropDrafts():
                    self.turn(effect.request_ids, DraftState.OPEN, DraftState.DROPPED)
                    self.turn(
                        effect.request_ids, DraftState.APPROVED, DraftState.DROPPED
                    )
                case VoidApprovals():
                    self.turn(None, DraftState.APPROVED, DraftState.OPEN)
                case ReleaseDraft():
                    draft, _ = self.drafts[effect.draft_id]
                    self.drafts[effect.draft_id] = draft, DraftState.APPROVED
                case ReopenDraft():
                    draft, _ = self.drafts[effect.draft_id]
                    self.drafts[effect.draft_id] = draft, DraftState.OPEN
                case _:
                    pass

    def turn(self, ids: tuple[str, ...] | None, old: DraftState, new: DraftState):
        for draft_id, (draft, state) in list(self.drafts.items()):
            if state is old and (ids is None or set(ids) & set(draft.post.request_ids)):
                self.drafts[draft_id] = draft, new

    def in_state(self, state: DraftState) -> list[PrepareDraft]:
        return [draft for draft, where in self.drafts.values() if where is state]

    def nothing_changed_in_secret(self, before: Case) -> None:
        events = self.table.all(Record)
        for old in before.requests:
            new = self.table.open_case.request(old.id)
            moves = [
                e.data["move"]
                for e in events
                if e.action == "request_moved" and e.data["request"] == old.id
            ]
            if old.state is RequestState.CLOSED and new.state is not old.state:
                assert {"reopen", "prove"} & set(moves)
            if old.state is not new.state or old.dates != new.dates:
                assert moves
        gone = {r.id for r in before.requests} - {
            r.id for r in self.table.open_case.requests
        }
        assert set() == gone

    # --- what holds at any time

    @invariant()
    def every_request_has_a_way_on(self) -> None:
        for request in self.table.case.requests if self.table.case else ():
            watched = {t.kind for t in self.timers_of(request)}
            if request.is_open:
                assert watched or request.id in self.escalated
            if request.state is RequestState.ANSWERED:
                assert TimerKind.SETTLE in watched
            if request.state is RequestState.AUTHORIZING:
                assert TimerKind.GIVE_UP_PROOF in watched
            if request.state is RequestState.VERIFYING:
                assert TimerKind.GIVE_UP_PROOF in self.kinds_of_challenges(request)
            if request.state in {RequestState.WORKING, RequestState.REVIEWING}:
                assert self.has_answer(request)

    def timers_of(self, request: Request):
        return [t for t in self.table.open_case.timers if t.about == request.id]

    def kinds_of_challenges(self, request: Request) -> set[TimerKind]:
        case = self.table.open_case
        ids = {c.id for c in case.challenges if request.id in c.request_ids}
        return {timer.kind for timer in case.timers if timer.about in ids}

    def has_answer(self, request: Request) -> bool:
        waiting = (
            *self.in_state(DraftState.OPEN),
            *self.in_state(DraftState.APPROVED),
        )
        return any(
            draft.outcome and request.id in draft.post.request_ids for draft in waiting
        )

    @invariant()
    def answers_of_substance_rest_on_proof(self) -> None:
        for draft in self.in_state(DraftState.OPEN):
            for id_ in draft.post.request_ids:
                request = self.table.open_case.request(id_)
                if draft.outcome is Outcome.FULFILLED and request.right in PROVEN:
                    assert request.proven_address is not None
                if Letter.DELETION_ANSWER in draft.post.letters:
                    assert request.confirmed

    @invariant()
    def mail_goes_only_to_people_who_are_known_here(self) -> None:
        case = self.table.case
        for sent in self.table.all(Send):
            assert sent.post.to
            if case is not None:
                assert sent.post.to in case.participants
                assert sent.post.challenge_id is None or any(
                    c.id == sent.post.challenge_id for c in case.challenges
                )

    @invariant()
    def an_open_question_was_asked_of_one_address_and_of_its_requests(self) -> None:
        case = self.table.case
        for challenge in case.challenges if case else ():
            assert challenge.address
            assert challenge.request_ids


def undelivered(draft: PrepareDraft, *, bounced: bool) -> MailUndelivered:
    return MailUndelivered(
        outgoing_id="out",
        draft_id=draft.draft_id,
        request_ids=draft.post.request_ids,
        bounced=bounced,
        reason="5.1.1",
        outcome=draft.outcome,
    )


TestWhateverHappens = Whatever.TestCase
TestWhateverHappens.settings = settings(
    max_examples=150, stateful_step_count=25, deadline=None
)
