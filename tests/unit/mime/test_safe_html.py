"""What staff see of hostile markup."""

import pytest

from inbox_bot.mime.safe_html import safe_html


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="background:url(https://evil.test/x)">x</p>',
        "<style>@import url(https://evil.test)</style>",
        '<link rel=stylesheet href="https://evil.test">',
        "<form action=https://evil.test><input name=x><button>Go</button></form>",
        "<iframe src=https://evil.test></iframe>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<meta http-equiv=refresh content='0;url=https://evil.test'>",
        "<base href=https://evil.test>",
        '<table background="https://evil.test/x"><td onclick=x>y</table>',
        "<video src=https://evil.test></video>",
        "<p id=x class=y onmouseover=z>x</p>",
    ],
)
def test_nothing_loads_navigates_or_runs(markup):
    shown = safe_html(markup)

    for word in ("<script", "<img", "<a", "style=", "<style", "<link", "<form", "<input",
                 "<button", "<iframe", "<svg", "<meta", "<base", "src=", "href=", "background=",
                 "<video", " on", "class=", " id="):  # fmt: skip
        assert word not in shown


def test_the_target_of_a_link_is_shown_as_text():
    shown = safe_html(
        '<p>See <a href="https://evil.test/?a&b=<i>">your bank</a></p><a href>x</a>'
    )

    assert "See your bank [https://evil.test/?a&amp;b=&lt;i&gt;]" in shown


def test_a_pictures_description_is_shown():
    assert "[Logo &lt;b&gt;]" in safe_html('<img src=x alt="Logo <b>"><img alt>')


def test_harmless_structure_stays():
    markup = (
        '<p>a <b>b</b></p><table><tbody><tr><td colspan="2">c</td></tr></tbody></table>'
    )

    assert markup == safe_html(markup)


def test_markup_too_deep_becomes_text():
    assert "<pre>" in safe_html("<div>" * 100_000 + "a &lt; b")
