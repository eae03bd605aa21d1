"""The rules handed to durable-rules keep to what was measured to be safe, each guard by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from textwrap import indent
from typing import Any

import pytest

from policy.compilers.durable import Compiled, compile_patterns
from policy.compilers.events import CompiledPattern
from policy.engine import prepare
from policy.errors import EvaluationError
from policy.model.events import Event
from policy.runtime.patterns import by_key
from policy.runtime.replay import facts, found
from tests.histories import CASES, loaded, patterns_of

HEAD = (CASES / "both.yaml").read_text("utf-8").split("patterns:\n")[0]
WORDS = """\
vocabulary: 1
fields: {k: {type: string}, l: {type: string}}
events:
  a: {label: A, data: [k, l, n: {type: number, scale: 2}, m: {type: number, scale: 1}, free: {type: number},
      t: {type: string}, b: {type: boolean}, d: {type: date}, o: {type: number, scale: 0, optional: true},
      z: {type: number, scale: 0, default: 1}, g.n: {type: number, scale: 2}]}
  b: {label: B, data: [k, n: {type: number, scale: 2}, t: {type: string}, b: {type: boolean}]}
  c: {label: C, data: [k, l, n: {type: number, scale: 2}]}
"""
SIGNS = {"$neq", "$lt", "$lte", "$gt", "$gte"}


def patterns(*texts: str, key: str = "k") -> tuple[CompiledPattern, ...]:
    """Compile patterns, each given by what stands beside its id, severity and key."""
    parts = [
        f"  - id: p{number}\n    severity: act\n    key: {key}\n{indent(text, '    ')}\n"
        for number, text in enumerate(texts)
    ]
    prepared = prepare([f"{HEAD}patterns:\n{''.join(parts)}", WORDS])
    assert prepared.is_sound, [each.code for each in prepared.findings]
    return prepared.policies["penalty.both"].patterns


def compiled(*texts: str) -> Compiled:
    return compile_patterns([each.pattern for each in patterns(*texts)])


def rules(of: Compiled) -> list[dict[str, Any]]:
    return [json.loads(each.text) for each in of.rulesets]


def terms(of: Compiled) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every event of every rule, with its tests."""
    for ruleset in rules(of):
        for rule in ruleset.values():
            for part in rule["all"]:
                for alias, expression in part.items():
                    yield alias, expression["$and"]


def is_join(test: dict[str, Any]) -> bool:
    """Say whether a test reads an event before it: then what it compares with is no literal."""
    ((name, compared),) = test.items()
    value = next(iter(compared.values())) if name in SIGNS else compared
    return isinstance(value, dict)


EVERY_FORM = compile_patterns([each.pattern for each in patterns_of(loaded())])


def test_the_first_join_stands_once_more_at_the_end() -> None:
    joined = [tests for _, tests in terms(EVERY_FORM) if any(map(is_join, tests))]

    assert len(joined) > 10
    for tests in joined:
        joins = [each for each in tests if is_join(each)]
        assert joins[0] == joins[-1] == tests[-1]
        assert len(joins) > 1


def test_what_must_not_be_there_comes_last_and_is_of_another_type() -> None:
    for ruleset in rules(EVERY_FORM):
        for rule in ruleset.values():
            aliases = [alias for part in rule["all"] for alias in part]
            types = [part[alias]["$and"][0]["ty"] for part, alias in zip(rule["all"], aliases, strict=True)]
            assert [each for each in aliases[:-1] if each.endswith("$not")] == []
            if aliases[-1].endswith("$not"):
                assert types[-1] not in types[:-1]


def test_a_type_that_must_be_there_and_must_not_is_never_replayed_together() -> None:
    got = compiled(
        "sequence: [{event: a}]\nwithout: {event: b}",
        "sequence: [{event: b}]\nwithout: {event: c}",
        "sequence: [{event: c}]\nwithout: {event: a}",
        "sequence: [{event: a}]\nwithout: {event: c}",
    )

    for ruleset in got.rulesets:
        wanted = {each.type.name for one in ruleset.patterns.values() for each in one.steps}
        assert not wanted & ruleset.before
    assert sorted(each.id for one in got.rulesets for each in one.patterns.values()) == ["p0", "p1", "p2", "p3"]


def test_only_safe_signs_are_written() -> None:
    def names(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from value
            for each in value.values():
                yield from names(each)
        elif isinstance(value, list):
            for each in value:
                yield from names(each)

    written = {name for each in rules(EVERY_FORM) for name in names(each) if "$" in name}

    assert written <= {*SIGNS, "$and", "$add", "$l", "$r", "n$not"}


def test_every_rule_set_ends_with_its_sentinel() -> None:
    assert [each["sentinel"] for each in rules(EVERY_FORM)] == [{"all": [{"s0": {"$and": [{"ty": "-"}]}}]}] * 3


def test_values_are_whole_numbers_and_short_texts() -> None:
    got = compiled("count: {event: a, at_least: 1, within: PT1S, where: 'a.n > 1.5 and a.t = \"北京\" and a.b'}")
    (_, tests), _ = terms(got)

    assert tests[0] == {"ty": "a"}
    assert tests[1] == {"$gt": {"d0": 150}}
    assert len(tests[2]["d1"]) == 32
    assert tests[2]["d1"].isascii()
    assert tests[3] == {"d2": 1}


@pytest.mark.parametrize(
    ("where", "tests"),
    [
        ("a.n = 1", [{"d0": 100}]),
        ("a.n != -1.25", [{"$neq": {"d0": -125}}]),
        ("2 >= a.n", [{"$lte": {"d0": 200}}]),
        ("1 < a.n", [{"$gt": {"d0": 100}}]),
        ("a.b = false", [{"d0": 0}]),
        ("true = a.b", [{"d0": 1}]),
        ("a.b", [{"d0": 1}]),
        ("a.z <= 3", [{"$lte": {"d0": 3}}]),
        ("a.g.n < 1", [{"$lt": {"d0": 100}}]),
        ("a.b and a.n < 1", [{"d0": 1}, {"$lt": {"d1": 100}}]),
    ],
)
def test_plain_comparisons_are_compared_by_the_second_engine(where: str, tests: list[Any]) -> None:
    got = compiled(f"count: {{event: a, at_least: 1, within: PT1S, where: {where}}}")

    assert next(terms(got)) == ("s0", [{"ty": "a"}, *tests])
    assert got.rulesets[0].flags == ()


@pytest.mark.parametrize(
    "where",
    [
        "a.n > 1.555",
        "a.n > 10000000000000000000",
        "a.free > 1",
        "a.o = 1",
        'a.t > "x"',
        'a.d = date("2026-01-01")',
        "a.n = null",
        "a.n + 1 > 2",
        "a.n > 1 or a.b",
        "not(a.b)",
        "a.n = a.m",
        "a.n = a.n",
        "1 = 2",
        "a.b = (1 = 1)",
        "a.g = null",
        "-a.n = 1",
        "a.n = -a.m",
    ],
)
def test_what_is_more_on_one_event_is_judged_beforehand(where: str) -> None:
    got = compiled(f"count: {{event: a, at_least: 1, within: PT1S, where: '{where}'}}")

    assert next(terms(got)) == ("s0", [{"ty": "a"}, {"w0": 1}])
    assert [(each.name, each.type, each.alias) for each in got.rulesets[0].flags] == [("w0", "a", "a")]


@pytest.mark.parametrize("where", ["b.n = a.n", "a.t != b.t", "b.b = a.b", "a.n > b.n"])
def test_the_same_sort_of_field_of_two_events_is_joined(where: str) -> None:
    got = compiled(f"sequence: [{{event: a}}, {{event: b, where: {where}}}]")
    tests = dict(terms(got))["s1"]

    assert got.alone == {}
    assert sum(map(is_join, tests)) == 3
    assert tests[-1] == {"$gt": {"t": {"s0": "t"}}}


@pytest.mark.parametrize("where", ["b.n = a.m", "b.n > a.n * 2", "b.t > a.t", "b.n = a.o", "b.n > 1 or a.b", "a.b"])
def test_what_is_more_on_two_events_is_not_handed_over(where: str) -> None:
    got = compiled(f"sequence: [{{event: a}}, {{event: b, where: {where}}}]")

    assert got.rulesets == ()
    assert got.alone["penalty.both/p0"].en.startswith("a condition relates two events")


def test_each_form_that_is_not_safe_stays_with_the_first_engine() -> None:
    got = compile_patterns([each.pattern for each in patterns_of(loaded("alone"))])

    assert got.rulesets == ()
    assert len(got.alone) == len({each.en for each in got.alone.values()}) == 4


def test_tests_on_one_type_are_at_most_sixty() -> None:
    many = " and ".join(f"a.n != {number}" for number in range(25))
    text = f"count: {{event: a, at_least: 1, within: PT1S, where: '{many}'}}"

    got = compiled(text, text, text)
    alone = compiled(f"count: {{event: a, at_least: 3, within: PT1S, where: '{many}'}}")

    assert [len(each.patterns) for each in got.rulesets] == [2, 1]
    assert alone.rulesets == ()
    assert alone.alone["penalty.both/p0"].en == "there are too many conditions on one type of event"


def test_rules_of_one_replay_are_at_most_forty() -> None:
    got = compiled(*["count: {event: a, at_least: 1, within: PT1S}"] * 100)

    assert max(len(each) for each in rules(got)) == 40
    assert sum(len(each.patterns) for each in got.rulesets) == 100
    counts = Counter(test.get("ty") for _, tests in terms(got) for test in tests)
    assert counts["a"] == 100


def test_patterns_of_other_keys_are_replayed_apart() -> None:
    one, other = (patterns("count: {event: a, at_least: 1, within: PT1S}", key=key) for key in ("k", "l"))

    got = compile_patterns([each.pattern for each in (*one, *other)])

    assert [each.key for each in got.rulesets] == ["k", "l"]


def event(name: str, of: str, second: int, **data: Any) -> Event:
    return Event(name, "crm", of, None, datetime(2026, 3, 1, 9, 0, second, tzinfo=UTC), {"k": "1", **data})


def test_facts_are_flat_and_what_must_not_be_there_comes_first() -> None:
    made = patterns("sequence: [{event: a, where: a.n + 1 > 2}, {event: b, where: b.n > a.n}]\nwithout: {event: c}")
    (ruleset,) = compile_patterns([each.pattern for each in made]).rulesets
    b, c, a = (
        event("y", "b", 9, n=Decimal("2.5")),
        event("z", "c", 7, n=Decimal(1)),
        event("x", "a", 5, n=Decimal("1.5")),
    )
    events = by_key([b, c, a, event("w", "d", 6)], "k")["1"]

    given = facts(ruleset, {each.pattern.name: each for each in made}, events)

    assert [each["ty"] for each in given] == ["c", "a", "b", "-"]
    assert given[1] == {"ty": "a", "t": 0, "o": 0, "d1": 150, "w0": 1}
    assert given[2] == {"ty": "b", "t": 4, "o": 3, "d0": 250}
    assert found(ruleset, [("p0", [1, 2])], given, events) == {"penalty.both/p0": {("x", "y")}}


def test_a_number_that_is_too_great_is_refused() -> None:
    made = patterns("count: {event: b, at_least: 1, within: PT1S, where: b.n > 1}")
    (ruleset,) = compile_patterns([each.pattern for each in made]).rulesets

    with pytest.raises(EvaluationError, match="15 digits"):
        facts(ruleset, {}, [event("x", "b", 1, n=Decimal(10) ** 14)])
