"""The bot that the service tests play with."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.world import World, world_at


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Open a bot with settings of its own; once in a test."""
    with ExitStack() as stack:

        def open_world(**settings: Any) -> World:
            url = f"sqlite:///{tmp_path / 'bot.db'}"
            return stack.enter_context(world_at(url, tmp_path, **settings))

        yield open_world


@pytest.fixture
def world(opened: Callable[..., World]) -> World:
    """A bot on SQLite with an empty mailbox, on Monday 2 March 2026."""
    return opened()
