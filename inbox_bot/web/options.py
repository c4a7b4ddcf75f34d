"""What the pages are told by the settings; plain values, no logic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """How the pages are served.

    `secure_cookies` is true where `base_url` is https; `demo` marks every console page
    as part of the demo.
    """

    base_url: str
    secure_cookies: bool
    demo: bool = False
