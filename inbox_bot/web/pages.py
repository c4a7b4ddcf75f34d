"""Templates to pages; what a page says is the routes' matter.

Everything that is put into a page is escaped, and an unknown variable is an error.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from inbox_bot.services.house import House
from inbox_bot.web import words
from inbox_bot.web.moments import Moments

_PACKAGE = Path(__file__).parents[1]


def templates_root() -> Path:
    """Give the folder of the pages' templates: in the wheel, else in the checkout."""
    shipped = _PACKAGE / "_templates"
    return (shipped if shipped.is_dir() else _PACKAGE.parent / "templates") / "web"


def make_environment() -> Environment:
    """Open the templates."""
    environment = Environment(
        loader=FileSystemLoader(templates_root()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["words"] = words
    return environment


def public_words() -> Mapping[str, Mapping[str, Any]]:
    """Load the words of the public pages, by language.

    Rights are called there as they are in the mails.
    """
    root = templates_root()
    files = sorted((root / "words").glob("*.toml"))
    return {
        file.stem: _load(root.parent / "mail" / file.stem / "words.toml") | _load(file)
        for file in files
    }


def _load(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))


class Pages:
    """Renders templates for one house; `home` is where an error page leads back to."""

    def __init__(self, house: House, *, home: str = "") -> None:
        self._house = house
        self._home = home
        self._environment = make_environment()

    def show(
        self, request: Request, name: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Render a template into an answer.

        Templates always know `root` (what stands before every path of ours), `home`,
        `moments` and `company`.
        """
        text = self._environment.get_template(name).render(
            root=request.scope.get("root_path", ""),
            home=self._home,
            moments=self.moments(),
            company=self.company,
            **values,
        )
        return HTMLResponse(text, status)

    @property
    def company(self) -> str:
        """Name the company."""
        return self._house.company.name

    def moments(self) -> Moments:
        """Tell the time, and in whose zone it is shown."""
        zone = self._house.company.zones.controller
        return Moments(now=self._house.clock.now(), zone=zone)
