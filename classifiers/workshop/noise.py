"""What happens to mails on their way: haste, phones, bad keyboards, quoting clients."""

import random
from collections.abc import Callable, Mapping
from html import escape
from string import ascii_lowercase
from typing import Final

from classifiers.concepts import fold

Row = dict[str, object]

_TYPO_SHARE: Final = 0.04
_HTML_SHARE: Final = 0.06
_SHORTEST_MISTYPED: Final = 5
_ATTRIBUTIONS: Final = (
    "On Mon, 3 Mar 2025 at 10:12, LeadJabber <privacy@leadjabber.com> wrote:",
    "man. 3. mars 2025 kl. 10:12 skrev LeadJabber <privacy@leadjabber.com>:",
    "Am 03.03.2025 um 10:12 schrieb LeadJabber <privacy@leadjabber.com>:",
    "Le lun. 3 mars 2025 à 10:12, LeadJabber <privacy@leadjabber.com> a écrit :",
    "El lun, 3 mar 2025 a las 10:12, LeadJabber (<privacy@leadjabber.com>) escribió:",
)

_FORWARD: Final = """---------- Forwarded message ---------
From: Somebody Else <somebody.else@example.net>
Date: Mon, 3 Mar 2025 at 10:12
Subject: Your service
To: <office@example.org>"""


def quoted(text: str, chance: random.Random) -> str:
    """Quote a text as a mail client does."""
    lines = "\n".join(f"> {line}" for line in text.splitlines())
    return f"{chance.choice(_ATTRIBUTIONS)}\n{lines}"


def forwarded(text: str) -> str:
    """Pass a text on as a mail client does."""
    return f"{_FORWARD}\n\n{text}"


def _mistyped(text: str, chance: random.Random) -> str:
    """Swap, drop or change a letter in some of the longer words."""
    words = text.split(" ")
    for index, word in enumerate(words):
        typed_well = chance.random() > _TYPO_SHARE
        if typed_well or len(word) < _SHORTEST_MISTYPED or not word.isalpha():
            continue
        at = chance.randrange(1, len(word) - 1)
        words[index] = chance.choice(
            (
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + chance.choice(ascii_lowercase) + word[at + 1 :],
            )
        )
    return " ".join(words)


def _without_points(text: str, _chance: random.Random) -> str:
    return "".join(c for c in text if c not in ".,;!").lower()


def _folded(text: str, _chance: random.Random) -> str:
    return " ".join(fold(word) if word.islower() else word for word in text.split(" "))


_KINDS: Final[tuple[tuple[int, Callable[[str, random.Random], str]], ...]] = (
    (60, lambda text, _: text),
    (14, _mistyped),
    (10, lambda text, _: text.lower()),
    (8, _without_points),
    (5, _folded),
    (3, lambda text, _: text.upper()),
)


def applied(row: Mapping[str, object], chance: random.Random) -> Row:
    """Give the mail as it might have been typed; sometimes as HTML."""
    change = chance.choices([c for _, c in _KINDS], [w for w, _ in _KINDS])[0]
    body = change(str(row["body"]), chance)
    changed = {**row, "subject": change(str(row["subject"]), chance), "body": body}
    if chance.random() < _HTML_SHARE:
        changed["html"] = as_html(body)
    return changed


def as_html(text: str) -> str:
    """Give a text as the HTML of a simple client."""
    paragraphs = (escape(part).replace("\n", "<br>") for part in text.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in paragraphs)
