"""Public holidays from the `holidays` package; what they move is `domain.clocks`'."""

from datetime import date

import holidays

from inbox_bot.errors import SettingsError


class PublicHolidays:
    """Implements `Calendars` for the controller's country, Norway unless told.

    `country` is an ISO 3166-1 alpha-2 code. A year is computed once.
    """

    def __init__(self, country: str = "NO") -> None:
        if country not in holidays.list_supported_countries():
            raise SettingsError(
                f"company.country: no public holidays are known for {country!r}; it"
                " takes an ISO 3166 code such as NO"
            )
        self._country = country
        self._years: dict[int, frozenset[date]] = {}

    def holidays(self, year: int) -> frozenset[date]:
        """Give the public holidays of this year and the next: periods run over."""
        return self._of(year) | self._of(year + 1)

    def _of(self, year: int) -> frozenset[date]:
        if year not in self._years:
            days = holidays.country_holidays(self._country, years=year)
            self._years[year] = frozenset(days)
        return self._years[year]
