"""The commands that the README lists are the ones that exist."""

import re

from typer.main import get_group

from inbox_bot.cli import app
from tests.hygiene.repository import texts


def test_the_readme_lists_every_command():
    table = texts()["README.md"].split("## Commands")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)`", table, re.MULTILINE)

    assert sorted(get_group(app).commands) == sorted(listed)
