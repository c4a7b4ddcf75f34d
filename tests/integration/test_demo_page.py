"""The demo page: write as somebody, watch, answer; only for this machine."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from inbox_bot.demo.mailbag import load
from inbox_bot.demo.page import Demo, add_demo
from inbox_bot.demo.people import People
from inbox_bot.demo.stage import Stage, staged
from inbox_bot.demo.story import work
from inbox_bot.domain.reading import Confidence, Kind, Reading, Right
from inbox_bot.web.app import WebOptions, make_app

with warnings.catch_warnings():
    # Starlette asks for a newer httpx than the one that is installed.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "http://127.0.0.1:8080"
HERE = {"Sec-Fetch-Site": "same-origin"}
KARI = '"Kari <b> Lunde" <kari@example.org>'


class AccessOnly:
    """Reads every mail as a request for access, and a bare code as an answer."""

    def read(self, messages):
        return tuple(
            Reading(
                kind=Kind.REQUEST,
                labels=(Right.ACCESS,),
                confidence=Confidence.AUTO,
                language="en",
            )
            for _ in messages
        )


@dataclass
class Visitor:
    client: TestClient
    stage: Stage

    def page(self, path: str = "") -> str:
        answer = self.client.get(f"/demo{path}")
        assert answer.status_code == 200
        return str(answer.text)

    def write(self, headers: dict[str, str] = HERE, **fields: str):
        data = {"sender": KARI, "subject": "Innsyn", "body": "Hva har dere?"} | fields
        return self.client.post("/demo/write", data=data, headers=headers)

    def work(self) -> None:
        work(self.stage)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with staged(port=8080) as built:
        house = replace(built.application.house, classifier=AccessOnly())
        stage = replace(built, application=replace(built.application, house=house))
        app = make_app(house, WebOptions(base_url=BASE, secure_cookies=False))
        people = People(stage.server.boxes)
        add_demo(app, Demo(stage=stage, people=people, samples=load()))
        with TestClient(app, base_url=BASE) as client:
            yield Visitor(client, stage)


def test_somebody_writes_and_gets_an_answer_and_proves_by_link(visitor):
    wrote = visitor.write()
    visitor.work()

    assert wrote.url.path == "/demo/people/1"
    post = visitor.page("/people/1")
    assert "Waiting for proof" in post
    (link,) = re.findall(r'href="(/verify/[\w-]+)"', post)
    assert visitor.client.get(link).status_code == 200
    assert "Waiting for proof" in visitor.page("/people/1/post")
    visitor.client.post(link)
    assert "Answer to be written" in visitor.page("/people/1/post")


def test_an_answer_with_the_code_stands_in_the_thread_and_proves(visitor):
    visitor.write()
    visitor.work()
    form = visitor.page("/people/1?reply=1")
    (code,) = re.findall(r"\n(\d{3} \d{3})\n", form)

    visitor.write(subject="Re: x", body=f"{code}\n\n> quoted", reply_to="1")
    visitor.work()

    assert "Answer to be written" in visitor.page("/people/1/post")


def test_nothing_that_is_written_becomes_markup(visitor):
    visitor.write(
        sender='"<script>alert(1)</script>" <m@example.org>',
        subject="<img src=x>",
        body="</pre><script>alert(2)</script>",
    )
    visitor.work()

    for page in (visitor.page(), visitor.page("/watch"), visitor.page("/people/1")):
        assert "<script>alert" not in page
        assert "<img src=x>" not in page


def test_the_form_can_be_filled_from_a_sample(visitor):
    page = visitor.page("?sample=05-access-norwegian")

    assert 'value="Kari Lunde &lt;kari.lunde@example.org&gt;"' in page
    assert "Jeg ber om innsyn" in page


def test_an_unknown_sample_leaves_the_form_empty(visitor):
    assert 'name="subject" value=""' in visitor.page("?sample=nonsense")


@pytest.mark.parametrize("path", ["/people/7", "/people/1?reply=99"])
def test_what_is_not_there_is_not_found(visitor, path):
    visitor.write()

    assert visitor.client.get(f"/demo{path}").status_code == 404


def test_nobody_answers_from_somebody_elses_post_box(visitor):
    visitor.write()
    visitor.write(sender="Ola <ola@example.org>")
    visitor.work()
    (not_olas,) = visitor.stage.server.boxes.of("kari@example.org")

    assert visitor.client.get(f"/demo/people/2?reply={not_olas.number}").is_error


def test_a_sender_without_address_is_told_so(visitor):
    answer = visitor.write(sender="Kari")

    assert answer.status_code == 422
    assert "needs an address" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_another_sites_form_is_refused(visitor, headers):
    assert visitor.write(headers=headers).status_code == 403
    assert visitor.page("/watch").count("/demo/people/") == 0


def test_an_old_browsers_form_counts_by_its_origin(visitor):
    assert visitor.write(headers={"Origin": BASE}).status_code == 200


def test_another_name_for_this_machine_is_refused(visitor):
    answer = visitor.client.get("/demo", headers={"Host": "rebound.example:8080"})

    assert answer.status_code == 403


def test_a_page_address_names_nobody(visitor):
    visitor.write()
    visitor.work()
    pages = visitor.page() + visitor.page("/people/1")

    addresses = re.findall(r'(?:href|action|hx-get)="([^"]*)"', pages)

    assert addresses
    assert not [address for address in addresses if "@" in address]
