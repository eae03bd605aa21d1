"""What a browser remembers of the first steps: which were taken, and whether they are still to be shown."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, request
from werkzeug.wrappers import Response

from webadmin import language, steps

COOKIE = "steps"
HIDDEN = "hidden"

TAKEN: Mapping[str, str] = {
    "rulesets.decide": "try",
    "rulesets.decision": "try",
    "simulations": "simulate",
    "comparing": "simulate",
    "comparisons": "simulate",
}
"""Step by the endpoint, or the blueprint, whose form takes it."""


def kept() -> frozenset[str]:
    """Return what this browser remembers; what nobody could have written there is left out."""
    known = {HIDDEN, *TAKEN.values()}
    return frozenset(request.cookies.get(COOKIE, "").split(".")) & known


def keep(response: Response, marks: frozenset[str]) -> Response:
    """Let the browser remember."""
    value, secure = ".".join(sorted(marks)), language.settings().secure_cookies
    response.set_cookie(COOKIE, value, max_age=language.YEAR, samesite="Lax", httponly=True, secure=secure, path="/")
    return response


def init(app: Flask) -> None:
    """Remember the steps that are taken on the pages of `app`."""
    app.after_request(_noted)


def _noted(response: Response) -> Response:
    step = TAKEN.get(request.endpoint or "") or TAKEN.get(request.blueprint or "") or steps.taken()
    if step is None or request.method != "POST" or response.status_code >= 400 or step in kept():
        return response
    return keep(response, kept() | {step})
