"""Answers to what the server refuses before the application is asked: bodies beyond its bound, and what is no HTTP.

Waitress would answer in plain English. Here they are problem details as everywhere in the API; a browser, which asks
for `text/html`, gets the same as plain text. A chunked body beyond the bound is answered at once and the connection
closed, so its sender may see it break off; one that says its length is taken in first, and thrown away.
"""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask
from waitress.utilities import BadRequest, RequestEntityTooLarge, RequestHeaderFieldsTooLarge, ServerNotImplemented
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from policy.values import Language
from webadmin import language
from webadmin.api.problems import MEDIA_TYPE, ProblemError

MOST_THROWN_AWAY = 64 << 20
"""Bytes of a refused body that are taken in, so that its sender gets to read the answer."""

_KINDS = {
    RequestEntityTooLarge: "too-large",
    RequestHeaderFieldsTooLarge: "headers-too-large",
    BadRequest: "http",
    ServerNotImplemented: "transfer-coding",
}


class Parser(HTTPRequestParser):  # type: ignore[misc] # waitress says nothing of types
    """Takes in the body of a request that is refused by its length, without keeping it."""

    expect_continue: bool
    _left = 0

    def received(self, data: bytes) -> int:
        """Take what was received, and return how much of it belongs to this request."""
        if self._left:
            taken = min(len(data), self._left)
            self._left -= taken
            self.completed = not self._left
            return taken
        taken = int(super().received(data))
        if isinstance(self.error, RequestEntityTooLarge) and not self.chunked:
            if not self.expect_continue and self.content_length <= MOST_THROWN_AWAY:
                self._left, self.completed = self.content_length, False
            self.expect_continue = False  # who asks before sending is answered now
        return taken


class Refusal:
    """What a request is answered that the server refuses.

    Args:
        request: As far as it could be read.
        largest_call: Bytes of a body that the API takes.
    """

    def __init__(self, request: HTTPRequestParser, largest_call: int) -> None:
        self._request = request
        self._error = request.error
        self._largest_call = largest_call

    def to_response(self, _ident: str | None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, header fields and body."""
        error, headers = self._error, self._request.headers
        accepted = parse_accept_header(headers.get("ACCEPT_LANGUAGE"), LanguageAccept)
        speaks = language.wanted((Language.ZH, Language.EN), accepted) or Language.EN
        problem = ProblemError(_KINDS.get(type(error), "internal"), {"found": self._found(), "expected": self._bound()})
        told = problem.to_data(speaks)
        body, kind = problem.body(speaks), MEDIA_TYPE
        if "text/html" in headers.get("ACCEPT", ""):
            body, kind = f"{told['title']}: {told['detail']}\n", "text/plain; charset=utf-8"
        spoken = "zh-CN" if speaks is Language.ZH else "en"
        fields = [("Content-Type", kind), ("Content-Language", spoken), ("Cache-Control", "no-store")]
        return f"{problem.status} {error.reason}", fields, body.encode()

    def _found(self) -> str:
        """Return what was found: how many bytes, or what waitress says of them."""
        if isinstance(self._error, RequestEntityTooLarge):
            return str(max(self._request.content_length, self._request.body_bytes_received))
        return str(self._error.body)

    def _bound(self) -> str:
        """Return the bytes that are taken where the request goes to."""
        if isinstance(self._error, RequestHeaderFieldsTooLarge):
            return str(self._request.adj.max_request_header_size)
        if getattr(self._request, "path", "").startswith("/api/"):
            return str(self._largest_call)
        return str(self._request.adj.max_request_body_size)


class Task(ErrorTask):  # type: ignore[misc] # as above
    """Answers a request that the server refuses."""

    def execute(self) -> None:
        """Answer it, and close the connection."""
        self.request.error = Refusal(self.request, self.channel.server.largest_call)
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc] # as above
    """A connection whose refusals are problem details."""

    parser_class = Parser
    error_task_class = Task
