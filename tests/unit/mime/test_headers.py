"""Single fields and addresses, honest and not."""

from datetime import datetime

import pytest

from inbox_bot.domain.message import Address
from inbox_bot.mime.addresses import (
    MAX_ADDRESSES,
    addr_spec,
    addresses,
    ascii_domain,
)
from inbox_bot.mime.characters import NORMALISED_LINE, clean_line, clean_text, decode
from inbox_bot.mime.headers import (
    MAX_REFERENCES,
    date,
    decode_words,
    file_name,
    media_type,
    message_ids,
    parameters,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("kari@example.org", [("kari@example.org", "")]),
        ("<kari@example.org>", [("kari@example.org", "")]),
        ("Kari <kari@EXAMPLE.org.>", [("kari@example.org", "Kari")]),
        ('"Nordmann, Kari" <k@example.org>, ola@example.com', [("k@example.org", "Nordmann, Kari"), ("ola@example.com", "")]),
        ('"K \\"K\\" N" <k@example.org>', [("k@example.org", 'K "K" N')]),
        ("k@example.org (Kari (K) \\) N)", [("k@example.org", "Kari (K) ) N")]),
        ("team: k@example.org, o@example.com;, p@example.test", [("k@example.org", ""), ("o@example.com", ""), ("p@example.test", "")]),
        ("<@relay.test,@two.test:k@example.org>", [("k@example.org", "")]),
        ('"k k"@example.org', [('"k k"@example.org', "")]),
        ('<"kari"@example.org>', [("kari@example.org", "")]),
        ("k@[192.0.2.1]", [("k@[192.0.2.1]", "")]),
        ("=?utf-8?q?a=40b=2Etest=2C?= <k@example.org>", [("k@example.org", "a@b.test,")]),
        ("Evil\u202e <k@example.org> trailing>", [("k@example.org", "Evil")]),
        ("k@xn--blbr-roah.example", [("k@blåbær.example", "")]),
        ("k@BLÅBÆR.example", [("k@blåbær.example", "")]),
        ("k@xn--zzzzzzzzz99999.example", [("k@xn--zzzzzzzzz99999.example", "")]),
        ("k@xn--\u00e5.example", [("k@xn--å.example", "")]),
        ("k@xn--A-.example", [("k@xn--a-.example", "")]),
        ("kåre@example.org", [("kåre@example.org", "")]),
    ],
)  # fmt: skip
def test_addresses_are_read(value, expected):
    assert expected == [
        (each.addr_spec, each.display_name) for each in addresses(value)
    ]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Kari",
        "undisclosed-recipients:;",
        "<>",
        "@example.org",
        "kari@",
        "a@b@example.org",
        "kari nordmann@example.org",
        "kari@exa mple.org",
        "kari@\u202eexample.org",
        "kari@ｅｘａｍｐｌｅ.org",
        "kari@.org",
        "kari@" + "x" * 300,
        "kari@" + "å" * 63,
        '"kari@example.org',
        "kari@example\u200b.org",
    ],
)
def test_garbage_is_no_address(value):
    assert () == addresses(value)


def test_a_list_of_addresses_ends_somewhere():
    assert MAX_ADDRESSES == len(addresses("a@b.test," * (MAX_ADDRESSES + 9)))


def test_a_domain_goes_to_a_labels_and_back():
    assert "xn--blbr-roah.example" == ascii_domain("blåbær.example")
    assert "k@straße.example" == addr_spec("k@xn--strae-oqa.example")
    assert "" == ascii_domain("x" * 64)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?K=C3=A5re_N?= rest", "Kåre N rest"),
        ("=?UTF-8?B?w6Y=?=", "æ"),
        ("Re: =?UTF-8?B?w6Y=?= b =?UTF-8?B?w6Y=?=", "Re: æ b æ"),
        ("=?utf-8?b?w6Y?=", "æ"),
        ("=?utf-8?b?w6Yx!x?=", "æ1"),
        ("=?utf-8?b?w6YxA?=", "æ1"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A6?=", "æ"),
        ("=?utf-8?q?a?= =?iso-8859-1*en?q?=E6?= b", "aæ b"),
        ("=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("=?nonsense?q?=E6?=", "æ"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("a\u202eb\x07c\n d", "a b c d"),
        ("A\u030a", "Å"),
    ],
)
def test_encoded_words_become_one_clean_line(value, expected):
    assert expected == decode_words(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('; a="x;\\"y"; b=z (why)', {"a": 'x;"y', "b": "z"}),
        ("; a*=utf-8'nb'%C3%A5", {"a": "å"}),
        ("; a*0=x; a*1=y; a*0=z", {"a": "xy"}),
        ("; a*0*=iso-8859-1''%E5; a*1=b", {"a": "åb"}),
        ("; a*=no-quotes", {"a": "no-quotes"}),
        ("; a=plain; a*=utf-8''better", {"a": "better"}),
        ("; =x; ; y", {}),
        ("; *=x", {}),
        ("; a*9999=x", {}),
    ],
)
def test_parameters_are_put_together(value, expected):
    assert expected == parameters(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "text/plain"),
        ("Text/HTML; charset=x", "text/html"),
        ("text/html (comment)", "text/html"),
        ("html", "text/plain"),
        ("a/b/c", "text/plain"),
    ],
)
def test_a_type_that_cannot_be_read_is_text(value, expected):
    assert expected == media_type(value, "text/plain")[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.doc", "a.doc"),
        ("..", ""),
        ("a\0b\n.txt", "a b .txt"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_file_name_leads_nowhere(name, expected):
    assert expected == file_name(name)


def test_message_ids_are_found_among_words():
    assert ("a@b.test", "c@d.test") == message_ids(
        "in <a@b.test> of (x) <c@d.test> <a@b.test>"
    )
    assert ("a@b.test",) == message_ids("a@b.test")
    assert () == message_ids("your letter of 3 May")
    assert () == message_ids(f"<{'x' * 1_000}>")


def test_a_long_thread_keeps_its_root_and_its_end():
    ids = message_ids(" ".join(f"<{number}@x.test>" for number in range(300)))

    assert MAX_REFERENCES == len(ids)
    assert ("0@x.test", "299@x.test") == (ids[0], ids[-1])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sun, 22 Nov 2026 10:04:00 +0100 (CET)", "2026-11-22T10:04:00+01:00"),
        ("22 Nov 2026 10:04 GMT", "2026-11-22T10:04:00+00:00"),
        ("Sun, 22 Nov 2026 10:04:00 -0000 (nowhere)", "2026-11-22T10:04:00+00:00"),
    ],
)
def test_a_date_has_a_zone(value, expected):
    assert datetime.fromisoformat(expected) == date(value)


@pytest.mark.parametrize(
    ("data", "charset", "expected"),
    [
        (b"\xe5", "iso-8859-1", ("å", True)),
        (b"\x80", "iso-8859-1", ("€", True)),
        (b"\xc3\xa5", "", ("å", False)),
        (b"\xe5", "", ("å", False)),
        (b"abc", "", ("abc", True)),
        (b"\xc3\xa5", "us-ascii", ("Ã¥", False)),
        (b"\xe5", "utf-8", ("å", False)),
        (b"abc", "x\0y", ("abc", False)),
        (b"abc", "rot13", ("abc", False)),
        (b"\x81", "", ("\ufffd", False)),
    ],
)
def test_bytes_become_characters(data, charset, expected):
    assert expected == decode(data, charset)


def test_a_line_too_long_to_be_prose_is_not_normalised():
    long = "A\u030a" * NORMALISED_LINE

    assert long == clean_line(long)


def test_text_keeps_its_lines_and_loses_what_is_invisible():
    assert "a\nb\tc\nd" == clean_text("a\r\n\u200bb\tc\x00\rd\ufeff")


def test_an_address_knows_its_halves():
    address = Address(addr_spec="kari@example.org")

    assert ("kari", "example.org") == (address.local_part, address.domain)
