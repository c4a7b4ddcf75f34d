"""What a message asks for, as the classifier read it: the closed label set.

A reading never decides anything; `policy` does. Labels are the law of
`classifiers/LABELS.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Right(StrEnum):
    """The twelve labels; `AGENT` is added to the right that is asked for."""

    ACCESS = "access"
    DELETION = "deletion"
    CORRECTION = "correction"
    PORTABILITY = "portability"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    OPT_OUT = "opt_out"
    WITHDRAW_CONSENT = "withdraw_consent"
    AGENT = "agent"
    COMPLAINT = "complaint"
    ACCESSIBILITY = "accessibility"
    QUESTION = "question"


class Kind(StrEnum):
    """What sort of mail it is; exactly one."""

    REQUEST = "request"
    FOLLOW_UP = "follow_up"
    VERIFICATION_REPLY = "verification_reply"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    SPAM = "spam"
    OTHER = "other"


class Confidence(StrEnum):
    """Whether the bot may act on the reading by itself."""

    AUTO = "auto"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The author's words that carry a label.

    `start` and `end` count Unicode characters in the author's text, or in the
    subject where `place` is "subject".
    """

    label: Right
    text: str
    start: int
    end: int
    place: str = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The classifier's whole answer for one message.

    `mentioned` are addresses in the author's own words; `jurisdiction` is one of
    "eu", "uk", "us-ca", "us", "other" or None; `language` an ISO 639-1 code or None;
    `model` names the model and rules that read it.
    """

    kind: Kind
    labels: tuple[Right, ...] = ()
    probabilities: Mapping[Right, float] = field(default_factory=dict)
    purposes: Mapping[Right, tuple[str, ...]] = field(default_factory=dict)
    mentioned: tuple[str, ...] = ()
    confidence: Confidence = Confidence.HOLD
    language: str | None = None
    jurisdiction: str | None = None
    on_behalf: bool = False
    evidence: tuple[Evidence, ...] = ()
    model: str = ""

    @property
    def certain(self) -> bool:
        """Whether the bot may act on this reading by itself."""
        return self.confidence is Confidence.AUTO
