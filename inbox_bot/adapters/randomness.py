"""Ids, tokens, codes and case numbers, from the system's random source."""

import base64
import secrets
import time

TOKEN_BYTES = 20
"""160 bits, over the 128 that a token must have."""

CODE_DIGITS = 6

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, 1 and I and L, no U: people read case numbers aloud."""


class Random:
    """Implements `Randomness`."""

    def new_id(self) -> str:
        """Give 32 hex digits: nanoseconds since 1970, then 64 random bits."""
        return f"{time.time_ns():016x}{secrets.token_hex(8)}"

    def token(self) -> str:
        """Give 32 small letters and digits (base32, RFC 4648).

        A relay that changes the case of a local part does no harm, and no token can
        look like an option or end in punctuation.
        """
        return base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()

    def code(self) -> str:
        """Give six random digits."""
        return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"

    def reference(self) -> str:
        """Give a case number such as K7QF-2M9D."""
        drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
        return f"{drawn[:4]}-{drawn[4:]}"

    def jitter(self) -> float:
        """Give a factor between 0.75 and 1.25."""
        return 0.75 + secrets.randbelow(501) / 1000
