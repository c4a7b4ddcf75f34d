"""`demo`: servers, bot, console and demo page running until somebody ends it."""

import signal
import socket
from collections.abc import Callable

import typer
import uvicorn

from inbox_bot.demo.mailbag import load
from inbox_bot.demo.page import Demo, add_demo
from inbox_bot.demo.people import People
from inbox_bot.demo.servers import HOST
from inbox_bot.demo.stage import MEMBER, Stage, staged
from inbox_bot.running import background
from inbox_bot.web.app import WebOptions, make_app

Echo = Callable[[str], None]


def run(*, port: int, echo: Echo = typer.echo) -> int:
    """Run the demo until Ctrl-C; on another port where that one is taken."""
    # Being told to end is no reason to leave the folder and its mails behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _listening(port) as listening:
        actual = listening.getsockname()[1]
        with staged(port=actual) as stage, background(stage.application):
            server = _web(stage)
            _tell(stage, echo)
            try:
                server.run(sockets=[listening])
            except KeyboardInterrupt:
                # uvicorn has shut down by then and passes the signal on.
                echo("\nThe demo has ended; nothing of it was kept.")
    return 0


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError:
        return socket.create_server((HOST, 0))


def _web(stage: Stage) -> uvicorn.Server:
    """Fill the mailbox and make the pages, the demo's beside the bot's own."""
    house = stage.application.house
    people = People(stage.server.boxes)
    samples = load()
    for sending in stage.send_samples(samples):
        people.note(sending, house.clock.now())
    base_url = stage.application.settings.web.base_url
    options = WebOptions(base_url=base_url, secure_cookies=False, demo=True)
    app = make_app(house, options)
    add_demo(app, Demo(stage=stage, people=people, samples=samples))
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    return uvicorn.Server(config)


def _tell(stage: Stage, echo: Echo) -> None:
    base_url = stage.application.settings.web.base_url
    echo("The demo is running; all of it stays on this machine.")
    echo(f"Demo page:  {base_url}/demo")
    echo(f"Console:    {base_url}/console  name: {MEMBER}  password: {stage.password}")
    echo("Ctrl-C ends it.")
