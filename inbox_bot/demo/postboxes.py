"""The post boxes of everybody the bot writes to, kept in memory.

Filled by the demo's mail server, read by its page and its story. Nothing is sent here.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from inbox_bot.domain.message import InboundMessage
from inbox_bot.mime.parser import parse

_LINK = re.compile(r"https?://[^\s<>()\"]+/verify/([\w-]+)")
_CODE = re.compile(r"(?<!\d)\d{3} \d{3}(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One mail in a post box, with the bytes as they came."""

    number: int
    to: str
    mail_from: str
    received_at: datetime
    content: bytes

    @cached_property
    def message(self) -> InboundMessage:
        """The mail as its receiver's program reads it."""
        return parse(self.content)

    @property
    def text(self) -> str:
        """The text that the receiver sees."""
        return self.message.text

    @property
    def token(self) -> str | None:
        """The secret of the first verification link, if there is one."""
        found = _LINK.search(self.text)
        return found.group(1) if found else None

    @property
    def code(self) -> str | None:
        """The code to send back, if there is one, as it is written."""
        found = _CODE.search(self.text)
        return found.group() if found else None


class PostBoxes:
    """Every box by its address, in lower case; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: list[Delivered] = []

    def put(
        self, to: str, content: bytes, *, mail_from: str, received_at: datetime
    ) -> None:
        """Put a mail into a box, which is made if there is none."""
        with self._lock:
            mail = Delivered(
                number=len(self._all) + 1,
                to=to.lower(),
                mail_from=mail_from,
                received_at=received_at,
                content=content,
            )
            self._all.append(mail)

    def of(self, address: str) -> tuple[Delivered, ...]:
        """Give what lies in a box, oldest first."""
        wanted = address.lower()
        return tuple(mail for mail in self if mail.to == wanted)

    def get(self, number: int) -> Delivered | None:
        """Give one mail by its number."""
        return next((mail for mail in self if mail.number == number), None)

    def addresses(self) -> dict[str, int]:
        """Count the mails of each box; who was written to first stands first."""
        counts: dict[str, int] = {}
        for mail in self:
            counts[mail.to] = counts.get(mail.to, 0) + 1
        return counts

    def __iter__(self) -> Iterator[Delivered]:
        with self._lock:
            return iter(tuple(self._all))
