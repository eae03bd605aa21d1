"""The decision tables of the DMN TCK, written as rule-set documents, decide as the TCK expects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import policy

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "dmn_tables.json"
TABLES = json.loads(CASES.read_text(encoding="utf-8")) if CASES.is_file() else []
TAGGED = {"$date": "date", "$time": "time", "$dateTime": "date-time", "$duration": "days-duration"}


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def type_of(value: Any) -> str:
    if isinstance(value, dict):
        (tag,) = value
        return (
            "months-duration" if "T" not in value[tag] and "D" not in value[tag] and tag == "$duration" else TAGGED[tag]
        )
    return "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"


def leaves(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, below in value.items():
        if isinstance(below, dict) and not next(iter(below)).startswith("$"):
            yield from leaves(below, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", below


def facts(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if next(iter(value)).startswith("$"):
        return next(iter(value.values()))
    return {name: facts(below) for name, below in value.items()}


def literal(text: str) -> str:
    """Return an output as the document writes it: a text's literal as it is, anything else as a formula."""
    value = text.strip()
    return value if value.startswith('"') or is_number(value) else quoted(f"= {value}")


def is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def output_type(table: dict[str, Any], index: int) -> str:
    first = table["rules"][0]["out"][index]
    return "number" if is_number(first) else "string"


def document(table: dict[str, Any]) -> str:
    """Return a decision table as a rule-set document."""
    paths = list(leaves(table["cases"][0]["input"]))
    allowed = {each["feel"]: each["allowed"] for each in table["inputs"] if each["allowed"]}
    lines = ["policy: scorecard.table", f"title: {quoted(table['id'])}", f"subject: {{id: {quoted(paths[0][0])}}}"]
    lines.append("inputs:")
    for path, value in paths:
        one_of = f", one_of: [{allowed[path]}]" if path in allowed else ""
        lines.append(f"  - {quoted(path)}: {{type: {type_of(value)}{one_of}}}")
    lines.append("outputs:")
    for index, output in enumerate(table["outputs"]):
        options = [f"type: {output_type(table, index)}"]
        options += [f"one_of: [{output['values']}]"] if output["values"] else []
        options += [f"default: {output['default']}"] if output["default"] else []
        options += [f"combine: {table['aggregation'].lower()}"] if table["aggregation"] else []
        lines.append(f"  {quoted(output['name'])}: {{{', '.join(options)}}}")
    lines.append(f"hit_policy: {table['hit_policy'].lower()}")
    lines.append("rules:")
    for number, rule in enumerate(table["rules"]):
        cells = [
            f"{quoted(each['feel'])}: {quoted(cell)}" for each, cell in zip(table["inputs"], rule["in"], strict=True)
        ]
        given = [
            f"{quoted(each['name'])}: {literal(out)}" for each, out in zip(table["outputs"], rule["out"], strict=True)
        ]
        lines.append(f"  - {{id: row-{number + 1}, when: {{{', '.join(cells)}}}, then: {{{', '.join(given)}}}}}")
    return "\n".join(lines) + "\n"


def answered(table: dict[str, Any], decision: policy.Decision) -> Any:
    """Return an outcome in the TCK's form: the value alone where there is one output."""
    names = [output["name"] for output in table["outputs"]]

    def one(values: dict[str, Any]) -> Any:
        return values[names[0]] if len(names) == 1 else values

    outcome = decision.outcome
    return [one(each) for each in outcome] if isinstance(outcome, list) else one(outcome) if outcome else outcome


@pytest.mark.skipif(not TABLES, reason=f"there is no {CASES}")
def test_there_are_tables_of_every_kind() -> None:
    assert {table["hit_policy"] for table in TABLES} >= {"UNIQUE", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"}


@pytest.mark.parametrize(
    ("table", "case"),
    [pytest.param(table, case, id=f"{table['id']}-{case['id']}") for table in TABLES for case in table["cases"]],
)
def test_table(table: dict[str, Any], case: dict[str, Any]) -> None:
    decision = policy.load(document(table)).decide(facts(case["input"]), as_of="2026-01-01")

    assert (decision.status, answered(table, decision)) == ("decided", case["expected"])
