"""The JSON Schema accepts the shipped documents, refuses what the reader refuses, and describes every key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from policy.model.document import Kind
from policy.reader import read
from policy.schema import json_schema
from policy.values import Language

DOCUMENTS = sorted((Path(__file__).resolve().parents[2] / "rules").rglob("*.yaml"))


class Loader(yaml.SafeLoader):
    """Reads numbers and booleans; days and everything else stay text, as in JSON."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def plain(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a safe loader without dates


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_shipped_documents_fit(path: Path) -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)

    assert [error.message for error in Draft202012Validator(schema).iter_errors(plain(path))] == []


@pytest.mark.parametrize(
    "path", [each for each in DOCUMENTS if each.parent.name in set(Kind)], ids=lambda path: path.stem
)
def test_a_policy_fits_its_own_kind_alone(path: Path) -> None:
    document = plain(path)

    fits = [kind for kind in Kind if Draft202012Validator(json_schema(kind)).is_valid(document)]

    assert fits == [Kind(path.parent.name)]


def _changed(change: dict[str, Any]) -> dict[str, Any]:
    document = {
        "policy": "approval.order",
        "title": "Orders",
        "subject": {"id": "order.id"},
        "inputs": ["order.id"],
        "outputs": {"stages": {"type": "list", "of": "stages"}},
        "rules": [{"id": "all", "then": {"stages": ["lead"]}}],
        "stages": [{"id": "lead", "who": 'approver.role = "lead"'}],
    }
    return {**document, **change}


@pytest.mark.parametrize(
    "change",
    [
        {"hit_policy": "fist"},
        {"rules": []},
        {"rules": [{"id": "All", "then": {}}]},
        {"stages": [{"id": "lead", "who": "true", "need": 0}]},
        {"owners": "us"},
        {"title": {"zh": "订单"}},
        {"policy": "orders"},
        {"allocate": {}},
        {"inputs": [{"order.id": {"tipe": "string"}}]},
        {"derived": {"order.net": {"label": "Net"}}},
        {"derived": {"order.net": {"is": "1", "lable": "Net"}}},
        {"derived": {"order.net": {"is": ["1"]}}},
        {"derived": {"order.net": {"is": "1", "policy": "scorecard.x", "take": "y"}}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_the_reader_refuses_does_not_fit(change: dict[str, Any]) -> None:
    validator = Draft202012Validator(json_schema(Kind.APPROVAL))

    assert validator.is_valid(_changed({}))
    assert not validator.is_valid(_changed(change))
    assert read(yaml.safe_dump(_changed({}), allow_unicode=True)).document is not None
    assert read(yaml.safe_dump(_changed(change), allow_unicode=True)).document is None


@pytest.mark.parametrize("made", ["1", 1, {"is": "1"}, {"is": "1", "label": {"zh": "净额", "en": "Net"}}], ids=str)
def test_every_form_of_a_derived_value_fits(made: Any) -> None:
    document = _changed({"derived": {"order.net": made}})

    assert Draft202012Validator(json_schema(Kind.APPROVAL)).is_valid(document)
    assert read(yaml.safe_dump(document, allow_unicode=True)).document is not None


def test_every_key_is_described_in_both_languages() -> None:
    def keys(schema: Any) -> Any:
        yield from schema.get("properties", {}).items()
        for part in schema.get("$defs", {}).values():
            yield from keys(part)

    for kind in Kind:
        for name, below in keys(json_schema(kind)):
            if name not in {str(language) for language in Language}:
                assert len(below["description"].split("\n")) == len(Language), name
