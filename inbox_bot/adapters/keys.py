"""The key store and the keyed hashes: everything that hangs on the master key.

One AES-256-GCM key for each message and each case, wrapped by a key derived from the
master key (HKDF, RFC 5869). What is sealed with them is `db.mapping`'s and the blobs'
matter.
"""

import hmac
import secrets
from collections.abc import Sequence
from contextlib import closing

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Engine, select, update

from inbox_bot.adapters.db.engine import BEGIN_OPTION, READING, make_key_engine
from inbox_bot.adapters.db.statements import insert_new
from inbox_bot.adapters.db.tables import wrapped_keys
from inbox_bot.errors import ForgottenError, SettingsError, StorageError

KEY_BYTES = 32
NONCE_BYTES = 12
"""96 bits, drawn at random for each sealing (NIST SP 800-38D, section 8.2.2)."""


def derive(master_key: bytes, purpose: str) -> bytes:
    """Give the subkey for a purpose; SettingsError for a short master key."""
    if len(master_key) < KEY_BYTES:
        raise SettingsError(f"The master key must have at least {KEY_BYTES} bytes.")
    info = f"inbox-bot {purpose}".encode()
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master_key)


class KeyStore:
    """Keeps the wrapped keys in a store of their own, beside the data at `url`.

    Every change is durable when the call returns. On SQLite a destroyed key is
    overwritten in the file and its log; on PostgreSQL the old row version goes with
    the next vacuum of the table.
    """

    def __init__(self, url: str, master_key: bytes) -> None:
        self._wrapping = AESGCM(derive(master_key, "key wrapping"))
        self._engine = make_key_engine(url)
        self._reading = self._engine.execution_options(**{BEGIN_OPTION: READING})

    def create(self, owners: Sequence[str]) -> None:
        """Make a key for each owner; one that has a key, or had one, is left alone."""
        with self._engine.begin() as connection:
            for owner in owners:
                wrapped = _seal(self._wrapping, secrets.token_bytes(KEY_BYTES), owner)
                values = {"owner": owner, "wrapped": wrapped}
                connection.execute(insert_new(connection, wrapped_keys, values))

    def check(self) -> None:
        """Raise SettingsError where the store's keys are those of another master key.

        With that one nothing could be read, and what it sealed could be read by nobody
        else.
        """
        query = select(wrapped_keys).where(wrapped_keys.c.wrapped.is_not(None)).limit(1)
        with self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
        try:
            if row is not None:
                _open(self._wrapping, row.wrapped, row.owner)
        except StorageError as error:
            raise SettingsError(
                "secrets.key: the key store was made with another key; it takes that one"
            ) from error

    def seal(self, owner: str, plaintext: bytes, context: str) -> bytes:
        """Encrypt with the owner's key; a random nonce stands in front."""
        return _seal(self._key(owner), plaintext, context)

    def open(self, owner: str, sealed: bytes, context: str) -> bytes:
        """Decrypt; StorageError where bytes, context or owner don't belong together."""
        return _open(self._key(owner), sealed, context)

    def destroy(self, owner: str) -> None:
        """Forget the key; a mark stays. Again, or for an unknown owner: no error."""
        erase = update(wrapped_keys).where(wrapped_keys.c.owner == owner)
        with self._engine.begin() as connection:
            connection.execute(erase.values(wrapped=None))
        _truncate_log(self._engine)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _key(self, owner: str) -> AESGCM:
        with self._reading.begin() as connection:
            wrapped = _wrapped(connection, owner)
        return AESGCM(_open(self._wrapping, wrapped, owner))


class KeyedHashes:
    """HMAC-SHA256 (RFC 2104) with a subkey of the master key for each purpose."""

    def __init__(self, master_key: bytes) -> None:
        # Refuses a short key at start, not at the first message.
        derive(master_key, "hash")
        self._master_key = master_key

    def keyed_hash(self, purpose: str, value: str | bytes) -> str:
        """Give the hash in hex: 64 digits."""
        content = (
            value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        )
        return hmac.digest(
            derive(self._master_key, f"hash {purpose}"), content, "sha256"
        ).hex()


def _wrapped(connection: Connection, owner: str) -> bytes:
    column = wrapped_keys.c.wrapped
    query = select(column).where(wrapped_keys.c.owner == owner)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StorageError("A key is missing that was never made, or the key store.")
    wrapped: bytes | None = row.wrapped
    if wrapped is None:
        raise ForgottenError
    return wrapped


def _seal(key: AESGCM, plaintext: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plaintext, context.encode())


def _open(key: AESGCM, sealed: bytes, context: str) -> bytes:
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return key.decrypt(nonce, ciphertext, context.encode())
    except (InvalidTag, ValueError) as error:
        raise StorageError(
            "Sealed bytes can't be opened: damaged, misplaced or of another master key."
        ) from error


def _truncate_log(engine: Engine) -> None:
    # Until a checkpoint the write-ahead log still holds the page with the old key.
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
