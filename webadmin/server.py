"""Serves the application: one process, several threads (waitress)."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from typing import Any

from waitress import create_server

from policy.values import Text
from webadmin.app import create_app
from webadmin.settings import Settings

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
    """Serve until Ctrl-C.

    Args:
        settings: Where, and which policies.
        tell: Called with the address once it can be reached.

    Raises:
        ServerError: the address cannot be listened on.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = create_app(settings)
    try:
        server = create_server(app, host=settings.host, port=settings.port, threads=settings.threads, ident=None)
    except (OSError, ValueError) as error:
        raise _error(error, settings) from error
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    tell(f"http://{host}:{_port(server)}/")
    server.run()  # waitress ends by itself at Ctrl-C


def _port(server: Any) -> int:
    """Return the port listened on; a name with several addresses has one server for each."""
    listeners = getattr(server, "effective_listen", None)
    return int(listeners[0][1] if listeners else server.effective_port)


def _error(error: OSError | ValueError, settings: Settings) -> ServerError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        other = settings.port + 1 if settings.port < 65_535 else 8000
        return ServerError(TAKEN, host=settings.host, port=settings.port, other=other)
    return ServerError(UNREACHABLE, host=settings.host, port=settings.port, why=error)
