"""What staff do to cases and drafts from the console."""

import re
from datetime import UTC, datetime

import pytest

from inbox_bot.domain.case import Outcome, RequestState
from inbox_bot.domain.reading import Right
from inbox_bot.domain.records import DraftState
from inbox_bot.services import verification
from tests.services.web.visitor import words_of
from tests.world import KARI, OLA, text_of, token_in


@pytest.fixture
def held(world):
    """A case that a person must look at."""
    world.mail("you have my wrong name")
    world.receive()
    return world.case


@pytest.fixture
def draft(world):
    """The answer to Kari that staff must complete."""
    world.mail("I want a copy of my data")
    (asked,) = world.receive()
    verification.confirm(world.house, token_in(asked))
    return world.draft


def fields(draft, **changes):
    usual = {
        "subject": draft.subject,
        "source": draft.source,
        "version": draft.version,
    }
    return usual | changes


# --- cases


def test_a_person_says_what_a_case_asks_for(astrid, world, held):
    path = f"/cases/{held.reference}"

    gone = astrid.act(
        f"{path}/identify",
        {
            "rights": ["opt_out", "withdraw_consent"],
            "scopes": ["calls"],
            "consents": " Newsletter , location,",
            "requester": OLA,
            "receipt": "2026-02-27T08:15",
        },
    )

    assert gone.headers["location"] == f"{path}?done=identified"
    rights = {request.right: request for request in world.case.requests}
    assert rights[Right.OPT_OUT].purposes == ("calls",)
    assert rights[Right.WITHDRAW_CONSENT].purposes == ("newsletter", "location")
    assert world.case.requester == OLA
    received = datetime(2026, 2, 27, 7, 15, tzinfo=UTC)
    assert rights[Right.OPT_OUT].receipt == received


def test_the_form_proposes_what_was_read(astrid, held):
    page = astrid.get(f"/cases/{held.reference}").text

    assert re.findall(r'value="(\w+)" checked', page) == ["correction"]
    assert f'value="{KARI}"' in page


def test_a_time_of_receipt_may_name_its_zone(astrid, world, held):
    said = {"rights": "correction", "receipt": "2026-02-27T08:15-08:00"}

    astrid.act(f"/cases/{held.reference}/identify", said)

    (request,) = world.case.requests
    assert request.receipt == datetime(2026, 2, 27, 16, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rights": []}, "Name at least one right"),
        ({"receipt": "2027-01-01T10:00"}, "lies ahead"),
        ({"receipt": "yesterday"}, "can't be read"),
        ({"requester": "nobody"}, "no address"),
        ({"rights": ["everything"]}, "holds something it can't"),
    ],
)
def test_what_can_not_be_identified_is_refused(astrid, world, held, changes, says):
    refused = astrid.act(
        f"/cases/{held.reference}/identify", {"rights": ["access"], **changes}
    )

    assert refused.status_code == 422
    assert says in words_of(refused)
    assert world.case == held


def test_a_permission_is_accepted_and_the_consumer_asked(astrid, world):
    world.mail("a copy for my client", sender="agent@example.com")
    world.receive()
    path = f"/cases/{world.case.reference}"
    assert f'value="{OLA}"' in astrid.get(path).text

    own = astrid.act(f"{path}/permission", {"consumer": "agent@example.com"})
    near = astrid.act(f"{path}/permission", {"consumer": "ola@example.com"})
    done = astrid.act(
        f"{path}/permission",
        {"consumer": "ola@example.com", "despite_domain": "true"},
    )

    assert (own.status_code, near.status_code) == (422, 422)
    assert done.headers["location"] == f"{path}?done=permission"
    assert world.receive("ola@example.com")
    assert "Accept the permission" not in words_of(astrid.get(path))


def test_a_case_is_seen_and_closed(astrid, world, held):
    path = f"/cases/{held.reference}"

    astrid.act(f"{path}/seen")
    assert not world.case.attention
    unnamed = astrid.act(f"{path}/close", {"outcome": ""})
    astrid.act(f"{path}/close", {"outcome": "withdrawn"})

    assert unnamed.status_code == 422
    (request,) = world.case.requests
    assert (request.state, request.outcome) == (RequestState.CLOSED, Outcome.WITHDRAWN)
    assert world.actions()[-1] == "closed"
    assert "What to do" not in words_of(astrid.get(path))


# --- drafts


def test_a_draft_names_what_is_missing_and_the_proven_address(astrid, draft):
    words = words_of(astrid.get(f"/drafts/{draft.id}"))

    assert "still to fill, between double brackets" in words
    assert "only of records that hold exactly kari@example.org" in words
    assert "I want a copy of my data" in words
    assert "to fill, match to confirm" in words_of(astrid.get("/drafts"))


def test_a_completed_draft_is_approved_and_sent_as_it_stood(astrid, world, draft):
    text = "Dear Kari,\r\n\r\nthis is **everything**.\r\n"
    done = astrid.act(
        f"/drafts/{draft.id}",
        fields(draft, source=text, match_confirmed="true", do="approve"),
    )

    reference = world.case.reference
    assert done.headers["location"] == f"/cases/{reference}?done=approved"
    assert world.state_of(draft) is DraftState.APPROVED
    left = [text_of(mail).replace("\r\n", "\n") for mail in world.receive()]
    assert "Dear Kari,\n\nthis is everything.\n" in left
    after = words_of(astrid.get(f"/drafts/{draft.id}"))
    assert "Sent in case" in after
    assert "approved by Astrid" in after
    assert "Save and approve" not in after


def test_a_draft_is_not_approved_with_gaps_but_its_text_is_kept(astrid, world, draft):
    refused = astrid.act(
        f"/drafts/{draft.id}", fields(draft, source="Here: [[data]]", do="approve")
    )

    assert refused.status_code == 422
    assert "Before approval: fill every [[placeholder]]; confirm that" in words_of(
        refused
    )
    assert world.draft.source == "Here: [[data]]"
    assert f'name="version" value="{world.draft.version}"' in refused.text


def test_saving_keeps_the_draft_open(astrid, world, draft):
    saved = astrid.act(f"/drafts/{draft.id}", fields(draft, source="Half"))

    assert saved.headers["location"] == f"/drafts/{draft.id}?done=saved"
    assert (world.draft.source, world.draft.match_confirmed) == ("Half", False)


def test_whoever_was_overtaken_loses_no_word(astrid, world, draft):
    astrid.act(f"/drafts/{draft.id}", fields(draft, source="Theirs <b>"))
    late = astrid.act(f"/drafts/{draft.id}", fields(draft, source="Mine <i>"))

    assert late.status_code == 409
    assert world.draft.source == "Theirs <b>"
    assert "Somebody else saved this draft meanwhile" in words_of(late)
    assert "Theirs &lt;b&gt;" in late.text
    assert "Mine &lt;i&gt;</textarea>" in late.text
    assert f'name="version" value="{world.draft.version}"' in late.text


def test_a_draft_is_sent_back(astrid, world, draft):
    back = astrid.act(f"/drafts/{draft.id}/reject")

    assert back.headers["location"] == f"/drafts/{draft.id}?done=rejected"
    assert world.state_of(draft) is DraftState.OPEN
    assert "draft_rejected" in world.actions()


def test_an_approved_draft_can_not_be_changed(astrid, world, draft):
    world.approve(draft)

    changed = astrid.act(f"/drafts/{draft.id}", fields(draft, source="Other"))

    assert changed.status_code == 422
    assert "approved, not open" in words_of(changed)


def test_the_preview_shows_both_parts_and_saves_nothing(astrid, world, draft):
    source = "See [our page](https://leadjabber.example) <script>x()</script>"
    path = f"/drafts/{draft.id}/preview"

    part = astrid.act(path, fields(draft, source=source), **{"hx-request": "true"})
    whole = astrid.act(path, fields(draft, source=source))

    assert "<html" not in part.text.split("<iframe")[0]
    assert "our page (https://leadjabber.example)" in part.text
    assert "<script>x()" not in part.text + whole.text
    assert "Save and approve" in words_of(whole)
    assert "&lt;script&gt;x()&lt;/script&gt;</textarea>" in whole.text
    assert world.draft == draft


def test_a_mail_that_asks_for_proof_is_previewed_with_its_secrets_masked(
    astrid, world, draft
):
    source = "[Confirm](⟦link⟧)\n\n**⟦code⟧**"

    part = astrid.act(f"/drafts/{draft.id}/preview", fields(draft, source=source))

    assert "http://127.0.0.1:8080/verify/••••••" in part.text.replace(
        "%E2%80%A2" * 6, "••••••"
    )
    assert "⟦" not in re.sub(r"<textarea.*</textarea>", "", part.text, flags=re.DOTALL)
