"""The reader of mails: meanings, models and calibration, one after the other.

Implements the port `Classifier`; every rule and number of its own lives elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from classifiers import calibration, evidence, holding, opinion, pipeline
from classifiers.calibration import Calibration
from classifiers.features import Sight, look
from classifiers.opinion import Opinion
from classifiers.pipeline import Models, Scores
from classifiers.rules import facts
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right


class Reader:
    """Reads what messages ask for; loads its model at the first use."""

    def __init__(self, folder: Path = pipeline.MODEL) -> None:
        self._folder = folder

    @cached_property
    def _models(self) -> Models:
        return pipeline.load(self._folder)

    @cached_property
    def _calibration(self) -> Calibration:
        return calibration.load(self._folder / "calibration.json")

    @cached_property
    def version(self) -> str:
        """Name the model by a hash of recipe, rules, words and mails learned from."""
        return (self._folder / "VERSION").read_text("utf-8").strip()

    def read(self, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
        """Read messages, in order; never raises for anything written in them."""
        readings = self._read(messages)
        chased = [
            (index, replace(message, author_text=message.own_earlier, own_earlier=""))
            for index, message in enumerate(messages)
            if readings[index].kind is Kind.FOLLOW_UP and message.own_earlier
        ]
        earlier = self._read([message for _, message in chased])
        for (index, _), read in zip(chased, earlier, strict=True):
            readings[index] = _with_earlier(readings[index], read)
        return tuple(readings)

    def _read(self, messages: Sequence[InboundMessage]) -> list[Reading]:
        sights = [look(message) for message in messages]
        return [
            self._reading(sight, score, opinion.form(sight, score, self._calibration))
            for sight, score in zip(sights, self._models.score(sights), strict=True)
        ]

    def _reading(self, sight: Sight, scores: Scores, formed: Opinion) -> Reading:
        return Reading(
            kind=formed.kind,
            labels=tuple(right for right in Right if right in formed.labels),
            probabilities=_rounded(formed.rights),
            purposes=facts.purposes(formed.labels, sight),
            mentioned=facts.mentioned(sight.clauses),
            confidence=self._confidence(sight, formed),
            language=sight.language,
            jurisdiction=facts.jurisdiction(sight.parts, sight.language),
            on_behalf=facts.on_behalf(formed.labels, formed.rights),
            evidence=evidence.gather(formed.labels, sight, scores),
            model=self.version,
        )

    def _confidence(self, sight: Sight, formed: Opinion) -> Confidence:
        if holding.must_hold(sight, formed):
            return Confidence.HOLD
        trust = self._calibration.judge(opinion.judge_features(sight, formed))
        enough = trust >= self._calibration.trust
        return Confidence.AUTO if enough else Confidence.HOLD


def _with_earlier(reading: Reading, earlier: Reading) -> Reading:
    """Add the rights that a chased request named (labels.md, Deciding 10).

    The words that carry them stand in the quotation, so they have no evidence here.
    """
    labels = {*reading.labels, *earlier.labels}
    return replace(
        reading,
        labels=tuple(right for right in Right if right in labels),
        purposes={**earlier.purposes, **reading.purposes},
        on_behalf=reading.on_behalf or earlier.on_behalf,
    )


def _rounded(rights: Mapping[Right, float]) -> dict[Right, float]:
    return {right: round(p, 4) for right, p in rights.items()}
