"""Structured logs without personal data, on standard error.

Events carry ids and codes; whatever looks like an address is masked all the same, and
an exception leaves only its type and place: its text may quote a mail.
"""

import logging
import re
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
MASK = "[address]"
NOISY = ("imapclient", "aiosmtplib", "apscheduler", "uvicorn.access")


def configure(*, verbose: bool = False) -> None:
    """Set the logs up; called once, by the command line."""
    level = logging.DEBUG if verbose else logging.INFO
    logging.basicConfig(level=logging.WARNING, handlers=[_library_handler()])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.ERROR)
    structlog.configure(
        processors=[structlog.processors.add_log_level, *_processors()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    threading.excepthook = _log_death
    sys.excepthook = _log_crash


def _processors() -> list[structlog.typing.Processor]:
    return [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        place_of_exception,
        redact,
        structlog.processors.JSONRenderer(),
    ]


def _library_handler() -> logging.Handler:
    """Print what libraries log in the same form and as silent about people."""
    formatter = ProcessorFormatter(
        use_get_message=False,
        foreign_pre_chain=[structlog.stdlib.add_log_level, template_alone],
        processors=[ProcessorFormatter.remove_processors_meta, *_processors()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    return handler


def template_alone(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep a library's message without what it fills in, and who said it."""
    record: logging.LogRecord = event["_record"]
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    event["event"] = template.strip().partition("\n")[0]
    event["logger"] = record.name
    return event


def _log_death(death: threading.ExceptHookArgs) -> None:
    """Log a thread's end as anything else, so that no text of a mail gets out."""
    name = death.thread.name if death.thread else ""
    structlog.get_logger().error("thread_died", thread=name, exc_info=death.exc_value)


def _log_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Do the same for the end of the command."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger().error("command_died", exc_info=error)


def place_of_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the lines it came through."""
    found = event.pop("exc_info", None)
    if isinstance(found, tuple):
        found = found[1]
    error = sys.exc_info()[1] if found is True else found
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["where"] = [_place(frame) for frame in frames]
    return event


def _place(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}"


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask what looks like an address, in every value."""
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub(MASK, value)
    if isinstance(value, (list, tuple)):
        return [_masked(item) for item in value]
    return value
