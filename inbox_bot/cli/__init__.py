"""The command line: parses the call, runs a use case, prints, sets the exit code."""

from inbox_bot.cli.main import app

__all__ = ["app"]
