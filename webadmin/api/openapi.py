"""The OpenAPI 3.1 document, made from the operations and the forms of their requests and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from webadmin.access.scopes import MEANINGS
from webadmin.api import parsing, problems, shapes
from webadmin.api.operations import OPERATIONS
from webadmin.api.problemtexts import KINDS
from webadmin.api.registry import Operation

_REF = "#/components/schemas/{name}"
_EVERYWHERE = (
    *("token-missing", "token-invalid", "scope-missing", "parameter", "too-many-requests"),
    *("busy", "unreachable", "internal"),
    *("http", "headers-too-large", "transfer-coding"),
)
_WITH_BODY = ("too-large", "media-type", "content-coding")
_WITH_KEY = ("idempotency-key", "idempotency-mismatch", "in-flight")


_BOUNDS = (
    f"JSON in UTF-8 with at most {parsing.MOST_KEYS} keys in all its objects together, {parsing.MOST_VALUES} commas "
    f"and colons, {parsing.DEEPEST_BODY} levels, and the bytes the setting `api.largest_request` allows. No key occurs "
    "twice in an object; numbers are finite; texts hold whole characters."
)


@cache
def document() -> str:
    """Return the document as JSON."""
    return json.dumps(_document(), ensure_ascii=False, sort_keys=True)


def _document() -> dict[str, Any]:
    forms = [shapes.Problem, *dict.fromkeys(form for each in OPERATIONS.values() for form in _forms(each))]
    refs, components = msgspec.json.schema_components(forms, ref_template=_REF)
    schemas = dict(zip(map(repr, forms), refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS.values():
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fairlead",
            "version": version("fairlead"),
            "description": "Decisions by written policies, each on disk before it is answered, with its reasons.",
            "license": {"name": "Proprietary", "identifier": "LicenseRef-Fairlead"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "; ".join(f"{scope}: {text.en}" for scope, text in MEANINGS.items()),
                }
            },
        },
    }


def _forms(operation: Operation) -> list[Any]:
    return [operation.answer] if operation.body is None else [operation.answer, operation.body]


def _operation(operation: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.title.en,
        "x-summary-zh": operation.title.zh,
        "description": (operation.handle.__doc__ or "").partition("\n\n    Raises:")[0].strip(),
        "tags": [operation.path.split("/")[3]],
        "security": [{"token": []}],
        "x-scopes": [str(each) for each in operation.scopes],
        "parameters": [*_path(operation), *_query(operation), *_headers(operation)],
        "responses": _responses(operation, schemas),
    }
    if operation.body is not None:
        told["requestBody"] = {
            "description": _BOUNDS,
            "required": True,
            "content": {
                kind: {
                    "schema": schemas[repr(operation.body)],
                    "examples": {
                        _slug(each.title): {"summary": each.title, "value": each.body} for each in operation.examples
                    },
                }
                for kind in operation.media_types
                if not kind.endswith("cloudevents+json")
            },
        }
    return told


def _path(operation: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    examples = {name: each.path[name] for each in operation.examples for name in names if name in each.path}
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            **({"example": examples[name]} if name in examples and "{" not in examples[name] else {}),
        }
        for name in names
    ]


def _query(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = msgspec.json.schema_components([operation.query], ref_template=_REF)[1]
    members = schema[operation.query.__name__]["properties"]
    return [{"name": name, "in": "query", "schema": _inlined(each, schema)} for name, each in members.items()]


def _inlined(member: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter, which is a text or absent, never null."""
    kinds = [each for each in member.get("anyOf", [member]) if each.get("type") != "null"]
    found = {**member, **kinds[0]}
    found.pop("anyOf", None)
    if found.get("default", 0) is None:
        del found["default"]
    reference = found.pop("$ref", None)
    return found if reference is None else {**found, **schemas[reference.rpartition("/")[2]]}


def _headers(operation: Operation) -> list[dict[str, Any]]:
    language = {"name": "Accept-Language", "in": "header", "schema": {"type": "string"}, "example": "zh-CN"}
    if not operation.once:
        return [language]
    described = "The same key with the same request gives the same bytes, for 24 hours; no second decision is made."
    schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    return [language, {"name": "Idempotency-Key", "in": "header", "description": described, "schema": schema}]


def _responses(operation: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    codes = [*operation.problems, *_EVERYWHERE]
    codes += _WITH_BODY if operation.body is not None else ()
    codes += _WITH_KEY if operation.once else ()
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(KINDS[code].status, []).append(code)
    problem = {problems.MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}
    answers: dict[str, Any] = {
        str(operation.status): {
            "description": operation.title.en,
            "headers": _limits(),
            "content": {"application/json": {"schema": schemas[repr(operation.answer)]}},
        }
    }
    for status, named in sorted(by_status.items()):
        said = "; ".join(f"`{code}`: {KINDS[code].title.en}" for code in dict.fromkeys(named))
        answers[str(status)] = {"description": said, "content": problem}
    return answers


def _limits() -> dict[str, Any]:
    return {name: {"schema": {"type": "string"}} for name in ("RateLimit", "RateLimit-Policy", "X-Request-Id")}


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower())


def as_data() -> dict[str, Any]:
    """Return the document as plain data."""
    found: dict[str, Any] = json.loads(document())
    return found
