"""Sealed raw messages, as files or in the database; sealing happens before."""

import os
import re
import secrets
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, delete

from inbox_bot.adapters.db.statements import upsert
from inbox_bot.adapters.db.tables import BlobRow
from inbox_bot.errors import StorageError

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{3,199}")
"""What a name may be, so that it can't lead out of the folder."""


class FileBlobs:
    """Implements `Blobs` with one file each, two folder levels deep.

    A file is there whole or not at all: written beside, flushed, then renamed.
    """

    def __init__(self, path: Path) -> None:
        self._root = path

    def put(self, name: str, sealed: bytes) -> None:
        """Keep the bytes durably; those under the same name are replaced."""
        file = self._file(name)
        try:
            self._make_folders(file.parent)
            _write(file, sealed)
        except OSError as error:
            raise StorageError(
                "storage.path: a message can't be written there."
            ) from error

    def get(self, name: str) -> bytes:
        """Give the bytes; StorageError where there are none."""
        try:
            return self._file(name).read_bytes()
        except OSError as error:
            raise StorageError(
                "storage.path: a stored message can't be read."
            ) from error

    def delete(self, name: str) -> None:
        """Remove them; missing is no error."""
        file = self._file(name)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                "storage.path: a stored message can't be removed."
            ) from error

    def _file(self, name: str) -> Path:
        if _NAME.fullmatch(name) is None:
            raise StorageError("A stored message has a name that no file may have.")
        return self._root / name[:2] / name[2:4] / name

    def _make_folders(self, folder: Path) -> None:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A new name is durable once its folder is.
        for each in missing:
            _flush_folder(each.parent)


class DatabaseBlobs:
    """Implements `Blobs` in the database, for several machines.

    Each call is a transaction of its own: on SQLite not to be used while a unit of
    work is open, which has the only write lock.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, name: str, sealed: bytes) -> None:
        """Keep the bytes durably; those under the same name are replaced."""
        with Session(self._engine) as session:
            values = {"name": name, "sealed": sealed}
            session.exec(upsert(session, BlobRow, values, key=("name",)))
            session.commit()

    def get(self, name: str) -> bytes:
        """Give the bytes; StorageError where there are none."""
        with Session(self._engine) as session:
            row = session.get(BlobRow, name)
        if row is None:
            raise StorageError("A stored message can't be read: it isn't there.")
        return row.sealed

    def delete(self, name: str) -> None:
        """Remove them; missing is no error."""
        with Session(self._engine) as session:
            session.exec(delete(BlobRow).where(col(BlobRow.name) == name))
            session.commit()


def _write(file: Path, sealed: bytes) -> None:
    beside = file.with_name(f".{secrets.token_hex(8)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(sealed)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    _flush_folder(file.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
