"""The port for what is kept of staff's corrections; where, is an adapter's matter."""

from typing import Protocol

from inbox_bot.domain.records import Correction


class CorrectionStore(Protocol):
    """Corrections of readings, each sealed with the key of its message."""

    def put(self, correction: Correction) -> None:
        """Keep a correction; the latest word on a message counts.

        ForgottenError where the message's key was destroyed.
        """
        ...

    def all(self) -> tuple[Correction, ...]:
        """Give every correction whose message wasn't forgotten, in the order of ids."""
        ...
