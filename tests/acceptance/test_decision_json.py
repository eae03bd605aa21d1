"""The decision as data: canonical JSON, equal for equal facts, exact digits, events, closure."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policy
from tests.acceptance.support import DAY, FLAG, decide, document, facts

ROOT = Path(__file__).resolve().parents[2]
MONEY = {"type": "number", "scale": 2}
TEXT = document(
    {"x": {"type": "number", "scale": 2}, "name": {"type": "string", "default": "甲"}},
    outputs={"pay": MONEY, "who": {"type": "string"}},
    hit_policy="first",
    rules=[{"id": "t", "then": {"pay": "= x * 1.5", "who": "= name"}}],
)
LOADED = policy.load(TEXT)


def test_keys_are_sorted_without_blanks_and_signs_unescaped() -> None:
    text = LOADED.decide(facts(x=1, name='订单"\\\n𠀀'), as_of=DAY).to_json()
    data = json.loads(text)
    assert list(data) == sorted(data)
    assert text == json.dumps(
        json.loads(text, parse_float=Decimal), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    ).replace('"1.50"', "1.50")
    assert "订单" in text
    assert "𠀀" in text


@pytest.mark.parametrize(
    ("given_x", "written"),
    [
        ("1", "1.50"),
        ("0", "0.00"),
        ("0.01", "0.02"),
        ("-1", "-1.50"),
        ("1000000000", "1500000000.00"),
        ("100", "150.00"),
    ],
)
def test_money_is_padded_to_its_minor_unit_as_a_json_number(given_x: str, written: str) -> None:
    assert f'"pay":{written}' in LOADED.decide(facts(x=Decimal(given_x)), as_of=DAY).to_json()


def test_no_exponents_in_numbers() -> None:
    text = document(
        {"x": {"type": "number"}},
        outputs={"v": {"type": "number"}},
        hit_policy="first",
        rules=[{"id": "t", "then": {"v": "= x"}}],
    )
    for x, written in (
        ("1e20", "100000000000000000000"),
        ("1e-10", "0.0000000001"),
        ("1.50", "1.5"),
        ("-0.0", "0"),
        ("100", "100"),
    ):
        assert f'"v":{written}}}' in decide(text, {"x": Decimal(x)}).to_json()


SAME: list[tuple[bytes, bytes]] = [
    (b'{"s": {"id": "1"}, "x": 1}', b'{"x": 1.00, "s": {"id": "1"}}'),
    (b'{"s": {"id": "1"}, "x": 100}', b'{"s":{"id":"1"},"x":1e2}'),
    (b'{"s": {"id": "1"}, "x": 0}', b'{"s": {"id": "1"}, "x": -0.0}'),
    (b'{"s": {"id": "1"}, "x": 1}', '{"s": {"id": "1"}, "x": 1, "name": "甲"}'.encode()),
    ('{"s": {"id": "甲"}, "x": 1}'.encode(), b'{"s": {"id": "\\u7532"}, "x": 1}'),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_facts_give_equal_bytes(one: bytes, other: bytes) -> None:
    assert LOADED.decide(one, as_of=DAY).to_json() == LOADED.decide(other, as_of=DAY).to_json()


@settings(max_examples=60)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_the_spelling_of_a_number_never_matters(x: Decimal) -> None:
    spelled = [x, Decimal(f"{x}00"), Decimal(f"{x:E}")]
    assert len({LOADED.decide(facts(x=each), as_of=DAY).to_json() for each in spelled}) == 1


def test_bytes_are_the_same_in_another_process_with_another_hash_seed() -> None:
    program = (
        "import sys, policy\n"
        "text = sys.stdin.buffer.read()\n"
        "print(policy.load(text).decide({'s': {'id': '1'}, 'x': 3}, as_of='2026-03-01', events=[]).to_json())\n"
    )
    texts = set()
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            input=TEXT.encode(),
            capture_output=True,
            cwd=ROOT,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        )
        texts.add(ran.stdout.decode().strip())
    assert texts == {LOADED.decide({"s": {"id": "1"}, "x": 3}, as_of=DAY).to_json()}


def test_the_explanation_changes_nothing() -> None:
    plain, explained = (LOADED.decide(facts(x=1), as_of=DAY, explain=flag) for flag in (False, True))
    assert plain.explanation is None
    assert explained.explanation is not None
    assert plain.to_json() == explained.to_json()


def test_it_says_what_it_is() -> None:
    data = json.loads(LOADED.decide(facts(x=1), as_of=DAY).to_json())
    assert (data["policy"], data["as_of"], data["status"], data["hits"]) == ("scorecard.t", DAY, "decided", ["t"])
    assert data["closure"] == {"scorecard.t": LOADED.digest}


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ([{"id": "a", "when": "x > 5", "then": {"r": "yes"}}], "no_hit"),
        ([{"id": "a", "when": "o > 5", "then": {"r": "yes"}}], "undetermined"),
        ([{"id": "a", "then": {"r": "yes"}}, {"id": "b", "then": {"r": "no"}}], "conflict"),
    ],
)
def test_without_outcome_it_is_still_canonical(rules: list[dict[str, Any]], status: str) -> None:
    outputs = {"r": {"type": "string", "one_of": ["no", "yes"]}}
    decision = decide(
        document({"x": MONEY, "o": {**MONEY, "optional": True}}, outputs=outputs, hit_policy="unique", rules=rules),
        {"x": 1},
    )
    data = json.loads(decision.to_json())
    assert (data["status"], data["outcome"], data["result"]) == (status, None, None)


def test_dates_durations_and_lists_are_texts_in_json() -> None:
    outputs = {
        "d": {"type": "date"},
        "p": {"type": "days-duration"},
        "m": {"type": "months-duration"},
        "l": {"type": "list", "of": "date"},
    }
    rules = [
        {
            "id": "t",
            "then": {"d": "= today()", "p": '= duration("P1DT2H")', "m": '= duration("P14M")', "l": "= [today()]"},
        }
    ]
    data = json.loads(decide(document({}, outputs=outputs, hit_policy="first", rules=rules)).to_json())["outcome"]
    assert data == {"d": DAY, "p": "P1DT2H", "m": "P1Y2M", "l": [DAY]}


# --- events

EVENT = {"id": "e1", "type": "approved", "subject": "s1", "time": "2026-02-01T10:00:00+08:00", "data": {"by": "l1"}}


def test_the_decision_records_the_ids_and_a_digest_of_the_events() -> None:
    other = {**EVENT, "id": "e2"}
    first = LOADED.decide(facts(x=1), as_of=DAY, events=[EVENT, other])
    recorded = json.dumps(json.loads(first.to_json())["events"])
    assert "e1" in recorded
    assert "e2" in recorded
    changed = LOADED.decide(facts(x=1), as_of=DAY, events=[EVENT, {**other, "data": {"by": "l2"}}])
    assert first.to_json() != changed.to_json()
    again = LOADED.decide(facts(x=1), as_of=DAY, events=[dict(reversed(list(EVENT.items()))), other])
    assert first.to_json() == again.to_json()


def test_without_events_none_are_recorded() -> None:
    assert not json.loads(LOADED.decide(facts(x=1), as_of=DAY).to_json())["events"]


def test_a_decision_is_not_shared_with_the_next() -> None:
    first = LOADED.decide(facts(x=1), as_of=DAY)
    before = first.to_json()
    LOADED.decide(facts(x=2), as_of=DAY)
    assert first.to_json() == before


def test_text_of_facts_never_breaks_the_json() -> None:
    for name in ('"', "\\", "\n", "\u2028", "</script>", "\u007f", "{x}", "𠀀", "e\u0301"):
        decision = LOADED.decide(facts(x=1, name=name), as_of=DAY)
        assert json.loads(decision.to_json())["outcome"]["who"] == name


def test_flag_outcome() -> None:
    assert json.loads(decide(document({}, outputs=FLAG, rules=[{"id": "t", "then": {"r": "yes"}}])).to_json())[
        "outcome"
    ] == {"r": "yes"}
