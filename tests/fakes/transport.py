"""A transport in memory: the port Transport with scripted verdicts."""

from collections.abc import Callable, Iterator, Sequence

from inbox_bot.errors import InboxBotError, SettingsError
from inbox_bot.ports import Delivery, OutboundMail, Verdict


class FakeTransport:
    """Keeps what it sent; a recipient's scripted reply decides otherwise.

    `replies` maps a recipient to a code as "450 4.2.0" or "550"; `failure` is raised
    (settings) or makes all that is left TEMPORARY (unreachable); `before_sending` is
    called before each mail.
    """

    def __init__(self) -> None:
        self.sent: list[OutboundMail] = []
        self.attempts: list[OutboundMail] = []
        self.replies: dict[str, str] = {}
        self.failure: InboxBotError | None = None
        self.before_sending: Callable[[], object] = lambda: None

    def deliver(self, batch: Sequence[OutboundMail]) -> Iterator[Delivery]:
        for mail in batch:
            if isinstance(self.failure, SettingsError):
                raise self.failure
            self.before_sending()
            self.attempts.append(mail)
            yield self._attempt(mail)

    def check(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _attempt(self, mail: OutboundMail) -> Delivery:
        if self.failure is not None:
            return Delivery(id=mail.id, verdict=Verdict.TEMPORARY, reason="connection")
        refused = [self.replies[to] for to in mail.rcpt_to if to in self.replies]
        if refused:
            reason = max(refused)
            passing = reason.startswith("4")
            verdict = Verdict.TEMPORARY if passing else Verdict.PERMANENT
            return Delivery(id=mail.id, verdict=verdict, reason=reason)
        self.sent.append(mail)
        return Delivery(id=mail.id, verdict=Verdict.SENT)
