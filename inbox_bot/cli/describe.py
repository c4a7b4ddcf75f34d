"""A parsed message as plain values: the JSON of `inbox-bot parse` (contract.md)."""

from typing import Any

from inbox_bot.domain.message import Address, InboundMessage


def describe(message: InboundMessage) -> dict[str, Any]:
    """Give the message's fields; what is missing is None."""
    authentication = message.authentication
    return {
        "kind_of_automation": message.automation.value,
        "from": _address(message.sender),
        "subject": message.subject,
        "message_id": message.message_id,
        "in_reply_to": next(iter(message.in_reply_to), None),
        "references": list(message.references),
        "date": message.date.isoformat() if message.date else None,
        "text": message.text,
        "author_text": message.author_text,
        "attachments": [
            {"name": part.name, "type": part.type, "size": part.size}
            for part in message.attachments
        ],
        "authentication": {
            "spf": authentication.spf,
            "dkim": authentication.dkim,
            "dmarc": authentication.dmarc,
            "trusted": authentication.trusted,
        },
        "defects": list(message.defects),
    }


def _address(sender: Address | None) -> str | None:
    return sender.addr_spec if sender and sender.addr_spec else None
