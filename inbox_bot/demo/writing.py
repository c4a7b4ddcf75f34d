"""Writing a mail as somebody, and handing it to the demo's mail server.

Only for the people of the demo; the bot's own mail is made by `mime.composer`.
"""

import smtplib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr

from inbox_bot.domain.message import InboundMessage
from inbox_bot.errors import RefusalError, UnreachableError
from inbox_bot.services.addresses import usable

WRITER = "writer.demo.example"
"""The name under which everybody's mail program speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What somebody writes; `sender` as `Name <address>`, ids without brackets.

    Either `body` or `html` holds the text.
    """

    sender: str
    subject: str
    body: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Finished bytes with the envelope's sender; "" is the null sender."""

    mail_from: str
    content: bytes


def compose(writing: Writing, *, to: str, date: datetime, message_id: str) -> Sending:
    """Make the mail; RefusalError where the sender is no usable address."""
    address = address_of(writing.sender)
    local, _, domain = address.rpartition("@")
    name = parseaddr(_one_line(writing.sender))[0]
    mail = EmailMessage(policy=WIRE.clone(utf8=not address.isascii()))
    try:
        mail["From"] = HeaderAddress(name, username=local, domain=domain)
        mail["To"] = to
        mail["Subject"] = _one_line(writing.subject)
        mail["Date"] = date
        mail["Message-ID"] = f"<{message_id}>"
        for header, value in {**_threading(writing), **writing.headers}.items():
            mail[header] = _one_line(value)
    except (MessageError, ValueError) as error:
        raise RefusalError("This can't be written as a mail.") from error
    if writing.html:
        mail.set_content(writing.html, subtype="html")
    else:
        mail.set_content(writing.body)
    return Sending(mail_from=address, content=mail.as_bytes())


def answer(mail: InboundMessage, *, sender: str, words: str) -> Writing:
    """Write an answer as a mail program does: words on top, the mail quoted below."""
    subject = mail.subject
    if not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    when = format_datetime(mail.date) if mail.date else "an earlier day"
    who = mail.sender.addr_spec if mail.sender else ""
    quotation = "\n".join(f"> {line}" for line in mail.text.splitlines())
    own = mail.message_id or ""
    return Writing(
        sender=sender,
        subject=subject,
        body=f"{words}\n\nOn {when}, <{who}> wrote:\n{quotation}\n",
        in_reply_to=own,
        references=(*mail.references, own),
    )


def address_of(sender: str) -> str:
    """Give the address in `Name <address>`; RefusalError where there is none."""
    address = usable(parseaddr(_one_line(sender))[1])
    if not address:
        raise RefusalError("The sender needs an address that mail could come from.")
    return address


def post(sendings: Iterable[Sending], *, to: str, host: str, port: int) -> None:
    """Hand mails to the server, over one connection; UnreachableError."""
    try:
        # Without a name of its own, the client asks DNS for this machine's.
        with smtplib.SMTP(host, port, WRITER, timeout=10) as connection:
            for sending in sendings:
                wide = () if sending.mail_from.isascii() else ("SMTPUTF8",)
                connection.sendmail(
                    sending.mail_from, [to], sending.content, mail_options=wide
                )
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError("The demo's mail server took no mail.") from error


def _threading(writing: Writing) -> dict[str, str]:
    if not writing.in_reply_to:
        return {}
    references = " ".join(f"<{id_}>" for id_ in writing.references)
    return {"In-Reply-To": f"<{writing.in_reply_to}>", "References": references}


def _one_line(text: str) -> str:
    # The library decodes an encoded word (RFC 2047) with the line breaks in it.
    return " ".join(text.replace("=?", "= ?").split())
