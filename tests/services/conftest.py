"""The bot that the service tests play with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, world_at


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A bot on SQLite with an empty mailbox, on Monday 2 March 2026."""
    with world_at(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path) as opened:
        yield opened
