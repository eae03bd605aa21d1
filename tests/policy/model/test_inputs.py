"""The JSON Schema of inputs."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from policy.model.canonical import canonical_json
from policy.model.document import FieldClass
from policy.model.document import FieldType as Type
from policy.model.fields import Field, tree
from policy.model.inputs import inputs_schema
from policy.values import Text

FIELDS = [
    Field("order.id", Type.STRING, label=Text("订单号", "Order")),
    Field("order.amount", Type.NUMBER, scale=2, min=Decimal(0), max=Decimal("999.99"), unit="CNY"),
    Field("order.prepaid", Type.BOOLEAN, has_default=True, default=False),
    Field("customer.tier", Type.STRING, one_of=("A", "B"), optional=True, class_=FieldClass.PERSONAL),
    Field("customer.needs", Type.LIST, of=Type.STRING, one_of=("x", "y"), optional=True),
    Field("customer.since", Type.DATE, optional=True),
    Field("credits[].amount", Type.NUMBER),
]
SCHEMA = inputs_schema(tree({field.path: field for field in FIELDS}))
LEAST: dict[str, Any] = {"order": {"id": "o", "amount": Decimal("1.05")}, "credits": [{"amount": 1}]}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return sound facts with the value at one path replaced."""
    group, _, name = path.partition(".")
    return {**LEAST, group: {**LEAST.get(group, {}), name: value}} if name else {**LEAST, group: value}


def test_is_a_sound_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(canonical_json(SCHEMA)))


FITTING = [
    ("order.prepaid", None),
    ("customer.tier", None),
    ("customer.tier", "A"),
    ("customer", None),
    ("customer.needs", ["x"]),
]


@pytest.mark.parametrize(("path", "value"), FITTING, ids=str)
def test_takes_what_fits(path: str, value: Any) -> None:
    jsonschema.validate(changed(path, value), SCHEMA)


UNFIT = [
    ("order.id", None),
    ("order.amount", "1"),
    ("order.amount", Decimal("0.001")),
    ("order.amount", Decimal(1000)),
    ("order.more", 1),
    ("customer.tier", "C"),
    ("customer.needs", ["z"]),
    ("credits", [{}]),
    ("credits", None),
    ("more", 1),
]


@pytest.mark.parametrize(("path", "value"), UNFIT, ids=str)
def test_refuses_what_does_not(path: str, value: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed(path, value), SCHEMA)


def test_carries_what_the_vocabulary_declares() -> None:
    properties = SCHEMA["properties"]

    assert properties["order"]["properties"]["id"] == {
        "type": "string",
        "title": "Order",
        "x-title": {"zh": "订单号", "en": "Order"},
    }
    assert properties["order"]["properties"]["amount"]["x-unit"] == "CNY"
    assert properties["order"]["properties"]["prepaid"]["default"] is False
    assert properties["customer"]["properties"]["tier"]["x-class"] == "personal"
    assert properties["customer"]["properties"]["since"]["format"] == "date"
