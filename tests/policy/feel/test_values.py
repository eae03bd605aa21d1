"""Values in and out: Python's own, the canonical text, and why something is null."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import EvaluationError
from policy.feel import DateTime, DaysDuration, MonthsDuration, Note, Range, Time, evaluate, from_python, to_text
from policy.feel.problems import MOST_NOTES
from policy.feel.temporal import read_date_time, read_duration, read_temporal, read_time
from policy.values import Language

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (1, Decimal(1)),
        (0.1, Decimal("0.1")),
        (Decimal("1.50"), Decimal("1.50")),
        (True, True),
        ((1, "a"), [Decimal(1), "a"]),
        ({"a": {"b": None}}, {"a": {"b": None}}),
        (date(2026, 3, 1), date(2026, 3, 1)),
        (time(10, 30, tzinfo=UTC), Time(37_800_000_000_000, 0)),
        (
            datetime(2026, 3, 1, 10, tzinfo=SHANGHAI),
            DateTime(date(2026, 3, 1), 36_000_000_000_000, None, "Asia/Shanghai"),
        ),
        (timedelta(hours=36), DaysDuration(129_600_000_000_000)),
    ],
)
def test_python_values_are_taken_over(value: Any, taken: Any) -> None:
    got = from_python(value)

    assert got == taken
    assert type(got) is type(taken)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), 10**40 + 1, Decimal("1E+7000"), object()]
)
def test_what_is_no_value_is_refused(value: Any) -> None:
    with pytest.raises(EvaluationError):
        from_python({"x": value})


def test_a_value_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(EvaluationError) as caught:
        from_python(endless)
    assert caught.value.code == "feel-value-too-deep"


@given(st.datetimes(timezones=st.just(UTC) | st.just(SHANGHAI) | st.none()))
def test_dates_with_times_come_back_as_they_went(moment: datetime) -> None:
    assert DateTime.of(moment).to_python() == moment


@given(st.times(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=-8))) | st.none()))
def test_times_come_back_as_they_went(moment: time) -> None:
    assert Time.of(moment).to_python() == moment


@given(st.timedeltas())
def test_durations_come_back_as_they_went(delta: timedelta) -> None:
    assert DaysDuration.of(delta).to_python() == delta


@given(st.datetimes(timezones=st.just(UTC) | st.none()), st.integers(0, 999))
def test_the_text_of_a_date_with_time_is_read_back(moment: datetime, nanos: int) -> None:
    value = DateTime.of(moment)
    value = DateTime(value.day, value.nanos + nanos, value.offset)

    assert read_date_time(str(value)) == value


@given(st.integers(-(10**20), 10**20))
def test_the_text_of_a_duration_is_read_back(amount: int) -> None:
    assert read_duration(str(DaysDuration(amount))) == DaysDuration(amount)
    if amount:
        assert read_duration(str(MonthsDuration(amount // 10**6))) in (MonthsDuration(amount // 10**6), DaysDuration(0))


@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.times(),
    st.timedeltas(timedelta(-9), timedelta(9)),
)
def test_adding_days_moves_the_instant(day: date, clock: time, delta: timedelta) -> None:
    moment = datetime.combine(day, clock, SHANGHAI)
    later = DateTime.of(moment).plus(DaysDuration.of(delta))

    assert later is not None
    assert later.to_python() == (moment.astimezone(UTC) + delta)
    assert later.zone == "Asia/Shanghai" or later.to_python().astimezone(SHANGHAI).fold


TEXTS = {
    "1.50": "1.5",
    "1E+3": "1000",
    "-0.0": "0",
    '["a", null, true]': '["a", null, true]',
    '{a: 1, "b c": "x\\"y"}': '{a: 1, b c: "x\\"y"}',
    "[1..3)": "[1..3)",
    '["a".."b"]': '["a".."b"]',
    '(> @"2026-01-01")': '(> @"2026-01-01")',
    "null": "null",
}


@pytest.mark.parametrize("text", TEXTS)
def test_canonical_text(text: str) -> None:
    assert to_text(evaluate(text, {})) == TEXTS[text]


@pytest.mark.parametrize(
    "text",
    [
        "24:01:00",
        "10:60:00",
        "1:00:00",
        "10:00:00+19:00",
        "10:00:00@Nowhere/Land",
        "10:00:00Z@Etc/UTC",
        "2026-02-30",
        "0000-01-01",
        "12026-01-01",
        "-2026-01-01",
        "P",
        "PT",
        "P1S",
        "P1Y1D",
        "P1.5D",
        "2026-01-01T",
        "2026-01-01 10:00:00",
        "",
    ],
)
def test_what_is_no_temporal_value_is_not_read(text: str) -> None:
    assert read_temporal(text) is None


def test_equal_instants_are_equal_and_hash_alike() -> None:
    utc, paris = read_time("10:00:00Z"), read_time("11:00:00+01:00")
    zoned, plain = read_date_time("2026-07-01T10:00:00@Europe/Paris"), read_date_time("2026-07-01T08:00:00Z")

    assert (utc, hash(utc)) == (paris, hash(paris))
    assert (zoned, hash(zoned)) == (plain, hash(plain))
    assert read_time("10:00:00") != utc


REASONS = [
    ("1 / 0", "feel-division-by-zero"),
    ('1 + "a"', "feel-wrong-operands"),
    ('1 < "a"', "feel-incomparable"),
    ('1 = "a"', "feel-incomparable"),
    ("null + 1", "feel-null-operand"),
    ("null < 1", "feel-null-operand"),
    ("10 ** 6000 * 10 ** 6000", "feel-overflow"),
    ('date("x")', "feel-not-temporal"),
    ('@"x"', "feel-not-temporal"),
    ("{a: 1}.b", "feel-no-entry"),
    ("null.b", "feel-null-path"),
    ('"x".b', "feel-no-path"),
    ("[1][2]", "feel-index"),
    ('[1]["a"]', "feel-filter"),
    ("unknown", "feel-unknown-variable"),
    ("unknown(1)", "feel-unknown-variable"),
    ("{f: 1, r: f(1)}.r", "feel-not-a-function"),
    ("floor()", "feel-argument-count-of"),
    ("floor(x: 1)", "feel-argument-names"),
    ("(function(a) a)(1, 2)", "feel-argument-count"),
    ('(function(a: number) a)("x")', "feel-argument-kind"),
    ("1 and true", "feel-not-boolean"),
    ("for i in null return i", "feel-not-a-loop"),
    ('for i in "a".."b" return i', "feel-not-a-loop"),
    ("1 instance of nothing", "feel-type-unknown"),
    ("{a: 1, a: 2}", "feel-duplicate-entry"),
    ('@"2026-01-01T10:00:00" < @"2026-01-01T10:00:00Z"', "feel-local-and-zoned"),
    ('date("9999-12-31") + @"P1D"', "feel-year-out-of-range"),
    ("sqrt(-1)", "feel-root-of-negative"),
    ("log(0)", "feel-logarithm"),
    ('matches("a", "(a)\\\\1")', "feel-pattern"),
    ("round up(1, 9999)", "feel-scale"),
    ("function(a) external {}", None),
]


@pytest.mark.parametrize(("text", "code"), REASONS)
def test_a_null_has_a_reason(text: str, code: str | None) -> None:
    problems: list[Note] = []

    result = evaluate(text, {}, problems=problems)

    assert result is None
    if code is not None:
        assert problems[0].code == code
    assert all(note.text(language) for note in problems for language in Language)


def test_reasons_are_kept_only_for_who_asks_and_not_without_end() -> None:
    problems: list[Note] = []

    evaluate("for i in 1..1000 return i / 0", {}, problems=problems)

    assert len(problems) == MOST_NOTES


def test_a_range_says_what_it_is() -> None:
    assert evaluate("[1..3)", {}) == Range(Decimal(1), Decimal(3), low_included=True, high_included=False)
    assert evaluate("[1..3).end included", {}) is False
    assert evaluate("(> 3).start", {}) == 3


@pytest.mark.parametrize("text", ["0 * -1", "[[0 * -1]]", "{a: [0 / -3]}", "[0 * -1..1]", "x", "[x, x]"])
def test_a_zero_has_no_sign_wherever_it_stands(text: str) -> None:
    found = evaluate(text, {"x": [Decimal("-0")]})

    assert "-0" not in str(found)
    assert "-0" not in to_text(found)
