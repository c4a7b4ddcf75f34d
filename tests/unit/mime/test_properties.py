"""What holds for every mail that hypothesis can think of."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inbox_bot.domain.message import Address, InboundMessage
from inbox_bot.mime.addresses import addresses
from inbox_bot.mime.composer import compose
from inbox_bot.mime.headers import date, decode_words, media_type, message_ids
from inbox_bot.mime.html_text import html_to_text
from inbox_bot.mime.markdown import escape, to_text
from inbox_bot.mime.quoting import split
from inbox_bot.mime.safe_html import safe_html
from tests.unit.mime.mails import OURS, mail, multipart, outgoing, parse, text

SEEDS = (
    mail(f"Authentication-Results: {OURS}; dmarc=pass header.from=example.org"),
    mail(
        "Content-Type: text/html; charset=x", body="<div><p>Hi<blockquote type=cite>q"
    ),
    multipart(text("Hi"), text("<p>Hi</p>", "html"), kind="alternative"),
    multipart(text("> q\nOn 3 May 2026 at 10:00 X <x@example.org> wrote:\n"), "\n\nx"),
    multipart(
        text("failed"),
        "Content-Type: message/delivery-status\n\nA: b\n\nAction: failed\nStatus: 5.1.1",
        "Content-Type: message/rfc822\n\nMessage-ID: <a@b.test>\n\nx",
        kind="report",
    ),
)
PIECES = (
    b"\n--frontier\n",
    b"\r",
    b"\0",
    b"=?utf-8?b?",
    b"?=",
    b"\n\n",
    b"; name*0*=x''%",
    b'"',
    b"<",
    b"(",
    b"\xff",
    b"Content-Type: multipart/mixed; boundary=frontier\n",
    b"Content-Transfer-Encoding: base64\n",
    b"From: a@b.test\n",
    b"Date: 99\n",
)
# Laid-out HTML and first imports take longer than the usual deadline.
QUICK = settings(max_examples=150, deadline=None)
fields = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60)
words = st.text(max_size=200)


@st.composite
def mutated(draw):
    raw = b"\n" + draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        end = min(len(raw), at + draw(st.integers(0, 12)))
        put = draw(st.sampled_from(PIECES) | st.binary(max_size=6))
        raw = raw[:at] + put + raw[end:]
    # A field on top that stays whole, so that trace fields can be put above it.
    return b"X-First: kept" + (raw if raw[:1] == b"\n" else b"\n" + raw)


def lf(raw):
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b" ")


@QUICK
@given(st.binary(max_size=600))
@example(b"")
@example(b"\n")
@example(b"From ")
@example(b":\n")
def test_any_bytes_give_a_message(raw):
    assert isinstance(parse(raw, authserv_id=OURS), InboundMessage)


@QUICK
@given(mutated())
def test_a_damaged_mail_still_gives_a_message(raw):
    assert isinstance(parse(raw, authserv_id=OURS), InboundMessage)


@QUICK
@given(mutated())
def test_crlf_and_lf_copies_are_read_alike(raw):
    clean = lf(raw)

    assert parse(clean) == parse(clean.replace(b"\n", b"\r\n"))


@QUICK
@given(mutated(), st.lists(fields, max_size=4))
def test_trace_fields_leave_the_identity_alone(raw, values):
    names = (
        "Received",
        "Return-Path",
        "Delivered-To",
        "X-Spam",
        "Authentication-Results",
    )
    clean = lf(raw)
    added = "".join(
        f"{name}: {value}\n" for name, value in zip(names, values, strict=False)
    ).encode()

    assert parse(clean).identity == parse(added + clean).identity


@QUICK
@given(words)
def test_pieces_of_text_never_raise(value):
    split(value)
    html_to_text(value)
    safe_html(value)
    decode_words(value)
    addresses(value)
    message_ids(value)
    media_type(value, "text/plain")
    moment = date(value)

    assert moment is None or moment.tzinfo is not None


@QUICK
@given(st.text(st.sampled_from("<>/=\"' abdivpx&;!-\n"), max_size=200))
def test_broken_markup_never_raises(value):
    html_to_text(value)

    assert "<script" not in safe_html(f"{value}<script>x</script>")


clean_words = st.text(
    st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs")), max_size=120
) | st.text(st.sampled_from('abc åøé 漢字 Привет 😀 .,"\\=?_<>@()'), max_size=300)


@QUICK
@given(clean_words, clean_words, clean_words)
def test_what_is_composed_is_read_back(title, name, body):
    sent = outgoing(
        subject=title,
        sender=Address(addr_spec="privacy@leadjabber.test", display_name=name),
        text=f"Hello {body}",
        in_reply_to="one@example.org",
        references=("zero@example.org",),
    )
    raw = compose(sent)
    read = parse(raw)

    assert " ".join(title.split()) == read.subject
    assert " ".join(name.split())[:200] == read.sender.display_name
    assert f"Hello {body}".strip() == read.text.strip()
    assert "privacy@leadjabber.test" == read.sender.addr_spec
    assert ("kari@example.org",) == tuple(each.addr_spec for each in read.recipients)
    assert "answer@leadjabber.test" == read.message_id
    assert ("zero@example.org", "one@example.org") == read.references
    assert datetime(2026, 11, 22, 12, 0, tzinfo=UTC) == read.date
    assert () == read.defects
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()


@settings(QUICK, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_no_words_of_a_person_make_a_field(title, name, reference):
    sent = outgoing(
        subject=f"{title}\r\nBcc: evil@example.com\n\n{title}",
        sender=Address(
            addr_spec="privacy@leadjabber.test", display_name=f"{name}\r\nX-Evil: 1"
        ),
        in_reply_to=f"{reference}\r\nX-Evil: 1",
        references=(reference, f"x\nX-Evil: {reference}"),
    )
    head = compose(sent).partition(b"\r\n\r\n")[0]
    names = {
        line.partition(b":")[0]
        for line in head.split(b"\r\n")
        if not line.startswith(b" ")
    }

    assert {
        b"Date",
        b"From",
        b"To",
        b"Subject",
        b"Message-ID",
        b"MIME-Version",
        b"Content-Type",
    } == names
    assert head.count(b"\n") == head.count(b"\r\n") == head.count(b"\r")


@QUICK
@given(st.text(st.sampled_from("ab*_[]()<>`#-+1.!&;\\ :/"), max_size=60))
def test_escaped_words_read_as_they_were(value):
    shown = " ".join(to_text(f"Dear {escape(value)}").split())

    assert " ".join(f"Dear {value}".split()) == shown
