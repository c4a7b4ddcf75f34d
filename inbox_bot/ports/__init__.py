"""The outside world as the services see it: small Protocols named by role.

Values that cross a port are declared beside it. No implementation lives here.
"""

from inbox_bot.ports.house import (
    Blobs,
    Calendars,
    Classifier,
    Clock,
    Hashing,
    Keys,
    Randomness,
    Renderer,
    Written,
)
from inbox_bot.ports.learning import CorrectionStore
from inbox_bot.ports.mail import (
    Cursor,
    Delivery,
    FetchedMessage,
    Mailbox,
    Mailboxes,
    OutboundMail,
    Transport,
    Verdict,
)
from inbox_bot.ports.store import (
    CaseStore,
    DraftStore,
    InboundStore,
    Leases,
    Notices,
    Outbox,
    ProofSecret,
    ProofStore,
    Sighting,
    StaffStore,
    SuppressionList,
    UnitOfWork,
)

__all__ = [
    "Blobs",
    "Calendars",
    "CaseStore",
    "Classifier",
    "Clock",
    "CorrectionStore",
    "Cursor",
    "Delivery",
    "DraftStore",
    "FetchedMessage",
    "Hashing",
    "InboundStore",
    "Keys",
    "Leases",
    "Mailbox",
    "Mailboxes",
    "Notices",
    "OutboundMail",
    "Outbox",
    "ProofSecret",
    "ProofStore",
    "Randomness",
    "Renderer",
    "Sighting",
    "StaffStore",
    "SuppressionList",
    "Transport",
    "UnitOfWork",
    "Verdict",
    "Written",
]
