"""Builds messages for the classifier's tests."""

from classifiers.features import Sight, look
from inbox_bot.domain.message import Address, InboundMessage


def letter(body: str, subject: str = "", **fields: object) -> InboundMessage:
    """A mail from Kari with this body."""
    kari = Address(addr_spec="kari@example.org", display_name="Kari Nes")
    return InboundMessage(
        sender=kari,
        subject=subject,
        text=body,
        author_text=body,
        **fields,  # type: ignore[arg-type]
    )


def sight(body: str, subject: str = "") -> Sight:
    """The same as the rules look at it."""
    return look(letter(body, subject))
