"""What the tests of this folder look at: the files of the checkout, and their syntax.

No assertion lives here.
"""

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ("inbox_bot", "classifiers", "scripts")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is in git, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in sorted(filter(None, listed.split("\0"))))
    return tuple(path for path in paths if path.is_file())


def name_of(path: Path) -> str:
    """Give a file's name inside the repository."""
    return path.relative_to(ROOT).as_posix()


def modules(*tops: str) -> list[Path]:
    """List the Python modules under some top folders."""
    return [
        path
        for path in files()
        if path.suffix == ".py" and name_of(path).split("/")[0] in tops
    ]


def syntax(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def texts() -> dict[str, str]:
    """Read every file that holds text, by its name."""
    found = {}
    for path in files():
        try:
            found[name_of(path)] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@cache
def project() -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
