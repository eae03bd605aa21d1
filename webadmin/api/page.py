"""The page to try the API: every operation with what it takes, and a form that sends it from the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, render_template

from webadmin import guard, language
from webadmin.access.rights import Right
from webadmin.api.operations import OPERATIONS
from webadmin.api.registry import Operation

blueprint = Blueprint("api_page", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """An operation as the page shows it.

    Attributes:
        address: Of its first example, with the parameters.
        body: Of its first example, as JSON; empty where it takes none.
    """

    name: str
    method: str
    path: str
    title: str
    scopes: tuple[str, ...]
    address: str
    body: str


@blueprint.get("/api")
@guard.needs(Right.READ)
def index() -> str:
    """Show the operations and the form."""
    return render_template("api/index.html", operations=[_shown(each) for each in OPERATIONS.values()])


def _shown(operation: Operation) -> Shown:
    address, body = operation.path, ""
    if operation.examples:
        example = operation.examples[0]
        for name, value in example.path.items():
            address = address.replace(f"{{{name}}}", value)
        parameters = "&".join(f"{name}={value}" for name, value in example.query.items())
        address += f"?{parameters}" if parameters else ""
        body = "" if example.body is None else json.dumps(example.body, ensure_ascii=False, indent=2)
    return Shown(
        operation.name,
        operation.method,
        operation.path,
        operation.title.to(language.chosen()),
        tuple(map(str, operation.scopes)),
        address,
        body,
    )
