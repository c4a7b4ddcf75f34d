"""What the repository says of itself is true."""

import re
from datetime import date
from itertools import pairwise

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts.generate_docs import DOCS, PAGES
from tests.hygiene.repository import ROOT, project

SECTIONS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
RELEASE = re.compile(r"## \[(?P<version>[^\]]+)\](?: - (?P<day>\d{4}-\d\d-\d\d))?")
MENTIONED = re.compile(r"`([\w.-]*/[\w./-]*|[\w-]+\.(?:md|toml|lock|py))`")
# What `make` and `init` make.
MADE_LATER = {"inbox-bot.toml", ".venv/bin/inbox-bot", "var/"}
LINKED = re.compile(r"\]\((?!https?://|mailto:|#)([^)#]+)")


def requirements():
    table = project()["project"]
    optional = table["optional-dependencies"].values()
    return [
        Requirement(text)
        for text in [*table["dependencies"], *(r for group in optional for r in group)]
    ]


def locked():
    pins = re.findall(r"^([\w.-]+)==(\S+)", text_of("requirements.lock"), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in pins}


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_code_is_in_step(name):
    assert PAGES[name]() == (DOCS / name).read_text(encoding="utf-8"), "make docs"


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_the_lock_file_is_in_step(requirement):
    assert locked()[canonicalize_name(requirement.name)] in requirement.specifier


def test_the_lock_file_pins_by_hash_and_names_no_place():
    text = text_of("requirements.lock")

    assert "://" not in text
    assert len(locked()) <= len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text))


def test_every_library_has_its_reason():
    rows = re.findall(r"^\| ([\w.-]+) \|", text_of("docs/libraries.md"), re.MULTILINE)

    assert sorted(r.name for r in requirements()) == sorted(set(rows) - {"library"})


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_a_page_names_only_files_that_exist(page):
    text = text_of(page)
    names = {*MENTIONED.findall(text), *LINKED.findall(text)} - MADE_LATER

    assert set() == {name for name in names if not (ROOT / name).exists()}


def test_the_changelog_keeps_its_form():
    lines = text_of("CHANGELOG.md").splitlines()
    headings = [line for line in lines if line.startswith("## ")]
    releases = [found for line in headings if (found := RELEASE.fullmatch(line))]

    assert "# Changelog" == lines[0]
    assert len(headings) == len(releases)
    assert "Unreleased" == releases[0]["version"]
    days = [date.fromisoformat(release["day"]) for release in releases[1:]]
    assert sorted(days, reverse=True) == days


def test_the_changelog_keeps_the_order_of_its_sections():
    for release in re.split(r"^## ", text_of("CHANGELOG.md"), flags=re.MULTILINE)[1:]:
        places = [
            SECTIONS.index(name)
            for name in re.findall(r"^### (.+)$", release, re.MULTILINE)
        ]

        assert all(earlier < later for earlier, later in pairwise(places))
