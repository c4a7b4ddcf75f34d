"""What the test servers share: finding programs, users, folders, ports and patience.

No server is started here.
"""

import os
import pwd
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

START_SECONDS = 20.0


class ServerError(Exception):
    """A test server didn't start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The user a server runs as; `options` go to `subprocess.Popen`."""

    name: str
    uid: int
    gid: int
    group: str

    @property
    def options(self) -> dict[str, object]:
        if os.getuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def require(name: str, why: str) -> NoReturn:
    """Skip the test for want of a server, or fail where servers are required."""
    if os.environ.get("INBOX_BOT_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{name} is required here: {why}", pytrace=False)
    pytest.skip(f"{name}: {why}")


def find_program(name: str, folders: Sequence[str] = ()) -> Path | None:
    """Find a server's program, also where only root's PATH leads."""
    path = os.pathsep.join([*folders, os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def runner(name: str) -> User:
    """Name the user to run as: `name` for root, else whoever we are."""
    import grp  # noqa: PLC0415 - not on every platform that runs the other tests

    entry = pwd.getpwnam(name) if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    return User(
        name=entry.pw_name,
        uid=entry.pw_uid,
        gid=entry.pw_gid,
        group=grp.getgrgid(entry.pw_gid).gr_name,
    )


@contextmanager
def private_folder(prefix: str, user: User) -> Iterator[Path]:
    """Make a folder with a short path (sockets!) that belongs to the user."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    try:
        os.chown(folder, user.uid, user.gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Find a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether somebody greets on a port of loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
            return bool(peer.recv(1))
    except OSError:
        return False


def wait_until(ready: Callable[[], bool], *, seconds: float = START_SECONDS) -> bool:
    """Ask again and again until it is so; False when the time is over."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
