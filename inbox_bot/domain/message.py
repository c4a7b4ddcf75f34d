"""An incoming message as the house sees it; how bytes become one is `mime`'s job.

Words are those of RFC 5322, 3834, 3464 and 8601.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Automation(StrEnum):
    """What the headers and structure say about a machine behind the message."""

    NONE = "none"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    FEEDBACK = "feedback"
    DISPOSITION = "disposition"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as it stood in a header.

    `addr_spec` is local@domain with the domain in lower case and as A-labels turned
    to Unicode where possible; "" where the header held none that can be used.
    """

    addr_spec: str
    display_name: str = ""

    @property
    def domain(self) -> str:
        """The part behind the last @, in lower case."""
        return self.addr_spec.rpartition("@")[2].lower()

    @property
    def local_part(self) -> str:
        """The part before the last @."""
        return self.addr_spec.rpartition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is no text of the message: never opened, only listed.

    `name` is sanitised (no path, no control or bidi characters); `size` in bytes.
    """

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """What our own border server says of the sender (RFC 8601).

    Results are the lower-case words of the RFC (`pass`, `fail`, `none`, …) or None.
    `trusted` is true only where the field carries the configured authserv-id and
    stands above the first foreign Received field; the results are None otherwise.
    """

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    trusted: bool = False

    @property
    def aligned(self) -> bool:
        """Whether the domain of From is authenticated (a trusted DMARC pass)."""
        return self.trusted and self.dmarc == "pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedPart:
    """Somebody's message inside this one, as far as its header lines tell."""

    sender: Address | None
    date: datetime | None
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """The gist of a delivery status notification (RFC 3464)."""

    action: str | None
    status: str | None
    final_recipient: str | None
    original_message_ids: tuple[str, ...]

    @property
    def permanent(self) -> bool:
        """Whether the message will not arrive: `failed` or a status of class 5."""
        if self.action is not None:
            return self.action == "failed"
        return (self.status or "").startswith("5")


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """One message, parsed; whatever was wrong with it stands in `defects`.

    `text` is the whole body as text; `author_text` the author's own words without
    quotation, signature, forwarded part and footer; `quoted_text` the quotation;
    `own_earlier` what the sender wrote in the earlier messages that are quoted.
    `answerable` is false where RFC 3834 and 5230 forbid an automatic answer.
    `message_id`, `in_reply_to`, `references` are ids without angle brackets.
    `return_path` is "" for the null sender and None where no field tells.
    `identity` is the canonical form of From, Date, Subject and the decoded bodies:
    equal for two deliveries of one message.
    """

    sender: Address | None
    recipients: tuple[Address, ...] = ()
    subject: str = ""
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    return_path: str | None = None
    text: str = ""
    author_text: str = ""
    quoted_text: str = ""
    own_earlier: str = ""
    html: str | None = None
    forwarded: tuple[ForwardedPart, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    authentication: Authentication = Authentication()
    automation: Automation = Automation.NONE
    answerable: bool = True
    delivery_report: DeliveryReport | None = None
    defects: tuple[str, ...] = ()
    identity: bytes = b""

    @property
    def ancestors(self) -> tuple[str, ...]:
        """Message-IDs this one says it answers, nearest first, without repeats."""
        ids = (*self.in_reply_to, *reversed(self.references))
        return tuple(dict.fromkeys(ids))
