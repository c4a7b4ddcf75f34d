"""Commands on drafts: list, show, edit, approve, reject."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from inbox_bot.cli.context import (
    Config,
    Json,
    application,
    bytes_of,
    command,
    print_json,
)
from inbox_bot.errors import RefusalError
from inbox_bot.services import queries, review
from inbox_bot.services.review import MISSING

app = typer.Typer(no_args_is_help=True)

DraftId = Annotated[str, typer.Argument(metavar="ID", help="The draft's id.")]
By = Annotated[str, typer.Option("--by", help="Who does this, for the record.")]


@app.command("list")
@command
def list_(config: Config = None, as_json: Json = False) -> None:
    """List the drafts that wait for a person, oldest first."""
    found = queries.drafts(application(config).house)
    if as_json:
        print_json(
            [
                {
                    "id": draft.id,
                    "case": case.reference,
                    "letters": draft.letters,
                    "missing": draft.missing,
                    "due": case.due,
                }
                for draft, case in found
            ]
        )
        return
    for draft, case in found:
        todo = "; ".join(MISSING[word] for word in draft.missing) or "ready"
        letters = ", ".join(draft.letters)
        typer.echo(f"{draft.id}  {case.reference}  due {case.due}  {letters}: {todo}")
    if not found:
        typer.echo("No drafts wait.")


@app.command()
@command
def show(draft_id: DraftId, config: Config = None, as_json: Json = False) -> None:
    """Show a draft's address, subject and source text."""
    draft, case = queries.draft(application(config).house, draft_id)
    if as_json:
        print_json(
            {
                "id": draft.id,
                "case": case.reference,
                "state": draft.state,
                "to": draft.to,
                "subject": draft.subject,
                "source": draft.source,
                "missing": draft.missing,
                "version": draft.version,
            }
        )
        return
    typer.echo(f"To: {draft.to}\nSubject: {draft.subject}\n\n{draft.source}")


@app.command()
@command
def edit(
    draft_id: DraftId,
    source: Annotated[
        Path, typer.Option(help="The new source text; - for standard input.")
    ],
    config: Config = None,
    subject: Annotated[str, typer.Option(help="A new subject.")] = "",
    by: By = "command line",
    confirm_match: Annotated[
        bool,
        typer.Option(help="The answer speaks only of records that hold the address."),
    ] = False,
) -> None:
    """Save a draft's text, the one source of both its parts."""
    house = application(config).house
    draft, _ = queries.draft(house, draft_id)
    raw = sys.stdin.buffer.read() if str(source) == "-" else bytes_of(source)
    saved = review.save_draft(
        house,
        draft_id,
        by=by,
        subject=subject or draft.subject,
        source=_text(raw),
        match_confirmed=confirm_match or draft.match_confirmed,
        version=draft.version,
    )
    todo = "; ".join(MISSING[word] for word in saved.missing)
    typer.echo(f"Saved. Before approval: {todo}." if todo else "Saved. Ready.")


@app.command()
@command
def approve(
    draft_id: DraftId,
    config: Config = None,
    by: By = "command line",
    confirm_match: Annotated[
        bool,
        typer.Option(help="The answer speaks only of records that hold the address."),
    ] = False,
) -> None:
    """Approve a draft: what is frozen now is what will be sent."""
    house = application(config).house
    if confirm_match:
        draft, _ = queries.draft(house, draft_id)
        review.save_draft(
            house,
            draft_id,
            by=by,
            subject=draft.subject,
            source=draft.source,
            match_confirmed=True,
            version=draft.version,
        )
    review.approve_draft(house, draft_id, by=by)
    typer.echo("Approved; it leaves with the next dispatch.")


@app.command()
@command
def reject(draft_id: DraftId, config: Config = None, by: By = "command line") -> None:
    """Send a draft back to be written again."""
    review.reject_draft(application(config).house, draft_id, by=by)
    typer.echo("Sent back.")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusalError("--source: the text must be UTF-8.") from error
