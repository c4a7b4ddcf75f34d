"""The list of cases and the page of one; looking only."""

from fastapi import APIRouter, Response

from inbox_bot.domain.case import Case, Outcome, Request, RequestState
from inbox_bot.domain.reading import Right
from inbox_bot.domain.records import DraftState
from inbox_bot.domain.suppression import Scope
from inbox_bot.services import queries
from inbox_bot.services.queries import CaseFile
from inbox_bot.web import views
from inbox_bot.web.dependencies import Reading

router = APIRouter()


@router.get("/cases")
def listing(screen: Reading, show: str = "open") -> Response:
    """List the cases by due date."""
    only_open = show != "all"
    found = queries.cases(screen.house, only_open=only_open)
    return screen.show(
        "console/cases.html",
        cases=found,
        only_open=only_open,
        full=len(found) == queries.LISTED,
    )


@router.get("/cases/{reference}")
def one(screen: Reading, reference: str) -> Response:
    """Show everything about a case."""
    file = queries.case_file(screen.house, reference)
    root = screen.request.scope.get("root_path", "")
    return screen.show(
        "console/case.html",
        case=file.case,
        messages=[views.shown(original, root) for original in file.messages],
        likeliest=views.likeliest,
        sent=file.sent,
        events=file.events,
        drafts=[d for d in file.drafts if d.state is DraftState.OPEN],
        linked=queries.cases_by_id(screen.house, file.case.linked).values(),
        held=_held(file.case),
        supposed=_supposed(file),
        rights=tuple(Right),
        scopes=tuple(Scope),
        outcomes=tuple(Outcome),
    )


def _held(case: Case) -> tuple[Request, ...]:
    return tuple(r for r in case.requests if r.state is RequestState.HELD)


def _supposed(file: CaseFile) -> frozenset[Right]:
    """Give what a person most likely confirms: held rights, else what was read."""
    held = {request.right for request in _held(file.case) if request.right}
    if file.case.agency:
        held.add(Right.AGENT)
    readings = (message.stored.content.reading for message in file.messages)
    read = {right for reading in readings if reading for right in reading.labels}
    return frozenset(held or read)
