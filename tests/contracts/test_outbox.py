"""The outbound queue behaves the same on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from inbox_bot.domain.records import Outgoing, OutgoingState
from inbox_bot.errors import ForgottenError, NotFoundError
from tests.builders import (
    KARI,
    LATER,
    NOW,
    OLA,
    SOON,
    House,
    a_case,
    an_outgoing,
)

HOUR = timedelta(hours=1)


def claim(
    house: House, *, now: datetime = NOW, limit: int = 10, budget: int = 10
) -> Sequence[Outgoing]:
    with house.unit() as uow:
        claimed = uow.outbox.claim(
            limit=limit,
            now=now,
            lease_until=now + timedelta(minutes=5),
            automatic_budget=budget,
        )
        uow.commit()
    return claimed


def ids(mails: Sequence[Outgoing]) -> list[str]:
    return [mail.id for mail in mails]


def test_a_mail_comes_back_as_it_went_in(house: House):
    mail = an_outgoing(content=bytes(range(256)), draft_id="draft-1", secret=True)
    house.holds(a_case(), mail)

    with house.unit() as uow:
        assert mail == uow.outbox.get("mail-1")
        with pytest.raises(NotFoundError):
            uow.outbox.get("nobody")


def test_a_mail_without_case_has_a_key_of_its_own(house: House):
    mail = an_outgoing(case_id=None, mail_from="")
    house.holds(mail)

    house.holds(empty := an_outgoing("mail-2", case_id=None, content=b""))

    with house.unit() as uow:
        assert mail == uow.outbox.get("mail-1")
        assert empty == uow.outbox.get("mail-2")
    house.keys.destroy("mail-1")
    with house.unit() as uow, pytest.raises(ForgottenError):
        uow.outbox.get("mail-1")


def test_only_mails_that_are_due_are_claimed_oldest_first(house: House):
    house.holds(
        a_case(),
        an_outgoing("new", created_at=NOW),
        an_outgoing("old", created_at=NOW - HOUR),
        an_outgoing("later", next_attempt_at=LATER),
        an_outgoing("void", state=OutgoingState.VOID),
        an_outgoing("dead", state=OutgoingState.DEAD),
        an_outgoing("sent", state=OutgoingState.SENT),
    )

    claimed = claim(house)

    assert ["old", "new"] == ids(claimed)
    assert [(OutgoingState.CLAIMED, 1)] * 2 == [
        (mail.state, mail.attempts) for mail in claimed
    ]
    assert () == claim(house)


def test_a_lease_that_ran_out_frees_the_mail(house: House):
    house.holds(a_case(), an_outgoing())
    claim(house, now=NOW)

    assert () == claim(house, now=SOON - timedelta(seconds=1))
    assert [2] == [mail.attempts for mail in claim(house, now=SOON)]


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (-1, ["answer-1", "answer-2"]),
        (0, ["answer-1", "answer-2"]),
        (1, ["answer-1", "answer-2", "automatic-1"]),
        (9, ["answer-1", "answer-2", "automatic-1", "automatic-2"]),
    ],
)
def test_the_budget_holds_back_automatic_mail_only(
    house: House, budget: int, expected: list[str]
):
    house.holds(
        a_case(),
        an_outgoing("automatic-1", created_at=NOW - 2 * HOUR),
        an_outgoing("automatic-2", created_at=NOW - HOUR),
        an_outgoing("answer-1", automatic=False),
        an_outgoing("answer-2", automatic=False),
    )

    assert expected == ids(claim(house, budget=budget))


def test_the_limit_counts_both_kinds(house: House):
    house.holds(
        a_case(), an_outgoing("automatic"), an_outgoing("answer", automatic=False)
    )

    assert ["answer"] == ids(claim(house, limit=1))


def test_two_dispatchers_never_claim_the_same_mail(house: House):
    house.holds(a_case(), *(an_outgoing(f"mail-{n:02}") for n in range(24)))
    claimed: list[str] = []
    together = Barrier(2)

    def work() -> None:
        together.wait()
        while batch := claim(house, limit=3):
            claimed.extend(ids(batch))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [f"mail-{n:02}" for n in range(24)] == sorted(claimed)


def test_a_mail_whose_key_is_gone_becomes_void_and_holds_up_nothing(house: House):
    house.holds(
        a_case("forgotten"),
        a_case("case-1"),
        an_outgoing("gone", case_id="forgotten", created_at=NOW - HOUR),
        an_outgoing("kept"),
    )
    house.keys.destroy("forgotten")

    assert ["kept"] == ids(claim(house))
    with house.unit() as uow:
        assert 1 == uow.outbox.waiting(now=NOW)


def test_saving_writes_the_state_and_can_forget_the_bytes(house: House):
    house.holds(a_case(), an_outgoing("mail-1"), an_outgoing("mail-2"))
    one, two = (
        replace(claimed, state=OutgoingState.SENT, sent_at=SOON)
        for claimed in claim(house)
    )

    with house.unit() as uow:
        assert uow.outbox.save(one)
        assert one == uow.outbox.get(one.id)
        assert uow.outbox.save(replace(two, content=b""))
        assert replace(two, content=b"") == uow.outbox.get(two.id)


def test_a_claim_that_went_to_another_can_only_tell_that_the_mail_left(house: House):
    house.holds(a_case(), an_outgoing())
    (slow,) = claim(house)
    (quick,) = claim(house, now=NOW + HOUR)
    refused = replace(slow, state=OutgoingState.DEAD, reason="5.1.1")
    sent = replace(slow, state=OutgoingState.SENT, sent_at=SOON)

    with house.unit() as uow:
        assert not uow.outbox.save(refused)
        assert quick == uow.outbox.get("mail-1")
        assert uow.outbox.save(sent)
        assert not uow.outbox.save(replace(quick, state=OutgoingState.SENT))
        assert not uow.outbox.save(replace(quick, state=OutgoingState.PENDING))
        assert OutgoingState.SENT == uow.outbox.get("mail-1").state


def test_an_attempt_that_does_not_count_is_taken_back(house: House):
    house.holds(a_case(), an_outgoing())
    (claimed,) = claim(house)

    with house.unit() as uow:
        back = replace(claimed, state=OutgoingState.PENDING)
        assert uow.outbox.save(back, counted=False)
        assert 0 == uow.outbox.get("mail-1").attempts


def test_a_renewed_lease_keeps_a_mail_from_others(house: House):
    house.holds(a_case(), an_outgoing("mail-1"), an_outgoing("mail-2"))
    mails = claim(house)
    with house.unit() as uow:
        uow.outbox.renew(mails[:1], lease_until=NOW + 2 * HOUR)
        uow.commit()

    (taken,) = claim(house, now=NOW + HOUR)
    assert "mail-2" == taken.id
    with house.unit() as uow:
        uow.outbox.renew(mails[1:], lease_until=NOW + 9 * HOUR)
        uow.commit()
    assert ["mail-1", "mail-2"] == sorted(ids(claim(house, now=NOW + 3 * HOUR)))


def test_the_result_of_a_mail_forgotten_meanwhile_is_recorded(house: House):
    house.holds(an_outgoing(case_id=None))
    (claimed,) = claim(house)
    house.keys.destroy("mail-1")

    with house.unit() as uow:
        uow.outbox.save(replace(claimed, state=OutgoingState.SENT, sent_at=NOW))
        uow.commit()
    with house.unit() as uow:
        assert 1 == uow.outbox.automatic_sent(NOW - HOUR)


def test_saving_an_unknown_mail_finds_nothing(house: House):
    house.keys.create(["case-1"])

    with house.unit() as uow, pytest.raises(NotFoundError):
        uow.outbox.save(an_outgoing())


def test_a_temporary_failure_puts_the_mail_back(house: House):
    house.holds(a_case(), an_outgoing())
    (claimed,) = claim(house)
    with house.unit() as uow:
        uow.outbox.save(
            replace(
                claimed,
                state=OutgoingState.PENDING,
                next_attempt_at=LATER,
                reason="4.2.2",
            )
        )
        uow.commit()

    assert () == claim(house, now=LATER - timedelta(seconds=1))
    (again,) = claim(house, now=LATER)
    assert (2, "4.2.2") == (again.attempts, again.reason)


def test_an_approval_is_taken_back_until_someone_began_to_send(house: House):
    house.holds(
        a_case(),
        an_outgoing("mail-1", draft_id="draft-1"),
        an_outgoing("mail-2", draft_id="draft-2", attempts=1),
    )

    with house.unit() as uow:
        assert uow.outbox.void_draft("draft-1")
        assert not uow.outbox.void_draft("draft-1")
        assert not uow.outbox.void_draft("draft-2")
        assert not uow.outbox.void_draft("unknown")
        assert OutgoingState.VOID == uow.outbox.get("mail-1").state
        uow.commit()
    assert ["mail-2"] == ids(claim(house))
    with house.unit() as uow:
        assert not uow.outbox.void_draft("draft-2")


def test_a_mail_is_found_by_message_id_or_bounce_address(house: House):
    house.holds(
        a_case(),
        an_outgoing("mail-1"),
        an_outgoing("mail-2", mail_from=""),
        an_outgoing("mail-3", mail_from=""),
    )
    by_id = house.hashing.keyed_hash("message-id", "<mail-2@privacy.example>")
    by_bounce = house.hashing.keyed_hash("bounce", "bounce+mail-1@privacy.example")
    of_null_sender = house.hashing.keyed_hash("bounce", "")

    with house.unit() as uow:
        found = [
            uow.outbox.by_message_id([given]) for given in ("unknown", by_id, by_bounce)
        ]
        assert uow.outbox.by_message_id([of_null_sender]) is None

    assert [None, "mail-2", "mail-1"] == [mail and mail.id for mail in found]


def test_automatic_mails_are_counted(house: House):
    house.holds(
        a_case(),
        an_outgoing("counts", to=KARI.upper()),
        an_outgoing("free", counts=False, state=OutgoingState.SENT, sent_at=NOW),
        an_outgoing("answer", automatic=False, state=OutgoingState.SENT, sent_at=NOW),
        an_outgoing("old", created_at=NOW - 2 * HOUR),
        an_outgoing("sent", to=OLA, state=OutgoingState.SENT, sent_at=NOW),
        an_outgoing(
            "long-ago", to=OLA, state=OutgoingState.SENT, sent_at=NOW - 2 * HOUR
        ),
    )

    with house.unit() as uow:
        assert 1 == uow.outbox.automatic_to(KARI, NOW - HOUR)
        assert 2 == uow.outbox.automatic_sent(NOW - HOUR)


def test_waiting_counts_what_is_due_and_what_is_being_sent(house: House):
    house.holds(
        a_case(),
        an_outgoing("claimed"),
        an_outgoing("later", next_attempt_at=LATER),
        an_outgoing("sent", state=OutgoingState.SENT),
    )
    claim(house)

    with house.unit() as uow:
        assert 1 == uow.outbox.waiting(now=NOW)
        assert 2 == uow.outbox.waiting(now=LATER)


def test_mails_are_listed_by_case_and_the_dead_newest_first(house: House):
    dead = OutgoingState.DEAD
    house.holds(
        a_case("case-1"),
        a_case("case-2"),
        an_outgoing("second", created_at=SOON, state=dead),
        an_outgoing("first", created_at=NOW, state=dead),
        an_outgoing("other", case_id="case-2", created_at=LATER, state=dead),
        an_outgoing("alive", case_id="case-2"),
    )

    with house.unit() as uow:
        assert ["first", "second"] == ids(uow.outbox.of_case("case-1"))
        assert ["other", "second"] == ids(uow.outbox.dead(limit=2))
