"""Mails a second through the classifier on one core; what it takes to load and hold it.

    python -m benchmarks.classify --mails 20000

The mails are those that the model was trained on, each with a number and a word of its
own at the end, so that nothing can be remembered. Memory is to be flat over any number.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from benchmarks import one_core  # noqa: F401 - before anything that starts threads
from classifiers import corpus
from classifiers.cascade import Reader
from classifiers.pipeline import HOME, MODEL
from inbox_bot.domain.message import InboundMessage
from inbox_bot.mime.parser import parse

BATCH = 100
STEPS = 10
MEGABYTE = 1_000_000
PAGE = 4096


def rows() -> list[dict[str, object]]:
    """Load the training mails as they stand in the corpora, languages mixed."""
    loaded: list[dict[str, object]] = [
        json.loads(line)
        for name in corpus.TRAINING
        for line in (corpus.FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    return sorted(loaded, key=lambda row: str(row["id"])[::-1])


def raw_mails(count: int) -> Iterator[bytes]:
    """Give so many mails as bytes, no two the same."""
    for number, row in enumerate(islice(cycle(rows()), count)):
        body = f"{row['body']}\n\nRef. {number} z{number:x}q"
        yield corpus.raw_mail({**row, "body": body})


def batches(mails: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Give mails as the bot claims them, some at a time."""
    while batch := list(islice(mails, BATCH)):
        yield batch


def timed(work: Callable[[], object]) -> float:
    """Give the seconds of processor time that a call takes.

    On a core of its own that is what a clock shows; others may be on the same machine.
    """
    began = time.process_time()
    work()
    return time.process_time() - began


def resident() -> float:
    """Give the memory that the process holds now, in MB; 0 where nobody tells."""
    path = Path("/proc/self/statm")
    pages = int(path.read_text().split()[1]) if path.exists() else 0
    return pages * PAGE / MEGABYTE


def strings(reader: Reader) -> int:
    """Count the words that all vocabularies hold."""
    models = reader._models  # noqa: SLF001 - to look inside is the point
    return sum(len(one.nlp.vocab.strings) for one in models.named.values())


def size(folder: Path) -> float:
    """Give the size of a folder in MB."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files) / MEGABYTE


def read_in_batches(reader: Reader, messages: Sequence[InboundMessage]) -> None:
    """Read parsed messages."""
    for start in range(0, len(messages), BATCH):
        reader.read(messages[start : start + BATCH])


def parse_and_read(reader: Reader, mails: Sequence[bytes]) -> None:
    """Read from bytes on."""
    for batch in batches(iter(mails)):
        reader.read([parse(raw) for raw in batch])


def speed(reader: Reader, count: int) -> list[tuple[str, str]]:
    """Measure both ways over the same mails, all languages' words being loaded."""
    mails = list(raw_mails(count))
    messages = [parse(raw) for raw in mails]
    read_in_batches(reader, messages)
    parsed = timed(lambda: read_in_batches(reader, messages))
    whole = timed(lambda: parse_and_read(reader, mails))
    return [
        ("parsed messages to readings", f"{count / parsed:.0f} mails/s"),
        ("bytes to readings", f"{count / whole:.0f} mails/s"),
    ]


def memory(reader: Reader, count: int) -> Iterator[tuple[str, str]]:
    """Read many mails once each; tell memory and vocabulary at every step."""
    step = max(BATCH, count // STEPS)
    done = 0
    for batch in batches(raw_mails(count)):
        reader.read([parse(raw) for raw in batch])
        done += len(batch)
        if done % step < len(batch) or done == count:
            held = f"{resident():.0f} MB, {strings(reader)} strings"
            yield f"after {done} mails", held


def load(model: Path) -> tuple[Reader, list[tuple[str, str]]]:
    """Load model and calibration; then the words and letters of a first mail's language."""
    reader = Reader(model)
    models = timed(lambda: reader.read([]))
    message = parse(b"Subject: Hello\r\n\r\nPlease send me a copy of my data.\r\n")
    first = timed(lambda: reader.read([message]))
    return reader, [
        ("load after import", f"{models:.2f} s"),
        ("first mail (its language's words)", f"{first:.2f} s"),
    ]


def show(name: str, value: str) -> None:
    """Print one line of the table, at once: a long run wants to be watched."""
    sys.stdout.write(f"| {name} | {value} |\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=20_000, help="for memory")
    parser.add_argument("--timed", type=int, default=2_000, help="for speed")
    parser.add_argument("--model", type=Path, default=MODEL, help="its folder")
    wanted = parser.parse_args()
    show("one core", "figure")
    show("---", "---")
    reader, lines = load(wanted.model)
    lines += [
        ("model folder", f"{size(wanted.model):.1f} MB"),
        ("word lists", f"{size(HOME / 'lexicon'):.1f} MB"),
        *speed(reader, wanted.timed),
    ]
    for line in lines:
        show(*line)
    show("memory when warm", f"{resident():.0f} MB, {strings(reader)} strings")
    for line in memory(reader, wanted.mails):
        show(*line)


if __name__ == "__main__":
    main()
