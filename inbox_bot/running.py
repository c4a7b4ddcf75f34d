"""The bot at work in one process: threads, scheduler and web, started and stopped."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from inbox_bot.bootstrap import Application
from inbox_bot.scheduler import make_scheduler
from inbox_bot.web.app import WebOptions, make_app, make_console, make_public
from inbox_bot.workers import Pauses, Signals, Workers

STOP_SECONDS = 30.0


@contextmanager
def background(application: Application) -> Iterator[Signals]:
    """Run the threads and the scheduler for as long as the block lasts."""
    schedule = application.settings.schedule
    signals = Signals()
    holder = application.house.randomness.new_id()
    scheduler = make_scheduler(
        application.house, signals, holder=holder, tick_seconds=schedule.tick_seconds
    )
    threads = Workers(
        house=application.house,
        mailboxes=application.mailboxes,
        transport=application.transport,
        watch=application.watch,
        pauses=Pauses(
            poll=float(schedule.poll_seconds), dispatch=float(schedule.dispatch_seconds)
        ),
        signals=signals,
    ).start()
    scheduler.start()
    try:
        yield signals
    finally:
        signals.stop.set()
        signals.mail_in.set()
        signals.mail_out.set()
        scheduler.shutdown(wait=False)
        for thread in threads:
            thread.join(STOP_SECONDS)


def serve(application: Application) -> None:
    """Serve the web until the process is told to stop."""
    web = application.settings.web
    options = web_options(application)
    if not web.console_port:
        _server(make_app(application.house, options), application).run()
        return
    console = _server(
        make_console(application.house, options),
        application,
        host=web.console_host or web.host,
        port=web.console_port,
    )
    # Only the main thread may take signals; the console's server ends with it.
    beside = threading.Thread(target=console.run, name="console", daemon=True)
    beside.start()
    _server(make_public(application.house, options), application).run()
    console.should_exit = True
    beside.join(STOP_SECONDS)


def web_options(application: Application) -> WebOptions:
    """Give what the pages need of the settings."""
    base_url = application.settings.web.base_url
    return WebOptions(base_url=base_url, secure_cookies=base_url.startswith("https://"))


def _server(
    app: FastAPI, application: Application, *, host: str = "", port: int = 0
) -> uvicorn.Server:
    web = application.settings.web
    config = uvicorn.Config(
        app,
        host=host or web.host,
        port=port or web.port,
        log_config=None,
        access_log=False,
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=web.trusted_proxies or None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return uvicorn.Server(config)
