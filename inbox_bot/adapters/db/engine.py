"""Opens the databases: SQLite tuned for durability and forgetting, or PostgreSQL.

Tables and statements live elsewhere; here stand connections, and what the errors of a
driver mean to the rest of the house.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from inbox_bot.errors import ConflictError, DatabaseError, InboxBotError, SettingsError

BUSY_SECONDS = 10
"""How long a writer waits for another one before it gives up."""

READING = "DEFERRED"
WRITING = "IMMEDIATE"
BEGIN_OPTION = "sqlite_begin"
"""The execution option that says how SQLite opens a transaction."""

KEYS_SCHEMA = "keys"
"""Where PostgreSQL keeps the wrapped keys, so that a data dump can leave them out."""

_GONE = "database.url: the database can't be reached, is damaged or stayed locked"
_UNIQUE_ON_SQLITE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_UNIQUE_ON_POSTGRESQL = "23505"


def make_engine(url: str) -> Engine:
    """Open the data store; SettingsError for a URL that can't be used."""
    return _engine(_parsed(url))


def make_key_engine(url: str) -> Engine:
    """Open the key store that belongs to the data store at `url`."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _engine(parsed.set(database=str(_keys_file(parsed))))
    return _engine(parsed, options=f"-csearch_path={KEYS_SCHEMA}")


def missing_files(url: str) -> tuple[str, ...]:
    """Name the SQLite files that don't exist yet; nothing for PostgreSQL."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        return ()
    files = (_file(parsed), _keys_file(parsed))
    return tuple(file.name for file in files if not file.exists())


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise SettingsError("database.url: can't be read as a URL.") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise SettingsError(
            f"database.url: must be sqlite or postgresql, not {backend}."
        )
    if parsed.database in {None, "", ":memory:"}:
        raise SettingsError(
            "database.url: SQLite needs a file, for several threads share it."
        )
    return parsed


def _file(url: URL) -> Path:
    return Path(url.database or "")


def _keys_file(url: URL) -> Path:
    return _file(url).with_suffix(".keys.db")


def _engine(url: URL, **connect_args: str) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    # Parameters stay out of error texts: they name people.
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args=connect_args
    )
    event.listen(engine, "handle_error", _translate)
    return engine


def _sqlite(url: URL) -> Engine:
    file = _file(url)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise DatabaseError(f"database.url: {file} can't be opened or made.") from error
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _translate)
    return engine


def _tune(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: `_begin` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once when
    # another one wrote in between; no busy timeout helps. So writers queue at the door.
    how = connection.get_execution_options().get(BEGIN_OPTION, WRITING)
    connection.exec_driver_sql(f"BEGIN {how}")


def _translate(context: ExceptionContext) -> InboxBotError | None:
    raised = context.sqlalchemy_exception
    # The plain base class is what SQLite says of a file that is no database.
    if isinstance(raised, exc.OperationalError | exc.InterfaceError) or (
        type(raised) is exc.DatabaseError
    ):
        return DatabaseError(_GONE)
    if isinstance(raised, exc.IntegrityError) and _is_taken(raised.orig):
        return ConflictError()
    return None


def _is_taken(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorname in _UNIQUE_ON_SQLITE
    return getattr(error, "sqlstate", None) == _UNIQUE_ON_POSTGRESQL
