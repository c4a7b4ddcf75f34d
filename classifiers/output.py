"""The lines of `inbox-bot classify`: JSON in, JSON out (contract.md, classify)."""

import json
from collections.abc import Mapping

from classifiers.corpus import CorpusError, to_message
from inbox_bot.domain.message import InboundMessage
from inbox_bot.domain.reading import Evidence, Reading


class LineError(ValueError):
    """A line is no object of the form that `classify --jsonl` takes.

    `id` is the line's own, or None where it has none.
    """

    def __init__(self, message: str, line_id: object = None) -> None:
        super().__init__(message)
        self.id = line_id


def read_line(line: str) -> tuple[object, InboundMessage]:
    """Make the id and the message of one JSON line; raises LineError."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineError("no JSON") from error
    if not isinstance(fields, dict):
        raise LineError("no JSON object")
    line_id = fields.get("id")
    if line_id is None:
        raise LineError("id is missing")
    if fields.get("body") is None and fields.get("html") is None:
        raise LineError("body and html are missing", line_id)
    try:
        return line_id, to_message(fields)
    except CorpusError as error:
        raise LineError(str(error), line_id) from error


def _evidence(piece: Evidence) -> dict[str, object]:
    shown: dict[str, object] = {
        "label": piece.label.value,
        "text": piece.text,
        "start": piece.start,
        "end": piece.end,
    }
    if piece.place != "body":
        shown["in"] = piece.place
    return shown


def to_json(line_id: object, reading: Reading) -> dict[str, object]:
    """Give the object that is printed for one reading."""
    probabilities: Mapping[str, float] = {
        right.value: p for right, p in reading.probabilities.items()
    }
    return {
        "id": line_id,
        "kind": reading.kind.value,
        "labels": sorted(label.value for label in reading.labels),
        "probabilities": probabilities,
        "purposes": {r.value: list(names) for r, names in reading.purposes.items()},
        "mentioned": list(reading.mentioned),
        "decision": reading.confidence.value,
        "language": reading.language,
        "jurisdiction": reading.jurisdiction,
        "on_behalf": reading.on_behalf,
        "evidence": [_evidence(piece) for piece in reading.evidence],
    }
