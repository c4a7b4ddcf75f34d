"""One source, two parts."""

import pytest

from inbox_bot.mime.markdown import escape, to_html, to_text

URL = "https://leadjabber.test/v/" + "x" * 80


def html(source):
    return to_html(source, language="nb", title="Din <sak>")


def test_a_link_alone_is_a_button_and_an_address_on_its_own_line():
    source = f"Hei\n\n[Bekreft]({URL})\n"

    assert f"Hei\n\nBekreft:\n{URL}\n" == to_text(source)
    assert f'<a href="{URL}" style="display:inline-block' in html(source)


def test_a_link_among_words_is_a_link():
    source = "See [our page](https://leadjabber.test/p), or write to <privacy@leadjabber.test>."

    assert (
        "See our page (https://leadjabber.test/p), or write to\nprivacy@leadjabber.test.\n"
        == to_text(source)
    )
    assert "inline-block" not in html(source)


@pytest.mark.parametrize(
    "source",
    [
        "<https://leadjabber.test/p>",
        "[https://leadjabber.test/p](https://leadjabber.test/p)",
    ],
)
def test_a_bare_address_is_written_once(source):
    assert "https://leadjabber.test/p\n" == to_text(source)


def test_lists_headings_and_code_are_readable_as_text():
    source = (
        "# One\n\n## Two\n\n### Three\n\n3. a\n4. b\n   - c **d**\n\n- e\n\n- f\n\n  g\n\n-\n\n"
        "> quoted `x`\n\n```\ncode\n  more\n```\n\n---\n\none\\\ntwo\nthree\n"
    )

    assert to_text(source) == (
        "One\n===\n\nTwo\n~~~\n\nThree\n\n3. a\n4. b\n   - c d\n\n- e\n\n- f\n\n  g\n\n-\n\n"
        "> quoted x\n\n    code\n      more\n\n* * *\n\none\ntwo three\n"
    )


def test_text_is_wrapped_but_addresses_are_not():
    lines = to_text("word " * 60 + URL).splitlines()

    assert URL in lines
    assert all(len(line) <= 76 for line in lines if line != URL)


def test_text_without_words_is_empty():
    assert "\n" == to_text("#\n")


def test_html_is_a_whole_document():
    page = html("Hei")

    assert page.startswith('<!DOCTYPE html>\n<html lang="nb">')
    assert "<title>Din &lt;sak&gt;</title>" in page
    assert "max-width:36rem" in page


@pytest.mark.parametrize(
    "source",
    [
        "<script>x</script>",
        "a <img src=x> b",
        "![x](https://evil.test/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](<http://[broken>)",
        "[x](relative)",
    ],
)
def test_only_text_and_plain_links_get_through(source):
    page = html(source)

    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert 'href="data' not in page
    assert 'href="relative' not in page
    assert 'href="http://[' not in page


def test_a_persons_words_mark_up_nothing():
    words = "[x](https://evil.test) *b* <i>\n# 1. &amp;"

    assert "[x](https://evil.test) *b* <i> # 1. &amp;\n" == to_text(escape(words))
    assert "<a" not in html(escape(words))
