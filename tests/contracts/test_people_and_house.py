"""Suppression, staff, leases and notices behave the same on both databases."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from inbox_bot.domain.records import Staff
from inbox_bot.domain.suppression import Scope, Suppression
from inbox_bot.errors import NotFoundError, RefusalError
from tests.builders import KARI, LATER, NOW, OLA, SOON, House

HEGE = Staff(id="staff-1", name="Hege", password_hash="argon2-of-hege")
PER = Staff(id="staff-2", name="Per", password_hash="argon2-of-per")


def stop(address: str, scope: Scope) -> Suppression:
    return Suppression(address=address, scope=scope, source="mail")


def test_a_stop_holds_however_the_address_is_written(house: House):
    with house.unit() as uow:
        uow.suppression.add(
            stop("Kari@Example.no", Scope.PARTNERS), at=NOW, case_id=None
        )
        uow.suppression.add(stop(KARI, Scope.MARKETING), at=NOW, case_id="case-1")
        uow.suppression.add(stop(KARI, Scope.MARKETING), at=LATER, case_id="case-2")

        assert (Scope.MARKETING, Scope.PARTNERS) == uow.suppression.scopes_of(KARI)
        assert () == uow.suppression.scopes_of(OLA)


def test_a_member_of_staff_is_found_and_changed(house: House):
    with house.unit() as uow:
        uow.staff.add(PER)
        uow.staff.add(HEGE)
        uow.staff.save(Staff(id="staff-2", name="Per", password_hash="new"))

        assert HEGE == uow.staff.by_name("Hege")
        assert uow.staff.by_name("Nobody") is None
        assert ("Hege", "Per") == tuple(staff.name for staff in uow.staff.listing())
        assert "new" == uow.staff.listing()[1].password_hash


def test_a_name_is_taken_once(house: House):
    with house.unit() as uow:
        uow.staff.add(HEGE)
        with pytest.raises(RefusalError, match="of that name"):
            uow.staff.add(Staff(id="staff-9", name="Hege", password_hash="other"))


def test_an_unknown_member_cannot_be_saved(house: House):
    with house.unit() as uow, pytest.raises(NotFoundError):
        uow.staff.save(HEGE)


def test_a_session_ends_by_time_or_by_signing_out(house: House):
    with house.unit() as uow:
        uow.staff.add(HEGE)
        uow.staff.open_session("token", HEGE.id, until=LATER)

        assert HEGE == uow.staff.session("token", SOON)
        assert uow.staff.session("token", LATER) is None
        assert uow.staff.session("other", SOON) is None
        uow.staff.close_session("token")
        assert uow.staff.session("token", SOON) is None


def test_who_is_disabled_has_no_session(house: House):
    with house.unit() as uow:
        uow.staff.add(HEGE)
        uow.staff.open_session("token", HEGE.id, until=LATER)
        uow.staff.save(
            Staff(id=HEGE.id, name="Hege", password_hash="same", disabled=True)
        )

        assert uow.staff.session("token", SOON) is None


def test_a_lease_has_one_holder_until_it_ends(house: House):
    def take(holder: str, *, minutes: int) -> bool:
        now = NOW + timedelta(minutes=minutes)
        until = now + timedelta(minutes=10)
        with house.unit() as uow:
            taken = uow.leases.take("scheduler", holder, now=now, until=until)
            uow.commit()
        return taken

    assert take("one", minutes=0)
    assert not take("two", minutes=5)
    assert take("one", minutes=6)
    assert not take("two", minutes=15)
    assert take("two", minutes=16)
    assert not take("one", minutes=17)


def test_only_its_holder_gives_a_lease_back(house: House):
    with house.unit() as uow:
        uow.leases.take("scheduler", "one", now=NOW, until=LATER)
        uow.leases.release("scheduler", "two")
        assert not uow.leases.take("scheduler", "two", now=NOW, until=LATER)

        uow.leases.release("scheduler", "one")
        assert uow.leases.take("scheduler", "two", now=NOW, until=LATER)


def test_of_two_processes_one_gets_the_lease(house: House):
    taken: list[bool] = []
    together = Barrier(2)

    def work(holder: str) -> None:
        together.wait()
        with house.unit() as uow:
            taken.append(uow.leases.take("scheduler", holder, now=NOW, until=LATER))
            uow.commit()

    threads = [Thread(target=work, args=(holder,)) for holder in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [False, True] == sorted(taken)


def test_the_latest_notice_stands(house: House):
    with house.unit() as uow:
        uow.notices.put("mailbox.INBOX", "lost", NOW)
        uow.notices.put("mailbox.INBOX", "back", SOON)
        uow.notices.put("smtp", "ok", NOW)

        assert {
            "mailbox.INBOX": ("back", SOON),
            "smtp": ("ok", NOW),
        } == uow.notices.all()
