"""Every error that inbox-bot raises on purpose; nothing else may live here.

    InboxBotError
    ├── SettingsError            the operator's settings are wrong: exit 2
    │   ├── RefusedError         a server refused the log-in or showed a bad certificate
    │   └── SchemaError          the database has an older schema: run `migrate`
    ├── OutsideError             something outside failed; trying again may help: exit 1
    │   ├── UnreachableError     a host can't be reached, or the connection was lost
    │   ├── DatabaseError        the database is gone or stayed locked
    │   └── StorageError         a stored blob or key can't be read or written
    ├── ForgottenError           the key was destroyed: the content is gone on purpose
    ├── ConflictError            somebody else changed it first: load again
    └── RefusalError             the call itself is wrong: exit 2 on the command line
        ├── IllegalMoveError     the transition table has no such move
        ├── NotFoundError        there is no such case, draft, message or member of staff
        └── NotReadyError        a draft can't be approved yet; the text says what is missing

Expected outcomes (a wrong code, a refused recipient) are values, not exceptions.
"""


class InboxBotError(Exception):
    """Something went wrong in inbox-bot."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class SettingsError(InboxBotError):
    """A setting is missing or wrong."""


class RefusedError(SettingsError):
    """The server refused the log-in or its certificate can't be trusted."""


class SchemaError(SettingsError):
    """The database has another schema than this version; run `inbox-bot migrate`."""


class OutsideError(InboxBotError):
    """Something outside inbox-bot failed; trying again may help."""


class UnreachableError(OutsideError):
    """The host can't be reached."""


class DatabaseError(OutsideError):
    """The database can't be reached or stayed locked."""


class StorageError(OutsideError):
    """A stored blob or key can't be read or written."""


class ForgottenError(InboxBotError):
    """The content was destroyed on purpose and can't be read again."""


class ConflictError(InboxBotError):
    """Somebody else changed this in the meantime; load it again."""


class RefusalError(InboxBotError):
    """The call can't be carried out as it stands."""


class IllegalMoveError(RefusalError):
    """The request can't make this move from the state it is in."""


class NotFoundError(RefusalError):
    """There is no such thing."""


class NotReadyError(RefusalError):
    """The draft can't be approved yet."""
