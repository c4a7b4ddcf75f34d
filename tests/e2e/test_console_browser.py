"""What staff and requesters do most, in a real browser against a real web server.

With SHOTS set to a folder, every page is photographed there at two widths.
"""

import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from inbox_bot.domain.reading import Confidence, Evidence, Kind, Reading, Right
from inbox_bot.services import staff
from inbox_bot.web.app import WebOptions, make_app
from tests.services.web.scenes import in_quarantine
from tests.world import KARI, OLA, token_in, world_at

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

NAME, PASSWORD = "Astrid", "correct horse battery"
WIDTHS = (1280, 360)
DARK = {"cases", "case", "case-held", "draft-open", "verify-open"}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG = (
    "Hello,\n\nplease send me a copy of my data: everything you hold about me, where it"
    " came from and whom you gave it to.\n\nKind regards\nKari\n\n"
    "On Monday, LeadJabber wrote:\n> We have a great offer for you.\n"
)
HOSTILE = """\
From: "<script>document.title='owned'</script>" <kari@example.org>
To: privacy@leadjabber.com
Subject: <img src=x onerror="document.title='owned'"> wrong name
Message-ID: <hostile@mail.example>
Date: Mon, 2 Mar 2026 09:30:00 +0000
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body onload="document.title='owned'"><script>document.title='owned'</script>
<form action="https://evil.example"><input name=a><button>Go</button></form>
<meta http-equiv="refresh" content="0;url=https://evil.example">
<svg onload="document.title='owned'"></svg><img src="https://evil.example/pixel">
<style>* { display: none }</style><h1>Wrong name</h1>
<p>You have the wrong name for me. <a href="https://evil.example">Click</a></p>
</body></html>
"""


def evidence(label, words):
    start = LONG.index(words)
    return Evidence(label=label, text=words, start=start, end=start + len(words))


def seed(world):
    """Fill the house with one of everything, and give the tokens of links."""
    world.classifier.readings["copy of my data"] = Reading(
        kind=Kind.REQUEST,
        labels=(Right.ACCESS,),
        probabilities={
            right: 0.98 if right is Right.ACCESS else 0.01 for right in Right
        },
        confidence=Confidence.AUTO,
        language="en",
        jurisdiction="us-ca",
        evidence=(
            evidence(Right.ACCESS, "a copy of my data"),
            evidence(Right.ACCESS, "where it came from"),
        ),
        model="reading 2026.3",
    )
    tokens = {}
    world.mail(LONG, subject="My data")
    (verify,) = world.receive()
    tokens["address"] = token_in(verify)
    world.mail("Vennligst gi meg innsyn.", sender=OLA, subject="Innsyn")
    (norwegian,) = world.receive(OLA)
    tokens["norwegian"] = token_in(norwegian)
    world.mail("Please erase me.", sender="liv@example.net", subject="Erase")
    (first,) = world.receive("liv@example.net")
    tokens["first step"] = token_in(first)
    world.mail("a copy for my client", sender="agent@example.com", subject="Client")
    world.mail("stop writing to me", sender="per@example.net", subject="Stop")
    world.put(HOSTILE.replace("\n", "\r\n").encode())
    world.transport.replies["gone@example.net"] = "550 5.1.1"
    world.mail("Please erase me.", sender="gone@example.net", subject="Erase")
    world.mail("you are a winner", sender="luck@example.net", subject="You have won")
    world.mail("the invoice is late", sender="bills@example.net", subject="Invoice 7")
    world.poll()
    world.dispatch()
    return tokens


def report(world):
    """Let the parts of the service say how they are."""
    with world.house.unit_of_work() as uow:
        uow.notices.put("mailbox", "ok", world.clock.now())
        uow.notices.put("dispatch", "unreachable", world.clock.now())
        uow.commit()


@contextmanager
def serving(app):
    """Serve on a free port of loopback for as long as the block lasts."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def world(tmp_path):
    with world_at(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path) as opened:
        staff.add(opened.house, NAME, PASSWORD)
        yield opened


@pytest.fixture
def base(world):
    options = WebOptions(base_url="http://127.0.0.1:8080", secure_cookies=False)
    with serving(make_app(world.house, options)) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, base):
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, base_url=base
    )
    opened = context.new_page()
    opened.complaints = []
    opened.foreign = []
    # The browser says of its own that an answer was not 200; that is meant.
    opened.on(
        "console",
        lambda said: (
            said.text.startswith("Failed to load resource: the server responded")
            or opened.complaints.append(said.text)
        ),
    )
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on(
        "request",
        lambda request: (
            request.url.startswith(("http://127.0.0.1", "about:", "data:"))
            or opened.foreign.append(request.url)
        ),
    )
    yield opened
    context.close()


def sign_in(page):
    page.goto("/console/")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Cases")).to_be_visible()


def photograph(page, name):
    expect(page.get_by_role("heading", level=1)).not_to_have_text(
        "Something went wrong here"
    )
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        # Frames below the fold are not painted: the window takes the whole page.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(900, height)})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide on a screen of {width}"
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    if name in DARK:
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=Path(folder) / f"{name}-dark.png", full_page=True)
        page.emulate_media(color_scheme="light")


def prove(page, token):
    """Kari confirms the link in her mail."""
    page.goto(f"/verify/{token}")
    photograph(page, "verify-open")
    page.get_by_role("button", name="Confirm my request").click()
    expect(page.get_by_role("heading")).to_have_text("Thank you, that is confirmed")
    photograph(page, "verify-confirmed")


def test_a_member_of_staff_completes_a_draft_and_approves_it(page, world):
    prove(page, seed(world)["address"])
    sign_in(page)
    photograph(page, "cases")
    row = page.get_by_role("row", name=KARI).filter(has_text="Answer to be written")
    row.get_by_role("link").click()
    expect(page.locator("mark")).to_have_text(
        ["a copy of my data", "where it came from"]
    )
    photograph(page, "case")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    photograph(page, "case-unfolded")
    page.get_by_role("link", name="Drafts").click()
    photograph(page, "drafts-waiting")
    page.get_by_role("link", name="Your privacy request").click()
    photograph(page, "draft-open")
    frame = page.frame_locator("iframe.receiver")
    text = page.get_by_label("Text", exact=True)
    text.fill(
        "Dear Kari,\n\nhere is [[the data]]\n\n[Our policy](https://leadjabber.example)"
    )
    expect(frame.get_by_text("here is [[the data]]")).to_be_visible()
    expect(page.locator(".gaps li")).to_have_text(["the data"])
    button = frame.get_by_role("link", name="Our policy")
    expect(button).to_have_css("background-color", "rgb(11, 79, 138)")
    page.get_by_role("button", name="Save and approve").click()
    expect(page.get_by_role("alert")).to_contain_text("fill every [[placeholder]]")
    photograph(page, "draft-not-ready")

    text.fill("Dear Kari,\n\nhere is everything.")
    page.get_by_label(KARI).check()
    page.get_by_role("button", name="Save and approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved")
    assert page.complaints == []
    assert any("here is everything" in mail.as_string() for mail in world.receive())


def test_a_hostile_mail_runs_and_fetches_nothing(page, world):
    seed(world)
    sign_in(page)
    page.get_by_role("row", name="Correction").get_by_role("link").click()
    page.get_by_text("As it was laid out").click()
    frame = page.frame_locator(".message iframe")
    expect(frame.get_by_role("heading", name="Wrong name")).to_be_visible()
    expect(frame.get_by_role("button")).to_have_count(0)
    page.wait_for_load_state("networkidle")

    assert page.title().startswith("Case ")
    assert page.foreign == []
    assert page.complaints == []
    photograph(page, "case-held")


def test_every_page_stands_at_two_widths(page, world):
    tokens = seed(world)
    in_quarantine(world)
    report(world)
    page.goto("/console/")
    photograph(page, "sign-in")
    sign_in(page)
    for name in ("drafts", "tray", "quarantine", "dead", "suppression", "health"):
        page.goto(f"/console/{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        photograph(page, name)
    page.get_by_role("link", name="Tray").click()
    page.get_by_role("link", name="Invoice 7").click()
    photograph(page, "message")
    page.goto("/console/cases?show=all")
    photograph(page, "cases-all")
    page.get_by_role("row", name="agent@example.com").get_by_role("link").click()
    photograph(page, "case-agent")
    page.goto("/console/nowhere")
    photograph(page, "error")
    page.goto(f"/verify/{tokens['norwegian']}")
    photograph(page, "verify-norwegian")
    page.goto("/verify/nothing")
    photograph(page, "verify-unknown")


def test_an_address_is_looked_up_without_leaving_the_page(page, world):
    seed(world)
    sign_in(page)
    page.get_by_role("link", name="Suppression").click()
    page.get_by_label("Address").fill("per@example.net")
    page.get_by_role("button", name="Check").click()

    expect(page.locator("#answer")).to_contain_text(
        "suppressed for: Marketing, Partners"
    )
    assert page.url.endswith("/suppression")
    assert page.complaints == []


def test_a_link_is_confirmed_without_javascript(chromium, base, world):
    tokens = seed(world)
    context = chromium.new_context(java_script_enabled=False, base_url=base)
    page = context.new_page()
    page.goto(f"/verify/{tokens['norwegian']}")
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    page.get_by_role("button", name="Bekreft henvendelsen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Takk, det er bekreftet")
    page.goto(f"/verify/{tokens['first step']}")
    page.get_by_role("button").click()
    context.close()

    (second,) = world.receive("liv@example.net")
    assert token_in(second)


def test_a_draft_is_previewed_without_javascript(chromium, base, world):
    token = seed(world)["address"]
    context = chromium.new_context(java_script_enabled=False, base_url=base)
    page = context.new_page()
    page.goto(f"/verify/{token}")
    page.get_by_role("button").click()
    sign_in(page)
    page.get_by_role("link", name="Drafts").click()
    page.get_by_role("link", name="Re:").first.click()
    page.get_by_label("Text", exact=True).fill("Only *this*.")
    page.get_by_role("button", name="Preview").click()

    expect(
        page.frame_locator("iframe.receiver").get_by_text("Only this.")
    ).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Only *this*.")
    context.close()
