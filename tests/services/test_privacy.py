"""Nothing that names a person lies in clear, in the database or in the logs."""

from inbox_bot.services import review
from tests.services.test_proof import bounce_of
from tests.world import as_message, code_in, token_in

SECRETS = ("kari@exa", "for kari", "ola@example", "nordmann", "violet umbrella")
"""Long enough not to stand in sealed bytes by chance."""


def play(world) -> list[str]:
    """A whole story with every kind of content; give the code and the link's token."""
    world.mail(
        "I want a copy of my data about my violet umbrella.",
        sender="Kari Nordmann <kari@example.org>",
        subject="Kari wants a copy of my data",
    )
    (asked,) = world.receive()
    world.mail(f"code {code_in(asked)}", reply_to=asked)
    world.mail("Stop for my client.", sender="ola@example.net")
    world.mail("invoice of Nordmann", sender="ola@example.net")
    world.poll()
    world.dispatch()
    draft = world.draft
    review.save_draft(
        world.house,
        draft.id,
        by="Astrid",
        subject="For Kari",
        source="Kari Nordmann has a violet umbrella.",
        match_confirmed=True,
        version=draft.version,
    )
    review.approve_draft(world.house, draft.id, by="Astrid")
    world.dispatch()
    world.put(bounce_of(as_message(world.transport.sent[-1].content)))
    world.mailboxes.add(
        "INBOX", b"From: kari@example.org\r\n\r\n", world.clock.now(), unreadable=True
    )
    world.poll()
    world.pass_time(days=30)
    return [code_in(asked), token_in(asked)]


def test_no_file_of_the_house_names_or_quotes_anybody(world, tmp_path):
    secrets = [*SECRETS, *play(world)]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert {"bot.db", "bot.keys.db"} <= {path.name for path in files}
    found = {
        (path.name, secret)
        for path in files
        for secret in secrets
        if secret.encode() in path.read_bytes().lower()
    }
    assert set() == found


def test_what_must_not_be_in_the_files_was_in_the_mails(world):
    play(world)

    sent = b"".join(mail.content for mail in world.transport.sent).lower()
    assert b"kari" in sent
    assert b"umbrella" in sent


def test_no_log_names_or_quotes_anybody(world, logs):
    secrets = [*SECRETS, *play(world)]

    told = str(logs).lower()

    assert "dispatched" in told
    assert "quarantined" in told
    assert [] == [secret for secret in secrets if secret in told]
    assert "@" not in told
