"""The console and the public pages over the bot of the service tests."""

import pytest

from inbox_bot.services import staff
from inbox_bot.web.app import WebOptions, make_app, make_console
from tests.services.web.visitor import NAME, PASSWORD, visitor

OPTIONS = WebOptions(base_url="http://127.0.0.1:8080", secure_cookies=False)

HOSTILE_NAME = '"<script>alert(1)</script>" <kari@example.org>'
HOSTILE_SUBJECT = '<img src=x onerror=alert(2)> a copy of my data "><b>'
HOSTILE_TEXT = "I want a copy of my data </div><script>alert(3)</script> {{ 7*7 }} [x](javascript:1)"


@pytest.fixture
def staffed(world):
    """The bot with Astrid on its staff."""
    staff.add(world.house, NAME, PASSWORD)
    return world


@pytest.fixture
def stranger(staffed):
    """Somebody on the console's own listener who has not signed in."""
    return visitor(make_console(staffed.house, OPTIONS))


@pytest.fixture
def astrid(stranger):
    """Astrid, signed in to the console."""
    assert stranger.sign_in().status_code == 303
    return stranger


@pytest.fixture
def whole(staffed):
    """Public pages and console on one listener; nobody has signed in."""
    return visitor(make_app(staffed.house, OPTIONS))


@pytest.fixture
def hostile(world):
    """Kari's request, from a mail that attacks whoever looks at it."""
    world.mail(HOSTILE_TEXT, sender=HOSTILE_NAME, subject=HOSTILE_SUBJECT)
    world.receive()
    return world.case
