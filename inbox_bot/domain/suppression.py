"""What "stop" covers: scopes of the suppression list.

The list itself is kept by an adapter; here stand the words and which scope a purpose
stops. Sources: GDPR Art. 21(2)-(3); 15 USC 7704(a)(4); 11 CCR §7026.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """A kind of use that a person can stop."""

    MARKETING = "marketing"
    PARTNERS = "partners"
    ADVERTISING = "advertising"
    CALLS = "calls"
    SURVEYS = "surveys"
    SALE_SHARING = "sale_sharing"
    SENSITIVE_USE = "sensitive_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One entry to be made: address in clear, to be kept only as a keyed hash."""

    address: str
    scope: Scope
    source: str


def scopes_of(purposes: tuple[str, ...]) -> tuple[Scope, ...]:
    """Tell which scopes an opt-out stops.

    A plain "stop" covers marketing and the offers made for partners; a named purpose
    covers itself, and marketing always takes the partners' offers with it.
    """
    known = {scope.value for scope in Scope}
    named = [Scope(purpose) for purpose in purposes if purpose in known]
    scopes = dict.fromkeys(named or [Scope.MARKETING])
    if Scope.MARKETING in scopes:
        scopes[Scope.PARTNERS] = None
    return tuple(scopes)
