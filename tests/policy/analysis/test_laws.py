"""What is told of rules together is so, and what is so is told: every table against the decisions themselves.

Tables are small enough that facts of every sort can be tried: values at, before and after every constant, and none.
`python -m tests.policy.analysis.test_laws 3000` tries so many tables.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from policy.analysis import Issue, facts_of
from policy.engine import Policy, load
from policy.model.document import HitPolicy

POLICY = """\
policy: scorecard.law
title: Law
subject: {{id: id}}
inputs:
  - id: {{type: string}}
  - whole: {{type: number, scale: 0, min: 0, max: 5}}
  - tenth: {{type: number, scale: 1, optional: true}}
  - dense: {{type: number}}
  - tier: {{type: string, one_of: [A, B, C], optional: true}}
  - city: {{type: string}}
  - flag: {{type: boolean, optional: true}}
  - day: {{type: date, optional: true}}
derived: {{twice: tenth * 2, both: flag and whole > 1}}
outputs:
  points: {{type: number, scale: 0{combine}}}
  rank: {{type: number, scale: 0, one_of: [1, 2, 3], default: 1{least}}}
hit_policy: {hit_policy}
on_unknown: {on_unknown}
rules:
"""

VALUES: Mapping[str, list[Any]] = {
    "whole": [0, 1, 2, 3, 4, 5],
    "tenth": [None, "-0.1", "0", "0.1", "0.4", "0.5", "0.6", "1", "7"],
    "dense": ["-1", "0", "0.5", "1", "1.2", "1.5", "2"],
    "tier": [None, "A", "B", "C"],
    "city": ["bern", "rome", "x"],
    "flag": [None, True, False],
    "day": [None, date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2), date(2026, 3, 1), date(2026, 3, 2)],
}
CONSTANTS = {
    "whole": ["0", "1", "3", "4", "5"],
    "tenth": ["0", "0.1", "0.5"],
    "dense": ["0", "1", "1.5"],
    "tier": ['"A"', '"B"', '"C"'],
    "city": ['"bern"', '"rome"'],
    "flag": ["true", "false"],
    "day": ['date("2026-02-01")', '@"2026-03-01"'],
}
ORDERED = ("whole", "tenth", "dense", "day")
OPAQUE = ["whole > dense", "tenth >= whole", "whole <= dense", "twice > 1", "whole * 2 > 3", 'starts with(city, "b")']


def cell(path: str, random: Random) -> str:
    """Return a cell."""
    constants = CONSTANTS[path]
    some = random.sample(constants, random.randint(1, min(2, len(constants))))
    if path == "flag" or random.random() < 0.1:
        return random.choice(
            ["null", "not(null)", constants[0], "not(null)" if path == "flag" else f"null, {constants[0]}"]
        )
    if path not in ORDERED or random.random() < 0.2:
        listed = ", ".join(some)
        return random.choice([listed, f"not({listed})", f"!= {some[0]}"])
    low, high = sorted(random.choices(constants, k=2), key=constants.index)
    spans = [f"[{low}..{high}]", f"({low}..{high})", f"[{low}..{high})", f"not([{low}..{high}])"]
    return random.choice([*(f"{sign} {low}" for sign in ("<", "<=", ">", ">=")), *spans])


def expression(paths: list[str], random: Random, depth: int = 0) -> str:
    """Return a condition as text."""
    if depth < 2 and random.random() < 0.5:
        parts = [expression(paths, random, depth + 1) for _ in range(2)]
        return random.choice([f"({parts[0]} and {parts[1]})", f"({parts[0]} or {parts[1]})", f"not({parts[0]})"])
    path = random.choice(paths)
    constant = random.choice(CONSTANTS[path])
    choices = [f"{path} = {constant}", f"{path} != {constant}", f"{path} = null"]
    tests = cell(path, random)
    choices += [] if "not" in tests else [f"{path} in ({tests})"]
    if path in ORDERED:
        choices += [f"{constant} < {path}", f"{path} >= {constant}", f"{path} between {constant} and {constant}"]
    if path == "flag":
        choices += ["flag", "not(flag)", "both"]
    return random.choice(choices)


@dataclass(frozen=True)
class Table:
    """Conditions over a few fields."""

    paths: list[str]
    rules: list[str]
    opaque: bool

    def text(self, hit_policy: str, on_unknown: str = "stop") -> str:
        collect = hit_policy == "collect"
        head = POLICY.format(
            hit_policy=hit_policy,
            on_unknown=on_unknown,
            combine=", combine: sum" if collect else "",
            least=", combine: min" if collect else "",
        )
        return head + "\n".join(self.rules) + "\n"


def table(random: Random) -> Table:
    """Return a table at random."""
    paths = random.sample(list(VALUES), random.randint(1, 3))
    rules, opaque = [], random.random() < 0.25
    for number in range(random.randint(1, 7)):
        if random.random() < 0.65:
            cells = random.sample(paths, random.randint(1, len(paths)))
            when = "{" + ", ".join(f"{path}: '{cell(path, random)}'" for path in cells) + "}"
        else:
            when = f"'{expression(paths, random)}'"
        if opaque and random.random() < 0.4:
            when = f"'{random.choice(OPAQUE)}'"
        points, rank = random.randint(0, 1), random.randint(1, 3)
        rules.append(f"  - {{id: r{number}, when: {when}, then: {{points: {points}, rank: {rank}}}}}")
    return Table(paths, rules, opaque or any("both" in each for each in rules))


def every(paths: list[str]) -> list[dict[str, Any]]:
    """Return facts of every sort; what is not asked of is the plainest."""
    rest = {path: next(each for each in values if each is not None) for path, values in VALUES.items()}
    some = product(*(VALUES[path] for path in paths))
    return [{"id": "1", **rest, **dict(zip(paths, each, strict=True))} for each in some]


def decided(policy: Policy, facts: Mapping[str, Any]) -> Any:
    given = {path: str(each) if isinstance(each, date) else each for path, each in facts.items() if each is not None}
    exact = {path: Decimal(given[path]) for path in ("tenth", "dense") if path in given}
    return policy.decide({**given, **exact}, as_of="2026-01-01")


def try_table(made: Table, hit_policy: str, on_unknown: str) -> None:
    """Compare what is told of a table with its decisions."""
    policy = load(made.text(hit_policy, on_unknown))
    plain = load(made.text("collect", "skip"))
    tried = every(made.paths)
    hits = [list(decided(plain, facts).hits) for facts in tried]
    statuses = {str(decided(policy, facts).status) for facts in tried}

    check_claims(policy, hits)
    check_examples(policy, plain)
    if not made.opaque:
        check_completeness(policy, hits, statuses)


def told(policy: Policy, code: str) -> list[Issue]:
    return [each for each in policy.analysis.issues if each.finding.code == code]


def first_of(policy: Policy, code: str) -> set[str]:
    """Return the rules that a code is told of."""
    return {each.rules[0] for each in told(policy, code)}


def deciding(policy: Policy, hits: list[list[str]]) -> set[str]:
    """Return the rules that are the one that counts for some facts."""
    order = [rule.id for rule in policy.rule_set.rules]
    if policy.rule_set.hit_policy is HitPolicy.PRIORITY:
        ranks = {rule.id: repr(rule.then["rank"]) for rule in policy.rule_set.rules}
        order.sort(key=lambda name: (ranks[name], name))
    return {min(each, key=order.index) for each in hits if each}


def check_claims(policy: Policy, hits: list[list[str]]) -> None:
    assert not told(policy, "analysis-bounded")
    assert not first_of(policy, "rule-never") & {rule for each in hits for rule in each}
    assert not first_of(policy, "rule-masked") & deciding(policy, hits)


def check_examples(policy: Policy, plain: Policy) -> None:
    for issue in told(policy, "rules-gap"):
        facts = facts_of(policy.rule_set, issue.example or {})
        assert str(policy.decide(facts, as_of="2026-01-01").status) == "no_hit"
    for issue in told(policy, "rules-overlap"):
        facts = facts_of(policy.rule_set, issue.example or {})
        assert str(policy.decide(facts, as_of="2026-01-01").status) == "conflict"
        assert set(issue.rules[:2]) <= set(plain.decide(facts, as_of="2026-01-01").hits)


def check_completeness(policy: Policy, hits: list[list[str]], statuses: set[str]) -> None:
    """Compare with all there is: what is so is told; only for tables without expressions that stay closed."""
    ever = {rule for each in hits for rule in each}
    assert first_of(policy, "rule-never") == {rule.id for rule in policy.rule_set.rules} - ever
    assert bool(told(policy, "rules-gap")) == ("no_hit" in statuses)
    hit_policy = policy.rule_set.hit_policy
    if hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        assert first_of(policy, "rule-masked") == ever - deciding(policy, hits)
    if hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        assert first_of(policy, "rules-overlap") == conflicting(policy, hits, hit_policy)


def conflicting(policy: Policy, hits: list[list[str]], hit_policy: str) -> set[str]:
    """Return the rules that hold together with an earlier one and do not agree with it."""
    given = {rule.id: repr(rule.then) for rule in policy.rule_set.rules}
    found = set()
    for each in hits:
        for at, name in enumerate(each):
            if any(hit_policy == "unique" or given[other] != given[name] for other in each[:at]):
                found.add(name)
    return found


def try_seed(seed: int) -> None:
    """Try one table of a random sort."""
    random = Random(seed)
    made = table(random)
    hit_policy = random.choice(["first", "priority", "unique", "any", "collect"])
    try:
        try_table(made, hit_policy, random.choice(["stop", "skip"]))
    except Exception as error:
        error.add_note(f"seed {seed}, {hit_policy}:\n{made.text(hit_policy)}")
        raise


@pytest.mark.parametrize("seed", range(60))
def test_what_is_told_is_so_and_what_is_so_is_told(seed: int) -> None:
    try_seed(seed)


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        try_seed(number)
    print(f"{sys.argv[1]} tables agree")
