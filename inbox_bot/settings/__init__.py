"""The typed settings tree: a TOML file and the environment, checked at start.

Only `bootstrap` and the commands read it; adapters get plain values.
"""

from inbox_bot.settings.loading import (
    DEFAULT_FILE,
    Settings,
    config_path,
    load,
    master_key,
)

__all__ = ["DEFAULT_FILE", "Settings", "config_path", "load", "master_key"]
