"""The demo page: write a mail as somebody, watch what comes back, answer it.

For one person on their own machine: only loopback is answered, and a form counts only
when it comes from a page of this very server.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from inbox_bot.demo.mailbag import Sample
from inbox_bot.demo.people import People, Person
from inbox_bot.demo.stage import MEMBER, Stage
from inbox_bot.demo.writing import Writing, address_of, answer
from inbox_bot.domain.case import Case
from inbox_bot.errors import NotFoundError
from inbox_bot.services import queries
from inbox_bot.web.dependencies import ThePages

SEE_OTHER = 303
SHOWN = 12
"""How many cases the first page lists; the console has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the page works with."""

    stage: Stage
    people: People
    samples: tuple[Sample, ...]

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which this server is asked, with the port."""
        port = self.stage.application.settings.web.port
        return frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    @property
    def templates(self) -> tuple[Sample, ...]:
        """The samples that can be written in a form: plain text, nothing else."""
        return tuple(sample for sample in self.samples if sample.is_plain)

    def cases_of(self, person: Person) -> tuple[Case, ...]:
        """Give the cases in which a person has a say, the newest first."""
        house = self.stage.application.house
        mine = [
            case
            for case in queries.cases(house, only_open=False)
            if person.address in {case.requester, *case.participants}
        ]
        return tuple(sorted(mine, key=lambda case: case.opened_at, reverse=True))

    def latest(self) -> tuple[Case, ...]:
        """Give the newest cases."""
        cases = queries.cases(self.stage.application.house, only_open=False)
        newest = sorted(cases, key=lambda case: case.opened_at, reverse=True)
        return tuple(newest[:SHOWN])


def the_demo(request: Request) -> Demo:
    """Give what the page works with."""
    demo: Demo = request.app.state.demo
    return demo


TheDemo = Annotated[Demo, Depends(the_demo)]


def from_here(request: Request, demo: TheDemo) -> None:
    """Refuse what another site's page sends, by name or by form."""
    # Another name for 127.0.0.1 means a page that had its name rebound.
    if request.headers.get("host") not in demo.hosts:
        raise HTTPException(403, "The demo is only for this machine.")
    if request.method in {"GET", "HEAD"}:
        return
    # With `no-referrer` browsers send `Origin: null`; this field says it instead.
    site = request.headers.get("sec-fetch-site")
    origins = {f"http://{host}" for host in demo.hosts}
    same = request.headers.get("origin") in origins
    if not (site == "same-origin" or (site is None and same)):
        raise HTTPException(403, "This form is from another site.")


router = APIRouter(prefix="/demo", dependencies=[Depends(from_here)])


def add_demo(app: FastAPI, demo: Demo) -> None:
    """Add the demo page to an application."""
    app.state.demo = demo
    app.include_router(router)


@router.get("")
def desk(
    request: Request, demo: TheDemo, pages: ThePages, sample: str = ""
) -> Response:
    """Show the form for a mail, filled from a sample, and everybody's post boxes."""
    now = demo.stage.application.house.clock.now()
    chosen = next((s.dated(now) for s in demo.templates if s.name == sample), None)
    return pages.show(
        request,
        "demo/desk.html",
        samples=demo.templates,
        chosen=sample,
        writing=chosen or Writing(sender="", subject=""),
        reply_to=0,
        fixed=False,
        people=demo.people.everybody(),
        cases=demo.latest(),
        member=MEMBER,
        password=demo.stage.password,
    )


@router.get("/watch")
def watch(request: Request, demo: TheDemo, pages: ThePages) -> Response:
    """Show post boxes and cases alone, for a page that refreshes itself."""
    people = demo.people.everybody()
    return pages.show(request, "demo/_watch.html", people=people, cases=demo.latest())


@router.post("/write")
def write(
    demo: TheDemo,
    sender: Annotated[str, Form(max_length=320)],
    subject: Annotated[str, Form(max_length=500)] = "",
    body: Annotated[str, Form(max_length=100_000)] = "",
    reply_to: Annotated[int, Form()] = 0,
) -> Response:
    """Send a mail to the bot as somebody, then show that person's post."""
    blank = Writing(sender=sender, subject="")
    thread = _reply(demo, reply_to, sender) if reply_to else blank
    sending = demo.stage.write(replace(thread, subject=subject, body=body))
    person = demo.people.note(sending, demo.stage.application.house.clock.now())
    return RedirectResponse(f"/demo/people/{person.number}", SEE_OTHER)


@router.get("/people/{number}")
def person(
    request: Request, demo: TheDemo, pages: ThePages, number: int, reply: int = 0
) -> Response:
    """Show a person's post and cases, and a form for an answer."""
    somebody = demo.people.get(number)
    sender = somebody.sender
    writing = (
        _reply(demo, reply, sender) if reply else Writing(sender=sender, subject="")
    )
    return pages.show(
        request,
        "demo/person.html",
        person=somebody,
        entries=demo.people.conversation(somebody),
        cases=demo.cases_of(somebody),
        writing=writing,
        reply_to=reply,
        fixed=True,
    )


@router.get("/people/{number}/post")
def post(request: Request, demo: TheDemo, pages: ThePages, number: int) -> Response:
    """Show a person's post and cases alone, for a page that refreshes itself."""
    somebody = demo.people.get(number)
    return pages.show(
        request,
        "demo/_post.html",
        person=somebody,
        entries=demo.people.conversation(somebody),
        cases=demo.cases_of(somebody),
    )


def _reply(demo: Demo, number: int, sender: str) -> Writing:
    """Begin an answer to a mail in the sender's own post box; NotFoundError."""
    mail = demo.stage.server.boxes.get(number)
    if mail is None or mail.to != address_of(sender):
        raise NotFoundError("There is no such mail in this post box.")
    return answer(mail.message, sender=sender, words=mail.code or "")
