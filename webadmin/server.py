"""Serves the application: one process, several threads (waitress).

Asked to stop (SIGTERM, Ctrl-C), it takes no new connections, finishes what it has begun, and ends; a decision that was
begun is on disk and answered then. A second Ctrl-C ends it at once.
"""

from __future__ import annotations

import errno
import gc
import signal
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from policy.values import Text
from webadmin.app import close, create_app
from webadmin.settings import Settings
from webadmin.telemetry import logs
from webadmin.unserved import Channel

PATIENCE = 20
"""Seconds that what was begun may still take after the server was asked to stop."""

LOOK = 0.25
"""Seconds between two looks at whether it was asked to stop."""

TAKEN = Text(
    "{host}:{port} 已被占用：请停止占用它的程序，或换一个端口，例如 --port {other}（0 表示任选空闲端口）",
    "{host}:{port} is in use: stop what uses it, or choose another port, such as --port {other} (0: any free one)",
)
UNREACHABLE = Text(
    "无法监听 {host}:{port}（{why}）：请检查 --host 和 --port",
    "cannot listen on {host}:{port} ({why}): check --host and --port",
)


class ServerError(Exception):
    """The pages cannot be served.

    Attributes:
        text: What to do about it.
    """

    def __init__(self, text: Text, **values: object) -> None:
        self.text = Text(text.zh.format(**values), text.en.format(**values))
        super().__init__(self.text.en)


def listen(settings: Settings, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        settings: Where, and which policies.
        tell: Called with the address once it can be reached.

    Raises:
        ServerError: the address cannot be listened on.
        HeadsError: there is no key to sign the record's heads with, or those kept are another database's.
    """
    logs.set_up(as_json=settings.log_format == "json")
    app = create_app(settings)
    sockets: dict[int, Any] = {}
    server = made(app, settings, sockets)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    stop = _Stop()
    stop.listen()
    gc.collect()
    gc.freeze()  # policies and code stay: looking through them for garbage would halt every request for 0.2 s
    tell(f"http://{host}:{_port(server)}/")
    while not stop.asked:
        look_after(sockets, LOOK)
    _drain(server, sockets)
    close(app)


def made(app: Flask, settings: Settings, sockets: dict[int, Any]) -> Any:
    """Return a server that listens; `sockets` takes what `look_after` needs.

    Raises:
        ServerError: the address cannot be listened on.
    """
    try:
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=max(
                4 * settings.largest_call, 4 * settings.largest_request, settings.largest_upload + 4096
            ),
            ident=None,
        )
    except (OSError, ValueError) as error:
        raise _error(error, settings) from error
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class, each.largest_call = Channel, settings.largest_call
    return server


def look_after(sockets: dict[int, Any], seconds: float) -> None:
    """Wait at most so long until something can be done with one of the sockets, and do it."""
    wasyncore.loop(timeout=seconds, use_poll=True, map=sockets, count=1)  # `select` ends at the 1,024th open file


class _Stop:
    """Whether the server was asked to stop."""

    def __init__(self) -> None:
        self.asked = False

    def listen(self) -> None:
        """Take the signals that ask for it."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._take)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.default_int_handler)


def _drain(server: Any, sockets: dict[int, Any]) -> None:
    """Finish what was begun, and close every connection as soon as nothing is going on there."""
    for each in list(sockets.values()):
        if isinstance(each, BaseWSGIServer):
            wasyncore.dispatcher.close(each)
    end = monotonic() + PATIENCE
    while monotonic() < end:
        channels = [each for each in sockets.values() if isinstance(each, HTTPChannel)]
        for each in channels:
            if not (each.requests or each.request or each.total_outbufs_len):
                each.handle_close()
        if not channels:
            break
        look_after(sockets, LOOK / 10)
    server.task_dispatcher.shutdown()


def _port(server: Any) -> int:
    """Return the port listened on; a name with several addresses has one server for each."""
    listeners = getattr(server, "effective_listen", None)
    return int(listeners[0][1] if listeners else server.effective_port)


def _error(error: OSError | ValueError, settings: Settings) -> ServerError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        other = settings.port + 1 if settings.port < 65_535 else 8000
        return ServerError(TAKEN, host=settings.host, port=settings.port, other=other)
    return ServerError(UNREACHABLE, host=settings.host, port=settings.port, why=error)
