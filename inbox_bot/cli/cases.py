"""Commands on cases: list, show, open."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from inbox_bot.cli.context import Config, Json, application, command, print_json
from inbox_bot.domain.case import Case
from inbox_bot.services import queries
from inbox_bot.services.queries import CaseFile

app = typer.Typer(no_args_is_help=True)

Reference = Annotated[str, typer.Argument(metavar="REF", help="The case's number.")]


@app.command("list")
@command
def list_(
    config: Config = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show closed cases as well.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List cases by due date."""
    found = queries.cases(application(config).house, only_open=not every)
    if as_json:
        print_json([_summary(case) for case in found])
        return
    for case in found:
        rights = ", ".join(r.right.value if r.right else "?" for r in case.requests)
        mark = " *" if case.attention else ""
        due = case.due or "-"
        typer.echo(f"{case.reference}  {due}  {case.state.value:11} {rights}{mark}")
    if not found:
        typer.echo("No cases.")


@app.command()
@command
def show(reference: Reference, config: Config = None, as_json: Json = False) -> None:
    """Show a case: its requests, dates and their derivation, mails and record."""
    file = queries.case_file(application(config).house, reference)
    if as_json:
        print_json(_whole(file))
        return
    _print(file)


@app.command("open")
@command
def open_(reference: Reference, config: Config = None) -> None:
    """Print the address of a case in the console."""
    built = application(config)
    queries.case_file(built.house, reference)
    base = built.settings.web.base_url.rstrip("/")
    typer.echo(f"{base}/console/cases/{reference}")


def _summary(case: Case) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "id": case.id,
        "state": case.state.value,
        "due": case.due,
        "receipt": case.receipt,
        "language": case.language,
        "attention": case.attention,
        "requests": [asdict(request) for request in case.requests],
    }


def _whole(file: CaseFile) -> dict[str, Any]:
    return {
        **_summary(file.case),
        "requester": file.case.requester,
        "messages": [
            {
                "id": original.stored.id,
                "received": original.stored.received_at,
                "from": original.stored.content.sender,
                "subject": original.stored.content.subject,
                "text": original.stored.content.author_text,
            }
            for original in file.messages
        ],
        "drafts": [
            {"id": draft.id, "state": draft.state, "letters": draft.letters}
            for draft in file.drafts
        ],
        "sent": [
            {
                "id": mail.id,
                "state": mail.state,
                "to": mail.to,
                "subject": mail.subject,
                "letters": mail.letters,
                "text": mail.shown,
            }
            for mail in file.sent
        ],
        "events": [asdict(event) for event in file.events],
    }


def _print(file: CaseFile) -> None:
    case = file.case
    typer.echo(f"Case {case.reference} of {case.requester}: {case.state.value}")
    for request in case.requests:
        right = request.right.value if request.right else "not yet named"
        outcome = f", {request.outcome.value}" if request.outcome else ""
        typer.echo(
            f"\n{right}: {request.state.value}{outcome}; due {request.dates.due}"
        )
        if request.hold_reason:
            typer.echo(f"  held: {request.hold_reason.value}")
        for line in request.dates.derivation:
            typer.echo(f"  {line}")
    for original in file.messages:
        content = original.stored.content
        typer.echo(f"\n{original.stored.received_at}  {content.sender}")
        typer.echo(f"{content.subject}\n{content.author_text}")
    for draft in file.drafts:
        typer.echo(
            f"\nDraft {draft.id}: {draft.state.value}, {','.join(draft.letters)}"
        )
    for mail in file.sent:
        typer.echo(f"\nOur mail to {mail.to}: {mail.state.value}\n{mail.shown}")
    typer.echo("")
    for event in file.events:
        data = " ".join(
            f"{name}={value}" for name, value in event.data.items() if value
        )
        typer.echo(f"{event.at:%Y-%m-%d %H:%M} {event.by} {event.action} {data}")
