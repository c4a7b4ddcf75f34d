"""What requesters and monitoring see: the link's page, and whether all is well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox_bot.domain.case import RequestState
from inbox_bot.errors import ConflictError, DatabaseError
from inbox_bot.services import review, verification
from inbox_bot.web.app import make_public
from tests.services.web.conftest import OPTIONS
from tests.services.web.visitor import title_of, visitor, words_of
from tests.world import KARI, OLA, token_in


@pytest.fixture
def public(world):
    """Somebody with a browser, no cookie, and a link from a mail."""
    return visitor(make_public(world.house, OPTIONS))


def link_for(world, text, sender=KARI):
    world.mail(text, sender=sender)
    (asked,) = world.receive(sender)
    return f"/verify/{token_in(asked)}"


def test_looking_changes_nothing_however_often(public, world):
    path = link_for(world, "I want a copy of my data")
    before = world.case

    for _ in range(3):
        assert public.get(path).status_code == 200
        assert public.client.head(path).status_code == 200

    assert world.case == before
    assert world.case.state is RequestState.VERIFYING


def test_the_button_confirms_without_a_cookie_and_leads_nowhere(public, world):
    path = link_for(world, "I want a copy of my data")
    headers = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}

    pressed = public.post(path, **headers)

    assert pressed.status_code == 200
    assert "set-cookie" not in pressed.headers
    assert title_of(pressed) == "Thank you, that is confirmed"
    assert world.case.state is RequestState.WORKING
    again = public.post(path)
    assert title_of(again) == title_of(public.get(path)) == "This link was used already"


def test_the_page_names_nobody(public, world):
    world.mail("I want a copy of my data", sender=f"Kari Nordmann <{KARI}>")
    (asked,) = world.receive()

    page = public.get(f"/verify/{token_in(asked)}")

    assert "access to personal data" in words_of(page)
    for secret in (KARI, "Kari", "copy of my data"):
        assert secret not in page.text
    assert "http" not in page.text.replace("http-equiv", "")


def test_a_deletion_is_announced_and_asked_for_twice(public, world):
    first = link_for(world, "please erase me")
    words = words_of(public.get(first))
    public.post(first)
    (asked,) = world.receive()
    second = public.get(f"/verify/{token_in(asked)}")
    done = public.post(f"/verify/{token_in(asked)}")

    assert "Before anything is deleted, we ask you once more" in words
    assert title_of(second) == "Confirm the deletion"
    assert "This can't be undone" in words_of(second)
    assert "once more" not in words_of(second)
    assert title_of(done) == "Thank you, that is confirmed"


def test_a_consumer_is_asked_about_the_agent(public, world):
    world.mail("a copy for my client", sender="agent@example.com")
    world.receive()
    review.accept_permission(world.house, world.case.id, by="Astrid", consumer=OLA)
    (asked,) = world.receive(OLA)

    page = public.get(f"/verify/{token_in(asked)}")

    assert title_of(page) == "Does this person act for you?"
    assert "agent@example.com" not in page.text


def test_a_norwegian_case_has_a_norwegian_page(public, world):
    page = public.get(link_for(world, "Jeg ber om innsyn"))

    assert '<html lang="nb">' in page.text
    assert "innsyn i personopplysninger" in words_of(page)
    assert "Bekreft henvendelsen" in words_of(page)


def test_an_expired_link_says_what_to_do(public, world):
    path = link_for(world, "I want a copy of my data")
    world.clock.set(world.clock.now() + timedelta(days=15))

    looked, pressed = public.get(path), public.post(path)

    assert looked.status_code == pressed.status_code == 410
    assert "Reply to the mail that the link came in" in words_of(looked)
    assert world.case.state is RequestState.VERIFYING


@pytest.mark.parametrize(
    ("wished", "language"),
    [("nn-NO,nn;q=0.9", "nb"), ("no", "nb"), ("fr-FR, en;q=0.3", "en"), ("", "en")],
)
def test_an_unknown_link_speaks_the_browsers_language(public, wished, language):
    page = public.get("/verify/nothing", **{"accept-language": wished})

    assert page.status_code == 404
    assert f'<html lang="{language}">' in page.text
    assert "<button" not in page.text


def test_pressing_an_unknown_link_does_nothing(public):
    assert public.post("/verify/nothing").status_code == 404


def test_two_presses_at_once_count_as_one(public, world, monkeypatch):
    path = link_for(world, "I want a copy of my data")
    token = path.rpartition("/")[2]
    confirm = verification.confirm

    def overtaken(house, token):
        confirm(house, token)
        raise ConflictError

    monkeypatch.setattr(verification, "confirm", overtaken)
    pressed = public.post(path)

    assert title_of(pressed) == "Thank you, that is confirmed"
    assert verification.look(world.house, token).state == "done"


# --- monitoring


def test_all_is_well(public, world):
    with world.house.unit_of_work() as uow:
        uow.notices.put("mailbox", "ok", world.clock.now())
        uow.commit()

    answer = public.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "mailbox": "ok", "database": "ok"}


def test_a_mailbox_that_was_not_looked_into_yet_is_no_failure(public):
    answer = public.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["mailbox"] == "unknown"


def test_a_lost_mailbox_is_a_failure(public, world):
    with world.house.unit_of_work() as uow:
        uow.notices.put("mailbox", "unreachable", world.clock.now())
        uow.commit()

    answer = public.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["mailbox"] == "unreachable"


def test_a_lost_database_is_a_failure(world):
    def gone():
        raise DatabaseError

    house = replace(world.house, unit_of_work=gone, reading=gone)

    answer = visitor(make_public(house, OPTIONS)).get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "mailbox": "unknown",
        "database": "lost",
    }


def test_the_public_side_has_nothing_of_the_console(public):
    for path in ("/metrics", "/cases", "/console/cases", "/sign-in"):
        assert public.get(path).status_code == 404
