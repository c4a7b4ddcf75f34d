"""The bot that the service tests play with."""

import shutil
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from inbox_bot.adapters.db import schema
from tests.world import World, world_at


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged while a test runs."""
    with capture_logs() as captured:
        yield captured


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database, migrated once for all tests."""
    folder = tmp_path_factory.mktemp("migrated")
    schema.upgrade(f"sqlite:///{folder / 'bot.db'}")
    return folder


@pytest.fixture
def opened(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., World]]:
    """Open a bot with settings of its own; once in a test."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    with ExitStack() as stack:

        def open_world(**settings: Any) -> World:
            url = f"sqlite:///{tmp_path / 'bot.db'}"
            return stack.enter_context(world_at(url, tmp_path, **settings))

        yield open_world


@pytest.fixture
def world(opened: Callable[..., World]) -> World:
    """A bot on SQLite with an empty mailbox, on Monday 2 March 2026."""
    return opened()
