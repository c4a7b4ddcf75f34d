"""One source text (CommonMark) to the two parts of a mail, plain text and HTML.

So both say the same. Which words are written is for templates and people to say.
"""

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

# RFC 5322, section 2.1.1 wants lines of 78 characters at most; a reply adds "> ".
WIDTH: Final = 76
# Lists in lists in lists: below that no column is left to write in.
MIN_WIDTH: Final = 24

_LINKED: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_BODY_STYLE: Final = (
    "margin:0;padding:1rem;background:#ffffff;color:#1a1a1a;font-family:system-ui,"
    "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:1rem;"
    "line-height:1.5"
)
_MAIN_STYLE: Final = "max-width:36rem;margin:0 auto;overflow-wrap:break-word"
# White on this blue has a contrast of 7.9 : 1 (WCAG 2.1 asks for 4.5).
_BUTTON_STYLE: Final = (
    "display:inline-block;padding:0.75rem 1.25rem;border-radius:0.375rem;"
    "background:#0b4f8a;color:#ffffff;font-weight:600;text-decoration:none"
)
_LINK_STYLE: Final = "color:#0b4f8a"
_PAGE: Final = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body style="{body}">
<main style="{main}">
{content}</main>
</body>
</html>
"""


def to_text(source: str) -> str:
    """Return the plain-text part: wrapped, with addresses of links whole and in clear."""
    root = SyntaxTreeNode(_markdown().parse(source))
    return "\n".join(_block(root, WIDTH)).strip("\n") + "\n"


def to_html(source: str, *, language: str, title: str) -> str:
    """Return the HTML part: a whole document without anything to load.

    `language` is a BCP 47 tag. A paragraph that is one link and nothing else looks
    like a button.
    """
    markdown = _markdown()
    tokens = markdown.parse(source)
    for token in tokens:
        if token.type == "inline":
            _style_links(token)
    content = markdown.renderer.render(tokens, markdown.options, {})
    return _PAGE.format(
        language=html.escape(language),
        title=html.escape(title),
        body=_BODY_STYLE,
        main=_MAIN_STYLE,
        content=content,
    )


def escape(words: str) -> str:
    """Return words of a person as source that reads the same and marks up nothing."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(words.split()))


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.disable(["image", "html_block", "html_inline"])
    markdown.validateLink = _may_be_linked  # type: ignore[method-assign]
    return markdown


def _may_be_linked(url: str) -> bool:
    return _LINKED.match(url) is not None


def _style_links(inline: Token) -> None:
    children = inline.children or []
    links = [child for child in children if child.type == "link_open"]
    alone = (
        len(links) == 1
        and children[0].type == "link_open"
        and children[-1].type == "link_close"
    )
    for link in links:
        link.attrSet("style", _BUTTON_STYLE if alone else _LINK_STYLE)


def _block(node: SyntaxTreeNode, width: int) -> list[str]:
    write = _WRITERS.get(node.type)
    if write is None:
        return _blocks(node.children, width, tight=False)
    return write(node, width)


def _blocks(nodes: Iterable[SyntaxTreeNode], width: int, *, tight: bool) -> list[str]:
    lines: list[str] = []
    for node in nodes:
        if lines and not tight:
            lines.append("")
        lines += _block(node, max(width, MIN_WIDTH))
    return lines


def _paragraph(node: SyntaxTreeNode, width: int) -> list[str]:
    parts = node.children[0].children
    if len(parts) == 1 and parts[0].type == "link":
        label, url = _label(parts[0]), str(parts[0].attrs["href"])
        if label not in {url, url.removeprefix("mailto:")}:
            return [*_wrapped(f"{label}:", width), url]
    return _blocks(node.children, width, tight=True)


def _heading(node: SyntaxTreeNode, width: int) -> list[str]:
    lines = _blocks(node.children, width, tight=True)
    # Never "-": two of them would cut the mail off as a signature.
    rule = {"h1": "=", "h2": "~"}.get(node.tag, "")
    longest = max(map(len, lines), default=0)
    return [*lines, rule * longest] if rule else lines


def _quote(node: SyntaxTreeNode, width: int) -> list[str]:
    return _indented(_blocks(node.children, width - 2, tight=False), "> ")


def _code(node: SyntaxTreeNode, _width: int) -> list[str]:
    return _indented(node.content.rstrip("\n").split("\n"), "    ")


def _rule(_node: SyntaxTreeNode, _width: int) -> list[str]:
    return ["* * *"]


def _words(node: SyntaxTreeNode, width: int) -> list[str]:
    return _wrapped(_inline(node), width)


def _indented(lines: list[str], mark: str) -> list[str]:
    return [f"{mark}{line}".rstrip() for line in lines]


def _list(node: SyntaxTreeNode, width: int) -> list[str]:
    first = int(node.attrs.get("start", 1))
    lines: list[str] = []
    parts = [child for item in node.children for child in item.children]
    tight = all(part.hidden for part in parts if part.type == "paragraph")
    for number, item in enumerate(node.children, first):
        mark = "- " if node.type == "bullet_list" else f"{number}. "
        inner = _blocks(item.children, width - len(mark), tight=tight) or [""]
        if lines and not tight:
            lines.append("")
        lines.append(f"{mark}{inner[0]}".rstrip())
        lines += _indented(inner[1:], " " * len(mark))
    return lines


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline" | "text_special":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case _:
            return _marked(node)


def _marked(node: SyntaxTreeNode) -> str:
    inner = _label(node)
    if node.type == "link":
        url = str(node.attrs["href"]).removeprefix("mailto:")
        return url if inner.removeprefix("mailto:") == url else f"{inner} ({url})"
    return inner


def _label(node: SyntaxTreeNode) -> str:
    return "".join(_inline(child) for child in node.children)


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(
            line, width, break_long_words=False, break_on_hyphens=False
        )
    return lines


_WRITERS: Final[Mapping[str, Callable[[SyntaxTreeNode, int], list[str]]]] = {
    "inline": _words,
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
}
