"""Both stores are brought to this version's schema, or refused."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from inbox_bot.adapters.db import schema
from inbox_bot.adapters.db.engine import make_engine, make_key_engine
from inbox_bot.errors import SchemaError


@pytest.mark.parametrize("store", [schema.DATA, schema.KEYS], ids=["data", "keys"])
def test_the_migrated_schema_is_that_of_the_tables(
    database_url: str, store: schema.Store
):
    schema.upgrade(database_url)
    engine = store.connect(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, store.metadata)
    engine.dispose()

    assert [] == differences


def test_upgrading_twice_changes_nothing(database_url: str):
    schema.upgrade(database_url)
    schema.upgrade(database_url)

    schema.check(database_url)


def test_wrapped_keys_stand_apart_from_the_data(database_url: str):
    schema.upgrade(database_url)
    data, keys = make_engine(database_url), make_key_engine(database_url)
    tables = [set(inspect(engine).get_table_names()) for engine in (data, keys)]
    data.dispose()
    keys.dispose()

    assert "wrapped_keys" not in tables[0]
    assert {"wrapped_keys", "alembic_version"} == tables[1]


def test_an_empty_database_is_refused(database_url: str):
    with pytest.raises(SchemaError, match="inbox-bot migrate"):
        schema.check(database_url)


def test_checking_makes_no_files(tmp_path: Path):
    with pytest.raises(SchemaError, match=r"inbox\.db and no inbox\.keys\.db"):
        schema.check(f"sqlite:///{tmp_path / 'inbox.db'}")

    assert [] == list(tmp_path.iterdir())


def test_a_lost_key_store_is_told(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    schema.upgrade(url)
    (tmp_path / "inbox.keys.db").unlink()

    with pytest.raises(SchemaError, match=r"There is no inbox\.keys\.db"):
        schema.check(url)


@pytest.mark.parametrize("store", [schema.DATA, schema.KEYS], ids=["data", "keys"])
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = 'zzzz'", "a newer"),
        ("DELETE FROM alembic_version", "empty"),
    ],
)
def test_another_schema_is_refused(
    database_url: str, store: schema.Store, statement: str, words: str
):
    schema.upgrade(database_url)
    engine = store.connect(database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()

    with pytest.raises(SchemaError, match=f"{store.name} store.*{words}.*migrate"):
        schema.check(database_url)


def test_files_are_for_their_owner_only(tmp_path: Path):
    folder = tmp_path / "var" / "data"
    schema.upgrade(f"sqlite:///{folder / 'inbox.db'}")

    assert {"inbox.db": "0o600", "inbox.keys.db": "0o600"} == {
        file.name: oct(file.stat().st_mode & 0o777) for file in folder.glob("*.db")
    }
