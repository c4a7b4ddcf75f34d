"""The sample mails, and what should come of each; data files beside this module.

Every person and company in them is invented.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from typing import Any

from inbox_bot.demo.writing import Sending, Writing, compose
from inbox_bot.domain.case import HoldReason, RequestState
from inbox_bot.domain.effects import Letter, Place
from inbox_bot.domain.reading import Kind, Right

UNKNOWN = "unknown"
"""How a sample names a request whose right a person has yet to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What should come of a sample; None means that it doesn't matter.

    `states` tells the state of each request by its right, `letters` what the sender
    gets (nobody else gets anything), `stopped` whose mail an opt-out stops, where that
    isn't the sender's.
    """

    place: Place = Place.CASE
    kind: Kind | None = None
    language: str | None = None
    labels: frozenset[Right] | None = None
    states: Mapping[str, RequestState] | None = None
    doubt: bool = False
    held: bool = False
    held_for: HoldReason | None = None
    letters: tuple[Letter, ...] = ()
    requester: str | None = None
    stopped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One mail: `raw` is a whole message, written out because no mail program would."""

    name: str
    title: str
    writing: Writing
    expect: Expectation
    raw: str = ""
    bare_lines: bool = False
    mail_from: str | None = None

    @property
    def message_id(self) -> str:
        """The Message-ID of the sample in a run over all of them."""
        return f"{self.name}@demo.example"

    @property
    def is_plain(self) -> bool:
        """Whether anybody could write it in a form."""
        plain = self.writing.body and not self.writing.headers
        return bool(plain) and self.mail_from is None

    def sending(self, *, to: str, now: datetime) -> Sending:
        """Make the mail as it goes over the wire."""
        made = compose(self.dated(now), to=to, date=now, message_id=self.message_id)
        mail_from = made.mail_from if self.mail_from is None else self.mail_from
        content = self._raw(to, now) if self.raw else made.content
        return Sending(mail_from=mail_from, content=content)

    def dated(self, now: datetime) -> Writing:
        """Give the writing with its dates, which lie shortly before now."""
        return replace(self.writing, body=_dated(self.writing.body, now))

    def _raw(self, to: str, now: datetime) -> bytes:
        text = _dated(self.raw, now).replace("@TO@", to)
        text = text.replace("@MESSAGE_ID@", self.message_id)
        # One character is one byte here, so that any byte can be written down.
        raw = text.lstrip("\n").encode("latin-1")
        return raw if self.bare_lines else raw.replace(b"\n", b"\r\n")


def load() -> tuple[Sample, ...]:
    """Read every sample, in order of their names."""
    folder = files("inbox_bot.demo") / "samples"
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")),
        key=lambda entry: entry.name,
    )
    return tuple(
        _sample(
            entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text("utf-8"))
        )
        for entry in found
    )


def _sample(name: str, values: Mapping[str, Any]) -> Sample:
    return Sample(
        name=name,
        title=values["title"],
        writing=Writing(
            sender=values["from"],
            subject=values["subject"],
            body=values.get("body", ""),
            html=values.get("html", ""),
            headers=values.get("headers", {}),
        ),
        raw=values.get("raw", ""),
        bare_lines=values.get("line_ends") == "bare",
        mail_from=values.get("mail_from"),
        expect=_expectation(values["expect"]),
    )


def _expectation(values: Mapping[str, Any]) -> Expectation:
    readers: dict[str, Any] = {
        "place": Place,
        "kind": Kind,
        "labels": lambda labels: frozenset(Right(label) for label in labels),
        "states": _states,
        "held_for": HoldReason,
        "letters": lambda letters: tuple(Letter(letter) for letter in letters),
        "stopped": tuple,
    }
    return Expectation(
        **{name: readers.get(name, _as_is)(value) for name, value in values.items()}
    )


def _states(values: Mapping[str, str]) -> dict[str, RequestState]:
    return {right: RequestState(state) for right, state in values.items()}


def _as_is(value: Any) -> Any:
    return value


def _dated(text: str, now: datetime) -> str:
    earlier = now - timedelta(days=2)
    return text.replace("@NOW@", format_datetime(now)).replace(
        "@TWO_DAYS_AGO@", format_datetime(earlier)
    )
