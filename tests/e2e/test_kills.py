"""Nothing is lost and nothing is decided twice, wherever a process is killed."""

from pathlib import Path

import pytest

from tests.e2e.kills import run
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Peer

pytestmark = [pytest.mark.e2e, pytest.mark.imap]


def test_killed_passes_lose_nothing_and_decide_nothing_twice(
    tmp_path: Path, dovecot: Dovecot, smtp_peer: Peer
) -> None:
    """A small run of the torture that `python -m tests.e2e.kills` makes at length."""
    report = run(tmp_path, dovecot, smtp_peer, mails=60, kills=6, seed=1)

    assert report.in_cases + report.in_tray == 60
    assert (0, 0, 0) == (report.astray, report.drafted_twice, report.answered_twice)
    assert 0 < report.written == report.messages_sent
