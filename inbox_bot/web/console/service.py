"""How the service is: health, mail that did not arrive, metrics."""

from collections.abc import Iterator

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from typing_extensions import override

from inbox_bot.domain.effects import Place
from inbox_bot.services import queries
from inbox_bot.services.house import House
from inbox_bot.web.dependencies import Reading, TheHouse

router = APIRouter()
metrics = APIRouter()


@router.get("/health")
def health(screen: Reading) -> Response:
    """Show how the service is."""
    quarantined = queries.in_place(screen.house, Place.QUARANTINE)
    cases = queries.cases(screen.house)
    return screen.show(
        "console/health.html",
        health=queries.health(screen.house),
        oldest=min((message.received_at for message in quarantined), default=None),
        next_due=min((case.due for case in cases if case.due), default=None),
    )


@router.get("/dead")
def dead(screen: Reading) -> Response:
    """List mail of ours that did not arrive."""
    mails = queries.dead(screen.house)
    cases = queries.cases_by_id(screen.house, (mail.case_id for mail in mails))
    return screen.show("console/dead.html", mails=mails, cases=cases)


@metrics.get("/metrics")
def exposition(house: TheHouse) -> Response:
    """Give the metrics for Prometheus: numbers only."""
    registry = CollectorRegistry()
    registry.register(_Gauges(house))
    text = generate_latest(REGISTRY) + generate_latest(registry)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Gauges(Collector):
    """What waits, counted when it is asked for."""

    def __init__(self, house: House) -> None:
        self._house = house

    @override
    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        now = queries.health(self._house)
        for name, words, value in (
            ("outbox_waiting", "Mails that are due and not sent.", now.waiting),
            ("outbox_dead", "Mails that will not be tried again.", now.dead),
            ("quarantined", "Messages that could not be processed.", now.quarantined),
            ("healthy", "1 while every part reports ok.", int(now.ok)),
        ):
            yield GaugeMetricFamily(f"inbox_bot_{name}", words, value=value)
