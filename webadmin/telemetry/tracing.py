"""Every request has an id and belongs to a trace: the caller's, where it names one (W3C Trace Context)."""

from __future__ import annotations

import re
import secrets
from time import perf_counter

import structlog
from flask import Flask, Response, current_app, g, request

from webadmin.telemetry.logs import logger
from webadmin.telemetry.metrics import Metrics

_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?")

_QUIET = frozenset({"operating.healthz", "operating.readyz", "static"})
"""Endpoints whose requests are counted and not logged: probes come every few seconds."""


def init(app: Flask) -> None:
    """Give every request of `app` its id, its trace, its line and its place in the figures."""
    app.before_request(_begun)
    app.after_request(_ended)


def _begun() -> None:
    g.began = perf_counter()
    parent = _PARENT.fullmatch(request.headers.get("traceparent", ""))
    g.trace, g.flags = (parent[1], parent[2]) if parent else (secrets.token_hex(16), "00")
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.bind_contextvars(request_id=g.request_id, trace_id=g.trace)


def _ended(response: Response) -> Response:
    if "began" not in g:  # something before us answered
        return response
    seconds = perf_counter() - g.began
    route = request.url_rule.rule if request.url_rule is not None else "none"
    response.headers["X-Request-Id"] = g.request_id
    response.headers["traceparent"] = f"00-{g.trace}-{g.request_id}-{g.flags}"
    metrics: Metrics = current_app.extensions["metrics"]
    method = request.method if request.method in _METHODS else "OTHER"
    metrics.request(method, route, response.status_code, seconds)
    if request.endpoint not in _QUIET:
        logger().info(
            "request",
            method=method,
            route=route,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 2),
            client=g.get("client"),
        )
    structlog.contextvars.clear_contextvars()
    return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
