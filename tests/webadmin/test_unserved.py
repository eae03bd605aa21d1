"""What the server refuses before the application is asked is told as everything else is: over a real socket."""

from __future__ import annotations

import http.client
import json
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from waitress import wasyncore

from tests.patience import HANGS
from tests.webadmin.conftest import MakeApp
from webadmin.server import look_after, made

MOST = 40_000


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """Serve an application with small bounds; give its port."""
    settings = replace(
        app.extensions["settings"],
        host="127.0.0.1", port=0, largest_call=MOST // 4, largest_request=1024, largest_upload=1024,
    )  # fmt: skip
    sockets: dict[int, Any] = {}
    server = made(app, settings, sockets)
    stop = Event()

    def serve() -> None:
        while not stop.is_set():
            look_after(sockets, 0.05)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        stop.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)


@pytest.fixture(scope="module")
def port(rules: Path, make_app: MakeApp) -> Iterator[int]:
    """Return the port of a server of small bounds."""
    with served(make_app(rules=rules)) as port:
        yield port


def answered(port: int, sent: bytes) -> tuple[int, dict[str, str], Any]:
    """Send bytes and return status, header fields and body of the answer."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=HANGS)) as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        text = answer.read().decode()
        fields = {name.lower(): value for name, value in answer.getheaders()}
    is_problem = fields["content-type"] == "application/problem+json"
    return answer.status, fields, json.loads(text) if is_problem else text


def posting(path: str, *fields: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", *fields, "", ""]).encode() + body


@pytest.mark.parametrize("size", [MOST, 3_000_000])
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "请求正文过大"), ("en", "the body is too large")])
def test_a_body_beyond_the_servers_bound_is_a_problem_its_sender_gets_to_read(
    port: int, size: int, language: str, said: str
) -> None:
    sent = posting("/api/v1/events", f"Content-Length: {size}", f"Accept-Language: {language}", body=b"x" * size)

    status, fields, problem = answered(port, sent)

    assert (status, problem["status"], problem["code"], problem["title"]) == (413, 413, "too-large", said)
    assert str(MOST // 4) in problem["detail"]
    assert fields["content-language"] == language
    assert fields["connection"] == "close"


def test_who_asks_before_sending_is_refused_without_sending(port: int) -> None:
    sent = posting("/api/v1/events", "Content-Length: 9000000", "Expect: 100-continue")

    assert answered(port, sent)[0] == 413


def test_a_body_of_chunks_beyond_the_bound_is_a_problem(port: int) -> None:
    chunk = b"%x\r\n%s\r\n" % (MOST, b"x" * MOST)

    status, _, problem = answered(port, posting("/api/v1/events", "Transfer-Encoding: chunked", body=chunk))

    assert (status, problem["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("sent", "status", "code", "found"),
    [
        (b"GET\r\n\r\n", 400, "http", "invalid"),
        (b"GET / HTTP/1.1\r\nHost x\r\n\r\n", 400, "http", "Invalid header"),
        (b"GET / HTTP/1.1\r\nHost: x\n\r\n\r\n", 400, "http", "CR or LF"),
        (posting("/api/v1/events", "Content-Length: many"), 400, "http", "Content-Length is invalid"),
        (posting("/api/v1/events", "Transfer-Encoding: chunked", body=b"x\r\n"), 400, "http", "Invalid chunk size"),
        (posting("/api/v1/events", "Transfer-Encoding: gzip"), 501, "transfer-coding", "chunked"),
        (posting("/", f"Cookie: {'x' * 300_000}"), 431, "headers-too-large", "262144"),
    ],
)
def test_what_is_no_http_is_a_problem(port: int, sent: bytes, status: int, code: str, found: str) -> None:
    got, _, problem = answered(port, sent)

    assert (got, problem["status"], problem["code"]) == (status, status, code)
    assert found in problem["detail"]


def test_a_browser_gets_a_text_it_can_show(port: int) -> None:
    fields = (f"Content-Length: {MOST}", "Accept: text/html,*/*", "Accept-Language: zh")

    _, told, text = answered(port, posting("/imports", *fields, body=b"x" * MOST))

    assert told["content-type"] == "text/plain; charset=utf-8"
    assert text.startswith("请求正文过大")
    assert str(MOST) in text


def test_bodies_within_the_servers_bound_are_the_applications_to_refuse(port: int) -> None:
    sent = posting("/api/v1/events", f"Content-Length: {MOST - 1}", "Connection: close", body=b"x" * (MOST - 1))

    status, _, problem = answered(port, sent)

    assert (status, problem["code"]) == (401, "token-missing")


def test_a_server_with_many_open_files_still_answers(app: Flask) -> None:
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 4096:
        pytest.skip(f"no process may open more than {most} files here")
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (least, most))
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(least, 4096), most))
        opened = [stack.enter_context(Path("/dev/null").open()) for _ in range(1100)]
        assert opened[-1].fileno() > 1024
        with served(app) as port:
            assert answered(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200
