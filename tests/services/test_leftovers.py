"""What two passes at once leave behind: nothing."""

from pathlib import Path

from inbox_bot.services.intake import accept
from tests.world import KARI, world_at


def test_what_another_poll_accepted_first_leaves_no_second_copy(tmp_path: Path):
    with world_at(f"sqlite:///{tmp_path / 'b.db'}", tmp_path) as world:
        world.mail("I want a copy of my data", sender=KARI)
        mailbox = world.mailboxes.connect()
        (batch,) = mailbox.fetch_after("INBOX", None)

        assert 1 == accept(world.house, batch)
        assert 0 == accept(world.house, batch)

        blobs = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
        assert 1 == len(blobs)
