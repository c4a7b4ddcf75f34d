"""An IMAP server that says what the test tells it to, for what no real one would say."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

_GREETING = "* OK [CAPABILITY {capability}] ready"
_HANG_UP = "HANG UP"


class ScriptedImap:
    """Answers each command by the first entry whose key begins it.

    An answer is lines with `{tag}` in them; "HANG UP" as a line cuts the connection.
    """

    def __init__(self, port: int, answers: Mapping[str, str], capability: str) -> None:
        self.port = port
        self.connections = 0
        self.commands: list[str] = []
        self._answers = dict(answers)
        usual = {
            "CAPABILITY": f"* CAPABILITY {capability}\n{{tag}} OK done",
            "LOGIN": "{tag} OK done",
            "EXAMINE": "* 1 EXISTS\n* OK [UIDVALIDITY 7] .\n{tag} OK done",
            "LOGOUT": "* BYE bye\n{tag} OK done",
            "": "{tag} OK done",
        }
        for command, answer in usual.items():
            self._answers.setdefault(command, answer)
        self._greeting = answers.get(
            "greeting", _GREETING.format(capability=capability)
        )

    def serve(self, connection: socket.socket) -> None:
        """Hold one conversation."""
        self.connections += 1
        with connection, connection.makefile("rwb") as file, suppress(OSError):
            wire = cast("BinaryIO", file)
            going = self._say(wire, self._greeting, "")
            while going and (line := wire.readline()):
                tag, _, command = line.decode().strip().partition(" ")
                self.commands.append(command)
                going = self._say(wire, self._answer(command), tag)

    def _answer(self, command: str) -> str:
        return next(
            answer
            for start, answer in self._answers.items()
            if command.startswith(start)
        )

    @staticmethod
    def _say(wire: BinaryIO, answer: str, tag: str) -> bool:
        for line in answer.split("\n"):
            if line == _HANG_UP:
                return False
            wire.write(line.replace("{tag}", tag).encode() + b"\r\n")
            wire.flush()
        return True


@contextmanager
def scripted_imap(
    answers: Mapping[str, str], *, capability: str = "IMAP4rev1"
) -> Iterator[ScriptedImap]:
    """Listen on loopback, one thread for each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = ScriptedImap(listener.getsockname()[1], answers, capability)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    thread = threading.Thread(
                        target=server.serve, args=(connection,), daemon=True
                    )
                    thread.start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield server
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
