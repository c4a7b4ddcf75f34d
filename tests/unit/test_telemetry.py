"""Logs tell what happened and where, never who wrote or what."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from inbox_bot import telemetry

SECRET = "the code 123 456 of kari@example.org"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error, with logs set up as the command line does."""
    root, errors = logging.getLogger(), io.StringIO()
    before, level = root.handlers, root.level
    hooks = sys.excepthook, threading.excepthook
    monkeypatch.setattr(sys, "stderr", errors)
    root.handlers = []
    telemetry.configure()
    yield errors
    root.handlers = before
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()


def lines(printed: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in printed.getvalue().splitlines()]


def fail() -> None:
    raise ValueError(SECRET)


def test_an_address_is_masked_wherever_it_stands(printed: io.StringIO):
    structlog.get_logger().info(
        "sent", to="kari@example.org", all=["<ola@example.org>"]
    )

    (line,) = lines(printed)
    assert ("[address]", ["<[address]>"]) == (line["to"], line["all"])


def test_an_exception_leaves_its_type_and_place(printed: io.StringIO):
    try:
        fail()
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)

    (line,) = lines(printed)
    assert "ValueError" == line["error"]
    assert "test_telemetry.fail" in str(line["where"])
    assert SECRET not in printed.getvalue()


def test_a_library_is_quoted_without_what_it_filled_in(printed: io.StringIO):
    try:
        fail()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Trouble with %s\nmore", SECRET)

    (line,) = lines(printed)
    assert ("Trouble with %s", "uvicorn.error", "ValueError") == (
        line["event"],
        line["logger"],
        line["error"],
    )
    assert "123 456" not in printed.getvalue()


def test_an_exception_as_a_message_is_not_quoted(printed: io.StringIO):
    logging.getLogger("somewhere").error(ValueError(SECRET))

    assert ["ValueError"] == [line["event"] for line in lines(printed)]


def test_a_dying_thread_says_nothing_of_a_mail(printed: io.StringIO):
    thread = threading.Thread(target=fail, name="watch INBOX")
    thread.start()
    thread.join()

    (line,) = lines(printed)
    assert ("thread_died", "watch INBOX") == (line["event"], line["thread"])
    assert "123 456" not in printed.getvalue()


def test_a_dying_command_says_nothing_of_a_mail(printed: io.StringIO):
    error = ValueError(SECRET)

    sys.excepthook(ValueError, error, None)

    assert ["command_died"] == [line["event"] for line in lines(printed)]
    assert "123 456" not in printed.getvalue()
