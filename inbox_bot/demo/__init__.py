"""The demo: mail servers, sample mails and people to play, all on this machine.

Stands above the bot and uses it from outside: by mail, by its pages and its use cases.
Nothing below may know of it, and nothing in it runs in a real installation.
"""

from inbox_bot.demo.live import run
from inbox_bot.demo.story import once

__all__ = ["once", "run"]
