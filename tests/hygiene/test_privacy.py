"""Nothing of a real person and nothing of this machine stands in the repository."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pip._internal.models.index import PyPI

from tests.hygiene.repository import ROOT, texts

EXAMPLES = ("tests/", "classifiers/", "templates/", "benchmarks/")

ADDRESS = re.compile(r"[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+)", re.IGNORECASE)
RESERVED = re.compile(  # RFC 2606 and 6761, and the company's own domain
    r"(.*\.)?(example(\.[a-z]{2,3})?|test|invalid|localhost|leadjabber\.com)",
    re.IGNORECASE,
)
HOME = re.compile(r"(?<![\w.-])/(?:home|Users|root|work|farm)/\w")
EIGHT_FOUR = re.compile(r"(?<![\w-])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?![\w-])")
ELEVEN = re.compile(r"(?<![\w-])\d{11}(?![\w-])")


def foreign_addresses(text):
    return [
        found[0] for found in ADDRESS.finditer(text) if not RESERVED.fullmatch(found[1])
    ]


def identifiers(text):
    """Find what passes the checksum of a payment card or a Norwegian identity number.

    The card number that every manual prints is nobody's.
    """
    cards = [
        digits
        for found in EIGHT_FOUR.findall(text)
        if (digits := re.sub(r"\D", "", found)) != "4" + "1" * 15
        and passes_luhn(digits)
    ]
    return cards + [found for found in ELEVEN.findall(text) if is_identity(found)]


def passes_luhn(digits):
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    plain = (int(digit) for digit in digits[::-2])
    return (sum(n - 9 if n > 9 else n for n in doubled) + sum(plain)) % 10 == 0


def is_identity(digits):
    numbers = [int(digit) for digit in digits]
    weights = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
    return all(
        sum(w * n for w, n in zip(row, numbers, strict=False)) % 11 == 0
        for row in weights
    )


def registries():
    """Name the hosts that this machine installs from."""
    config = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    sources = [Path("/etc/apt/sources.list"), *Path("/etc/apt").glob("*.d/*")]
    listed = [path.read_text("utf-8") for path in sources if path.is_file()]
    urls = re.findall(r"https?://[^\s'\"]+", "\n".join([config, *listed]))
    hosts = {urlsplit(url).hostname for url in urls}
    return {PyPI.netloc, PyPI.file_storage_domain, *hosts} - {"localhost", None}


@pytest.mark.parametrize("name", [n for n in texts() if n.startswith(EXAMPLES)])
def test_an_example_names_nobody(name):
    assert [] == foreign_addresses(texts()[name])
    assert [] == identifiers(texts()[name])


def test_no_file_names_a_path_of_this_machine():
    here = re.compile(rf"(?<![\w.-]){re.escape(str(ROOT))}/")
    found = [
        name for name, text in texts().items() if HOME.search(text) or here.search(text)
    ]

    assert [] == found


def test_no_file_names_a_registry():
    found = [
        f"{name}: {host}"
        for host in registries()
        for name, text in texts().items()
        if host in text
    ]

    assert [] == found


def test_an_address_of_somebody_is_found():
    text = "kari@example.org, ola@mail.example, per@company" + ".no"

    assert ["per@company" + ".no"] == foreign_addresses(text)


def test_a_card_number_is_found():
    number = "5500 0000 0000 000" + "4"

    assert [number.replace(" ", "")] == identifiers(f"card {number}.")
    assert [] == identifiers("4111 1111 1111 1111 and 5500 0000 0000 0005")
