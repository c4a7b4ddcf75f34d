"""What staff see: lists, a case, the tray, the quarantine, the service."""

import re

import pytest

from inbox_bot.domain.effects import Place
from inbox_bot.domain.reading import Confidence, Evidence, Kind, Reading, Right
from inbox_bot.services import queries
from inbox_bot.web.views import Segment, segments
from tests.services.web.scenes import in_quarantine
from tests.services.web.visitor import title_of, words_of
from tests.world import KARI, OLA, token_in


def test_the_list_says_what_is_due_why_and_what_is_new(astrid, world):
    world.mail("I want a copy of my data")
    world.mail("you have my wrong name", sender=OLA)
    world.receive()

    words = words_of(astrid.get("/cases"))

    assert "Access Waiting for proof" in words
    assert "New ola@example.net Correction Needs a person" in words
    assert "7 Apr 2026 in 36 days" in words
    assert "GDPR: 1 month(s) after 2026-03-02" in words


def test_closed_cases_are_shown_where_asked_for(astrid, world):
    world.mail("stop writing to me")
    world.receive()
    reference = world.case.reference

    assert reference not in astrid.get("/cases").text
    assert reference in astrid.get("/cases?show=all").text


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/cases", "Nothing is open"),
        ("/cases?show=all", "There are no cases yet"),
        ("/drafts", "No drafts wait"),
        ("/tray", "The tray is empty"),
        ("/quarantine", "Nothing is in quarantine"),
        ("/dead", "Everything was delivered"),
        ("/health", "No part has reported yet"),
    ],
)
def test_an_empty_page_says_what_will_be_there(astrid, path, says):
    assert says in words_of(astrid.get(path))


def test_nothing_of_a_hostile_mail_becomes_markup(astrid, hostile):
    for path in ("/cases", f"/cases/{hostile.reference}"):
        page = astrid.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "javascript:1)" not in re.sub(r"\[x\]\(javascript:1\)", "", page)
    words = words_of(astrid.get(f"/cases/{hostile.reference}"))
    assert "<img src=x onerror=alert(2)> a copy of my data" in words
    assert "<script>alert(1)</script> kari@example.org" in words
    assert "{{ 7*7 }}" in words


def test_the_original_stands_in_a_frame_that_runs_nothing(astrid, world):
    html = '<p onclick="x()">You have my wrong name</p><script>x()</script>'
    world.mail("", headers={})
    raw = (
        f"From: {KARI}\r\nSubject: Name\r\nMessage-ID: <h@mail.example>\r\n"
        f"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nContent-Type: text/html\r\n\r\n{html}"
    )
    world.put(raw.encode())
    world.poll()
    (case,) = [c for c in world.cases if c.requests[0].right is Right.CORRECTION]

    page = astrid.get(f"/cases/{case.reference}").text
    (frame,) = re.findall(r"<iframe ([^>]*)>", page)

    assert "allow-" not in frame
    assert frame.startswith("sandbox ")
    assert "&lt;p&gt;You have my wrong name&lt;/p&gt;" in frame
    assert "onclick" not in frame
    assert "&lt;script" not in frame


def test_evidence_is_marked_in_the_authors_words(astrid, world):
    text = "Hi, send me a copy of my data & more."
    start = text.index("a copy")
    world.classifier.readings["copy of my data"] = Reading(
        kind=Kind.REQUEST,
        labels=(Right.ACCESS,),
        probabilities={Right.ACCESS: 0.973, Right.DELETION: 0.02},
        confidence=Confidence.AUTO,
        evidence=(
            Evidence(label=Right.ACCESS, text="a copy", start=start, end=start + 6),
        ),
        model="reading 7",
    )
    world.mail(text)
    world.poll()

    page = astrid.get(f"/cases/{world.case.reference}")

    assert (
        '<mark>a copy</mark><span class="label">Access</span> of my data &amp; more'
        in (page.text)
    )
    assert "Access 0.97 Deletion 0.02" in words_of(page)
    assert "reading 7" in words_of(page)


def test_overlapping_evidence_is_cut_and_misplaced_evidence_left_out():
    def carries(label, words, start):
        return Evidence(label=label, text=words, start=start, end=start + len(words))

    cut = segments(
        "abcdef",
        [
            carries(Right.ACCESS, "bcd", 1),
            carries(Right.DELETION, "de", 3),
            carries(Right.QUESTION, "zz", 0),
        ],
    )

    assert cut == (
        Segment(text="a"),
        Segment(text="bc", labels=("access",)),
        Segment(text="d", labels=("access", "deletion")),
        Segment(text="e", labels=("deletion",)),
        Segment(text="f"),
    )


def test_a_case_shows_our_mail_with_its_secrets_masked(astrid, world):
    world.mail("I want a copy of my data")
    (asked,) = world.receive()

    page = astrid.get(f"/cases/{world.case.reference}")

    assert token_in(asked) not in page.text
    assert "••••••" in page.text
    assert "Acknowledgement, Please verify" in words_of(page)
    assert "Proof asked for (1)" in words_of(page)
    assert "Case opened" in words_of(page)


def test_a_case_shows_who_it_may_belong_to(astrid, world):
    world.mail("I want a copy of my data")
    (asked,) = world.receive()
    world.mail("erase me", sender=OLA, reply_to=asked)
    world.poll()
    first, second = sorted(world.cases, key=lambda case: case.requester)

    page = astrid.get(f"/cases/{second.reference}")

    assert f'href="/cases/{first.reference}"' in page.text
    assert "may belong to the linked case" in words_of(page)


def test_the_tray_shows_what_it_took_a_mail_for(astrid, world):
    world.mail("you are a winner", sender="luck@example.net", subject="You have won")
    world.poll()

    words = words_of(astrid.get("/tray"))

    assert "You have won luck@example.net Spam just now" in words


def test_this_is_a_request_makes_a_case_since_its_receipt(astrid, world):
    world.mail("the invoice", subject="Invoice")
    world.poll()
    received = world.clock.now()
    world.pass_time(days=2)
    astrid.sign_in()
    (message,) = queries.in_place(world.house, Place.TRAY)

    made = astrid.act(f"/messages/{message.id}/promote")

    assert made.headers["location"] == f"/cases/{world.case.reference}?done=promoted"
    assert world.case.receipt == received
    assert "This is a case now" in words_of(astrid.get(made.headers["location"]))
    assert astrid.act(f"/messages/{message.id}/promote").status_code == 422


def test_a_quarantined_message_is_shown_with_its_raw_header(astrid, world):
    message = in_quarantine(world)

    words = words_of(astrid.get("/quarantine"))
    page = astrid.get(f"/messages/{message.id}")

    assert "Not read yet: open it not read yet Reading it failed three times" in words
    assert "Subject: Secret invoice" in words_of(page)
    assert title_of(page) == "Message"


def test_a_raw_header_shows_odd_bytes_as_what_they_are(astrid, world):
    world.put(
        b"From: odd\xff@example.net\r\nSubject: \x1b[31m\xe2\x80\xae\r\n\r\ninvoice"
    )
    world.poll()
    (message,) = queries.in_place(world.house, Place.TRAY)

    page = astrid.get(f"/messages/{message.id}").text

    assert r"odd\xff@example.net" in page
    assert r"�[31m\xe2\x80\xae" in page


def test_a_quarantined_message_can_be_tried_again(astrid, world):
    message = in_quarantine(world)

    tried = astrid.act(f"/messages/{message.id}/retry")

    assert tried.headers["location"] == "/quarantine?done=retried"
    world.poll()
    assert queries.message(world.house, message.id).stored.place is Place.TRAY
    assert astrid.act(f"/messages/{message.id}/retry").status_code == 422


def test_a_message_whose_content_is_gone_says_so(astrid, world):
    world.mail("the invoice")
    world.poll()
    (message,) = queries.in_place(world.house, Place.TRAY)
    world.house.keys.destroy(message.id)

    words = words_of(astrid.get(f"/messages/{message.id}"))

    assert "The content of this message is gone" in words
    assert "The raw message is gone" in words


def test_mail_that_did_not_arrive_is_listed(astrid, world):
    world.mail("I want a copy of my data")
    world.transport.replies[KARI] = "550 5.1.1"
    world.receive()

    words = words_of(astrid.get("/dead"))

    assert f"in case {world.case.reference} kari@example.org 550 5.1.1 1" in words
    assert "Undelivered 1" in " ".join(astrid.get("/dead").text.split()).replace(
        ' <span class="count">', " "
    )


def test_health_names_the_part_that_fails(astrid, world):
    in_quarantine(world)
    with world.house.unit_of_work() as uow:
        uow.notices.put("mailbox", "unreachable", world.clock.now())
        uow.commit()

    words = words_of(astrid.get("/health"))

    assert "Needs a look" in words
    assert "mailbox can't be reached just now" in words
    assert "1 in quarantine, the oldest just now" in words


def test_the_suppression_list_can_be_asked_not_read(astrid, world):
    world.mail("stop writing to me")
    world.receive()

    known = astrid.act("/suppression", {"address": f" {KARI.upper()} "})
    free = astrid.act("/suppression", {"address": OLA})
    wrong = astrid.act("/suppression", {"address": "nobody"})
    part = astrid.act("/suppression", {"address": KARI}, **{"hx-request": "true"})

    assert "is suppressed for: Marketing, Partners' offers" in words_of(known)
    assert "ola@example.net is free" in words_of(free)
    assert "This is no address" in words_of(wrong)
    assert part.text.startswith('<p class="note">')


def test_counts_stand_beside_the_menu(astrid, world):
    world.mail("I want a copy of my data")
    world.mail("the invoice", sender=OLA)
    world.receive()

    menu = astrid.get("/health").text

    assert re.search(r'>Cases <span class="count">1<', menu)
    assert re.search(r'>Tray <span class="count">1<', menu)
    assert re.search(r">Drafts</a>", menu)
