"""An outgoing message to the bytes that leave; the same message gives the same bytes.

Fields are written here and not by the standard library, whose folding differs between
versions and breaks long Message-IDs. What is written to whom is not known here.
"""

import base64
import hashlib
import quopri
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import Final

from inbox_bot.domain.message import Address
from inbox_bot.errors import RefusalError
from inbox_bot.mime.addresses import addr_spec, ascii_domain
from inbox_bot.mime.characters import clean_line, clean_text

# RFC 5322, section 2.1.1, less the room for a name and a fold.
MAX_LINE: Final = 78
# The first id and the nearest ones keep every mail program's thread together.
MAX_REFERENCES: Final = 20

# With one character in six beyond ASCII, base64 is shorter than quoted-printable.
BASE64_PAYS: Final = 6

_ATEXT_WORDS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_MESSAGE_ID: Final = re.compile(r"[!-;=?A-~]{1,400}@[!-;=?A-~]{1,255}")
# Other people's ids may lack the "@" and still have to be given back as they are.
_FOREIGN_ID: Final = re.compile(r"[!-;=?-~]{1,900}")
_AUTO_SUBMITTED: Final = frozenset({"auto-replied", "auto-generated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A message to one recipient.

    `recipient` is an addr-spec; ids are without angle brackets; `date` is aware.
    `references` are those of the message that is answered, oldest first.
    `auto_submitted` is "auto-replied", "auto-generated" or None for a person's words.
    """

    sender: Address
    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: str | None = None


def compose(mail: OutgoingMail) -> bytes:
    """Return the finished message with CRLF line ends, ready to be sent.

    Raises RefusalError where an address, id or other fixed value would not make a
    valid field; words of people (names, subject) are made harmless instead.
    """
    text = _part("plain", clean_text(mail.text))
    html = _part("html", clean_text(mail.html))
    boundary = "=_" + hashlib.sha256(text + b"\0" + html).hexdigest()[:40]
    head = "".join(
        [
            *_header(mail),
            "MIME-Version: 1.0\r\n",
            f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n',
        ]
    )
    line = f"--{boundary}".encode("ascii")
    pieces = (head.encode("utf-8"), line, b"\r\n", text, b"\r\n", line, b"\r\n", html)
    return b"".join((*pieces, b"\r\n", line, b"--\r\n"))


def _header(mail: OutgoingMail) -> list[str]:
    if mail.date.tzinfo is None:
        raise RefusalError("The date of an outgoing message needs a zone.")
    fields = [
        f"Date: {format_datetime(mail.date)}\r\n",
        f"From: {_mailbox(mail.sender)}\r\n",
        f"To: {wire_address(mail.recipient)}\r\n",
        f"Subject: {_words(mail.subject, 'Subject')}\r\n",
        f"Message-ID: {_message_id(mail.message_id)}\r\n",
    ]
    parent = mail.in_reply_to or ""
    if _FOREIGN_ID.fullmatch(parent):
        fields.append(f"In-Reply-To: <{parent}>\r\n")
        chain = _references(mail.references, parent)
        fields.append("References: " + "\r\n ".join(chain) + "\r\n")
    if mail.auto_submitted is not None:
        if mail.auto_submitted not in _AUTO_SUBMITTED:
            raise RefusalError("Auto-Submitted is auto-replied or auto-generated.")
        fields.append(f"Auto-Submitted: {mail.auto_submitted}\r\n")
        fields.append("X-Auto-Response-Suppress: All\r\n")
    return fields


def wire_address(address: str) -> str:
    """Return an addr-spec as it goes over the wire: the domain as A-labels (RFC 5891).

    Only a local part beyond ASCII is left, and needs SMTPUTF8 (RFC 6531).
    """
    canonical = addr_spec(address)
    if not canonical:
        raise RefusalError("The address of an outgoing message can't be used.")
    local, _, domain = canonical.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def _mailbox(address: Address) -> str:
    spec = wire_address(address.addr_spec)
    name = clean_line(address.display_name)
    if not name:
        return spec
    if name.isascii() and "=?" not in name and len(name) < MAX_LINE:
        if not _ATEXT_WORDS.fullmatch(name):
            name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"{name}\r\n <{spec}>"
    return f"{_encoded(name, 'From')}\r\n <{spec}>"


def _words(value: str, field: str) -> str:
    """Return unstructured words, folded and encoded where they need it (RFC 2047)."""
    line = clean_line(value)
    longest = max((len(word) for word in line.split()), default=0)
    if not line.isascii() or "=?" in line or longest > MAX_LINE - len(field) - 2:
        return _encoded(line, field)
    header = Header(line, "us-ascii", maxlinelen=MAX_LINE, header_name=field)
    return header.encode(linesep="\r\n")


def _encoded(line: str, field: str) -> str:
    header = Header(line, "utf-8", maxlinelen=MAX_LINE - 2, header_name=field)
    return header.encode(linesep="\r\n")


def _message_id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise RefusalError("The Message-ID of an outgoing message can't be used.")
    return f"<{value}>"


def _references(known: tuple[str, ...], parent: str) -> list[str]:
    """Return the ids of the thread, the parent last (RFC 5322, section 3.6.4).

    Ids of other people's mail may be garbage; those are left out.
    """
    usable = [each for each in known if _FOREIGN_ID.fullmatch(each) and each != parent]
    chain = [*dict.fromkeys(usable), parent]
    if len(chain) > MAX_REFERENCES:
        chain = [chain[0], *chain[1 - MAX_REFERENCES :]]
    return [f"<{each}>" for each in chain]


def _part(subtype: str, content: str) -> bytes:
    """Return one part in seven bits, so that no server on the way re-encodes it."""
    ended = content if content.endswith("\n") else f"{content}\n"
    data = ended.replace("\n", "\r\n").encode("utf-8", "replace")
    beyond_ascii = sum(not character.isascii() for character in ended)
    if beyond_ascii * BASE64_PAYS > len(ended):
        name, body = "base64", base64.encodebytes(data).replace(b"\n", b"\r\n")
    else:
        name, body = "quoted-printable", _quoted_printable(ended)
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {name}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _quoted_printable(text: str) -> bytes:
    data = quopri.encodestring(text.encode("utf-8", "replace"))
    # "From " at a line's start and a lone "." are altered by old servers.
    safe = re.sub(rb"(?m)^(?:F(?=rom )|\.(?=$))", lambda m: b"=%02X" % m[0][0], data)
    return safe.replace(b"\n", b"\r\n")
