"""Who gets in, how long, and what keeps others out."""

import pytest

from inbox_bot.services import staff
from inbox_bot.web import auth
from inbox_bot.web.app import WebOptions, make_console
from tests.services.web.visitor import NAME, PASSWORD, title_of, visitor, words_of


def test_a_stranger_is_led_to_the_sign_in_page_and_back(stranger):
    led = stranger.get("/cases/K7QF-2M9D")

    assert led.status_code == 303
    assert led.headers["location"] == "/sign-in?next=/cases/K7QF-2M9D"
    inside = stranger.sign_in(next="/cases/K7QF-2M9D")
    assert inside.headers["location"] == "/cases/K7QF-2M9D"


def test_a_wrong_password_does_not_say_whether_the_name_exists(stranger):
    known = stranger.sign_in(password="not the right one")
    unknown = stranger.sign_in(name="Nobody")

    assert known.status_code == unknown.status_code == 401
    assert words_of(known) == words_of(unknown)
    assert "set-cookie" not in known.headers


def test_signing_in_makes_a_session_that_nobody_could_plant(stranger):
    fields = {"name": NAME, "password": PASSWORD}

    stranger.post("/sign-in", fields, cookie="inbox-bot-session=planted")
    first = stranger.client.cookies["inbox-bot-session"]
    stranger.sign_in()

    assert first != "planted"
    assert first != stranger.client.cookies["inbox-bot-session"]


def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger):
    cookie = stranger.sign_in().headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


def test_on_https_the_cookie_belongs_to_this_host_alone(staffed):
    options = WebOptions(base_url="https://bot.example", secure_cookies=True)
    person = visitor(
        make_console(staffed.house, options), base_url="https://bot.example"
    )

    cookie = person.sign_in().headers["set-cookie"]

    assert cookie.startswith("__Host-session=")
    assert "; Secure" in cookie
    assert "domain" not in cookie.lower()
    assert person.get("/cases").status_code == 200


def test_signing_out_ends_the_session_itself(astrid):
    token = astrid.client.cookies["inbox-bot-session"]
    left = astrid.act("/sign-out")
    astrid.client.cookies.set("inbox-bot-session", token)

    assert left.headers["location"] == "/sign-in?done=signed_out"
    assert astrid.get("/cases").status_code == 303


def test_a_session_ends_with_the_working_day(astrid, world):
    world.clock.set(world.clock.now() + staff.SESSION)

    assert astrid.get("/cases").status_code == 303


def test_a_disabled_member_is_out_at_once(astrid, world):
    staff.disable(world.house, NAME)

    assert astrid.get("/cases").status_code == 303
    assert astrid.sign_in().status_code == 401


def test_guessing_is_slowed_down_by_name(stranger):
    for _ in range(auth.PER_NAME.amount):
        assert stranger.sign_in(password="a guess").status_code == 401

    refused = stranger.sign_in(name=f" {NAME.upper()} ")

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"
    assert "quarter of an hour" in words_of(refused)
    assert stranger.sign_in(name="Somebody else").status_code == 401


def test_guessing_is_slowed_down_by_client(stranger):
    for number in range(auth.PER_CLIENT.amount):
        stranger.sign_in(name=f"name {number}")

    assert stranger.sign_in().status_code == 429


def test_signing_in_forgets_the_failed_attempts(stranger):
    for _ in range(auth.PER_NAME.amount - 1):
        stranger.sign_in(password="a guess")
    stranger.sign_in()

    assert stranger.sign_in(password="a guess").status_code == 401


def test_another_site_can_not_sign_somebody_in(stranger):
    fields = {"name": NAME, "password": PASSWORD}

    by_metadata = stranger.post("/sign-in", fields, **{"sec-fetch-site": "cross-site"})
    by_origin = stranger.post("/sign-in", fields, origin="https://evil.example")
    own = stranger.post("/sign-in", fields, origin="null")

    assert (by_metadata.status_code, by_origin.status_code) == (403, 403)
    assert own.status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/cases\r\nX: y",
        "javascript:alert(1)",
        "cases",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(stranger, wanted):
    inside = stranger.sign_in(next=wanted)

    assert inside.headers["location"] == "/cases"


def test_the_console_under_a_path_keeps_to_it(whole):
    whole.root = "/console"
    led = whole.get("/drafts")
    inside = whole.sign_in(next="/verify/abc")

    assert led.headers["location"] == "/console/sign-in?next=/console/drafts"
    assert inside.headers["location"] == "/console/cases"
    assert title_of(whole.get("/cases")) == "Cases"


def test_a_part_of_a_page_leads_the_whole_page_to_sign_in(stranger):
    led = stranger.post("/suppression", **{"hx-request": "true"})

    assert led.status_code == 204
    assert led.headers["hx-redirect"] == "/sign-in"
