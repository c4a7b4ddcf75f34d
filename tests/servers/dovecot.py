"""A private Dovecot 2.3: IMAP with TLS, STARTTLS and token log-in, and LMTP.

Never the system's service: its own folder, its own ports, one user without rights.
"""

import base64
import os
import signal
import smtplib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.system import (
    ServerError,
    User,
    answers,
    find_program,
    free_port,
    private_folder,
    require,
    runner,
    wait_until,
)

PASSWORD = "correct horse"
BOT = "bot@example.test"
ISSUER = "https://login.example.test"

_KEY = b"a key of thirty-two bytes or more, for tests"
_ATTEMPTS = 3

_CONFIGURATION = """\
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user.name}
default_login_user = {user.name}
default_internal_group = {user.group}
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 1000
first_valid_uid = 1
mail_fsync = never
{capability}
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/oauth.ext
}}
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {root}/users/%u
}}
userdb {{
  driver = static
  args = uid={user.uid} gid={user.gid} home={root}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""

_TOKENS = f"""\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={{root}}/keys/
username_attribute = email
issuers = {ISSUER}
"""


@dataclass(slots=True, kw_only=True)
class Dovecot:
    """A running server; ports are on loopback, `host` fits the certificate."""

    root: Path
    user: User
    certificates: Certificates
    program: Path
    capability: str
    mechanisms: str
    host: str = "localhost"
    imap_port: int = 0
    imaps_port: int = 0
    lmtp_port: int = 0
    _users: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def ca_file(self) -> Path:
        return self.certificates.ca_file

    def start(self) -> None:
        """Start on the ports it had, or on new ones the first time."""
        for _ in range(_ATTEMPTS):
            if not self.imap_port:
                self.imap_port, self.imaps_port, self.lmtp_port = (
                    free_port() for _ in range(3)
                )
            self._configure()
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                [self.program, "-F", "-c", self.root / "dovecot.conf"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                **self.user.options,
            )
            if self._wait_for_greeting():
                return
            self.stop()
            # Somebody else was faster on one of the ports.
            self.imap_port = 0
        log = self.root / "log"
        raise ServerError(log.read_text() if log.exists() else "Dovecot is silent")

    def stop(self) -> None:
        """Stop at once; every connection breaks."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Break every connection and come back on the same ports."""
        self.stop()
        self.start()

    def add_user(self, name: str, password: str = PASSWORD) -> str:
        """Add an account; returns its name."""
        self._users[name] = password
        # A file each: a changed file is noticed only a second later, a new one at once.
        self._write(f"users/{name}", f"{name}:{{PLAIN}}{password}::::::\n")
        return name

    def deliver(self, raw: bytes, *to: str, sender: str = "kari@example.org") -> None:
        """Hand a message over by LMTP (RFC 2033), as the border server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, timeout=20) as peer:
            peer.sendmail(sender, list(to) or [BOT], raw)

    def append(
        self,
        raw: bytes,
        *,
        received_at: datetime | None = None,
        folder: str = "INBOX",
        user: str = BOT,
    ) -> None:
        """Put a message into a folder, made if missing, with a receipt time."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.append(folder, raw, msg_time=received_at)

    @contextmanager
    def client(self, user: str = BOT) -> Iterator[IMAPClient]:
        """Log in as a person's mail program would."""
        with IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=20) as client:
            client.login(user, self._users[user])
            client.normalise_times = False
            yield client

    def token(self, user: str = BOT, *, key: bytes = _KEY) -> str:
        """Sign an access token; any other key makes one that is refused."""
        now = int(time.time())  # noqa: TID251 - the server compares it with its clock
        claims = {
            "email": user,
            "sub": user,
            "iss": ISSUER,
            "iat": now,
            "exp": now + 3600,
        }
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))

    def message_file(self, words: bytes, user: str = BOT) -> Path:
        """The file behind the one message that holds these words, to be damaged."""
        home = self.root / "mail" / user / "Maildir"
        files = [*home.glob("**/cur/*"), *home.glob("**/new/*")]
        (found,) = (file for file in files if words in file.read_bytes())
        return found

    def _wait_for_greeting(self) -> bool:
        def ready() -> bool:
            running = self._process is not None and self._process.poll() is None
            return not running or answers(self.imap_port)

        wait_until(ready)
        return answers(self.imap_port) and answers(self.lmtp_port)

    def _configure(self) -> None:
        self._write(
            "dovecot.conf",
            _CONFIGURATION.format(
                root=self.root,
                user=self.user,
                imap=self.imap_port,
                imaps=self.imaps_port,
                lmtp=self.lmtp_port,
                mechanisms=self.mechanisms,
                capability=self.capability and f"imap_capability = {self.capability}",
            ),
        )
        self._write("oauth.ext", _TOKENS.format(root=self.root))
        self._write("keys/default/HS256/default", base64.b64encode(_KEY).decode())

    def _write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        own(self.root, self.user)


def own(root: Path, user: User) -> None:
    """Give a folder and all in it to the user."""
    for path in (root, *root.rglob("*")):
        os.chown(path, user.uid, user.gid)


@contextmanager
def running_dovecot(
    *,
    capability: str = "",
    mechanisms: str = "plain login xoauth2 oauthbearer",
    names: tuple[str, ...] = (),
) -> Iterator[Dovecot]:
    """Start a server with the account BOT.

    `capability` overrides what it offers after log-in, `mechanisms` how to log in;
    `names` are those in the certificate, loopback's by default.
    """
    program = find_program("dovecot")
    if program is None:
        require("dovecot", "the program is not installed")
    version = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True
    ).stdout
    if not version.startswith("2.3."):
        require("dovecot", f"2.3 is needed, this is {version.split()[0]}")
    user = runner("nobody")
    with private_folder("dc-", user) as root:
        certificates = make_certificates(root, *names)
        server = Dovecot(
            root=root,
            user=user,
            certificates=certificates,
            program=program,
            capability=capability,
            mechanisms=mechanisms,
        )
        server.add_user(BOT)
        server.start()
        try:
            yield server
        finally:
            server.stop()
