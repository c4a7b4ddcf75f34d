"""Proof by round trip: what a challenge is and when it still counts.

Tokens and codes are made and compared outside; here stand only their rules. Sources:
GDPR Art. 12(6); EDPB Guidelines 01/2022 §§65-79; RFC 9110 §9.2.1 on link scanners.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a challenge proves."""

    ADDRESS = "address"
    DELETION = "deletion"
    AGENT = "agent"


class CodeCheck(StrEnum):
    """What a mail's own words say about an open challenge.

    `WRONG` is an answer to the question, `GUESS` a number in a mail about other things:
    both count as a try, or somebody could try all of them; only the first is answered.
    """

    NONE = "none"
    VALID = "valid"
    WRONG = "wrong"
    GUESS = "guess"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One question sent to one address; single use, expiring, with counted tries."""

    id: str
    purpose: Purpose
    address: str
    request_ids: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    attempts_left: int
    used_at: datetime | None = None
    replaced: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether the right link or code would still count."""
        return (
            self.used_at is None
            and not self.replaced
            and self.attempts_left > 0
            and now < self.expires_at
        )

    def after_wrong_code(self) -> "Challenge":
        """Count a wrong code."""
        return replace(self, attempts_left=max(0, self.attempts_left - 1))
