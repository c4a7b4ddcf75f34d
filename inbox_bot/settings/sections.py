"""The sections of the settings tree, each key with its description and default.

docs/settings.md is made from here. Nothing is read from disk.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from inbox_bot.domain.circumstances import DEFAULT_AUTOMATIC, Automatic, PolicySettings
from inbox_bot.settings.values import (
    Address,
    BounceAddress,
    Folder,
    Key,
    Line,
    Proxy,
    Zone,
    web_host,
)

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
Security = Literal["tls", "starttls", "none"]
Days = Annotated[int, Field(ge=0, le=3650)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
PortNumber = Annotated[int, Field(ge=1, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CompanySettings(_Section):
    """Who answers."""

    name: Line = Field(min_length=1, description="The controller's name, in answers.")
    mailbox: Address = Field(description="The privacy mailbox's address.")
    domains: list[str] = Field(
        default=[],
        description="Domains of colleagues; what they pass on is held for a person.",
    )
    policy_url: str = Field(default="", description="Where the privacy policy stands.")
    authority: str = Field(
        default="Datatilsynet", description="The supervisory authority's name."
    )
    authority_address: str = Field(
        default="Postboks 458 Sentrum, 0105 Oslo", description="Its postal address."
    )
    timezone: Zone = Field(
        default="Europe/Oslo", description="The controller's time zone."
    )
    consumer_timezone: Zone = Field(
        default="America/Los_Angeles",
        description="The second zone in which a receipt is dated; the earlier counts.",
    )
    country: str = Field(
        default="NO",
        pattern=r"^[A-Z]{2}$",
        description="Whose public holidays count (ISO 3166).",
    )
    locale: str = Field(default="en", description="The console's language.")


class _Server(_Section):
    host: str = Field(min_length=1, description="The server's name.")
    security: Security = Field(
        default="tls",
        description="`tls`, `starttls`, or `none` (clear text: loopback only).",
    )
    password: SecretStr | None = Field(default=None, description="The password.")
    password_file: Path | None = Field(
        default=None, description="A file that holds only the password."
    )
    token_command: str = Field(
        default="",
        description="A command that prints an OAuth2 access token, for XOAUTH2.",
    )
    ca_file: Path | None = Field(
        default=None, description="Certificates to trust instead of the system's."
    )
    timeout: Count = Field(default=30, description="Seconds to wait for an answer.")

    @model_validator(mode="after")
    def _clear_text_stays_here(self) -> Self:
        if self.security == "none" and self.host.lower() not in LOOPBACK:
            raise ValueError(
                'security = "none" is for loopback only; use "tls" or "starttls"'
            )
        given = [self.password, self.password_file, self.token_command or None]
        if sum(value is not None for value in given) > 1:
            raise ValueError("set one of password, password_file, token_command")
        return self


class ImapSettings(_Server):
    """The watched mailbox."""

    port: PortNumber = Field(default=993, description="993 for tls, 143 for starttls.")
    username: str = Field(min_length=1, description="The account's log-in name.")
    folders: list[Folder] = Field(
        default=["INBOX"],
        min_length=1,
        description="Folders to read; name Junk as well: mail there was received.",
    )
    processed_folder: str = Field(
        default="", description="Where to move finished messages; empty leaves them."
    )
    idle: bool = Field(default=True, description="Use IDLE as a hint between polls.")
    max_bytes: Count = Field(
        default=50_000_000, le=2_000_000_000, description="Larger mail stays there."
    )
    authserv_id: str = Field(
        default="",
        description="The id your border server writes into Authentication-Results.",
    )

    @model_validator(mode="after")
    def _some_secret(self) -> Self:
        if not (self.password or self.password_file or self.token_command):
            raise ValueError("set password, password_file or token_command")
        return self

    @model_validator(mode="after")
    def _moves_out_of_sight(self) -> Self:
        if self.processed_folder in self.folders:
            raise ValueError("processed_folder must not be one of folders")
        return self


class SmtpSettings(_Server):
    """The way out."""

    port: PortNumber = Field(default=465, description="465 for tls, 587 for starttls.")
    username: str = Field(default="", description="The log-in name; empty: no log-in.")
    sender: Address = Field(description="The From address of answers.")
    bounce_address: BounceAddress = Field(
        default="",
        description="Envelope sender; may hold {token}; must reach a watched folder.",
    )
    connections: Annotated[int, Field(ge=1, le=20)] = Field(
        default=4, description="Connections used at once."
    )

    @model_validator(mode="after")
    def _log_in_is_whole(self) -> Self:
        secret = self.password or self.password_file or self.token_command
        if self.username and not secret:
            raise ValueError(
                "username needs password, password_file or token_command; without a"
                " log-in leave it empty"
            )
        return self


class DatabaseSettings(_Section):
    """Where cases are kept."""

    url: str = Field(
        default="sqlite:///var/inbox-bot.db",
        description="sqlite:///PATH or postgresql://USER@HOST/NAME.",
    )

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        file = url.removeprefix("sqlite:///")
        known = url.startswith(("postgresql://", "postgresql+psycopg://"))
        if not known and file in {url, "", ":memory:"}:
            raise ValueError(
                "must be sqlite:///PATH (a file: several processes share it) or"
                " postgresql://USER@HOST/NAME"
            )
        return url


class StorageSettings(_Section):
    """Where sealed raw messages are kept."""

    path: str = Field(
        default="var/blobs",
        description="A folder, or `database` to keep them in the database.",
    )


class WebSettings(_Section):
    """The console and the public pages."""

    base_url: str = Field(
        default="http://127.0.0.1:8080",
        description="The address under which requesters reach the public pages.",
    )
    host: str = Field(default="127.0.0.1", description="Where to listen.")
    port: PortNumber = Field(default=8080, description="Which port.")
    console_host: str = Field(
        default="", description="Where the console listens by itself; empty: with host."
    )
    console_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=0, description="The console's own port; 0: with port."
    )
    trusted_proxies: list[Proxy] = Field(
        default=[], description="Proxies whose forwarded headers are believed."
    )

    @field_validator("base_url")
    @classmethod
    def _clear_text_stays_here(cls, url: str) -> str:
        scheme, host = web_host(url)
        if scheme == "http" and host not in LOOPBACK:
            raise ValueError("must be https: http is for loopback only")
        return url


class SecretsSettings(_Section):
    """The master key, which wraps every other key."""

    key: Key | None = Field(default=None, description="64 hexadecimal digits.")
    key_file: Path | None = Field(
        default=None, description="A file that holds only the key."
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.key is None) == (self.key_file is None):
            raise ValueError("set one of key, key_file")
        return self


class PolicySection(_Section):
    """What the bot may do by itself, and when it reminds."""

    automatic: list[Automatic] = Field(
        default=sorted(DEFAULT_AUTOMATIC),
        description="What may leave without a person; the rest is drafted.",
    )
    answer_within: Days = Field(
        default=7, description="Mail older than this many days gets no automatic mail."
    )
    languages: list[str] = Field(
        default=["en", "nb"],
        min_length=1,
        description="Languages of answers; the first is used for all others.",
    )
    address_daily_cap: Count = Field(
        default=3, description="Automatic mails to one address in 24 hours."
    )
    hourly_cap: Count = Field(
        default=200, description="Automatic mails in one hour; more wait, none drops."
    )
    repeat_days: Days = Field(
        default=7,
        description="Days in which an unauthenticated address has one open case.",
    )
    proof_days: Annotated[int, Field(ge=1, le=60)] = Field(
        default=14, description="Days for which links and codes live."
    )
    proof_attempts: Annotated[int, Field(ge=1, le=10)] = Field(
        default=3, description="Wrong codes after which a person takes over."
    )
    remind_requester_days: Days = Field(
        default=4, description="Days after which the one reminder goes out."
    )
    give_up_days: Days = Field(
        default=7, description='Days before the due date: draft "not verified".'
    )
    remind_staff_days: Days = Field(
        default=7, description="Days before the due date: remind staff."
    )
    escalate_days: Days = Field(
        default=2, description="Days before the due date: escalate."
    )
    quiet_days: Days = Field(
        default=3, description="Days without a bounce after which a case is closed."
    )
    keep_corrections: bool = Field(
        default=False,
        description="Keep pseudonymised examples of what staff correct, to learn from.",
    )
    simulation: bool = Field(
        default=False, description="Allow `tick --now`, for trials only."
    )

    def to_policy(self) -> PolicySettings:
        """Give the domain's value."""
        days = {
            "answer_within": self.answer_within,
            "repeat_window": self.repeat_days,
            "proof_lifetime": self.proof_days,
            "remind_requester_after": self.remind_requester_days,
            "give_up_before_due": self.give_up_days,
            "remind_staff_before_due": self.remind_staff_days,
            "escalate_before_due": self.escalate_days,
            "quiet_period": self.quiet_days,
        }
        spans = {name: timedelta(days=number) for name, number in days.items()}
        return PolicySettings(
            automatic=frozenset(self.automatic),
            languages=tuple(self.languages),
            address_daily_cap=self.address_daily_cap,
            proof_attempts=self.proof_attempts,
            **spans,
        )


class ScheduleSettings(_Section):
    """How often `run` looks by itself, and how long a claim holds; seconds."""

    poll_seconds: Count = Field(default=60, description="Between looks at a folder.")
    dispatch_seconds: Count = Field(default=15, description="Between outbox passes.")
    tick_seconds: Count = Field(default=60, description="Between looks at the timers.")
    lease_seconds: Count = Field(
        default=300,
        description="After which work of a process that died is taken up by another.",
    )
