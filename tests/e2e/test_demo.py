"""`inbox-bot demo`, the whole of it: the samples and stories, and the running service."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from inbox_bot.demo.story import once

pytestmark = pytest.mark.e2e

COMMAND = [sys.executable, "-m", "inbox_bot", "demo"]


def test_every_sample_and_every_story_comes_out_right():
    told: list[str] = []

    code = once(told.append)

    wrong = [line for line in told if "WRONG" in line]
    assert wrong == []
    assert code == 0
    assert re.fullmatch(
        r"(\d+) of \1 samples and (\d+) of \2 stories right\.", told[-1]
    )


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_runs_until_it_is_told_to_end_and_leaves_nothing(tmp_path, way):
    environment = os.environ | {
        "TMPDIR": str(tmp_path),
        # The demo must never turn to a real mailbox that somebody has set up.
        "INBOX_BOT__IMAP__HOST": "imap.real.example",
    }
    with subprocess.Popen(
        [*COMMAND, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
    ) as process:
        page = address_of_page(process)
        assert httpx.get(page).status_code == 200
        assert list(tmp_path.iterdir())

        process.send_signal(way)

        assert process.wait(timeout=60) == 0
    assert list(tmp_path.iterdir()) == []


def address_of_page(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := re.fullmatch(r"Demo page: +(\S+)\n", line):
            return found.group(1)
    pytest.fail("the demo printed no address")
