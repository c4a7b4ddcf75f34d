"""`demo --once`: every sample through the bot, then a few people's stories to the end.

Prints what was understood and done, and says where that isn't what it should be.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic

import typer

from inbox_bot.demo.findings import Finding, differences, look, states_of
from inbox_bot.demo.mailbag import Sample, load
from inbox_bot.demo.play import ACTS, Act, Play
from inbox_bot.demo.stage import Stage, staged
from inbox_bot.domain.authorization import opt_out_addresses
from inbox_bot.domain.reading import Reading
from inbox_bot.errors import RefusalError
from inbox_bot.services import queries
from inbox_bot.services.dispatch import dispatch_all
from inbox_bot.services.house import House
from inbox_bot.services.polling import poll

LONGEST = 120.0
"""Seconds within which the samples must be worked through."""

UNUSED_PORT = 8080
"""Stands in the links of mails; nobody listens, the story presses the buttons."""

Echo = Callable[[str], None]


def once(echo: Echo = typer.echo) -> int:
    """Play everything and give the exit code: 0 where all is right, else 1."""
    with staged(port=UNUSED_PORT) as stage:
        samples = load()
        echo(f"{len(samples)} sample mails go to the mailbox.\n")
        stage.send_samples(samples)
        work(stage)
        wrong = _tell_samples(stage, samples, echo)
        echo("Now the people who wrote play on.\n")
        acts_wrong = _tell_acts(stage, echo)
    acts = f"{len(ACTS) - acts_wrong} of {len(ACTS)} stories"
    echo(f"{len(samples) - wrong} of {len(samples)} samples and {acts} right.")
    return 1 if wrong or acts_wrong else 0


def work(stage: Stage) -> None:
    """Let the bot work until there is nothing left to fetch or send."""
    application = stage.application
    deadline = monotonic() + LONGEST
    while monotonic() < deadline:
        polled = poll(application.house, application.mailboxes, application.watch)
        sent = dispatch_all(application.house, application.transport)
        if not polled.processed and not sent.claimed:
            return


# --- samples


def _tell_samples(stage: Stage, samples: Sequence[Sample], echo: Echo) -> int:
    house = stage.application.house
    found = look(house)
    wrong = 0
    for number, sample in enumerate(samples, start=1):
        finding = found.get(sample.message_id)
        faults = differences(house, sample, finding)
        wrong += bool(faults)
        for line in _lines(house, number, sample, finding):
            echo(line)
        echo(_verdict(faults))
    strangers = _strangers(stage, samples)
    if strangers:
        echo(_verdict([f"mail went to {', '.join(strangers)}"]))
    return wrong + bool(strangers)


def _lines(
    house: House, number: int, sample: Sample, finding: Finding | None
) -> list[str]:
    lines = [
        f"{number:2}. {sample.title}",
        f"    mail        {sample.writing.sender}: {sample.writing.subject}",
    ]
    if finding is not None:
        lines.append(f"    understood  {_understood(finding.reading)}")
        lines.append(f"    done        {_done(house, finding)}")
    return lines


def _understood(reading: Reading | None) -> str:
    if reading is None:
        return "nothing"
    labels = ", ".join(
        f"{label.value} {reading.probabilities.get(label, 0.0):.2f}"
        for label in reading.labels
    )
    words = [reading.kind.value, labels or "no right", reading.confidence.value]
    return "; ".join([*words, reading.language or "no language"])


def _done(house: House, finding: Finding) -> str:
    if finding.case is None:
        return f"{finding.stored.place}, because: {finding.stored.reason}"
    case = finding.case
    requests = ", ".join(f"{right} {state}" for right, state in states_of(case).items())
    words = [f"case {case.reference}: {requests}"]
    reasons = {r.hold_reason.value for r in case.requests if r.hold_reason}
    if reasons:
        words.append(f"a person must look ({', '.join(sorted(reasons))})")
    stopped = {
        address: queries.suppressed(house, address)
        for address in opt_out_addresses(case)
    }
    words += [f"stopped for {a}: {', '.join(s)}" for a, s in stopped.items() if s]
    words += [f"sent {' + '.join(m.letters)} to {m.to}" for m in finding.sent]
    return "; ".join(words)


def _strangers(stage: Stage, samples: Sequence[Sample]) -> list[str]:
    """Name who got more mails than the samples set off."""
    found = look(stage.application.house)
    wanted = Counter(
        finding.stored.content.sender
        for sample in samples
        if sample.expect.letters and (finding := found.get(sample.message_id))
    )
    return sorted(Counter(stage.server.boxes.addresses()) - wanted)


# --- stories


def _tell_acts(stage: Stage, echo: Echo) -> int:
    play = Play(stage=stage, work=lambda: work(stage), echo=echo)
    wrong = 0
    for title, act in ACTS.items():
        echo(title)
        faults = _played(act, play)
        wrong += bool(faults)
        echo(_verdict(faults))
    return wrong


def _played(act: Act, play: Play) -> list[str]:
    try:
        return act(play)
    except (LookupError, RefusalError) as error:
        # Something before went otherwise, so that this can't be played.
        return [str(error)]


def _verdict(faults: Sequence[str]) -> str:
    return f"    {'WRONG: ' + '; '.join(faults) if faults else 'right'}\n"
