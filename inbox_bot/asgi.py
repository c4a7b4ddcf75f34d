"""The web application for an ASGI server of the operator's own choice.

`uvicorn inbox_bot.asgi:app`. The one module that works at import: the server asks for
a ready application.
"""

from inbox_bot import telemetry
from inbox_bot.bootstrap import build
from inbox_bot.running import web_options
from inbox_bot.settings import config_path, load
from inbox_bot.web.app import make_app

telemetry.configure()
_application = build(load(config_path(None)))
app = make_app(_application.house, web_options(_application))
