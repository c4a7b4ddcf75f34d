"""The reader of mails: rules, model and calibration, one after the other.

Implements the port `Classifier`; every rule and number of its own lives elsewhere.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from spacy.language import Language

from classifiers import calibration, evidence, holding, opinion, pipeline
from classifiers.calibration import Calibration
from classifiers.features import Sight, look, look_at, tokens
from classifiers.opinion import Opinion
from classifiers.rules import facts
from classifiers.text import Clause
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Confidence, Reading, Right


class Reader:
    """Reads what messages ask for; loads its model at the first use."""

    def __init__(self, folder: Path = pipeline.MODEL) -> None:
        self._folder = folder

    @cached_property
    def _nlp(self) -> Language:
        return pipeline.load(self._folder)

    @cached_property
    def _calibration(self) -> Calibration:
        return calibration.load(self._folder / "calibration.json")

    @cached_property
    def version(self) -> str:
        """Name the model and rules: a hash of all that decides."""
        return (self._folder / "VERSION").read_text("utf-8").strip()

    def read(self, messages: Sequence[InboundMessage]) -> tuple[Reading, ...]:
        """Read messages, in order; never raises for anything written in them."""
        sights = [look(message) for message in messages]
        scores = pipeline.score(self._nlp, [tokens(sight) for sight in sights])
        return tuple(
            self._reading(sight, opinion.form(sight, score, self._calibration))
            for sight, score in zip(sights, scores, strict=True)
        )

    def _reading(self, sight: Sight, formed: Opinion) -> Reading:
        pieces = sight.clauses
        spoken = holding.spoken(sight)
        return Reading(
            kind=formed.kind,
            labels=tuple(right for right in Right if right in formed.labels),
            probabilities=_rounded(formed.rights),
            purposes=facts.purposes(formed.labels, pieces),
            mentioned=facts.mentioned(pieces),
            confidence=self._confidence(sight, formed),
            language=spoken,
            jurisdiction=facts.jurisdiction(pieces, spoken),
            on_behalf=facts.on_behalf(formed.labels, sight.findings),
            evidence=evidence.gather(
                formed.labels, sight.findings, pieces, self._score_clauses
            ),
            model=self.version,
        )

    def _score_clauses(self, pieces: Sequence[Clause], right: Right) -> Sequence[float]:
        documents = [tokens(look_at((clause,))) for clause in pieces]
        scores = pipeline.score(self._nlp, documents)
        return [score[f"right/{right}"] for score in scores]

    def _confidence(self, sight: Sight, formed: Opinion) -> Confidence:
        if holding.must_hold(sight, formed):
            return Confidence.HOLD
        trust = self._calibration.judge(opinion.judge_features(sight, formed))
        enough = trust >= self._calibration.trust
        return Confidence.AUTO if enough else Confidence.HOLD


def _rounded(rights: Mapping[Right, float]) -> dict[Right, float]:
    return {right: round(p, 4) for right, p in rights.items()}
