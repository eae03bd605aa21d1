"""The canonical text of plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time, read_date_time, read_duration, read_time
from policy.model.canonical import canonical_json

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text() | st.integers(-(10**40), 10**40)
DATA = st.recursive(LEAVES, lambda below: st.lists(below) | st.dictionaries(st.text(), below), max_leaves=20)


class Colour(StrEnum):
    """An enumeration of texts."""

    RED = "red"


CASES = [
    (None, "null"),
    (True, "true"),
    (Decimal("1234.50"), "1234.50"),
    (Decimal("1E+3"), "1000"),
    (Decimal("1E-7"), "0.0000001"),
    (Decimal("-0.00"), "0.00"),
    (12, "12"),
    ("净额\n\"\\ '\u2028", '"净额\\n\\"\\\\ \'\u2028"'),
    (Colour.RED, '"red"'),
    (date(2026, 3, 1), '"2026-03-01"'),
    (read_time("09:30:00+08:00"), '"09:30:00+08:00"'),
    (read_date_time("2026-03-01T09:30:00.5@Asia/Shanghai"), '"2026-03-01T09:30:00.5@Asia/Shanghai"'),
    (read_duration("P1DT2H"), '"P1DT2H"'),
    (read_duration("P18M"), '"P1Y6M"'),
    ([1, ()], "[1,[]]"),
    ({"b": 1, "B": 2, "客户": {}, "a": None}, '{"B":2,"a":null,"b":1,"客户":{}}'),
    (MappingProxyType({"b": 1, "a": 2}), '{"a":2,"b":1}'),
]


@pytest.mark.parametrize(("value", "text"), CASES, ids=[text for _, text in CASES])
def test_writes(value: Any, text: str) -> None:
    assert canonical_json(value) == text


REFUSED = [
    1.5,
    Decimal("NaN"),
    Decimal("-Infinity"),
    {1: 2},
    {"a": [...]},
    datetime(2026, 3, 1),  # noqa: DTZ001
    {1, 2},
    b"x",
    Fraction(1, 3),
]


@pytest.mark.parametrize("value", REFUSED, ids=repr)
def test_refuses(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@given(DATA)
def test_reads_back(value: Any) -> None:
    assert json.loads(canonical_json(value), parse_float=Decimal, parse_int=Decimal) == value


@given(DATA)
def test_order_of_keys_does_not_matter(value: Any) -> None:
    assert canonical_json(turned(value)) == canonical_json(value)


@given(DATA)
def test_is_a_fixed_point(value: Any) -> None:
    text = canonical_json(value)

    assert canonical_json(json.loads(text, parse_float=Decimal, parse_int=Decimal)) == text


def turned(value: Any) -> Any:
    """Return the value with the keys of all objects in reverse order."""
    if isinstance(value, Mapping):
        return {key: turned(value[key]) for key in reversed(list(value))}
    return [turned(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("value", [Time(0), DateTime(date(2026, 1, 1)), DaysDuration(0), MonthsDuration(0)], ids=str)
def test_temporal_values_are_texts(value: Any) -> None:
    assert json.loads(canonical_json(value)) == str(value)
