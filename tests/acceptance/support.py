"""Documents made from data, so that a test shows only what it is about.

JSON is YAML, so every document is written as one JSON value per top key, one line each.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import policy

DAY = "2026-03-01"
FLAG: dict[str, Any] = {"r": {"type": "string", "one_of": ["no", "yes"], "default": "no"}}


def render(document: dict[str, Any]) -> str:
    """Return a document as text: one top key a line, items of lists on their own lines."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value and key in {"inputs", "rules", "rows", "tests", "stages", "measures"}:
            lines.append(f"{key}:")
            lines.extend(f"  - {json.dumps(item, ensure_ascii=False)}" for item in value)
        else:
            lines.append(f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def document(inputs: dict[str, Any] | None = None, **keys: Any) -> str:
    """Return a scorecard without grades: the plainest host for rules. `inputs` maps paths to declarations."""
    declared = [{"s.id": {"type": "string"}}]
    declared += [{path: how} if how is not None else path for path, how in (inputs or {}).items()]
    head: dict[str, Any] = {
        "policy": "scorecard.t",
        "title": "T",
        "owner": "o",
        "language": 1,
        "subject": {"id": "s.id", "about": ["s.id"]},
        "inputs": declared,
    }
    return render({**head, **keys})


def vocabulary(fields: dict[str, Any]) -> str:
    """Return a vocabulary with these fields."""
    return "vocabulary: 1\nfields:\n" + "".join(f"  {json.dumps(k)}: {json.dumps(v)}\n" for k, v in fields.items())


def reference(name: str, key: list[str], columns: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """Return a reference table."""
    return render({"reference": name, "title": "T", "key": key, "columns": columns, "rows": rows})


def facts(**more: Any) -> dict[str, Any]:
    """Return facts about subject `s1`."""
    return {"s": {"id": "s1"}, **more}


def decide(text: str, given: dict[str, Any] | None = None, *, others: tuple[str, ...] = (), **how: Any) -> Any:
    """Load one text and decide."""
    return policy.load(text, others=others).decide(facts(**(given or {})), **{"as_of": DAY, **how})


def findings(text: str | bytes, *others: str) -> list[Any]:
    """Return every finding of a text, whether it loads or not."""
    try:
        return list(policy.load(text, others=others).findings)
    except policy.SourceError as error:
        return list(error.findings)


def errors(text: str | bytes, *others: str) -> list[Any]:
    """Return the findings that keep a text from loading; none where it loads."""
    try:
        policy.load(text, others=others)
    except policy.SourceError as error:
        return [finding for finding in error.findings if finding.grade == "error"]
    return []


def said(found: list[Any]) -> str:
    """Return what findings say in English, one a line."""
    return "\n".join(f"{f.place.line}:{f.place.column} {f.code} {f.text(policy.Language.EN)}" for f in found)


def problems(text: str, given: Any, *others: str) -> list[tuple[str, str]]:
    """Return pointer and code of everything wrong with facts."""
    try:
        policy.load(text, others=others).decide(given, as_of=DAY)
    except policy.FactsError as error:
        return [(problem.pointer, problem.code) for problem in error.problems]
    return []


def truth(expression: Any, inputs: dict[str, Any], given: dict[str, Any], **keys: Any) -> str:
    """Return `true`, `false` or `unknown`: what a condition comes to."""
    rules = [{"id": "t", "when": expression, "then": {"r": "yes"}}]
    decision = decide(document(inputs, outputs=FLAG, hit_policy="first", rules=rules, **keys), given)
    if decision.status == "undetermined":
        return "unknown"
    assert decision.status == "decided"
    return "true" if decision.hits == ["t"] else "false"


def value(formula: str, inputs: dict[str, Any], given: dict[str, Any], **output: Any) -> Any:
    """Return what a formula gives to an output."""
    outputs = {"v": {"type": "number", "scale": 6, **output}}
    rules = [{"id": "t", "then": {"v": f"= {formula}"}}]
    decision = decide(document(inputs, outputs=outputs, hit_policy="first", rules=rules), given)
    assert decision.status == "decided", decision
    return decision.outcome["v"]


def exact(text: str) -> Decimal:
    """Return a decimal."""
    return Decimal(text)
