"""Somebody with a browser: follows links, fills forms, shows what a page says."""

import re
import warnings
from dataclasses import dataclass

from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

with warnings.catch_warnings():
    # Starlette asks for a newer httpx than the one that is installed.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PASSWORD = "correct horse battery"
NAME = "Astrid"


@dataclass(slots=True)
class Visitor:
    """A browser on one application; `root` stands before the console's paths."""

    client: TestClient
    root: str = ""

    def get(self, path, **headers):
        return self.client.get(self.root + path, headers=headers)

    def post(self, path, fields=None, **headers):
        return self.client.post(self.root + path, data=fields or {}, headers=headers)

    def sign_in(self, name=NAME, password=PASSWORD, **fields):
        return self.post("/sign-in", {"name": name, "password": password, **fields})

    def act(self, path, fields=None, **headers):
        """Send a form of the console, with the token that its pages carry."""
        return self.post(path, {"csrf": self.csrf, **(fields or {})}, **headers)

    @property
    def csrf(self):
        page = self.get("/suppression").text
        return re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]


def visitor(app: FastAPI, root: str = "", base_url: str = "http://testserver"):
    client = TestClient(app, base_url=base_url, follow_redirects=False)
    return Visitor(client, root)


def words_of(response):
    """The words of a page, as somebody reads them."""
    (main,) = LexborHTMLParser(response.text).css("main")
    return " ".join(main.text(separator=" ").split())


def title_of(response):
    (title,) = LexborHTMLParser(response.text).css("h1")
    return title.text().strip()
