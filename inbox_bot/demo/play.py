"""The people of the demo playing on: they prove, confirm, permit, complete, approve.

Each act tells what it does and gives what did not come out as it should. People use
what people have: their post box, the link's page, the console's use cases.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from inbox_bot.demo.findings import look, states_of
from inbox_bot.demo.postboxes import Delivered
from inbox_bot.demo.stage import MEMBER, Stage
from inbox_bot.demo.writing import answer
from inbox_bot.domain.case import Case
from inbox_bot.domain.records import Draft, DraftState
from inbox_bot.errors import NotReadyError
from inbox_bot.services import queries, review, verification
from inbox_bot.services.verification import LinkState

KARI = "Kari Lunde <kari.lunde@example.org>"
GRACE = "grace.walsh@example.com"
MARCO = "marco.silva@example.com"
DANIEL = "daniel.ortiz@example.org"

GAP = re.compile(r"\[\[.*?\]\]", re.DOTALL)
FILLING = {"en": "(Filled in by the demo.)", "nb": "(Fylt ut av demoen.)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A stage with a way to let the bot work and a way to tell what happens."""

    stage: Stage
    work: Callable[[], None]
    echo: Callable[[str], None]

    def case(self, sample: str) -> Case:
        """Give the case of a sample as it stands now; LookupError where it has none."""
        found = look(self.stage.application.house).get(f"{sample}@demo.example")
        if found is None or found.case is None:
            raise LookupError(f"{sample} opened no case")
        return found.case

    def last_mail(self, address: str) -> Delivered:
        """Give the newest mail in a post box; LookupError where it is empty."""
        mails = self.stage.server.boxes.of(address)
        if not mails:
            raise LookupError(f"{address} got no mail")
        return mails[-1]

    def tell(self, line: str) -> None:
        """Tell one thing that happens."""
        self.echo(f"    {line}")

    def press(self, address: str) -> LinkState:
        """Open the link of the newest mail, look, and press the button."""
        house = self.stage.application.house
        token = self.last_mail(address).token or ""
        looked = verification.look(house, token)
        pressed = verification.confirm(house, token)
        self.tell(f"{address} opens the link ({looked.state}) and presses the button")
        self.work()
        return pressed.state

    def stands(self, sample: str, wanted: Mapping[str, str]) -> list[str]:
        """Tell where the case stands, and what is wrong about it."""
        case = self.case(sample)
        got = states_of(case)
        shown = ", ".join(f"{right} {state}" for right, state in got.items())
        self.tell(f"case {case.reference}: {shown}")
        return [] if got == wanted else [f"the case should stand at {dict(wanted)}"]


Act = Callable[[Play], list[str]]


def machine_answers(play: Play) -> list[str]:
    """Let a machine quote the code back, which proves nothing."""
    mail = play.last_mail(GRACE)
    reply = answer(mail.message, sender=GRACE, words="I am out of the office.")
    play.stage.write(replace(reply, headers={"Auto-Submitted": "auto-replied"}))
    play.tell("Grace's out-of-office note quotes the mail with the code")
    play.work()
    return play.stands("04-access", {"access": "verifying"})


def answer_with_code(play: Play) -> list[str]:
    """Let Kari send the code back in her own words."""
    mail = play.last_mail("kari.lunde@example.org")
    reply = answer(mail.message, sender=KARI, words=f"Hei, koden er {mail.code}")
    play.stage.write(reply)
    play.tell(f'Kari replies to "{mail.message.subject}" with the code')
    play.work()
    return play.stands("05-access-norwegian", {"access": "working"})


def confirm_link(play: Play) -> list[str]:
    """Let Grace press the button, twice."""
    faults = [] if play.press(GRACE) is LinkState.DONE else ["the link did not count"]
    return faults + play.stands("04-access", {"access": "working"})


def confirm_deletion(play: Play) -> list[str]:
    """Let Marco prove his address, then confirm the deletion itself."""
    play.press(MARCO)
    faults = play.stands("07-deletion", {"deletion": "verifying"})
    play.tell(f'the second question came: "{play.last_mail(MARCO).message.subject}"')
    play.press(MARCO)
    return faults + play.stands("07-deletion", {"deletion": "working"})


def permit_agent(play: Play) -> list[str]:
    """Let staff accept the agent's permission, and the consumer confirm."""
    house = play.stage.application.house
    case = play.case("11-agent-access")
    review.accept_permission(house, case.id, by=MEMBER, consumer=DANIEL)
    play.tell(f"staff accept the signed permission; {DANIEL} is asked")
    play.work()
    play.press(DANIEL)
    return play.stands("11-agent-access", {"access": "working"})


def answer_access(play: Play) -> list[str]:
    """Let staff complete and approve Kari's answer."""
    return _answer(play, "05-access-norwegian", "kari.lunde@example.org", "access")


def answer_deletion(play: Play) -> list[str]:
    """Let staff complete and approve Marco's answer."""
    return _answer(play, "07-deletion", MARCO, "deletion")


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "A machine answers": machine_answers,
        "Kari proves her address with the code": answer_with_code,
        "Grace proves her address with the link": confirm_link,
        "Marco confirms twice that he wants to be deleted": confirm_deletion,
        "Mia's permission is accepted and Daniel confirms": permit_agent,
        "Staff answer Kari's request for access": answer_access,
        "Staff answer Marco's request for deletion": answer_deletion,
    }
)
"""Every act by its title, in the order in which they build on one another."""


# --- what staff do


def _answer(play: Play, sample: str, address: str, right: str) -> list[str]:
    house = play.stage.application.house
    draft = _open_draft(play, play.case(sample))
    faults = _approved_too_early(play, draft)
    review.save_draft(
        house,
        draft.id,
        by=MEMBER,
        subject=draft.subject,
        source=GAP.sub(FILLING[draft.language], draft.source),
        match_confirmed=True,
        version=draft.version,
    )
    review.approve_draft(house, draft.id, by=MEMBER)
    play.tell("staff fill the gaps, confirm the match and approve")
    play.work()
    mail = play.last_mail(address)
    play.tell(f"{address} gets:")
    for line in [f"Subject: {mail.message.subject}", "", *mail.text.splitlines()]:
        play.tell(f"  | {line}".rstrip())
    return faults + play.stands(sample, {right: "answered"})


def _open_draft(play: Play, case: Case) -> Draft:
    file = queries.case_file(play.stage.application.house, case.reference)
    for draft in file.drafts:
        if draft.state is DraftState.OPEN:
            return draft
    raise LookupError(f"case {case.reference} has no open draft")


def _approved_too_early(play: Play, draft: Draft) -> list[str]:
    try:
        review.approve_draft(play.stage.application.house, draft.id, by=MEMBER)
    except NotReadyError as error:
        play.tell(f"approving it as it stands is refused: {error}")
        return []
    return ["a draft with gaps could be approved"]
