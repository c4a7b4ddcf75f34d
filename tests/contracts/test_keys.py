"""The key store seals, opens and forgets, the same on both databases."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from inbox_bot.adapters.db import schema
from inbox_bot.adapters.db.engine import make_key_engine
from inbox_bot.adapters.keys import KeyedHashes, KeyStore
from inbox_bot.errors import ForgottenError, SettingsError, StorageError
from tests.builders import MASTER_KEY


@pytest.fixture
def keys(database_url: str) -> Iterator[KeyStore]:
    schema.upgrade(database_url)
    with closing(KeyStore(database_url, MASTER_KEY)) as store:
        yield store


def wrapped_key(url: str, owner: str) -> bytes | None:
    engine = make_key_engine(url)
    with engine.connect() as connection:
        query = text("SELECT wrapped FROM wrapped_keys WHERE owner = :owner")
        wrapped: bytes | None = connection.execute(query, {"owner": owner}).scalar()
    engine.dispose()
    return None if wrapped is None else bytes(wrapped)


@pytest.mark.parametrize("plaintext", [b"", b"Kari", bytes(range(256)) * 4096])
def test_what_is_sealed_opens_again(keys: KeyStore, plaintext: bytes):
    keys.create(["case-1"])
    sealed = keys.seal("case-1", plaintext, "cases:1")

    assert plaintext == keys.open("case-1", sealed, "cases:1")
    assert sealed != keys.seal("case-1", plaintext, "cases:1")


def test_making_a_key_again_keeps_it(keys: KeyStore):
    keys.create(["case-1"])
    sealed = keys.seal("case-1", b"Kari", "cases:1")
    keys.create(["case-1", "case-2"])

    assert b"Kari" == keys.open("case-1", sealed, "cases:1")


def test_it_opens_in_its_own_place_only(keys: KeyStore):
    keys.create(["case-1", "case-2"])
    sealed = keys.seal("case-1", b"Kari", "cases:1")
    damaged = sealed[:-1] + bytes([sealed[-1] ^ 1])

    for owner, content, context in (
        ("case-1", sealed, "cases:2"),
        ("case-2", sealed, "cases:1"),
        ("case-1", damaged, "cases:1"),
        ("case-1", b"", "cases:1"),
    ):
        with pytest.raises(StorageError):
            keys.open(owner, content, context)


def test_a_key_that_was_never_made_is_missing(keys: KeyStore):
    with pytest.raises(StorageError, match="never made"):
        keys.seal("nobody", b"Kari", "cases:1")


def test_a_destroyed_key_stays_destroyed(keys: KeyStore, database_url: str):
    keys.create(["case-1", "case-2"])
    sealed = keys.seal("case-1", b"Kari", "cases:1")
    keys.destroy("case-1")
    keys.destroy("case-1")
    keys.destroy("nobody")
    keys.create(["case-1"])

    with pytest.raises(ForgottenError):
        keys.open("case-1", sealed, "cases:1")
    with pytest.raises(ForgottenError):
        keys.seal("case-1", b"Kari", "cases:1")
    assert wrapped_key(database_url, "case-1") is None
    assert keys.seal("case-2", b"Ola", "cases:2")


def test_a_destroyed_key_is_gone_from_the_file_and_its_log(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    schema.upgrade(url)
    with closing(KeyStore(url, MASTER_KEY)) as keys:
        keys.create(["case-1", "case-2"])
        wrapped = wrapped_key(url, "case-1")
        assert wrapped is not None
        assert any(wrapped in file.read_bytes() for file in tmp_path.iterdir())

        keys.destroy("case-1")

        assert not any(wrapped in file.read_bytes() for file in tmp_path.iterdir())


def test_another_master_key_opens_nothing(keys: KeyStore, database_url: str):
    keys.create(["case-1"])
    sealed = keys.seal("case-1", b"Kari", "cases:1")

    with (
        closing(KeyStore(database_url, bytes(32))) as other,
        pytest.raises(StorageError),
    ):
        other.open("case-1", sealed, "cases:1")


def test_a_short_master_key_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="32 bytes"):
        KeyStore(f"sqlite:///{tmp_path / 'inbox.db'}", b"short")
    with pytest.raises(SettingsError, match="32 bytes"):
        KeyedHashes(b"short")


def test_a_keyed_hash_depends_on_key_purpose_and_value():
    hashes = [
        KeyedHashes(master_key).keyed_hash(purpose, value)
        for master_key, purpose, value in (
            (MASTER_KEY, "address", "kari@example.no"),
            (MASTER_KEY, "address", "ola@example.com"),
            (MASTER_KEY, "bounce", "kari@example.no"),
            (bytes(32), "address", "kari@example.no"),
        )
    ]

    assert 4 == len(set(hashes))
    assert {64} == {len(each) for each in hashes}


def test_a_keyed_hash_is_that_of_the_bytes():
    hashing = KeyedHashes(MASTER_KEY)

    assert hashing.keyed_hash("raw", "blåbær") == hashing.keyed_hash(
        "raw", "blåbær".encode()
    )
    assert 64 == len(hashing.keyed_hash("raw", "\udcff"))


def test_another_master_key_is_told_before_anything_is_sealed_with_it(
    keys: KeyStore, database_url: str
):
    keys.create(["case-1", "case-2"])
    keys.destroy("case-1")
    keys.check()

    with (
        closing(KeyStore(database_url, bytes(32))) as other,
        pytest.raises(SettingsError, match=r"secrets\.key"),
    ):
        other.check()


def test_any_master_key_fits_an_empty_store(keys: KeyStore, database_url: str):
    keys.check()
    keys.create(["case-1"])
    keys.destroy("case-1")

    with closing(KeyStore(database_url, bytes(32))) as other:
        other.check()
