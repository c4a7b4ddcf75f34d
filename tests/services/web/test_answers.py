"""What every answer carries, and how failures look."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi.routing import APIRoute
from structlog.testing import capture_logs

from inbox_bot.domain.case import HoldReason, Outcome, RequestState
from inbox_bot.domain.effects import Letter
from inbox_bot.domain.message import Automation
from inbox_bot.domain.reading import Confidence, Kind, Right
from inbox_bot.domain.records import DraftState, OutgoingState
from inbox_bot.domain.suppression import Scope
from inbox_bot.domain.verification import Purpose
from inbox_bot.errors import DatabaseError, ForgottenError, SettingsError
from inbox_bot.services import queries
from inbox_bot.web import console, words
from inbox_bot.web.headers import preview_policy
from inbox_bot.web.moments import Moments
from tests.services.web.visitor import title_of, words_of
from tests.world import KARI, MONDAY

PAGES = (
    "/cases",
    "/cases?show=all",
    "/drafts",
    "/tray",
    "/quarantine",
    "/dead",
    "/suppression",
    "/health",
)


def paths(method):
    """Every path of the console."""
    return [
        re.sub(r"\{\w+\}", "x", route.path)
        for router in console.routers
        for route in router.routes
        if isinstance(route, APIRoute) and method in (route.methods or ())
    ]


def assert_guarded(response):
    headers = response.headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] in {"no-store", "no-cache"}
    assert "noindex" in headers["x-robots-tag"]


@pytest.mark.parametrize(
    "path", [*PAGES, "/sign-in", "/nowhere", "/static/style.css", "/metrics"]
)
def test_every_answer_is_guarded(astrid, path):
    assert_guarded(astrid.get(path))


def test_no_script_or_style_stands_in_a_page(astrid):
    page = astrid.get("/cases").text

    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)
    assert "unsafe" not in astrid.get("/cases").headers["content-security-policy"]


def test_the_preview_allows_the_styles_of_a_mail_by_hash_alone():
    assert preview_policy().count("'sha256-") == 4
    assert "'unsafe-inline'" not in preview_policy()


def test_nothing_can_be_done_without_the_form_token(astrid):
    guarded = [path for path in paths("POST") if path != "/sign-in"]
    fields = {"rights": "access", "consumer": "x", "outcome": "refused", "version": 0}

    assert len(guarded) == 11
    for path in guarded:
        assert astrid.post(path, fields).status_code == 403, path
        wrong = {"csrf": "0" * 64, **fields}
        assert astrid.post(path, wrong).status_code == 403, path


def test_nothing_is_shown_to_a_stranger(stranger):
    for path in paths("GET"):
        if path not in {"/sign-in", "/"}:
            assert stranger.get(path).status_code == 303, path


def test_the_token_of_another_session_does_not_count(astrid):
    old = astrid.csrf
    astrid.sign_in()

    assert astrid.post("/suppression", {"csrf": old}).status_code == 403
    headers = {"x-csrf-token": astrid.csrf}
    assert astrid.post("/suppression", **headers).status_code == 200


def test_the_start_leads_to_the_cases(astrid, whole):
    assert astrid.get("/").headers["location"] == "/cases"
    assert whole.get("/console/").headers["location"] == "/console/cases"
    assert whole.client.get("/console", follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/nowhere", 404, "There is no such page"),
        ("/cases/AAAA-AAAA", 404, "Not found"),
        ("/drafts/none", 404, "Not found"),
        ("/messages/none", 404, "Not found"),
    ],
)
def test_what_is_not_there_gets_a_plain_page(astrid, path, status, title):
    page = astrid.get(path)

    assert page.status_code == status
    assert title_of(page) == title
    assert "To the cases" in words_of(page)


def test_a_wrong_method_and_a_broken_form_get_plain_pages(astrid):
    wrong = astrid.act("/cases")
    broken = astrid.act("/drafts/none", {"version": "many"})

    assert (wrong.status_code, broken.status_code) == (405, 422)
    assert title_of(broken) == "That form can't be read"


def test_an_unexpected_error_shows_and_logs_no_words_of_it(astrid, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ValueError(KARI)

    monkeypatch.setattr(queries, "cases", fail)
    with capture_logs() as logs:
        page = astrid.get("/cases")

    assert page.status_code == 500
    assert title_of(page) == "Something went wrong here"
    assert_guarded(page)
    assert KARI not in page.text
    (entry,) = logs
    assert (entry["event"], entry["page"]) == ("page_failed", "listing")
    assert KARI not in str({**entry, "exc_info": ""})


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (DatabaseError(), 503, "stayed locked"),
        (ForgottenError(), 410, "destroyed on purpose"),
        (SettingsError("Our secret."), 500, "noted in the log"),
    ],
)
def test_our_own_errors_have_a_status_of_their_own(
    astrid, monkeypatch, error, status, says
):
    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(queries, "cases", fail)

    page = astrid.get("/cases")

    assert page.status_code == status
    assert says in words_of(page)
    assert "Our secret" not in page.text


def test_metrics_stand_on_the_consoles_listener_alone(astrid, whole, world):
    world.mail("for the tray: invoice")
    world.poll()

    assert "inbox_bot_outbox_waiting 0.0" in astrid.get("/metrics").text
    assert whole.get("/metrics").status_code == 200
    assert whole.get("/console/metrics").status_code in {303, 404}


def test_no_address_stands_in_a_link(astrid, hostile, world):
    world.mail("for my client: for my client", sender="agent@example.com")
    world.mail("invoice")
    world.poll()
    draft_paths = [f"/cases/{case.reference}" for case in world.cases]
    for path in (*PAGES, *draft_paths):
        links = re.findall(
            r'(?:href|action|hx-post|src)="([^"]*)"', astrid.get(path).text
        )
        assert links
        assert not [link for link in links if "@" in link or "%40" in link]


@pytest.mark.parametrize(
    ("codes", "known"),
    [
        (Right, words.RIGHTS),
        (RequestState, words.STATES),
        (Outcome, words.OUTCOMES),
        (HoldReason, words.HOLDS),
        (Letter, words.LETTERS),
        (Confidence, words.DECISIONS),
        (Purpose, words.PURPOSES),
        (OutgoingState, words.MAILS),
        (DraftState, words.DRAFTS),
        (Scope, words.SCOPES),
    ],
)
def test_every_code_has_words_and_no_words_are_left_over(codes, known):
    assert {code.value for code in codes} == set(known)


def test_every_kind_of_mail_has_words():
    codes = {code.value for code in (*Kind, *Automation)} - {"none"}

    assert codes <= set(words.KINDS)


def test_dates_are_said_as_people_say_them():
    moments = Moments(now=MONDAY, zone=ZoneInfo("Europe/Oslo"))
    days = [moments.until(MONDAY.date() + timedelta(days=n)) for n in (-2, -1, 0, 1, 5)]

    assert days == ["2 days late", "1 day late", "today", "tomorrow", "in 5 days"]
    assert moments.near(MONDAY - timedelta(hours=3)) == "3 hours ago"
    assert moments.near(MONDAY + timedelta(seconds=59)) == "just now"
    assert moments.exact(MONDAY) == "Monday 2 March 2026, 10:30 CET"
