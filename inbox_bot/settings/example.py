"""The commented settings file that `inbox-bot init` writes."""

EXAMPLE = """\
# Settings of inbox-bot. Every key can also be set in the environment, as
# INBOX_BOT__SECTION__KEY. All keys with their defaults: docs/settings.md.
# Relative paths are relative to this file.

[company]
name = "FILL IN: the controller's name"
mailbox = "privacy@example.com"          # FILL IN
domains = ["example.com"]                # your own domains: colleagues forward from there
policy_url = "https://example.com/privacy"
timezone = "Europe/Oslo"
country = "NO"                           # whose public holidays count

[imap]
host = "imap.example.com"                # FILL IN
port = 993
security = "tls"                         # or "starttls"; "none" for loopback only
username = "privacy@example.com"         # FILL IN
password_file = "imap-password"          # or password, or token_command for XOAUTH2
folders = ["INBOX", "Junk"]              # mail in Junk has been received, too
processed_folder = ""                    # move finished messages there
authserv_id = ""                         # your border server's id in Authentication-Results

[smtp]
host = "smtp.example.com"                # FILL IN
port = 465
security = "tls"
username = "privacy@example.com"         # empty: no log-in
password_file = "smtp-password"
sender = "privacy@example.com"           # FILL IN
# Undelivered answers come back here; must end in a watched folder. {token} marks each.
bounce_address = ""                      # such as "bounces+{token}@example.com"

[database]
url = "sqlite:///var/inbox-bot.db"       # or postgresql://user@host/name

[storage]
path = "var/blobs"                       # or "database"

[web]
base_url = "http://127.0.0.1:8080"       # https, where requesters can reach it
host = "127.0.0.1"
port = 8080

[secrets]
# Wraps every other key. Keep a copy apart from the backups: without it nothing that
# names a person can be read any more.
key = "@KEY@"

[policy]
automatic = ["acknowledge", "verify", "opt_out", "permission", "confirm"]
answer_within = 7                        # days; older mail gets no automatic answer
languages = ["en", "nb"]
keep_corrections = false                 # true: keep pseudonymised examples to learn from
"""


def example(key: str) -> str:
    """Give the file's text with a master key of 64 hexadecimal digits in it."""
    return EXAMPLE.replace("@KEY@", key)
