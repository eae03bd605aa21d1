"""Facts: decoded once, every problem at once with its JSON pointer; numbers never through a binary float."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

import policy
from tests.acceptance.support import DAY, FLAG, document, exact, facts, problems

NUM = {"type": "number", "scale": 2}
WIDE = {"type": "number"}
STR = {"type": "string"}
ONE = [{"id": "t", "then": {"r": "yes"}}]


def host(
    inputs: dict[str, Any], rules: list[dict[str, Any]] | None = None, outputs: dict[str, Any] | None = None
) -> str:
    return document(inputs, outputs=outputs or FLAG, hit_policy="first", rules=rules or ONE)


def pointers(inputs: dict[str, Any], given: Any) -> list[str]:
    return [pointer for pointer, _ in problems(host(inputs), given)]


def as_json(text: str) -> bytes:
    """Return facts as JSON bytes, `text` being what follows the subject."""
    return ('{"s": {"id": "s1"}' + (", " + text if text else "") + "}").encode()


# --- everything at once


def test_every_problem_comes_at_once_with_its_pointer() -> None:
    inputs = {
        "order.id": STR,
        "order.amount": NUM,
        "order.tier": {"type": "string", "one_of": ["A", "B"]},
        "order.lines": {"type": "list"},
        "order.lines[].quantity": {"type": "number", "scale": 0, "min": 1},
        "order.day": {"type": "date"},
        "order.flag": {"type": "boolean"},
    }
    given = {
        "s": {"id": "s1"},
        "order": {
            "amount": "12",
            "tier": "C",
            "lines": [{"quantity": 1}, {"quantity": 0}, {"quantity": 1.5}, {}, {"quantity": 1, "qty": 2}],
            "day": "2026-02-30",
            "flag": "yes",
            "amout": 1,
        },
        "extra": 1,
    }
    assert set(pointers(inputs, given)) == {
        "/order/id",
        "/order/amount",
        "/order/tier",
        "/order/lines/1/quantity",
        "/order/lines/2/quantity",
        "/order/lines/3/quantity",
        "/order/lines/4/qty",
        "/order/day",
        "/order/flag",
        "/order/amout",
        "/extra",
    }


def test_an_unknown_field_asks_did_you_mean_in_both_languages() -> None:
    with pytest.raises(policy.FactsError) as refused:
        policy.load(host({"order.amount": NUM})).decide(facts(order={"amuont": 1}), as_of=DAY)
    unknown = next(p for p in refused.value.problems if p.pointer == "/order/amuont")
    assert "did you mean `amount`" in unknown.text(policy.Language.EN)
    assert "amount" in unknown.text(policy.Language.ZH)


@pytest.mark.parametrize(
    ("name", "pointer"), [("a/b", "/a~1b"), ("m~n", "/m~0n"), ("", "/"), (" ", "/ "), ("数", "/数"), ("~1", "/~01")]
)
def test_pointers_are_escaped_by_rfc_6901(name: str, pointer: str) -> None:
    assert pointers({}, facts(**{name: 1})) == [pointer]


def test_the_subject_is_needed_like_every_input() -> None:
    assert pointers({}, {}) == ["/s"] or pointers({}, {}) == ["/s/id"]


# --- types

WRONG: list[tuple[dict[str, Any], Any]] = [
    (NUM, "12"),
    (NUM, "12.00"),
    (NUM, True),
    (NUM, [1]),
    (NUM, {"value": 1}),
    (NUM, ""),
    (NUM, None),
    (STR, 5),
    (STR, True),
    (STR, None),
    (STR, ["a"]),
    ({"type": "boolean"}, 1),
    ({"type": "boolean"}, 0),
    ({"type": "boolean"}, "true"),
    ({"type": "date"}, 20260301),
    ({"type": "date"}, "01.03.2026"),
    ({"type": "date"}, "2026-3-1"),
    ({"type": "date"}, "2026-02-29"),
    ({"type": "date"}, "2026-03-01T00:00:00"),
    ({"type": "time"}, "25:00:00"),
    ({"type": "time"}, "noon"),
    ({"type": "date-time"}, "2026-03-01 10:00"),
    ({"type": "date-time"}, "yesterday"),
    ({"type": "days-duration"}, "7 days"),
    ({"type": "days-duration"}, "P1Y"),
    ({"type": "months-duration"}, "P7D"),
    ({"type": "list", "of": "string"}, "a"),
    ({"type": "list", "of": "string"}, ["a", 5]),
    ({"type": "list", "of": "number"}, [1, "2"]),
    ({"type": "list", "of": "string"}, [None]),
    ({"type": "string", "one_of": ["A", "B"]}, "a"),
    ({"type": "string", "one_of": ["A", "B"]}, "A "),
    ({"type": "string", "one_of": ["A", "B"]}, ""),
    ({"type": "number", "min": 0, "max": 10}, 10.01),
    ({"type": "number", "min": 0, "max": 10}, -1),
    ({"type": "number", "scale": 2}, exact("1.005")),
    ({"type": "number", "scale": 0}, exact("1.5")),
]


@pytest.mark.parametrize(("declared", "given"), WRONG)
def test_a_wrong_value_is_refused(declared: dict[str, Any], given: Any) -> None:
    found = pointers({"x": declared}, facts(x=given))
    assert found
    assert all(pointer == "/x" or pointer.startswith("/x/") for pointer in found)


def test_a_wrong_item_is_named_by_its_index() -> None:
    assert pointers({"x": {"type": "list", "of": "number"}}, facts(x=[1, "2", 3, "4"])) == ["/x/1", "/x/3"]


RIGHT: list[tuple[dict[str, Any], Any]] = [
    (NUM, 0),
    (NUM, 12),
    (NUM, exact("12.34")),
    (NUM, exact("12.3400")),
    (NUM, exact("1e2")),
    (NUM, -5),
    (STR, ""),
    (STR, "null"),
    (STR, "订单 𠀀 é"),
    ({"type": "number", "min": 0, "max": 10}, 10),
    ({"type": "number", "min": 0, "max": 10}, 0),
    ({"type": "date"}, "2024-02-29"),
    ({"type": "time"}, "10:30:00"),
    ({"type": "date-time"}, "2026-03-01T10:30:00+08:00"),
    ({"type": "days-duration"}, "P7DT2H"),
    ({"type": "months-duration"}, "P1Y2M"),
    ({"type": "list", "of": "string"}, []),
    ({**STR, "optional": True}, None),
    ({"type": "list", "of": "string", "optional": True}, None),
]


@pytest.mark.parametrize(("declared", "given"), RIGHT)
def test_a_right_value_is_taken(declared: dict[str, Any], given: Any) -> None:
    assert pointers({"x": declared}, facts(x=given)) == []


def test_trailing_zeros_are_not_finer_than_the_scale() -> None:
    assert problems(host({"x": NUM}), as_json('"x": 1.500000')) == []
    assert [pointer for pointer, _ in problems(host({"x": NUM}), as_json('"x": 1.505'))] == ["/x"]


def test_an_optional_group_may_be_missing_whole() -> None:
    assert pointers({"c.since": {"type": "date", "optional": True}}, facts()) == []
    assert pointers({"c.since": {"type": "date", "optional": True}}, facts(c={})) == []


def test_a_group_of_the_wrong_shape_is_refused() -> None:
    for wrong in (5, "x", [], True):
        assert pointers({"c.since": {"type": "date", "optional": True}}, facts(c=wrong)) == ["/c"]


def test_python_values_are_taken_as_they_mean() -> None:
    text = host({"d": {"type": "date"}, "n": NUM})
    assert problems(text, facts(d=dt.date(2026, 3, 1), n=Decimal("1.50"))) == []


# --- numbers through JSON

REFUSED_JSON = {
    "NaN": '"x": NaN',
    "infinity": '"x": Infinity',
    "minus infinity": '"x": -Infinity',
    "a text for a number": '"x": "5"',
    "more than 34 digits": '"x": 12345678901234567890123456789012345',
    "more than 34 digits after the point": '"x": 0.12345678901234567890123456789012345',
    "a huge exponent": '"x": 1e7000',
    "a tiny exponent": '"x": 1e-7000',
    "a monstrous exponent": '"x": 1e999999999',
    "an exponent that is a book": '"x": 1e' + "9" * 5000,
    "a number that is a book": '"x": ' + "9" * 5000,
    "hexadecimal": '"x": 0x10',
    "a leading zero": '"x": 012',
    "a plus": '"x": +1',
    "no digit before the point": '"x": .5',
    "a trailing comma": '"x": 1,',
    "a comment": '"x": 1 // one',
    "single quotes": "'x': 1",
    "no value": '"x": ',
    "a lone surrogate in a name": '"\\ud800": 1, "x": 1',
}


@pytest.mark.parametrize("case", REFUSED_JSON)
def test_json_that_is_none_or_out_of_bounds_is_refused(case: str) -> None:
    with pytest.raises(policy.FactsError):
        policy.load(host({"x": WIDE})).decide(as_json(REFUSED_JSON[case]), as_of=DAY)


@pytest.mark.parametrize(
    "given",
    [
        float("nan"),
        float("inf"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1e7000"),
        10**40 + 1,
        Decimal("1." + "1" * 40),
    ],
)
def test_python_numbers_out_of_bounds_are_refused(given: Any) -> None:
    assert pointers({"x": WIDE}, facts(x=given)) == ["/x"]


def test_json_numbers_keep_every_digit() -> None:
    rules = [{"id": "t", "then": {"v": "= x"}}]
    loaded = policy.load(host({"x": {"type": "number", "scale": 20}}, rules, {"v": {"type": "number", "scale": 20}}))
    for text in (
        "0.1",
        "0.12345678901234567890",
        "12345678901234.00000000000000000001",
        "9007199254740993",
        "1e2",
        "1E+2",
        "-0.00",
    ):
        assert loaded.decide(as_json(f'"x": {text}'), as_of=DAY).outcome["v"] == exact(text)


def test_thirty_four_digits_are_taken() -> None:
    assert problems(host({"x": WIDE}), as_json('"x": 1234567890123456789012345678901234')) == []


def test_a_tenth_is_a_tenth() -> None:
    rules = [{"id": "t", "when": "x + y = 0.3", "then": {"r": "yes"}}]
    given = as_json('"x": 0.1, "y": 0.2')
    assert policy.load(host({"x": NUM, "y": NUM}, [*rules, {"id": "u", "then": {"r": "no"}}])).decide(
        given, as_of=DAY
    ).hits == ["t"]


# --- JSON text

BROKEN_JSON = {
    "duplicate keys": b'{"s": {"id": "1"}, "x": 1, "x": 2}',
    "duplicate keys deep inside": b'{"s": {"id": "1", "id": "2"}, "x": 1}',
    "duplicate keys, one escaped": b'{"s": {"id": "1"}, "x": 1, "\\u0078": 2}',
    "a list": b"[1]",
    "a number": b"1",
    "null": b"null",
    "nothing": b"",
    "blank": b"  ",
    "cut off": b'{"s": {"id": "1"',
    "two documents": b'{"s": {"id": "1"}, "x": 1} {}',
    "not UTF-8": b'{"s": {"id": "\xff"}, "x": 1}',
    "a NUL sign": b'{"s": {"id": "1"}, "x": 1}\x00',
    "a raw newline in a text": b'{"s": {"id": "a\nb"}, "x": 1}',
    "UTF-16": '{"s": {"id": "1"}, "x": 1}'.encode("utf-16"),
    "deep nesting": b'{"s": {"id": "1"}, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep mappings": b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
}


@pytest.mark.parametrize("case", BROKEN_JSON)
def test_broken_json_is_refused_with_problems(case: str) -> None:
    with pytest.raises(policy.FactsError) as refused:
        policy.load(host({"x": WIDE})).decide(BROKEN_JSON[case], as_of=DAY)
    assert refused.value.problems
    assert all(p.text(policy.Language.EN) and p.text(policy.Language.ZH) for p in refused.value.problems)


def test_json_as_text_and_as_bytes_and_as_mapping_are_the_same() -> None:
    loaded = policy.load(host({"x": NUM}))
    given = {"s": {"id": "订单"}, "x": 1}
    text = json.dumps(given)
    assert (
        loaded.decide(given, as_of=DAY).to_json()
        == loaded.decide(text, as_of=DAY).to_json()
        == loaded.decide(text.encode(), as_of=DAY).to_json()
    )
    assert (
        loaded.decide(json.dumps(given, ensure_ascii=False).encode(), as_of=DAY).to_json()
        == loaded.decide(given, as_of=DAY).to_json()
    )


def test_the_callers_mapping_is_left_alone() -> None:
    given = facts(x=1, l=[{"q": 1}])
    before = json.dumps(given)
    policy.load(host({"x": NUM, "l": {"type": "list"}, "l[].q": NUM, "y": {**NUM, "default": 3}})).decide(
        given, as_of=DAY
    )
    assert json.dumps(given) == before


def test_a_forest_of_problems_is_still_reported() -> None:
    given = facts(l=[{"q": "x"} for _ in range(2000)])
    found = pointers({"l": {"type": "list"}, "l[].q": NUM}, given)
    assert found[:2] == ["/l/0/q", "/l/1/q"]


def test_chinese_fields_and_values() -> None:
    inputs = {"订单.金额": NUM, "订单.等级": {"type": "string", "one_of": ["甲", "乙"]}}
    rules = [
        {"id": "t", "when": {"订单.金额": ">= 100", "订单.等级": "甲"}, "then": {"r": "yes"}},
        {"id": "u", "when": "订单.金额 < 100", "then": {"r": "no"}},
    ]
    loaded = policy.load(host(inputs, rules))
    assert loaded.decide(facts(订单={"金额": 100, "等级": "甲"}), as_of=DAY).hits == ["t"]
    assert loaded.decide(facts(订单={"金额": 99, "等级": "乙"}), as_of=DAY).hits == ["u"]
    assert [p for p, _ in problems(host(inputs, rules), facts(订单={"金额": "多", "等级": "丙"}))] == [
        "/订单/金额",
        "/订单/等级",
    ]


def test_names_with_spaces_where_declared() -> None:
    inputs = {"order value": NUM, "order": NUM}
    rules = [{"id": "t", "when": "order value > order", "then": {"r": "yes"}}, {"id": "u", "then": {"r": "no"}}]
    text = host(inputs, rules)
    assert policy.load(text).decide(facts(**{"order value": 2, "order": 1}), as_of=DAY).hits == ["t"]


def test_bounds_and_one_of_hold_for_vocabulary_fields_with_refinements() -> None:
    words = "vocabulary: 1\nfields:\n  x: {type: number, scale: 2, min: 0, max: 100}\n"
    text = host({"x": {"max": 50}})
    assert problems(text, facts(x=50), words) == []
    assert [p for p, _ in problems(text, facts(x=51), words)] == ["/x"]
    assert [p for p, _ in problems(text, facts(x=exact("1.001")), words)] == ["/x"]


def test_negative_zero_is_zero() -> None:
    rules = [{"id": "t", "when": "x = 0", "then": {"v": "= x"}}]
    loaded = policy.load(host({"x": NUM}, rules, {"v": {"type": "number", "scale": 2}}))
    assert (
        loaded.decide(as_json('"x": -0'), as_of=DAY).to_json()
        == loaded.decide(as_json('"x": 0.00'), as_of=DAY).to_json()
    )
