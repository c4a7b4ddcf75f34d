"""Wrong settings are named, with what they take; right ones are read as written."""

from pathlib import Path

import pytest

from inbox_bot.adapters.calendars import PublicHolidays
from inbox_bot.errors import SettingsError
from inbox_bot.settings import load, master_key
from inbox_bot.settings.example import example

KEY = "5a" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file that `init` writes."""
    path = tmp_path / "inbox-bot.toml"
    path.write_text(example(KEY), encoding="utf-8")
    return path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaint(file: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load(file)
    return str(caught.value)


def test_what_init_writes_can_be_read(file: Path):
    settings = load(file)

    assert "privacy@example.com" == settings.company.mailbox
    assert bytes.fromhex(KEY) == master_key(settings)


def test_relative_paths_stand_beside_the_file(file: Path):
    settings = load(file)

    assert file.parent / "imap-password" == settings.imap.password_file
    assert str(file.parent / "var/blobs") == settings.storage.path
    assert f"sqlite:///{file.parent / 'var/inbox-bot.db'}" == settings.database.url


def test_without_a_file_the_next_step_is_named(tmp_path: Path):
    words = complaint(tmp_path / "none.toml")

    assert "none.toml doesn't exist: `inbox-bot init` writes one." in words
    assert "The section [imap] is missing." in words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "[policy]",
            "[policy]\nfoo = 1",
            "policy.foo is no setting. In [policy] there",
        ),
        (
            "[policy]",
            "[polcy]\n[policy]",
            "polcy is no setting. At the top there may be",
        ),
        ("[company]", "schedule = 3\n[company]", "schedule must be a section"),
        ("[company]", "[company", "inbox-bot.toml: "),
        ("port = 993", "port = 0", "imap.port: "),
        ("port = 993", 'port = "imaps"', "imap.port: "),
        ('security = "tls"', 'security = "ssl"', "'tls', 'starttls' or 'none'"),
        ('security = "tls"', 'security = "none"', "for loopback only"),
        ('["INBOX", "Junk"]', '"INBOX"', "imap.folders: "),
        ('["INBOX", "Junk"]', '["INBOX", ""]', "must be the name of a folder"),
        (
            'processed_folder = ""',
            'processed_folder = "Junk"',
            "processed_folder must not be one of folders",
        ),
        ('"acknowledge",', '"everything",', "policy.automatic.0: "),
        ("Europe/Oslo", "Mars/Base", "must be a time zone such as"),
        (
            '"FILL IN: the',
            '"A\\r\\nBcc: eve@example.net',
            "company.name: must be one line",
        ),
        ('sender = "', 'sender = "Privacy <', "smtp.sender: must be a bare address"),
        ('mailbox = "', 'mailbox = "a,', "company.mailbox: must be a bare address"),
        (
            'bounce_address = ""',
            'bounce_address = "b+{t}@example.org"',
            "bounces+{token}@",
        ),
        ('bounce_address = ""', 'bounce_address = "{token}"', "bounces+{token}@"),
        ("sqlite:///var/", "mysql://", "must be sqlite:///PATH"),
        ("sqlite:///var/inbox-bot.db", "sqlite:///:memory:", "must be sqlite:///PATH"),
        ("http://127.0.0.1:8080", "http://example.com", "must be https"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:80@example.com", "web.base_url: "),
        ("http://127.0.0.1:8080", "ftp://example.com", "such as https://"),
        (
            "port = 8080",
            'port = 8080\ntrusted_proxies = ["me"]',
            "IP address or network",
        ),
        (f'key = "{KEY}"', 'key = "5a"', "secrets.key: must be 64 hexadecimal digits"),
        (f'key = "{KEY}"', "", "secrets: set one of key, key_file"),
        (
            'password_file = "smtp-password"',
            "",
            "smtp: username needs password, password_file or token_command",
        ),
        (
            'password_file = "imap-password"',
            'password = ""',
            "imap: set password, password_file or token_command",
        ),
    ],
)
def test_what_is_wrong_is_named(file: Path, old: str, new: str, words: str):
    change(file, old, new)

    assert words in complaint(file)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("INBOX_BOT__IMAP__PORT", "abc", "imap.port: "),
        ("INBOX_BOT__IMAP__PRT", "1", "imap.prt is no setting"),
        ("INBOX_BOT__FOO__BAR", "1", "INBOX_BOT__FOO__BAR: foo is no section"),
        (
            "INBOX_BOT__IMAP__FOLDERS",
            "INBOX",
            "INBOX_BOT__IMAP__FOLDERS: must be a list",
        ),
        ("INBOX_BOT__IMAP", "x", "INBOX_BOT__IMAP is a section"),
    ],
)
def test_a_wrong_variable_is_named(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    words: str,
):
    monkeypatch.setenv(variable, value)

    assert words in complaint(file)


def test_the_environment_wins_over_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("INBOX_BOT__IMAP__FOLDERS", '["Privacy"]')
    monkeypatch.setenv("INBOX_BOT__IMAP__PORT", "1993")

    imap = load(file).imap

    assert (["Privacy"], 1993, "imap.example.com") == (
        imap.folders,
        imap.port,
        imap.host,
    )


@pytest.mark.parametrize(
    "address", ["", "bounces@example.com", "bounces+{token}@example.com"]
)
def test_a_bounce_address_may_hold_a_mark(file: Path, address: str):
    change(file, 'bounce_address = ""', f'bounce_address = "{address}"')

    assert address == load(file).smtp.bounce_address


def test_without_a_user_name_there_is_no_log_in(file: Path):
    change(file, 'username = "privacy@example.com"         # empty', "# empty")
    change(file, 'password_file = "smtp-password"', "")

    assert "" == load(file).smtp.username


def test_a_folder_is_no_settings_file(tmp_path: Path):
    assert complaint(tmp_path).startswith(str(tmp_path))


def test_a_key_file_that_holds_no_key_is_named(file: Path):
    change(file, f'key = "{KEY}"', 'key_file = "key"')
    (file.parent / "key").write_text("not a key", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"secrets\.key_file: must be 64 hex"):
        master_key(load(file))


def test_a_missing_key_file_is_named(file: Path):
    change(file, f'key = "{KEY}"', 'key_file = "key"')

    with pytest.raises(SettingsError, match=r"secrets\.key_file: .* can't be read"):
        master_key(load(file))


def test_a_country_without_known_holidays_is_named():
    with pytest.raises(SettingsError, match=r"company\.country: .*'ZZ'"):
        PublicHolidays("ZZ")
