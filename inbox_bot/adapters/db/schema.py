"""Brings the data store and the key store to the schema of this version, or refuses.

The steps themselves are Alembic's, under `migrations`; they ship with the package and
need no ini file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, text

from inbox_bot.adapters.db.engine import (
    KEYS_SCHEMA,
    make_engine,
    make_key_engine,
    missing_files,
)
from inbox_bot.adapters.db.tables import KEYS_METADATA, METADATA
from inbox_bot.errors import SchemaError

_PLACE = "inbox_bot.adapters.db:migrations"
_ADVICE = "run `inbox-bot migrate`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One of the two stores: its name, how it is opened, and its tables."""

    name: str
    connect: Callable[[str], Engine]
    metadata: MetaData


DATA = Store(name="data", connect=make_engine, metadata=METADATA)
KEYS = Store(name="keys", connect=make_key_engine, metadata=KEYS_METADATA)


def upgrade(url: str) -> None:
    """Bring both stores to this version's schema; again is no error."""
    for store in (DATA, KEYS):
        engine = store.connect(url)
        try:
            _upgrade(engine, store)
        finally:
            engine.dispose()


def check(url: str) -> None:
    """Raise SchemaError unless both stores have this version's schema."""
    missing = missing_files(url)
    if len(missing) == 1:
        raise SchemaError(
            f"There is no {missing[0]}, but there is its other half: put it back from"
            f" its copy. In a new installation {_ADVICE}."
        )
    if missing:
        raise SchemaError(f"There is no {' and no '.join(missing)}: {_ADVICE}.")
    for store in (DATA, KEYS):
        engine = store.connect(url)
        try:
            _check(engine, store)
        finally:
            engine.dispose()


def _config(store: Store) -> Config:
    config = Config()
    config.set_main_option("script_location", _PLACE)
    config.set_main_option("version_locations", f"{_PLACE}/{store.name}/versions")
    config.set_main_option("path_separator", "newline")
    config.attributes["metadata"] = store.metadata
    return config


def _upgrade(engine: Engine, store: Store) -> None:
    config = _config(store)
    with engine.begin() as connection:
        if store is KEYS and engine.dialect.name == "postgresql":
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {KEYS_SCHEMA}"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _check(engine: Engine, store: Store) -> None:
    scripts = ScriptDirectory.from_config(_config(store))
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current is None:
        raise SchemaError(f"The {store.name} store is empty: {_ADVICE}.")
    known = {script.revision for script in scripts.walk_revisions()}
    age = "an older" if current in known else "a newer"
    raise SchemaError(
        f"The {store.name} store has {age} schema than this version: {_ADVICE}"
        " of the version that fits."
    )
