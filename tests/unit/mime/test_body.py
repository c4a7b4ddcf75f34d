"""Which words of a message are its text, and how markup becomes text."""

import time

import pytest

from inbox_bot.mime.html_text import html_to_text
from tests.unit.mime.mails import mail, multipart, parse, text

OWN = "Please delete my account."


def html(markup):
    return parse(mail("Content-Type: text/html; charset=utf-8", body=markup))


def test_of_two_forms_the_plain_one_is_read():
    read = parse(multipart(text(OWN), text("<p>Other</p>", "html"), kind="alternative"))

    assert OWN == read.author_text
    assert "<p>Other</p>" == read.html


def test_a_stub_gives_way_to_the_html_it_points_at():
    long = "<p>" + f"{OWN} " * 20 + "</p>"
    read = parse(multipart(text("See HTML"), text(long, "html"), kind="alternative"))

    assert read.author_text.startswith(OWN)


def test_an_empty_plain_form_gives_way():
    read = parse(
        multipart(text(" "), text(f"<p>{OWN}</p>", "html"), kind="alternative")
    )

    assert OWN == read.author_text


def test_html_alone_stands_for_both():
    read = parse(multipart(text(f"<p>{OWN}</p>", "html"), kind="alternative"))

    assert OWN == read.author_text


def test_plain_text_around_a_picture_is_joined():
    picture = 'Content-Type: image/png; name="a.png"\nContent-Disposition: inline\n\nx'
    read = parse(multipart(text("Before."), picture, text("After.")))

    assert "Before.\n\nAfter." == read.author_text
    assert ["a.png"] == [each.name for each in read.attachments]
    assert None is read.html


def test_a_named_text_further_down_is_an_attachment():
    log = 'Content-Type: text/plain; name="log.txt"\n\ndelete everything'
    read = parse(multipart(text(OWN), log))

    assert OWN == read.author_text
    assert ["log.txt"] == [each.name for each in read.attachments]


def test_pictures_inside_html_are_attachments():
    related = (
        'Content-Type: multipart/related; boundary="r"\n\n--r\n'
        + text(f"<p>{OWN}</p>", "html")
        + "\n--r\nContent-Type: image/png\n\nx\n--r--"
    )
    read = parse(multipart(text(OWN), related, kind="alternative"))

    assert OWN == read.author_text
    assert ["image/png"] == [each.type for each in read.attachments]


@pytest.mark.parametrize(
    "hidden",
    [
        "<style>p{}</style>",
        "<script>delete</script>",
        '<div style="display: none">delete</div>',
        '<div style="font-size:0px;color:#fff">delete</div>',
        '<span style="mso-hide:all">delete</span>',
        '<span style="max-height:0; overflow:hidden">delete</span>',
        '<div class="preheader">delete</div>',
        "<div hidden>delete</div>",
        "<!-- delete -->",
        "<head><title>delete</title></head>",
        '<img src="https://tracker.test/delete.gif" alt="">',
    ],
)
def test_what_nobody_sees_is_not_said(hidden):
    assert OWN == html(f"{hidden}<p>{OWN}</p>").text


def test_small_print_is_still_seen():
    assert OWN == html(f'<p style="font-size:0.8em;opacity:0.9" style>{OWN}</p>').text


@pytest.mark.parametrize(
    "quotation",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On 3 May X wrote:</div><blockquote class="gmail_quote">old</blockquote></div>',
        '<div class="gmail_quote">old</div>',
        '<div class="moz-cite-prefix">Am 3. Mai X:<br></div><blockquote type="cite">old</blockquote>',
        '<div class="yahoo_quoted"><p>old</p></div>',
        '<hr><div id="divRplyFwdMsg"><b>X:</b> y</div><div>old</div>',
        '<div id="appendonsend"></div><hr><div>old</div>',
        "<div><b>From:</b> X<br><b>Sent:</b> Sunday<br><b>Subject:</b> y</div><p>old</p>",
    ],
)
def test_quoted_markup_is_not_the_authors(quotation):
    read = html(f"<div>{OWN}</div><br>{quotation}")

    assert OWN == read.author_text
    assert "old" in read.quoted_text


def test_words_between_quoted_markup_are_the_authors():
    read = html(
        '<div class="gmail_quote"><blockquote class="gmail_quote">one'
        '<blockquote class="gmail_quote">older</blockquote></blockquote>'
        f'{OWN}<blockquote class="gmail_quote">two</blockquote></div>'
    )

    assert OWN == read.author_text
    assert "> older" in read.quoted_text


def test_an_indented_paragraph_is_the_authors():
    assert OWN == html(f"<blockquote>{OWN}</blockquote>").author_text


def test_a_forward_in_markup_is_somebody_elses():
    read = html(
        '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        "From: <b>Ola</b> &lt;ola@example.com&gt;<br>Date: x<br>Subject: y<br></div>old</div>"
    )

    assert "" == read.author_text
    assert "ola@example.com" == read.forwarded[0].sender.addr_spec
    assert "old" == read.forwarded[0].text


@pytest.mark.parametrize(
    "markup",
    [
        f'<p>{OWN}</p><div id="appendonsend"></div>',
        f'<p>{OWN}</p><blockquote type="cite"></blockquote>',
    ],
)
def test_an_empty_history_leaves_nothing(markup):
    assert OWN == html(markup).text


def test_private_marks_in_a_mail_mean_nothing():
    assert OWN == html(f"\ue000\ue002{OWN}\ue001").author_text


def test_a_page_of_frames_says_nothing():
    assert ("", False) == html_to_text("<frameset><frame></frameset>")


def test_no_word_is_lost_in_deep_markup():
    text_of, too_deep = html_to_text("<div>" * 100_000 + OWN + "</b></div>")

    assert too_deep
    assert OWN in text_of


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>" * 190 + "x",
        "<table>" + "<tr><td>a<td>b" * 10_000,
        "a<br>" * 50_000,
        "<" * 200_000,
        "<!--" * 50_000,
        "<b x=" * 50_000,
        '<p style="margin-top:1000000000em">x</p>' * 100,
        '<blockquote type="cite">' * 190 + "x",
    ],
)
def test_a_bomb_in_markup_costs_no_time(markup):
    started = time.process_time()
    html(markup)

    assert time.process_time() - started < 10


def test_flowed_lines_are_joined():
    body = (
        "Please delete my \naccount and \n my data. \n-- \nKari \n> quoted \n> words\n"
    )
    read = parse(mail("Content-Type: text/plain; format=flowed", body=body))

    assert "Please delete my account and my data." == read.author_text.strip()
    assert "quoted words" == read.quoted_text


def test_flowed_lines_without_their_space_are_joined():
    body = "Lösch \nkonto\n"
    read = parse(
        mail(
            "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes",
            body=body,
        )
    )

    assert "Löschkonto" == read.author_text
