"""Spans against a plain model that knows the value of every single day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webadmin.store.spans import Span, changed, value_on

FIRST = date(2026, 1, 1)
DAYS = 30

Steps = list[tuple[str | None, int]]
STEPS: st.SearchStrategy[Steps] = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, DAYS - 1)), max_size=12
)


def day(number: int) -> date:
    return FIRST + timedelta(number)


def model(steps: Steps) -> list[str | None]:
    """Return the value of every day: a step holds as long as what held before it would have held."""
    values: list[str | None] = [None] * DAYS
    for value, since in steps:
        before = values[since]
        for number in range(since, DAYS):
            if values[number] != before:
                break
            values[number] = value
    return values


def spans_of(steps: Steps) -> list[Span[str]]:
    spans: list[Span[str]] = []
    for value, since in steps:
        spans = changed(spans, value, day(since))
    return spans


@given(STEPS)
def test_every_day_holds_what_the_model_says(steps: Steps) -> None:
    spans = spans_of(steps)

    assert [value_on(spans, day(number)) for number in range(DAYS)] == model(steps)


@given(STEPS)
def test_spans_are_in_order_never_empty_never_overlap_and_differ_where_they_touch(steps: Steps) -> None:
    spans = spans_of(steps)

    assert all(span.until is None or span.since < span.until for span in spans)
    for before, after in pairwise(spans):
        assert before.until is not None
        assert before.until <= after.since
        assert before.until < after.since or before.value != after.value


@given(STEPS)
def test_setting_what_holds_changes_nothing(steps: Steps) -> None:
    spans = spans_of(steps)

    for number in range(DAYS):
        assert changed(spans, value_on(spans, day(number)), day(number)) == spans


@given(STEPS, st.sampled_from(["a", "b", None]), st.integers(0, DAYS - 1))
def test_days_before_never_change(steps: Steps, value: str | None, since: int) -> None:
    before = spans_of(steps)

    after = changed(before, value, day(since))

    assert [value_on(after, day(n)) for n in range(since)] == [value_on(before, day(n)) for n in range(since)]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (0, [("b", 0, 5), ("a", 10, None)]),
        (5, [("a", 0, 5), ("b", 5, 10), ("a", 10, None)]),
        (12, [("a", 0, 5), ("a", 10, 12), ("b", 12, None)]),
    ],
)
def test_a_change_holds_until_the_next_one(since: int, expected: list[tuple[str, int, int | None]]) -> None:
    spans = [Span("a", day(0), day(5), "1"), Span("a", day(10), None, "2")]

    after = changed(spans, "b", day(since))

    assert [(s.value, s.since, s.until) for s in after] == [
        (value, day(begin), None if end is None else day(end)) for value, begin, end in expected
    ]


def test_what_is_cut_keeps_its_row() -> None:
    after = changed([Span("a", day(0), None, "1")], "b", day(5))

    assert [span.row for span in after] == ["1", None]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(0, 4, None), (0, 6, (5, 6)), (6, None, (6, 10)), (7, 8, (7, 8)), (10, None, None), (0, None, (5, 10))],
)
def test_the_part_within_a_period(since: int, until: int | None, expected: tuple[int, int] | None) -> None:
    part = Span("a", day(5), day(10)).within(day(since), None if until is None else day(until))

    assert (None if part is None else (part.since, part.until)) == (
        None if expected is None else (day(expected[0]), day(expected[1]))
    )
