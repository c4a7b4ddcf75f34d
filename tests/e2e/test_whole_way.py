"""The whole way of a mail: Dovecot, `run`, SMTP, the link's page, staff, the answer."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.e2e.bot import Bot, install, link_in
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Peer
from tests.servers.system import wait_until
from tests.world import code_in, text_of

pytestmark = [pytest.mark.e2e, pytest.mark.imap]

KARI, OLA, LEA = "kari@example.org", "ola@example.net", "lea@law.example"


@pytest.fixture
def bot(tmp_path: Path, dovecot: Dovecot, smtp_peer: Peer) -> Iterator[Bot]:
    """An installed bot that is running."""
    installed = install(tmp_path, dovecot, smtp_peer)
    with installed.running():
        yield installed


def test_access_from_mail_to_answer(bot: Bot) -> None:
    """Acknowledged, proven by code, drafted, approved, answered, closed."""
    ask = "Please send me a copy of all the personal data you hold about me."
    bot.deliver(bot.message(ask, subject="Access to my data"))

    first = bot.next_for(KARI, 0)

    assert first["Auto-Submitted"] == "auto-replied"
    assert first["In-Reply-To"] == f"<1.{bot.user}>"
    code = f"The code is {code_in(first)}"
    bot.deliver(bot.message(code, subject=str(first["Subject"]), reply_to=first))

    assert "confirmation has reached us" in text_of(bot.next_for(KARI, 1))
    approve_only_draft(bot)

    answer = bot.next_for(KARI, 2)

    assert "written by Astrid" in text_of(answer)
    assert answer["Auto-Submitted"] is None
    assert settled(bot) == {"access": "fulfilled"}


def test_deletion_takes_the_link_and_a_second_step(bot: Bot) -> None:
    """GET changes nothing; POST proves; a second mail asks before anything is deleted."""
    ask = "Please delete my account and all personal data you have about me."
    bot.deliver(bot.message(ask, subject="Delete my data"))
    first = bot.next_for(KARI, 0)

    assert httpx.get(link_in(first)).status_code == 200
    assert httpx.head(link_in(first)).status_code == 200
    assert the_case(bot)["state"] == "verifying"
    assert httpx.post(link_in(first)).status_code == 200

    second = bot.next_for(KARI, 1)

    assert "deletion cannot be undone" in text_of(second)
    assert the_case(bot)["state"] == "verifying"
    assert httpx.post(link_in(second)).status_code == 200
    bot.next_for(KARI, 2)
    approve_only_draft(bot)
    bot.next_for(KARI, 3)
    assert settled(bot) == {"deletion": "fulfilled"}


def test_an_opt_out_is_done_at_once(bot: Bot) -> None:
    """No proof, no gate: suppressed and confirmed by the one mail."""
    ask = "Please stop sending me marketing emails and take me off your list."
    bot.deliver(bot.message(ask, subject="Unsubscribe me", sender=OLA))

    confirmation = bot.next_for(OLA, 0)

    assert "opt-out is done" in text_of(confirmation)
    check = bot.run("suppression", "check", OLA).stdout
    assert check.startswith("suppressed: marketing")
    assert settled(bot) == {"opt_out": "fulfilled"}


def test_an_agent_needs_permission_and_the_consumer_confirms(bot: Bot) -> None:
    """A person accepts the permission; the consumer, not the agent, gets the answer."""
    ask = (
        f"I am the authorized agent of Ola Berg, {OLA}. On behalf of my client I"
        " request a copy of all personal data you hold about him."
    )
    bot.deliver(bot.message(ask, subject="Access request for my client", sender=LEA))
    asked = bot.next_for(LEA, 0)
    assert "permission" in text_of(asked)

    case = the_case(bot)
    with signed_in(bot) as console:
        page = f"{bot.web}/console/cases/{case['reference']}"
        fill_in(console, page, "permission", consumer=OLA)

    confirm = bot.next_for(OLA, 0)
    assert httpx.post(link_in(confirm)).status_code == 200
    bot.next_for(OLA, 1)
    approve_only_draft(bot)

    assert "written by Astrid" in text_of(bot.next_for(OLA, 2))
    assert len(bot.received_by(LEA)) == 1
    assert settled(bot) == {"access": "fulfilled"}


def the_case(bot: Bot) -> dict[str, object]:
    """Give the only case."""
    (case,) = json.loads(bot.run("cases", "list", "--all", "--json").stdout)
    return dict(case)


def approve_only_draft(bot: Bot) -> None:
    """Complete the draft as a member of staff would, and approve it."""

    def waiting() -> list[dict[str, str]]:
        return list(json.loads(bot.run("drafts", "list", "--json").stdout))

    assert wait_until(lambda: len(waiting()) == 1, seconds=30), bot.log()
    draft = waiting()[0]["id"]
    source = json.loads(bot.run("drafts", "show", draft, "--json").stdout)["source"]
    refused = bot.run("drafts", "approve", draft, code=2)
    assert "placeholder" in refused.stderr
    filled = re.sub(r"\[\[.*?\]\]", "written by Astrid", source, flags=re.DOTALL)
    bot.run("drafts", "edit", draft, "--source", "-", stdin=filled)
    assert "hold the address" in bot.run("drafts", "approve", draft, code=2).stderr
    bot.run("drafts", "approve", draft, "--confirm-match")


def settled(bot: Bot) -> dict[str, str]:
    """Wait for the answer to be recorded, let the quiet period pass, tell outcomes."""
    assert wait_until(lambda: the_case(bot)["state"] == "answered", seconds=30)
    bot.json("tick", "--now", "2036-01-01T12:00:00+00:00")
    case = the_case(bot)
    assert case["state"] == "closed"
    requests = case["requests"]
    assert isinstance(requests, list)
    return {request["right"]: request["outcome"] for request in requests}


@contextmanager
def signed_in(bot: Bot) -> Iterator[httpx.Client]:
    """A browser in which Astrid is signed in to the console."""
    password = "a long enough password"
    bot.run("staff", "add", "Astrid", "--password-stdin", stdin=password)
    with httpx.Client(follow_redirects=True) as browser:
        page = f"{bot.web}/console/sign-in"
        done = fill_in(browser, page, "sign-in", name="Astrid", password=password)
        assert "sign-out" in done.text
        yield browser


def fill_in(
    browser: httpx.Client, page: str, action: str, **values: str
) -> httpx.Response:
    """Open a page, fill in the form with this action, and send it."""
    opened = browser.get(page)
    assert opened.status_code == 200
    form = LexborHTMLParser(opened.text).css_first(f"form[action$='{action}']")
    assert form is not None
    hidden = {
        str(field.attributes["name"]): field.attributes.get("value") or ""
        for field in form.css("input[type=hidden]")
    }
    target = httpx.URL(page).join(str(form.attributes["action"]))
    answer = browser.post(target, data=hidden | values)
    assert answer.status_code == 200
    return answer
