"""A private PostgreSQL: its own folder and port, no sync, a fresh database on demand."""

import itertools
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.system import (
    ServerError,
    User,
    find_program,
    free_port,
    private_folder,
    require,
    runner,
    wait_until,
)

OWNER = "inbox_bot"
_ATTEMPTS = 3


@dataclass(slots=True, kw_only=True)
class Postgres:
    """A running server on loopback; whoever connects is trusted."""

    root: Path
    user: User
    programs: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh_database(self) -> str:
        """Make an empty database; returns its SQLAlchemy URL (psycopg 3)."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(
                    sql.Identifier(name)
                )
            )
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Make the cluster and start it; ServerError where that fails."""
        self._run(
            "initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        for _ in range(_ATTEMPTS):
            self.port = free_port()
            self._process = self._spawn(
                "postgres", "-p", str(self.port), "-h", "127.0.0.1",
                "-k", "", "-F", "-c", "full_page_writes=off",
                "-c", "synchronous_commit=off",
            )  # fmt: skip
            if wait_until(self._settled) and self._answers():
                return
            self.stop()
        raise ServerError("PostgreSQL didn't start")

    def stop(self) -> None:
        """Stop at once; the folder goes with it."""
        if self._process is None:
            return
        if self._process.poll() is None:
            # An immediate shutdown (PostgreSQL's manual, section 19.5).
            self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        self._process = None

    def _settled(self) -> bool:
        ended = self._process is None or self._process.poll() is not None
        return ended or self._answers()

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._dsn("postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={OWNER} dbname={database}"

    def _command(self, program: str, arguments: Sequence[str]) -> list[str]:
        return [str(self.programs / program), "-D", str(self.root / "data"), *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        done = self._spawn(program, *arguments)
        if done.wait() != 0:
            raise ServerError(f"{program} ended with status {done.returncode}")

    def _spawn(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            self._command(program, arguments),
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self.user.options,
        )


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server for as long as the block lasts."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    initdb = find_program("initdb", [str(folder) for folder in folders])
    if initdb is None:
        require("postgresql", "the programs are not installed")
    user = runner("postgres")
    with private_folder("pg-", user) as root:
        server = Postgres(root=root, user=user, programs=initdb.parent)
        try:
            server.start()
            yield server
        finally:
            server.stop()
