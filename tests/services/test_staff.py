"""Members of staff: who may sign in, and for how long."""

from datetime import timedelta

import pytest

from inbox_bot.errors import NotFoundError, RefusalError
from inbox_bot.services import staff

PASSWORD = "correct horse battery"


def test_a_member_signs_in_for_a_working_day(world):
    astrid = staff.add(world.house, " Astrid ", PASSWORD)

    token = staff.sign_in(world.house, "Astrid", PASSWORD)

    assert token is not None
    assert astrid == staff.who(world.house, token)
    world.clock.set(world.clock.now() + staff.SESSION)
    assert staff.who(world.house, token) is None


@pytest.mark.parametrize(
    ("name", "password"), [("Astrid", "wrong horse battery"), ("Nobody", PASSWORD)]
)
def test_a_wrong_name_and_a_wrong_password_are_the_same(world, name, password):
    staff.add(world.house, "Astrid", PASSWORD)

    assert staff.sign_in(world.house, name, password) is None


def test_signing_out_ends_the_session(world):
    staff.add(world.house, "Astrid", PASSWORD)
    token = staff.sign_in(world.house, "Astrid", PASSWORD) or ""

    staff.sign_out(world.house, token)

    assert staff.who(world.house, token) is None


def test_a_disabled_member_is_out_at_once(world):
    staff.add(world.house, "Astrid", PASSWORD)
    token = staff.sign_in(world.house, "Astrid", PASSWORD) or ""

    staff.disable(world.house, "Astrid")

    assert staff.who(world.house, token) is None
    assert staff.sign_in(world.house, "Astrid", PASSWORD) is None
    assert [True] == [member.disabled for member in staff.listing(world.house)]


@pytest.mark.parametrize(("name", "password"), [("Astrid", "short"), ("  ", PASSWORD)])
def test_a_member_needs_a_name_and_a_long_password(world, name, password):
    with pytest.raises(RefusalError):
        staff.add(world.house, name, password)

    assert () == staff.listing(world.house)


def test_a_name_is_taken_once(world):
    staff.add(world.house, "Astrid", PASSWORD)

    with pytest.raises(RefusalError):
        staff.add(world.house, "Astrid", PASSWORD)


def test_nobody_unknown_is_disabled(world):
    with pytest.raises(NotFoundError):
        staff.disable(world.house, "Nobody")


def test_a_forged_session_is_nobodys(world):
    assert staff.who(world.house, "forged") is None
    assert timedelta(hours=8) < staff.SESSION
