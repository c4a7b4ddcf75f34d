"""Hostile HTML to HTML that may be shown to staff: nothing loads, nothing navigates.

What the message means is read from its text, never from here.
"""

import html as entities
from typing import Final

import nh3
from selectolax.lexbor import LexborHTMLParser

from inbox_bot.mime.html_text import MAX_HTML, MAX_HTML_DEPTH, html_depth, html_to_text

# A shown address of a link: enough to judge it, too short to fill a page.
MAX_SHOWN_URL: Final = 200

_TAGS: Final = frozenset(
    {
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    }
)
_SPANS: Final = frozenset({"colspan", "rowspan"})
_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes={"td": _SPANS, "th": _SPANS},
    url_schemes=frozenset(),
    link_rel=None,
)


def safe_html(html: str) -> str:
    """Return the fragment with an allowlist of tags and no link, picture or style.

    Addresses of links and descriptions of pictures are kept as text, so that staff see
    where a link would have led. Markup that is nested too deep becomes plain text.
    """
    shown = html[:MAX_HTML]
    if html_depth(shown) > MAX_HTML_DEPTH:
        return f"<pre>{entities.escape(html_to_text(shown)[0])}</pre>"
    page = LexborHTMLParser(shown)
    for node in page.css("a[href]"):
        node.insert_after(f" [{(node.attributes['href'] or '')[:MAX_SHOWN_URL]}]")
    for node in page.css("img[alt]"):
        node.insert_after(f"[{node.attributes['alt'] or ''}]")
    return _CLEANER.clean(page.html or "")
