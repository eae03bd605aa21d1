"""One value for one field, from JSON or Python, from a document, from a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import Finding, Place, Problem
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time, read_date_time, read_time
from policy.model.document import FieldType as Type
from policy.model.fields import Field
from policy.model.number import number
from policy.model.problems import MOST_PROBLEMS
from policy.model.reading import LONGEST_LIST, from_plain, from_raw, from_text
from policy.model.written import Entries, Entry, Items, Marks, Raw, Scalar
from policy.values import Language, shortest

STRING, NUMBER, BOOLEAN, DATE = (Field("f", each) for each in (Type.STRING, Type.NUMBER, Type.BOOLEAN, Type.DATE))
TIME, DATE_TIME = Field("f", Type.TIME), Field("f", Type.DATE_TIME)
DAYS, MONTHS = Field("f", Type.DAYS_DURATION), Field("f", Type.MONTHS_DURATION)
LIST, CONTEXT = Field("f", Type.LIST), Field("f", Type.CONTEXT)
MONEY = Field("f", Type.NUMBER, scale=2, min=Decimal(0), max=Decimal(1000))
TIER = Field("f", Type.STRING, one_of=("standard", "strategic"))
LEVEL = Field("f", Type.NUMBER, one_of=(Decimal(1), Decimal(2)))
SKILLS = Field("f", Type.LIST, of=Type.STRING, one_of=("a", "b"))
AMOUNTS = Field("f", Type.LIST, of=Type.NUMBER, scale=1)
OFFICE_HOURS = Field("f", Type.TIME, min=read_time("09:00:00"), max=read_time("18:00:00"))
SINCE = Field("f", Type.DATE, min=date(2020, 1, 1))


def written(text: str, line: int = 1, *, plain: bool = True) -> Scalar:
    return Scalar(text, plain=plain, marks=Marks("p.yaml", ((0, line, 3),)))


def listed(*items: Raw) -> Items:
    return Items(items, Place("p.yaml", 1, 1))


def mapped(**entries: Raw) -> Entries:
    place = Place("p.yaml", 1, 1)
    return Entries(
        tuple(Entry(key, Place("p.yaml", at, 1), raw) for at, (key, raw) in enumerate(entries.items(), 1)), place
    )


FITTING = [
    (STRING, "", ""),
    (STRING, "012", "012"),
    (STRING, "客户 😀", "客户 😀"),
    (NUMBER, 12, Decimal(12)),
    (NUMBER, 10**40, Decimal("1E+40")),
    (NUMBER, Decimal("1.50"), Decimal("1.5")),
    (NUMBER, Decimal("-0"), Decimal(0)),
    (NUMBER, Decimal("0E-9000"), Decimal(0)),
    (NUMBER, Decimal("1E+3"), Decimal(1000)),
    (NUMBER, 0.1, Decimal("0.1")),
    (NUMBER, 1e22, Decimal(10**22)),
    (MONEY, Decimal("5.5"), Decimal("5.50")),
    (MONEY, 0, Decimal("0.00")),
    (LEVEL, 2, Decimal(2)),
    (BOOLEAN, True, True),
    (DATE, "2026-03-01", date(2026, 3, 1)),
    (DATE, date(2026, 3, 1), date(2026, 3, 1)),
    (TIME, "09:30:00Z", Time(34_200 * 10**9, 0)),
    (TIME, time(9, 30), Time(34_200 * 10**9)),
    (OFFICE_HOURS, "18:00:00", Time(64_800 * 10**9)),
    (DATE_TIME, "2026-03-01T00:00:00+08:00", DateTime(date(2026, 3, 1), 0, 28_800)),
    (DATE_TIME, datetime(2026, 3, 1, tzinfo=UTC), DateTime(date(2026, 3, 1), 0, 0)),
    (DATE_TIME, date(2026, 3, 1), DateTime(date(2026, 3, 1))),
    (DAYS, "PT36H", DaysDuration(129_600 * 10**9)),
    (DAYS, timedelta(hours=36), DaysDuration(129_600 * 10**9)),
    (MONTHS, "P1Y6M", MonthsDuration(18)),
    (MONTHS, MonthsDuration(18), MonthsDuration(18)),
    (SKILLS, ("b", "a"), ["b", "a"]),
    (AMOUNTS, [1, Decimal("2.5")], [Decimal("1.0"), Decimal("2.5")]),
    (LIST, [None, {"a": [1, True]}, date(2026, 3, 1)], [None, {"a": [Decimal(1), True]}, date(2026, 3, 1)]),
    (CONTEXT, {"客户": {}, "x": 0.5}, {"客户": {}, "x": Decimal("0.5")}),
]


@pytest.mark.parametrize(
    ("field", "given", "value"), FITTING, ids=[f"{case[0].type}-{case[1]!r:.30}" for case in FITTING]
)
def test_takes(field: Field, given: Any, value: Any) -> None:
    got, problems = from_plain(field, given)

    assert not problems
    assert got == value
    assert str(got) == str(value), "one value has one form"


UNFIT = [
    (STRING, 1, "value-type"),
    (STRING, None, "value-type"),
    (STRING, "\ud800", "value-surrogate"),
    (TIER, "strategc", "value-not-one-of"),
    (NUMBER, "100", "value-number-as-text"),
    (NUMBER, "a hundred", "value-type"),
    (NUMBER, "NaN", "value-not-finite"),
    (NUMBER, "-Infinity", "value-not-finite"),
    (NUMBER, Decimal("NaN"), "value-not-finite"),
    (NUMBER, float("inf"), "value-not-finite"),
    (NUMBER, True, "value-type"),
    (NUMBER, Fraction(1, 3), "value-type"),
    (NUMBER, 10**34 + 1, "value-digits"),
    (NUMBER, 10**5000 + 1, "value-digits"),
    (NUMBER, Decimal("1E+6145"), "value-exponent"),
    (NUMBER, Decimal("1E-6145"), "value-exponent"),
    (MONEY, Decimal("0.001"), "value-scale"),
    (MONEY, Decimal("-0.01"), "value-below-min"),
    (MONEY, Decimal("1000.01"), "value-above-max"),
    (LEVEL, 3, "value-not-one-of"),
    (BOOLEAN, "true", "value-type"),
    (BOOLEAN, 1, "value-type"),
    (DATE, "2026-02-29", "value-form"),
    (DATE, "20260301", "value-form"),
    (DATE, datetime(2026, 3, 1, tzinfo=UTC), "value-type"),
    (SINCE, "2019-12-31", "value-below-min"),
    (TIME, "25:00:00", "value-form"),
    (OFFICE_HOURS, "18:00:01", "value-above-max"),
    (OFFICE_HOURS, "10:00:00Z", "value-offset"),
    (DATE_TIME, "2026-03-01 10:00", "value-form"),
    (DATE_TIME, datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=8))).timetz(), "value-type"),
    (DAYS, "P1M", "value-form"),
    (MONTHS, "P1D", "value-form"),
    (MONTHS, timedelta(1), "value-type"),
    (SKILLS, "a", "value-type"),
    (SKILLS, {"a"}, "value-type"),
    (CONTEXT, [1], "value-type"),
    (LIST, [1] * (LONGEST_LIST + 1), "facts-list-too-long"),
]


@pytest.mark.parametrize(("field", "given", "code"), UNFIT, ids=[f"{at}-{case[2]}" for at, case in enumerate(UNFIT)])
def test_refuses(field: Field, given: Any, code: str) -> None:
    _, problems = from_plain(field, given, "/f")

    assert [(problem.code, problem.pointer) for problem in problems] == [(code, "/f")]
    assert all(problem.text(language) for problem in problems for language in Language)


def test_names_every_item_of_a_list_that_does_not_fit() -> None:
    _, problems = from_plain(SKILLS, ["a", "c", None], "/f")

    assert [(problem.code, problem.pointer) for problem in problems] == [
        ("value-not-one-of", "/f/1"),
        ("value-type", "/f/2"),
    ]


def test_no_more_problems_than_anybody_reads() -> None:
    value, problems = from_plain(SKILLS, ["c"] * 5000)

    assert value is None
    assert [problem.code for problem in problems] == ["value-not-one-of"] * MOST_PROBLEMS + ["facts-more"]


def test_names_what_does_not_fit_deep_in_a_context() -> None:
    _, problems = from_plain(CONTEXT, {"a/b": {"~": [object()]}, "\ud800": 1, 2: 3})

    assert [(problem.code, problem.pointer) for problem in problems] == [
        ("value-type", "/a~1b/~0/0"),
        ("value-surrogate", ""),
        ("facts-key", ""),
    ]


def test_a_mapping_that_holds_itself_is_too_deep() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = [endless]

    _, problems = from_plain(CONTEXT, endless)

    assert [problem.code for problem in problems] == ["facts-too-deep"]


def test_suggests_what_may_be_meant() -> None:
    _, problems = from_plain(TIER, "strategc")

    assert problems[0].text(Language.EN).endswith("expected one of `standard`, `strategic` (did you mean `strategic`?)")
    assert problems[0].text(Language.ZH).endswith("应为：`standard`、`strategic`（是否想写 `strategic`？）")


WRITTEN = [
    (STRING, written("012"), "012"),
    (STRING, written("NO"), "NO"),
    (STRING, written("2026-01-01"), "2026-01-01"),
    (STRING, written("null", plain=False), "null"),
    (STRING, written("", plain=False), ""),
    (NUMBER, written("1e3"), Decimal(1000)),
    (NUMBER, written("-0.50"), Decimal("-0.5")),
    (BOOLEAN, written("false"), False),
    (DATE, written("2026-01-01", plain=False), date(2026, 1, 1)),
    (DAYS, written("P7D"), DaysDuration(7 * 86_400 * 10**9)),
    (AMOUNTS, listed(written("1"), written("2")), [Decimal("1.0"), Decimal("2.0")]),
    (LIST, listed(written("1", plain=False), written("yes"), written("~")), ["1", "yes", None]),
    (
        CONTEXT,
        mapped(a=written("true"), b=written("01"), c=written("2.50")),
        {"a": True, "b": "01", "c": Decimal("2.5")},
    ),
]


@pytest.mark.parametrize(("field", "raw", "value"), WRITTEN, ids=[str(case[2]) for case in WRITTEN])
def test_the_field_gives_a_written_value_its_type(field: Field, raw: Raw, value: Any) -> None:
    got, findings = from_raw(field, raw)

    assert (got, findings) == (value, [])


BADLY_WRITTEN = [
    (NUMBER, written("012"), "value-leading-zero"),
    (NUMBER, written("100", plain=False), "value-number-as-text"),
    (NUMBER, written("1_000"), "value-number-form"),
    (NUMBER, written("1,000"), "value-number-form"),
    (NUMBER, written("0x1F"), "value-number-form"),
    (NUMBER, written("\uff11\uff10\uff10"), "value-number-form"),
    (NUMBER, written(".inf"), "value-not-finite"),
    (NUMBER, written(".nan"), "value-not-finite"),
    (NUMBER, written("1e99999999999999999999"), "value-exponent"),
    (NUMBER, written("~"), "value-null"),
    (STRING, written("null"), "value-null"),
    (STRING, listed(), "value-type"),
    (BOOLEAN, written("NO"), "value-form"),
    (BOOLEAN, written("true", plain=False), "value-type"),
    (DATE, written("2026-1-1"), "value-form"),
    (LIST, written("~"), "value-null"),
]


@pytest.mark.parametrize(
    ("field", "raw", "code"), BADLY_WRITTEN, ids=[f"{at}-{case[2]}" for at, case in enumerate(BADLY_WRITTEN)]
)
def test_refuses_as_written(field: Field, raw: Raw, code: str) -> None:
    value, findings = from_raw(field, raw)

    assert value is None
    assert [(finding.code, finding.place) for finding in findings] == [(code, raw.place)]
    assert all(finding.text(language) for finding in findings for language in Language)


def test_findings_stand_at_their_items() -> None:
    _, findings = from_raw(AMOUNTS, listed(written("1"), written("x", 2), written("0.05", 3)))

    assert [(finding.code, finding.place.line) for finding in findings] == [
        ("value-number-form", 2),
        ("value-scale", 3),
    ]
    assert isinstance(findings[0], Finding)


CELLS = [
    (STRING, "012", "012"),
    (STRING, "", ""),
    (NUMBER, "12.5", Decimal("12.5")),
    (BOOLEAN, "true", True),
    (DATE, "2026-03-01", date(2026, 3, 1)),
    (DATE_TIME, "2026-03-01T10:00:00", read_date_time("2026-03-01T10:00:00")),
    (NUMBER, "", "value-number-form"),
    (NUMBER, "007", "value-leading-zero"),
    (NUMBER, "1 000", "value-number-form"),
    (BOOLEAN, "TRUE", "value-form"),
    (DATE, "3/1/2026", "value-form"),
    (LIST, "a;b", "value-form"),
]


@pytest.mark.parametrize(("field", "text", "value"), CELLS, ids=[f"{case[0].type}-{case[1]}" for case in CELLS])
def test_reads_a_cell(field: Field, text: str, value: Any) -> None:
    got, problems = from_text(field, text, "/f")

    assert (problems[0].code if problems else got) == value
    assert all(isinstance(problem, Problem) and problem.pointer == "/f" for problem in problems)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_the_form_of_a_number_depends_on_its_value_alone(given_number: Decimal, zeros: int) -> None:
    value, problems = from_plain(NUMBER, given_number)
    if problems:
        return
    again, _ = from_plain(NUMBER, Decimal(f"{shortest(value)}{'' if '.' in shortest(value) else '.'}{'0' * zeros}0"))

    assert value == given_number
    assert str(again) == str(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.integers(3, 6))
def test_a_scale_pads_and_never_rounds(given_number: Decimal, scale: int) -> None:
    if abs(given_number) >= 10**28:
        return

    padded = number(given_number, scale)

    assert padded == given_number
    assert padded.as_tuple().exponent == -scale
