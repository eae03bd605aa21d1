"""For those who run the server: is it alive, can it work, its figures, and the description of its API."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from policy.model.canonical import canonical_json
from webadmin.access.scopes import Scope
from webadmin.api.openapi import document
from webadmin.api.problems import ProblemError
from webadmin.api.serving import JSON, gate, refused
from webadmin.decisions.service import clock
from webadmin.telemetry import metrics
from webadmin.telemetry.metrics import Metrics
from webadmin.telemetry.readiness import Readiness

blueprint = Blueprint("operating", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return Response('{"status":"ok"}', mimetype=JSON)


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether it can work, part by part."""
    readiness: Readiness = current_app.extensions["readiness"]
    status, told = readiness.told()
    return Response(canonical_json(told), status, mimetype=JSON)


@blueprint.get("/metrics")
def figures() -> Response:
    """Return the figures; behind a proxy everybody comes from this machine, so a token says who may read them."""
    try:
        gate().admitted(request.headers.get("Authorization"), (Scope.METRICS,), clock())
    except ProblemError as problem:
        return refused(problem)
    found: Metrics = current_app.extensions["metrics"]
    return Response(found.text(), content_type=metrics.MEDIA_TYPE)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document."""
    return Response(document(), mimetype=JSON)
