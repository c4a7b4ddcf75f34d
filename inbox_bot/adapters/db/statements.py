"""Statements that SQLite and PostgreSQL write alike but SQLAlchemy keeps apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert
from sqlmodel import Session

from inbox_bot.adapters.db.tables import Row

Values = dict[str, Any]
"""Column names and what goes into them; typed by the tables alone."""

AnyInsert = sqlite.Insert | postgresql.Insert


def insert_into(target: Session | Connection, table: type[Row] | Table) -> AnyInsert:
    """Begin an INSERT that knows ON CONFLICT and counts its rows."""
    bind = target.get_bind() if isinstance(target, Session) else target
    kind = sqlite.Insert if bind.dialect.name == "sqlite" else postgresql.Insert
    # Without the option the row count of an INSERT is lost on PostgreSQL.
    return kind(table).execution_options(preserve_rowcount=True)


def insert_new(
    target: Session | Connection,
    table: type[Row] | Table,
    values: Mapping[str, object],
) -> Insert:
    """Insert a row unless a unique key is taken; the row count tells which."""
    return insert_into(target, table).values(**values).on_conflict_do_nothing()


def upsert(
    session: Session, table: type[Row], values: Mapping[str, object], key: Sequence[str]
) -> Insert:
    """Insert a row, or overwrite the one with the same key."""
    rest = {name: value for name, value in values.items() if name not in key}
    return (
        insert_into(session, table)
        .values(**values)
        .on_conflict_do_update(index_elements=list(key), set_=rest)
    )
