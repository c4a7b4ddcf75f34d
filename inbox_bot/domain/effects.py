"""What a decision wants done: a closed union of frozen values.

`services/execute` performs them; nothing here does anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inbox_bot.domain.case import Case, Outcome
from inbox_bot.domain.circumstances import Automatic
from inbox_bot.domain.suppression import Scope
from inbox_bot.domain.verification import Challenge


class Letter(StrEnum):
    """A piece of writing with a template of its own; one mail may hold several."""

    ACKNOWLEDGE = "acknowledge"
    OPT_OUT_DONE = "opt_out_done"
    VERIFY = "verify"
    VERIFY_REMINDER = "verify_reminder"
    VERIFIED = "verified"
    CONFIRM_DELETION = "confirm_deletion"
    CODE_WRONG = "code_wrong"
    CODE_EXPIRED = "code_expired"
    PERMISSION = "permission"
    CONFIRM_AGENT = "confirm_agent"
    HELD = "held"
    POINTER = "pointer"
    ACCESS_ANSWER = "access_answer"
    DELETION_ANSWER = "deletion_answer"
    UNVERIFIED = "unverified"
    ANSWER = "answer"


AUTOMATIC_BY: dict[Letter, Automatic] = {
    Letter.ACKNOWLEDGE: Automatic.ACKNOWLEDGE,
    Letter.OPT_OUT_DONE: Automatic.OPT_OUT,
    Letter.VERIFY: Automatic.VERIFY,
    Letter.VERIFY_REMINDER: Automatic.VERIFY,
    Letter.VERIFIED: Automatic.VERIFY,
    Letter.CONFIRM_DELETION: Automatic.VERIFY,
    Letter.CODE_WRONG: Automatic.VERIFY,
    Letter.CODE_EXPIRED: Automatic.VERIFY,
    Letter.PERMISSION: Automatic.PERMISSION,
    Letter.CONFIRM_AGENT: Automatic.CONFIRM,
    Letter.HELD: Automatic.HELD,
    Letter.POINTER: Automatic.POINTER,
}
"""Letters that the bot may send by itself, and the setting that allows each."""


class Place(StrEnum):
    """Where a message ends up."""

    CASE = "case"
    TRAY = "tray"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A mail to be written: pieces in order, to one address.

    `is_reply` says that it answers a mail (`auto-replied`, threaded) rather than
    leaving by itself (`auto-generated`). `counts` is false for answers to a valid
    code, link or token, which no cap counts. `scopes` is what an opt-out stopped, for its
    confirmation.
    """

    to: str
    letters: tuple[Letter, ...]
    request_ids: tuple[str, ...] = ()
    challenge_id: str | None = None
    is_reply: bool = True
    counts: bool = True
    scopes: tuple[Scope, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Put a finished mail into the outbox."""

    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDraft:
    """Write a draft that a person must approve."""

    draft_id: str
    post: Post
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskProof:
    """Make token and code for a challenge; only their keyed hashes are kept."""

    challenge: Challenge


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppress:
    """Put an address on the suppression list."""

    address: str
    scopes: tuple[Scope, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMessage:
    """Say where a message belongs."""

    message_id: str
    place: Place
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidApprovals:
    """Take back approvals of the case that no one has begun to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDrafts:
    """Withdraw the open drafts of these requests."""

    request_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDraft:
    """Freeze an approved draft's bytes and put them into the outbox.

    `challenge_id` names the fresh challenge that the mail asks to be answered.
    """

    draft_id: str
    by: str
    challenge_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenDraft:
    """Make a draft whose mail could not be sent editable again."""

    draft_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Append an event: codes, ids and counts only, never a text or an address."""

    action: str
    by: str = "bot"
    data: Mapping[str, str] = field(default_factory=dict)


Effect = (
    Send
    | PrepareDraft
    | AskProof
    | Suppress
    | FileMessage
    | VoidApprovals
    | DropDrafts
    | ReleaseDraft
    | ReopenDraft
    | Record
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The next case (None where there is none) and what is to be done, in order."""

    case: Case | None
    effects: tuple[Effect, ...]
