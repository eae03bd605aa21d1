"""Routes of the operations: who calls, what comes, what is answered, and every error as problem details."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from policy.errors import few_suggestions
from policy.model.words import shown
from policy.values import Language, Text
from webadmin import language
from webadmin.api import problems
from webadmin.api.calls import Answer, Call, query_of
from webadmin.api.gate import Gate
from webadmin.api.operations import OPERATIONS
from webadmin.api.problems import ProblemError, problem_of
from webadmin.api.registry import Operation
from webadmin.decisions.service import clock
from webadmin.telemetry.metrics import Metrics

blueprint = Blueprint("api", __name__)

JSON = "application/json"

LONGEST_KEY = 255
"""Characters of an Idempotency-Key."""

MOST_SUGGESTIONS = 100
"""Different misspelt names of one call whose nearest name is looked for."""

_VISIBLE = re.compile(r"[!-~]{1,255}")
_OF_STATUS = {404: "not-found", 405: "method", 413: "too-large", 415: "media-type"}


def spoken() -> Language:
    """Return the language of sentences: what the caller asks for, else English."""
    return language.asked((Language.ZH, Language.EN)) or Language.EN


def gate() -> Gate:
    """Return the gate of this application."""
    found: Gate = current_app.extensions["gate"]
    return found


def _view(operation: Operation) -> Any:
    def view(**path: str) -> Response:
        return _answered(operation, path)

    view.__name__ = operation.name.replace("-", "_")
    view.__doc__ = operation.handle.__doc__
    return view


for _each in OPERATIONS.values():
    blueprint.add_url_rule(re.sub(r"\{(\w+)\}", r"<\1>", _each.path), _each.name, _view(_each), methods=[_each.method])


def _answered(operation: Operation, path: Mapping[str, str]) -> Response:
    """Carry an operation out."""
    now, own = clock(), gate()
    limits: Mapping[str, str] = {}
    try:
        holder = own.admitted(request.headers.get("Authorization"), operation.scopes, now)
        g.client = holder.client
        allowance = own.counted(holder, now)
        limits = allowance.headers()
        if not allowance.granted:
            raise ProblemError("too-many-requests", {"limit": str(allowance.limit)})  # noqa: TRY301 - one place writes it
        call = Call(
            own.record, own.once, own.seal, holder, spoken(), now, path,
            query_of(operation.query, request.args.to_dict(flat=False)),
            _body(operation),
            f"{request.method} {request.full_path}",
            _key() if operation.once else None,
        )  # fmt: skip
        with few_suggestions(MOST_SUGGESTIONS):
            answer = operation.handle(call)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return _refused(problem, limits)
    return _given(answer, limits)


def _given(answer: Answer, limits: Mapping[str, str]) -> Response:
    metrics: Metrics = current_app.extensions["metrics"]
    for policy, status in answer.counted:
        metrics.decided(policy, status)
    response = Response(answer.body, answer.status, mimetype=JSON)
    response.headers.extend({**limits, **answer.headers})
    return response


def _refused(problem: ProblemError, limits: Mapping[str, str]) -> Response:
    spoke = spoken()
    # Halves of characters a caller sent come back as JSON's own escapes, which is what `backslashreplace` writes.
    body = problem.body(spoke).encode("utf-8", "backslashreplace")
    response = Response(body, problem.status, mimetype=problems.MEDIA_TYPE)
    response.headers.extend({**limits, **problem.headers})
    response.headers["Content-Language"] = "zh-CN" if spoke is Language.ZH else "en"
    return response


def _body(operation: Operation) -> bytes:
    if operation.body is None:
        return b""
    if request.mimetype not in operation.media_types:
        raise _media_type()
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() not in ("", "identity"):
        raise ProblemError("content-coding", {"found": f"`{shown(coding)}`"}, headers={"Accept-Encoding": "identity"})
    request.max_content_length = gate().settings.largest_call
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise _too_large() from error


def _too_large() -> ProblemError:
    bound = gate().settings.largest_call
    return ProblemError("too-large", {"found": str(request.content_length or f"> {bound}"), "expected": str(bound)})


def _media_type() -> ProblemError:
    found = f"`{shown(request.mimetype)}`" if request.mimetype else Text("无 Content-Type", "no Content-Type")
    return ProblemError("media-type", {"found": found, "expected": JSON})


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _VISIBLE.fullmatch(key):
        raise ProblemError("idempotency-key", {"found": f"`{shown(key)}`", "expected": str(LONGEST_KEY)})
    return key


def refused(problem: ProblemError) -> Response:
    """Return the answer a problem is, for addresses that are no operations."""
    return _refused(problem, {})


def failed(error: HTTPException) -> Response | None:
    """Return the answer to what went wrong before or behind an operation; None for addresses that are pages."""
    if not request.path.startswith(("/api/", "/openapi.json", "/metrics", "/healthz", "/readyz")):
        return None
    code = error.code or 500
    if code == 503:
        return _refused(problems.unreachable(), {})
    name = _OF_STATUS.get(code, "internal" if code >= 500 else "body")
    response = _refused(_of_name(name, error), {})
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def _of_name(name: str, error: HTTPException) -> ProblemError:
    if name == "too-large":
        return _too_large()
    if name == "media-type":
        return _media_type()
    if name == "method":
        allowed = tuple(f"`{each}`" for each in sorted(getattr(error, "valid_methods", None) or ()))
        return ProblemError(name, {"found": f"`{shown(request.method)}`", "expected": allowed})
    near = get_close_matches(request.path[:200], [each.path for each in OPERATIONS.values()], 1, 0.6)
    said = Text(f"（是否想写 `{near[0]}`？）", f" (did you mean `{near[0]}`?)") if near else Text("", "")
    return ProblemError(name, {"found": shown(request.path), "near": said, "count": "1"})
