"""Structured logs without personal data, on standard error.

Events carry ids and codes; whatever looks like an address is masked all the same, and
an exception leaves only its type and place: its text may quote a mail.
"""

import logging
import re
import sys
import threading
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
MASK = "[address]"


def configure(*, verbose: bool = False) -> None:
    """Set the logs up; called once, by the command line."""
    level = logging.DEBUG if verbose else logging.INFO
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    for noisy in ("imapclient", "aiosmtplib", "apscheduler", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            place_of_exception,
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    threading.excepthook = _log_death


def _log_death(death: threading.ExceptHookArgs) -> None:
    """Log a thread's end as anything else, so that no text of a mail gets out."""
    name = death.thread.name if death.thread else ""
    structlog.get_logger().error("thread_died", thread=name, exc_info=death.exc_value)


def place_of_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the lines it came through."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["where"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
    return event


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask what looks like an address, in every value."""
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub(MASK, value)
    if isinstance(value, (list, tuple)):
        return [_masked(item) for item in value]
    return value
