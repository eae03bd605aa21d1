"""Functions that compare: to policies, what is missing is unknown, unless the call asks for `null`."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from policy.feel import from_python, parse
from policy.feel.checker import check
from policy.feel.compiler import Emitter
from policy.feel.evaluation import Surroundings

VALUES: dict[str, Any] = from_python({"a": None, "x": 1, "xs": [2, 1], "gap": [2, None, 1], "none": []})

# what FEEL itself gives, and what a policy gets
CASES = {
    "is(a, 1)": (False, None),
    "is(1, a)": (False, None),
    "is(a, a)": (True, None),
    "is(a, null)": (True, True),
    "is(x, null)": (False, False),
    "is(value2: 1, value1: a)": (False, None),
    "is(value2: null, value1: a)": (True, True),
    "is(x, 1)": (True, True),
    'is(x, "1")': (False, False),
    "is([a], [1])": (False, None),
    "is(gap, xs)": (False, False),
    'is(@"10:00:00", @"10:00:00")': (True, True),
    "index of(xs, a)": ([], None),
    "index of(list: xs, match: a)": ([], None),
    "index of(gap, 1)": ([3], None),
    "index of(gap, null)": ([2], [2]),
    "index of(none, a)": ([], []),
    "index of(xs, 1)": ([2], [2]),
    "sort(gap)": ([2, None, 1], None),
    "sort([a])": ([None], [None]),
    "sort(xs)": ([1, 2], [1, 2]),
    "sort(xs, function(p, q) p > q)": ([2, 1], [2, 1]),
    "sort(gap, function(p, q) p < q)": ([2, None, 1], None),
    "list contains(xs, a)": (False, None),
    "list contains(xs, null)": (False, False),
}


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("missing", ["null", "unknown"])
def test_a_function_that_compares(text: str, missing: Literal["null", "unknown"]) -> None:
    emitter = Emitter(
        missing=missing, resolve=lambda path: f"c[{path[0]!r}]" if path[0] in VALUES else None, parameters=("c", "env")
    )
    source = emitter.expression(check(parse(text), {}))
    got = emitter.function(f"return {source}")(VALUES, Surroundings())

    assert got == CASES[text][missing == "unknown"]
    assert type(got) is type(CASES[text][missing == "unknown"])
