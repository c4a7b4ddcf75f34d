"""Everybody in the demo by name, with what they wrote and what they got.

Kept in memory for the demo page; a page's address names a person by number only.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr

from inbox_bot.demo.postboxes import PostBoxes
from inbox_bot.demo.writing import Sending
from inbox_bot.errors import NotFoundError
from inbox_bot.mime.parser import parse

_LINK = re.compile(r"https?://[^\s/]+(/verify/[\w-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who wrote, or was written to."""

    number: int
    name: str
    address: str

    @property
    def sender(self) -> str:
        """The person as a From field names them."""
        return formataddr((self.name, self.address)) if self.name else self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mail of a conversation; `number` is that of a mail received, else 0."""

    at: datetime
    subject: str
    text: str
    number: int = 0
    code: str | None = None

    @property
    def pieces(self) -> Iterator[tuple[str, str]]:
        """The text in pieces: each with the address it leads to, or ""."""
        done = 0
        for link in _LINK.finditer(self.text):
            yield self.text[done : link.start()], ""
            yield link.group(), link.group(1)
            done = link.end()
        yield self.text[done:], ""


class People:
    """The register of people; safe between threads."""

    def __init__(self, boxes: PostBoxes) -> None:
        self._boxes = boxes
        self._lock = threading.Lock()
        self._people: dict[str, Person] = {}
        self._written: dict[str, list[Entry]] = {}

    def note(self, sending: Sending, at: datetime) -> Person:
        """Note what somebody wrote, and who that is."""
        message = parse(sending.content)
        sender = message.sender
        person = self._person(
            sender.addr_spec.lower() if sender else sending.mail_from,
            sender.display_name if sender else "",
        )
        entry = Entry(at=at, subject=message.subject, text=message.text)
        with self._lock:
            self._written.setdefault(person.address, []).append(entry)
        return person

    def everybody(self) -> tuple[tuple[Person, int], ...]:
        """Give all people with the number of mails they got, in order of appearance."""
        counts = self._boxes.addresses()
        for address in counts:
            self._person(address)
        with self._lock:
            people = tuple(self._people.values())
        return tuple((person, counts.get(person.address, 0)) for person in people)

    def get(self, number: int) -> Person:
        """Give a person by number; NotFoundError."""
        for person, _ in self.everybody():
            if person.number == number:
                return person
        raise NotFoundError("There is nobody of that number in the demo.")

    def conversation(self, person: Person) -> tuple[Entry, ...]:
        """Give what a person wrote and got, oldest first."""
        got = [
            Entry(
                at=mail.received_at,
                subject=mail.message.subject,
                text=mail.text,
                number=mail.number,
                code=mail.code,
            )
            for mail in self._boxes.of(person.address)
        ]
        with self._lock:
            written = list(self._written.get(person.address, ()))
        return tuple(sorted([*written, *got], key=lambda entry: entry.at))

    def _person(self, address: str, name: str = "") -> Person:
        with self._lock:
            known = self._people.get(address)
            if known is None:
                number = len(self._people) + 1
                known = Person(number=number, name=name, address=address)
                self._people[address] = known
            return known
