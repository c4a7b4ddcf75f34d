"""The bot at work in one process: threads, scheduler and web, started and stopped."""

import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from inbox_bot.bootstrap import Application
from inbox_bot.errors import SettingsError
from inbox_bot.scheduler import make_scheduler
from inbox_bot.settings.sections import WebSettings
from inbox_bot.web.app import WebOptions, make_app, make_console, make_public
from inbox_bot.workers import Pauses, Signals, Workers, join

STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A web server with the socket on which it listens."""

    server: uvicorn.Server
    listening: socket.socket

    def serve(self) -> None:
        """Serve until the server is told to stop."""
        self.server.run(sockets=[self.listening])


def run(application: Application) -> None:
    """Run threads, scheduler and web until the process is told to stop.

    SettingsError where the web can't listen where the settings want it.
    """
    # uvicorn stops at a signal and raises it again: everything else has to end, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), ExitStack() as sockets:
        doors = _doors(application, sockets)
        with background(application):
            _serve(doors)


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
        signals.end()
        scheduler.shutdown(wait=False)
        join(threads)


def web_options(application: Application) -> WebOptions:
    """Give what the pages need of the settings."""
    base_url = application.settings.web.base_url
    return WebOptions(base_url=base_url, secure_cookies=base_url.startswith("https://"))


def _doors(application: Application, sockets: ExitStack) -> list[Door]:
    """Listen; the console has a door of its own where the settings want one."""
    web = application.settings.web
    house, options = application.house, web_options(application)
    outside = sockets.enter_context(_listen("web.port", web.host, web.port))
    if not web.console_port:
        app = make_app(house, options)
        return [Door(server=_server(app, web), listening=outside)]
    host = web.console_host or web.host
    inside = sockets.enter_context(_listen("web.console_port", host, web.console_port))
    public, console = make_public(house, options), make_console(house, options)
    return [
        Door(server=_server(public, web), listening=outside),
        Door(server=_server(console, web), listening=inside),
    ]


def _listen(setting: str, host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family)
    except OSError as error:
        raise SettingsError(
            f"{setting}: can't listen on {host}:{port} ({error.strerror}); it takes an"
            " address of this machine and a port that is free"
        ) from None


def _serve(doors: Sequence[Door]) -> None:
    # Only the main thread may take signals; the other servers end with its own.
    main, *others = doors
    threads = [threading.Thread(target=door.serve, daemon=True) for door in others]
    for thread in threads:
        thread.start()
    try:
        main.serve()
    finally:
        for door in others:
            door.server.should_exit = True
        for thread in threads:
            thread.join(STOP_SECONDS)


def _server(app: FastAPI, web: WebSettings) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=web.trusted_proxies or None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return uvicorn.Server(config)
