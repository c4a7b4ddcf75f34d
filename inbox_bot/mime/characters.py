"""Bytes to clean characters: charsets, normal form, nothing invisible or reordering.

Which bytes are text is for `structure` and `body` to say, not for this module.
"""

import codecs
import re
import unicodedata
from typing import Final

# CPython sorts combining marks quadratically; no line of prose is longer.
NORMALISED_LINE: Final = 4096

# Labels that lie: what senders mean by them (WHATWG Encoding, section 4.2).
_MEANT: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# UTF-7 smuggles markup past every filter, the others are no charsets of mail.
_REFUSED: Final = {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"}

_CONTROLS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
# Bidirectional controls, zero-width fillers, soft hyphens, line separators, tags.
_INVISIBLE: Final = (
    r"\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f"
)
_UNWANTED_IN_TEXT: Final = re.compile(f"[{_CONTROLS}{_INVISIBLE}]")
_UNWANTED_IN_LINE: Final = re.compile(f"[\t\n{_CONTROLS}{_INVISIBLE}]+")


def decode(data: bytes, charset: str) -> tuple[str, bool]:
    """Decode leniently; returns the characters and whether the label was right.

    A charset that is empty, unknown, refused or wrong is replaced by UTF-8 and,
    failing that, by windows-1252; bytes that this leaves open become U+FFFD.
    """
    codec = _codec(charset)
    if codec is not None:
        try:
            return data.decode(codec), not (_is_ascii(charset) and not data.isascii())
        except (UnicodeError, ValueError):
            pass
    return decode_unlabelled(data), data.isascii() and not charset.strip()


def decode_unlabelled(data: bytes) -> str:
    """Decode bytes that carry no label, as UTF-8 or else as windows-1252."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def clean_text(text: str) -> str:
    """Return text of several lines in NFC, without control and invisible characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_normalised(_UNWANTED_IN_TEXT.sub("", line)) for line in lines)


def clean_line(text: str) -> str:
    """Return text as one line in NFC: a name or subject that can't reorder a page."""
    parts = _UNWANTED_IN_LINE.sub(" ", text).split()
    return _normalised(" ".join(parts))


def is_clean(text: str) -> bool:
    """Whether there is nothing in the text that `clean_line` would remove."""
    return _UNWANTED_IN_LINE.search(text) is None


def _codec(charset: str) -> str | None:
    try:
        info = codecs.lookup(charset.strip())
    except (LookupError, UnicodeError, ValueError):
        return None
    # Codecs that map bytes to bytes (zlib, base64) would unpack a bomb.
    if info.name in _REFUSED or not getattr(info, "_is_text_encoding", True):
        return None
    return _MEANT.get(info.name, info.name)


def _is_ascii(charset: str) -> bool:
    return charset.strip().lower() in {"us-ascii", "ascii"}


def _normalised(line: str) -> str:
    if len(line) > NORMALISED_LINE:
        return line
    return unicodedata.normalize("NFC", line)
