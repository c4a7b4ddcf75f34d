"""What a border mail server does to a message before it is kept: strip and stamp.

Bytes in, bytes out; no server here. Source: RFC 8601, section 5; RFC 5321, section 4.4.
"""

from datetime import datetime
from email.utils import format_datetime, parseaddr

AUTHSERV_ID = "mx.demo.example"
"""The name under which the demo's server speaks, and which the bot is told to trust."""

_CLAIMED = frozenset({b"authentication-results", b"return-path"})
"""Fields that only the receiving server may write."""


def stamp(raw: bytes, *, mail_from: str, received_at: datetime) -> bytes:
    """Give the message as our server keeps it: what it claims of itself is gone.

    A writer passes DMARC where the envelope's domain is that of From: there is no DNS
    on loopback, so this stands for SPF with alignment. Nothing else of the message is
    changed, however broken it is.
    """
    header, body = _parted(raw)
    author = _domain(_author(header))
    envelope = _domain(mail_from)
    spf = f"spf=pass smtp.mailfrom={envelope}" if envelope else "spf=none"
    passed = author and author == envelope
    dmarc = f"dmarc={'pass' if passed else 'fail'} header.from={author or 'unknown'}"
    lines = (
        f"Return-Path: <{mail_from}>",
        f"Authentication-Results: {AUTHSERV_ID}; {spf}; {dmarc}",
        "Received: from writer.demo.example ([127.0.0.1])",
        f"\tby {AUTHSERV_ID} with ESMTP; {format_datetime(received_at)}",
    )
    stamped = "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")
    return stamped + _without_claims(header) + body


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """Part header from body at the first empty line, which goes with the body."""
    ends = [at for end in (b"\r\n\r\n", b"\n\n") if (at := raw.find(end)) >= 0]
    at = raw.find(b"\n", min(ends)) + 1 if ends else len(raw)
    return raw[:at], raw[at:]


def _without_claims(header: bytes) -> bytes:
    kept: list[bytes] = []
    dropping = False
    for line in header.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t")):
            # RFC 5322, section 4.5: old writers leave a space before the colon.
            dropping = line.partition(b":")[0].strip().lower() in _CLAIMED
        if not dropping:
            kept.append(line)
    return b"".join(kept)


def _author(header: bytes) -> str:
    # Two From fields have no single author (RFC 9989): nobody passes for them.
    fields = [line for line in header.splitlines() if line.lower().startswith(b"from:")]
    return fields[0][5:].decode("utf-8", "replace") if len(fields) == 1 else ""


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2].lower()
