"""HTML bodies to plain text, with quoted history marked by ">" as in plain mail.

So `quoting` has one kind of text to split. Showing HTML is for `safe_html`.
"""

import re
from typing import Final

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from selectolax.lexbor import LexborHTMLParser, LexborNode

# lxml returns nothing below 256 levels and selectolax slows quadratically.
MAX_HTML_DEPTH: Final = 200
# A newsletter has 100,000 characters; layout costs about a second for a million.
MAX_HTML: Final = 500_000

_DROPPED: Final = (
    "script, style, head, title, template, noscript, object, embed, svg, math, "
    "textarea, select, [hidden], .preheader, #preheader"
)
_HIDING: Final = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?![.\d])|opacity:0(?![.\d])"
    r"|max-height:0(?![.\d])"
)
# What mail programs wrap the history in; a plain <blockquote> is the author's own.
_QUOTES: Final = (
    'blockquote[type="cite"], blockquote.gmail_quote, blockquote.protonmail_quote, '
    "blockquote.tutanota_quote, div.gmail_attr, div.moz-cite-prefix, "
    "div.gmail_quote, div.yahoo_quoted, div.protonmail_quote"
)
# Outlook puts the history behind these as siblings, not inside.
_OUTLOOK_HISTORY: Final = "#divRplyFwdMsg, #mail-editor-reference-message-container"
HISTORY_LINE: Final = "-----Original Message-----"
# Private characters that mark places while the text is laid out.
_OPEN, _CLOSE, _HISTORY = "\ue000", "\ue001", "\ue002"
_MARKS: Final = re.compile(f"[{_OPEN}{_CLOSE}{_HISTORY}]")

_TAG: Final = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<!--.*?(?:-->|\Z)", re.DOTALL
)
# Elements without an end tag, or whose end tag may be left out.
_SHALLOW: Final = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "tbody",
        "thead",
        "tfoot",
        "colgroup",
        "html",
        "body",
        "head",
    }
)
_BLANKS: Final = re.compile(r"\n{3,}")
_CONFIG: Final = ParserConfig(css=CSS_PROFILES["strict"], display_links=False)


def html_to_text(html: str) -> tuple[str, bool]:
    """Return the visible text and whether the markup was too deep to be laid out.

    Hidden elements are dropped; quoted history is prefixed with "> ". Markup that is
    nested too deep has its tags cut out instead, so no word is lost.
    """
    if html_depth(html) > MAX_HTML_DEPTH:
        return _tidy(_TAG.sub(" ", html)), True
    body = LexborHTMLParser(_MARKS.sub("", html)).body
    if body is None:
        return "", False
    _drop_hidden(body)
    _mark_quotes(body)
    _mark_history(body)
    return _tidy(_prefixed(str(get_text(body.html or "", _CONFIG)))), False


def html_depth(html: str) -> int:
    """Count how deep elements stand in one another, by their tags alone.

    Elements that HTML closes by itself don't count. Needs no parser, which for a page
    that is nested too deep would run out of stack.
    """
    deepest = depth = 0
    for match in _TAG.finditer(html):
        name = (match[2] or "br").lower()
        if name not in _SHALLOW:
            depth = max(0, depth + (-1 if match[1] else 1))
            deepest = max(deepest, depth)
    return deepest


def _drop_hidden(body: LexborNode) -> None:
    for node in body.css(_DROPPED):
        node.decompose()
    for node in body.css("[style]"):
        style = re.sub(r"\s", "", (node.attributes.get("style") or "").lower())
        if _HIDING.search(style):
            node.decompose()
        else:
            # Margins of a thousand lines are of no use in text.
            del node.attrs["style"]


def _mark_quotes(body: LexborNode) -> None:
    for node in body.css(_QUOTES):
        first = node.first_child
        # A div around a quotation also holds what the author wrote between and below.
        wraps = node.tag == "div" and node.css_first("blockquote") is not None
        forwards = node.text().lstrip().startswith("---")
        if first is not None and not wraps and not forwards:
            first.insert_before(_OPEN)
            node.insert_child(_CLOSE)


def _mark_history(body: LexborNode) -> None:
    starts = body.css(_OUTLOOK_HISTORY)
    if not starts:
        starts = [node for node in body.css("#appendonsend") if _text_behind(node)]
    for node in starts:
        node.insert_before(_HISTORY)


def _text_behind(node: LexborNode) -> bool:
    sibling = node.next
    while sibling is not None:
        if sibling.text().strip():
            return True
        sibling = sibling.next
    return False


def _prefixed(text: str) -> str:
    """Turn the marks into what plain mail uses: ">" and a separating line."""
    depth = 0
    lines: list[str] = []
    for line in text.replace(_HISTORY, f"\n{HISTORY_LINE}\n").split("\n"):
        depth += line.count(_OPEN)
        bare = _MARKS.sub("", line)
        lines.append(f"{'>' * depth} {bare.strip()}" if depth else bare)
        depth -= line.count(_CLOSE)
    return "\n".join(lines)


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")
