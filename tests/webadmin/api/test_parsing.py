"""Strict JSON: what is not taken is told with its place, all of it at once; what is, comes exactly as written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webadmin.api.conftest import DECIDE, ORDER, Api
from webadmin.api.parsing import DEEPEST_BODY, MOST_KEYS, parsed
from webadmin.api.problems import ProblemError

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=3), below, max_size=4),
    max_leaves=10,
)


def faults(body: bytes) -> list[tuple[str, str | None]]:
    with pytest.raises(ProblemError) as caught:
        parsed(body)
    assert caught.value.code == "json"
    return [(each.code, each.pointer) for each in caught.value.faults]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a":{"b":[1,NaN]},"c":-Infinity}', [("json-not-finite", "/a/b/1"), ("json-not-finite", "/c")]),
        (b'{"a":1,"a":2,"b":{"c~/":1,"c~/":2}}', [("json-key-twice", "/a"), ("json-key-twice", "/b/c~0~1")]),
        (b'{"a":[NaN],"b":1e9999999999999999999999}', [("json-not-finite", "/a/0"), ("json-number", "/b")]),
        (b'{"a":{"b":"\\ud800"}}', [("json-surrogate", "/a/b")]),
        (b'{"a":{"\\udfff":1}}', [("json-surrogate", "/a/\\udfff")]),
        (b'{"a":{"b":"x\xff"}}', [("json-encoding", "/a/b")]),
        (b'{"a":{"b\xff":1}}', [("json-encoding", "/a/b\ufffd")]),
        (b'{"a":"\xff","b":"\\udcff"}', [("json-encoding", "")]),
        (b'{"a":"\xff"', [("json-encoding", "")]),
        (b"", [("json-syntax", "")]),
        (b'{"a":"x', [("json-syntax", "")]),
        (b"[" * (DEEPEST_BODY + 1) + b"]" * (DEEPEST_BODY + 1), [("json-too-deep", "")]),
        (b"[" * 100_000, [("json-too-deep", "")]),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_is_not_taken_is_told_with_its_place(body: bytes, found: list[tuple[str, str]]) -> None:
    assert faults(body) == found


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is empty"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a":1,', "line 1, column 8: the body ends here"),
        (b'{"a":"x', "line 1, column 6: the text that begins here"),
        (b'{\n"a":\x01}', "line 2, column 5: not JSON at U+0001"),
        (b'{"a":"\xff"}', "byte 7 (0xFF) is not UTF-8"),
    ],
    ids=str,
)
def test_slips_in_the_syntax_say_where_and_what(body: bytes, said: str) -> None:
    with pytest.raises(ProblemError) as caught:
        parsed(body)
    assert said in caught.value.faults[0].detail.en


def test_as_many_keys_as_are_allowed_are_taken_and_no_more() -> None:
    def body(keys: int) -> bytes:
        rows = [{f"k{number}": ":" for number in range(100)} for _ in range(keys // 100)]
        return json.dumps([*rows, {f"k{number}": ":" for number in range(keys % 100)}]).encode()

    assert len(parsed(body(MOST_KEYS))) == MOST_KEYS // 100 + 1
    assert faults(body(MOST_KEYS + 1)) == [("json-too-many-keys", "")]


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(value=PLAIN)
def test_what_is_json_comes_as_it_was_written(value: Any) -> None:
    assert parsed(json.dumps(value).encode()) == value
    assert parsed(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")) == value


def test_every_digit_of_a_number_is_kept() -> None:
    found = parsed(b'{"a":0.1234567890123456789012345678901234,"b":1.50,"c":123456789012345678901234567890,"d":-0}')

    assert found == {
        "a": Decimal("0.1234567890123456789012345678901234"),
        "b": Decimal("1.50"),
        "c": Decimal(123456789012345678901234567890),
        "d": 0,
    }
    assert str(found["b"]) == "1.50"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (b'{"facts":{"order":{"amount":NaN}}}', "json-not-finite", "/facts/order/amount"),
        (b'{"facts":{},"events":[{"id":"a","id":"b"}]}', "json-key-twice", "/events/0/id"),
        (b'{"facts":{},"events":[{"id":"a","x":NaN}]}', "json-not-finite", "/events/0/x"),
        (b'{"facts":{"order":{"id":"\\ud800"}}}', "json-surrogate", "/facts/order/id"),
        (b'{"facts":{"order":{"id":"\xfe"}}}', "json-encoding", "/facts/order/id"),
    ],
    ids=str,
)
def test_pointers_lead_into_the_whole_body(near: Api, body: bytes, code: str, pointer: str) -> None:
    alone = near.post(DECIDE, body)
    in_batch = near.post(f"{DECIDE}/batch", b'{"items":[' + json.dumps({"facts": ORDER}).encode() + b"," + body + b"]}")

    assert [(each["code"], each["pointer"]) for each in alone.json["errors"]] == [(code, pointer)]
    if in_batch.status_code == 200:
        in_batch_errors = in_batch.json["items"][1]["problem"]["errors"]
    else:
        in_batch_errors = in_batch.json["errors"]
    assert [(each["code"], each["pointer"]) for each in in_batch_errors] == [(code, f"/items/1{pointer}")]
