"""Drafts: the list, the page to edit and approve one, its preview."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Response

from inbox_bot.domain.records import Draft
from inbox_bot.errors import ConflictError, NotReadyError
from inbox_bot.services import queries, review
from inbox_bot.web import views
from inbox_bot.web.dependencies import Acting, Reading, Screen
from inbox_bot.web.headers import preview_policy

router = APIRouter(prefix="/drafts")

POLICY = preview_policy()

Text = Annotated[str, Form()]
Ticked = Annotated[bool, Form()]


class Do(StrEnum):
    """What the form's buttons ask for."""

    SAVE = "save"
    APPROVE = "approve"


@router.get("")
def listing(screen: Reading) -> Response:
    """List what awaits a person's words or approval."""
    found = [
        (draft, case, views.placeholders(draft.subject, draft.source))
        for draft, case in queries.drafts(screen.house)
    ]
    return screen.show("console/drafts.html", drafts=found)


@router.get("/{draft_id}")
def one(screen: Reading, draft_id: str) -> Response:
    """Show a draft to edit, or what became of it."""
    return _page(screen, queries.draft(screen.house, draft_id)[0])


@router.post("/{draft_id}")
def save(
    screen: Acting,
    draft_id: str,
    *,
    subject: Text = "",
    source: Text = "",
    version: Annotated[int, Form()],
    match_confirmed: Ticked = False,
    do: Annotated[Do, Form()] = Do.SAVE,
) -> Response:
    """Save what was written and, where that was asked for, approve just that."""
    house, by = screen.house, screen.member.name
    written = replace(
        queries.draft(house, draft_id)[0],
        subject=subject,
        source=_lines(source),
        match_confirmed=match_confirmed,
    )
    try:
        saved = review.save_draft(
            house,
            draft_id,
            by=by,
            subject=written.subject,
            source=written.source,
            match_confirmed=match_confirmed,
            version=version,
        )
    except ConflictError:
        return _overtaken(screen, written)
    if do is Do.SAVE:
        return screen.go(f"/drafts/{draft_id}", "saved")
    try:
        review.approve_draft(house, draft_id, by=by, version=saved.version)
    except NotReadyError as error:
        return _page(screen, saved, error=str(error), status=422)
    except ConflictError:
        return _overtaken(screen, written)
    case = queries.draft(house, draft_id)[1]
    return screen.go(f"/cases/{case.reference}", "approved")


@router.post("/{draft_id}/reject")
def reject(screen: Acting, draft_id: str) -> Response:
    """Send a draft back to be written again."""
    review.reject_draft(screen.house, draft_id, by=screen.member.name)
    return screen.go(f"/drafts/{draft_id}", "rejected")


@router.post("/{draft_id}/preview")
def preview(
    screen: Acting,
    draft_id: str,
    *,
    subject: Text = "",
    source: Text = "",
    version: Annotated[int, Form()] = 0,
    match_confirmed: Ticked = False,
) -> Response:
    """Show what is written as its receiver would see it; nothing is saved."""
    written = replace(
        queries.draft(screen.house, draft_id)[0],
        subject=subject,
        source=_lines(source),
        version=version,
        match_confirmed=match_confirmed,
    )
    if screen.is_partial:
        return screen.fragment(
            "console/_preview.html", draft=written, preview=_preview(screen, written)
        )
    return _page(screen, written)


def _lines(source: str) -> str:
    """Undo what forms do to line ends (HTML, section 4.10.22)."""
    return source.replace("\r\n", "\n")


def _overtaken(screen: Screen, written: Draft) -> Response:
    """Keep the text of somebody who was overtaken, beside what stands there now."""
    theirs = queries.draft(screen.house, written.id)[0]
    mine = replace(written, version=theirs.version)
    error = (
        "Somebody else saved this draft meanwhile. Below is your text, not saved yet;"
        " compare it with theirs. Saving now replaces theirs."
    )
    return _page(screen, mine, theirs=theirs, error=error, status=409)


def _preview(screen: Screen, draft: Draft) -> views.Preview:
    return views.preview(
        draft.subject,
        draft.source,
        language=draft.language,
        base_url=screen.options.base_url,
    )


def _page(
    screen: Screen,
    draft: Draft,
    *,
    theirs: Draft | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    case = queries.draft(screen.house, draft.id)[1]
    file = queries.case_file(screen.house, case.reference)
    root = screen.request.scope.get("root_path", "")
    answer = screen.show(
        "console/draft.html",
        status=status,
        draft=draft,
        theirs=theirs,
        case=case,
        messages=[views.shown(original, root) for original in file.messages],
        preview=_preview(screen, draft),
        proven=views.proven_address(case, draft),
        error=error,
    )
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
