"""The life of a request, as one table.

Two rules: every lawful move stands here and nowhere else; an illegal move raises and
changes nothing. The table knows nothing of rights, mails or people. The diagram in
docs/states.md is drawn from it.
"""

from enum import StrEnum

from inbox_bot.domain.case import RequestState
from inbox_bot.errors import IllegalMoveError


class Move(StrEnum):
    """What can happen to a request."""

    HOLD = "hold"
    CHALLENGE = "challenge"
    ASK_PERMISSION = "ask_permission"
    BEGIN = "begin"
    PROVE = "prove"
    DRAFT = "draft"
    RETURN = "return"
    ANSWER = "answer"
    FULFIL = "fulfil"
    SETTLE = "settle"
    REOPEN = "reopen"
    CLOSE = "close"


S = RequestState

START: dict[Move, RequestState] = {
    Move.HOLD: S.HELD,
    Move.CHALLENGE: S.VERIFYING,
    Move.ASK_PERMISSION: S.AUTHORIZING,
    Move.BEGIN: S.WORKING,
    Move.FULFIL: S.ANSWERED,
}

TRANSITIONS: dict[RequestState, dict[Move, RequestState]] = {
    S.HELD: {
        Move.CHALLENGE: S.VERIFYING,
        Move.ASK_PERMISSION: S.AUTHORIZING,
        Move.BEGIN: S.WORKING,
        Move.FULFIL: S.ANSWERED,
        Move.CLOSE: S.CLOSED,
    },
    S.AUTHORIZING: {
        Move.HOLD: S.HELD,
        Move.CHALLENGE: S.VERIFYING,
        Move.FULFIL: S.ANSWERED,
        Move.DRAFT: S.REVIEWING,
        Move.CLOSE: S.CLOSED,
    },
    S.VERIFYING: {
        Move.HOLD: S.HELD,
        Move.CHALLENGE: S.VERIFYING,
        Move.PROVE: S.WORKING,
        Move.DRAFT: S.REVIEWING,
        Move.CLOSE: S.CLOSED,
    },
    S.WORKING: {
        Move.CHALLENGE: S.VERIFYING,
        Move.PROVE: S.WORKING,
        Move.DRAFT: S.REVIEWING,
        Move.CLOSE: S.CLOSED,
    },
    S.REVIEWING: {
        Move.RETURN: S.WORKING,
        Move.CHALLENGE: S.VERIFYING,
        Move.PROVE: S.WORKING,
        Move.ANSWER: S.ANSWERED,
        Move.CLOSE: S.CLOSED,
    },
    S.ANSWERED: {
        Move.SETTLE: S.CLOSED,
        Move.REOPEN: S.WORKING,
        Move.PROVE: S.WORKING,
    },
    S.CLOSED: {
        Move.REOPEN: S.WORKING,
        Move.PROVE: S.WORKING,
    },
}


def start(move: Move) -> RequestState:
    """Give the first state of a new request."""
    if move not in START:
        raise IllegalMoveError(f"A new request can't {move.value}.")
    return START[move]


def advance(state: RequestState, move: Move) -> RequestState:
    """Give the state after a move; IllegalMoveError where the table has none."""
    if move not in TRANSITIONS[state]:
        raise IllegalMoveError(f"A request that is {state.value} can't {move.value}.")
    return TRANSITIONS[state][move]
