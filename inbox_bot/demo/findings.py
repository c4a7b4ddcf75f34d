"""What became of a mail, read from the house, and how it differs from what should.

Looks and compares; nothing changes here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inbox_bot.demo.mailbag import UNKNOWN, Expectation, Sample
from inbox_bot.domain.case import Case, RequestState
from inbox_bot.domain.effects import Letter, Place
from inbox_bot.domain.reading import Reading
from inbox_bot.domain.records import Inbound, Outgoing
from inbox_bot.services import queries
from inbox_bot.services.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One mail with the case it ended in, if any, and the mails of that case."""

    stored: Inbound
    case: Case | None = None
    sent: tuple[Outgoing, ...] = ()

    @property
    def reading(self) -> Reading | None:
        """What was understood."""
        return self.stored.content.reading

    @property
    def letters(self) -> tuple[Letter, ...]:
        """The pieces of every mail that was written, in order."""
        return tuple(letter for mail in self.sent for letter in mail.letters)


def look(house: House) -> dict[str, Finding]:
    """Find what became of every mail, by its Message-ID."""
    found = {}
    for case in queries.cases(house, only_open=False):
        file = queries.case_file(house, case.reference)
        for original in file.messages:
            if original.message is not None:
                found[original.message.message_id or ""] = Finding(
                    stored=original.stored, case=case, sent=file.sent
                )
    for place in (Place.TRAY, Place.QUARANTINE):
        for stored in queries.in_place(house, place):
            message = queries.original(house, stored).message
            if message is not None:
                found[message.message_id or ""] = Finding(stored=stored)
    return found


def differences(house: House, sample: Sample, found: Finding | None) -> list[str]:
    """Name what is not as the sample wants it; empty where all is right."""
    if found is None:
        return ["it is nowhere: neither in a case nor in a tray"]
    if sample.expect.doubt and found.reading and not found.reading.certain:
        doubted = Expectation(held=True)
        return [*_done(doubted, found), *_written(house, doubted, found)]
    return [
        *_understood(sample.expect, found),
        *_done(sample.expect, found),
        *_written(house, sample.expect, found),
    ]


def _understood(expect: Expectation, found: Finding) -> Iterator[str]:
    reading = found.reading
    if reading is None:
        yield "it was never read"
        return
    if expect.kind is not None:
        yield from _differs("kind", expect.kind, reading.kind)
    if expect.language is not None:
        yield from _differs("language", expect.language, reading.language)
    if expect.labels is not None:
        yield from _differs("labels", sorted(expect.labels), sorted(reading.labels))


def _done(expect: Expectation, found: Finding) -> Iterator[str]:
    yield from _differs("place", expect.place, found.stored.place)
    case = found.case
    if case is None:
        return
    if expect.states is not None:
        wanted = {right: state.value for right, state in expect.states.items()}
        yield from _differs("requests", wanted, states_of(case))
    if expect.held and case.state is not RequestState.HELD:
        yield f"state is {case.state.value}, should be held"
    if expect.held_for is not None:
        reasons = {r.hold_reason for r in case.requests if r.hold_reason}
        yield from _differs("held for", {expect.held_for}, reasons)
    if expect.requester is not None:
        yield from _differs("requester", expect.requester, case.requester)


def _written(house: House, expect: Expectation, found: Finding) -> Iterator[str]:
    yield from _differs("letters", list(expect.letters), list(found.letters))
    sender = found.stored.content.sender
    others = {mail.to for mail in found.sent} - {sender}
    if others:
        yield f"somebody else was written to: {', '.join(sorted(others))}"
    for address in expect.stopped:
        if not queries.suppressed(house, address):
            yield f"{address} is not on the suppression list"


def states_of(case: Case) -> dict[str, str]:
    """Give the state of each request by its right."""
    return {
        request.right.value if request.right else UNKNOWN: request.state.value
        for request in case.requests
    }


def _differs(what: str, wanted: object, got: object) -> Iterator[str]:
    if wanted != got:
        yield f"{what} is {_shown(got)}, should be {_shown(wanted)}"


def _shown(value: object) -> str:
    match value:
        case dict():
            return ", ".join(f"{k} {v}" for k, v in value.items()) or "nothing"
        case list() | set() | frozenset():
            return ", ".join(str(item) for item in value) or "nothing"
        case _:
            return str(value)
