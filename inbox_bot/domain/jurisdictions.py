"""Which law governs a request: regimes as data, chosen by residence.

Dates are computed in `clocks`. Sources: GDPR Art. 3(1) and recital 14; Cal. Civ. Code
§1798.130 with 11 CCR §7021.
"""

from dataclasses import dataclass
from enum import StrEnum


class Regime(StrEnum):
    """A body of law that sets a deadline."""

    GDPR = "gdpr"
    CCPA = "ccpa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The answer period of a regime: calendar months or calendar days.

    `rolls` says whether a period that ends on a day off runs on to the next working
    day; `counts_receipt_day` whether the safest reading counts the day of receipt as
    the first.
    """

    name: str
    source: str
    months: int = 0
    days: int = 0
    rolls: bool = False
    counts_receipt_day: bool = False


RULES: dict[Regime, Rule] = {
    Regime.GDPR: Rule(
        name="GDPR",
        source="GDPR Art. 12(3); Regulation 1182/71 Art. 3",
        months=1,
        rolls=True,
    ),
    Regime.CCPA: Rule(
        name="California",
        source="11 CCR §7021(b)",
        days=45,
        counts_receipt_day=True,
    ),
}


def regimes_for(jurisdiction: str | None) -> tuple[Regime, ...]:
    """Tell the regimes that bind for a residence.

    The controller sits in the EEA, so the GDPR always binds. California comes on top
    for a Californian, and as the safe choice where the residence isn't known or is one
    whose own rules we don't have.
    """
    if jurisdiction in {"eu", "uk"}:
        return (Regime.GDPR,)
    return (Regime.GDPR, Regime.CCPA)
