"""Reads the settings from a TOML file and the environment, and says what is wrong."""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from inbox_bot.errors import SettingsError
from inbox_bot.settings.environment import BETWEEN, PREFIX, wrong_variables
from inbox_bot.settings.sections import (
    CompanySettings,
    DatabaseSettings,
    ImapSettings,
    PolicySection,
    ScheduleSettings,
    SecretsSettings,
    SmtpSettings,
    StorageSettings,
    WebSettings,
)
from inbox_bot.settings.values import hexadecimal

DEFAULT_FILE = "inbox-bot.toml"


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=BETWEEN,
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    company: CompanySettings
    imap: ImapSettings
    smtp: SmtpSettings
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    web: WebSettings = WebSettings()
    secrets: SecretsSettings
    policy: PolicySection = PolicySection()
    schedule: ScheduleSettings = ScheduleSettings()

    @override
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, which comes in as init values."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def config_path(given: Path | None) -> Path:
    """Tell which file holds the settings: the given one, the environment's, or ours."""
    return given or Path(os.environ.get("INBOX_BOT_CONFIG", DEFAULT_FILE))


def load(path: Path) -> Settings:
    """Read the settings; relative paths in them are relative to their file.

    Raises SettingsError with one line for each thing that is wrong.
    """
    wrong = list(wrong_variables(Settings, os.environ))
    if wrong:
        raise SettingsError("\n".join(wrong))
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        values = {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    try:
        settings = Settings(**values)
    except ValidationError as error:
        advice = f"{path} doesn't exist: `inbox-bot init` writes one.\n"
        missing = "" if path.exists() else advice
        raise SettingsError(missing + explain(error)) from error
    return _resolved(settings, path.absolute().parent)


def explain(error: ValidationError) -> str:
    """Name each wrong setting and what it takes."""
    return "\n".join(_line(detail) for detail in error.errors())


def _line(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "missing" if len(detail["loc"]) == 1:
            return f"The section [{name}] is missing."
        case "missing":
            return f"{name} is missing."
        case "model_type" | "model_attributes_type":
            return f"{name} must be a section: [{name}] with its keys below."
        case "extra_forbidden":
            return f"{name} is no setting. {_allowed(detail['loc'])}"
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            return f"{name}: {message}."


def _allowed(location: tuple[Any, ...]) -> str:
    model: Any = Settings
    for part in location[:-1]:
        model = model.model_fields[part].annotation
    where = f"In [{location[0]}]" if len(location) > 1 else "At the top"
    return f"{where} there may be: {', '.join(sorted(model.model_fields))}."


def _resolved(settings: Settings, folder: Path) -> Settings:
    def resolve(section: Any, *names: str) -> Any:
        values = {
            name: folder / getattr(section, name)
            for name in names
            if getattr(section, name) is not None
        }
        return section.model_copy(update=values)

    return settings.model_copy(
        update={
            "imap": resolve(settings.imap, "password_file", "ca_file"),
            "smtp": resolve(settings.smtp, "password_file", "ca_file"),
            "secrets": resolve(settings.secrets, "key_file"),
            "database": _resolve_url(settings.database, folder),
            "storage": settings.storage
            if settings.storage.path == "database"
            else settings.storage.model_copy(
                update={"path": str(folder / settings.storage.path)}
            ),
        }
    )


def _resolve_url(database: DatabaseSettings, folder: Path) -> DatabaseSettings:
    path = database.url.removeprefix("sqlite:///")
    if path == database.url:
        return database
    return database.model_copy(update={"url": f"sqlite:///{folder / path}"})


def master_key(settings: Settings) -> bytes:
    """Give the 32 bytes of the master key."""
    secrets = settings.secrets
    if secrets.key is not None:
        return bytes.fromhex(secrets.key.get_secret_value())
    path = secrets.key_file or Path()
    try:
        checked = hexadecimal(SecretStr(_read_secret("secrets.key_file", path)))
    except ValueError as error:
        raise SettingsError(f"secrets.key_file: {error}.") from error
    return bytes.fromhex(checked.get_secret_value())


def _read_secret(name: str, path: Path) -> str:
    """Read a secret from its file; SettingsError names the setting."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}: {path} can't be read.") from error
