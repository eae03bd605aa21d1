"""Random histories of events, and policies with patterns of every form that are looked for among them."""

from __future__ import annotations

import random
from typing import Any

import policy
from policy.compilers.events import CompiledPattern
from policy.engine import Policies
from policy.model.events import Event, read_typed

VOCABULARY = """\
vocabulary: 1
fields:
  customer.id: {type: string}
events:
  lost: {label: Lost, data: [customer.id, size: {type: number, scale: 2, min: 0}, city: {type: string}, big: {type: boolean}]}
  sold: {label: Sold, data: [customer.id, size: {type: number, scale: 2, min: 0}, city: {type: string}]}
  moved: {label: Moved, data: [customer.id, approved: {type: boolean}, size: {type: number, scale: 2, optional: true}]}
  seen: {label: Seen, data: [customer.id: {optional: true}, size: {type: number, optional: true}]}
"""

POLICY = """\
policy: penalty.{name}
title: Test
subject: {{id: case.id}}
inputs: [case.id: {{type: string}}]
outputs: {{measures: {{type: list, of: measures, combine: union}}}}
hit_policy: collect
rules: [{{id: all, then: {{measures: [talk]}}}}]
measures: [{{id: talk}}]
consultation: {{held: 2025-11-03, published: 2025-12-01, record: demo}}
patterns:
{patterns}
"""

PATTERNS = """\
  - {id: diverted, severity: act, key: customer.id, sequence: [{as: l, event: lost}, {as: s, event: sold, within: PT30S}],
     without: {event: moved, where: moved.approved = true}}
  - {id: unlimited, severity: act, key: customer.id, sequence: [{event: lost}, {event: sold}]}
  - {id: thrice, severity: warn, key: customer.id, count: {event: lost, at_least: 3, within: PT20S}}
  - {id: twice, severity: warn, key: customer.id, count: {event: sold, at_least: 2, within: PT15S, where: sold.size > 1.5}}
  - {id: once, severity: watch, key: customer.id, count: {event: moved, at_least: 1, within: PT1S, where: not(moved.approved)}}
  - {id: same-type, severity: warn, key: customer.id,
     sequence: [{as: a, event: lost, where: a.big}, {as: b, event: lost, within: PT25S, where: b.big = false}]}
  - {id: related, severity: act, key: customer.id,
     sequence: [{as: a, event: lost}, {as: b, event: sold, within: PT40S, where: b.city = a.city and b.size >= a.size}]}
  - {id: unrelated, severity: act, key: customer.id,
     sequence: [{as: a, event: lost}, {as: b, event: sold, within: PT40S, where: a.city != b.city and 1 < b.size}]}
  - {id: flagged, severity: act, key: customer.id,
     sequence: [{as: a, event: lost, where: 'a.city in ("Wuhan", "北京") or a.size * 2 > 4'}, {event: sold, within: PT60S}],
     without: {event: moved, where: moved.size > 1}}
  - {id: four, severity: act, key: customer.id,
     sequence: [{as: a, event: lost}, {as: b, event: sold, within: PT9S}, {as: c, event: lost, within: PT9S},
                {as: d, event: moved, within: PT20S, where: d.approved}]}
  - {id: alone, severity: act, key: customer.id, sequence: [{as: a, event: lost, where: a.city = "上海"}],
     without: {event: sold, where: sold.city = a.city}}
  - {id: silenced-by-its-like, severity: act, key: customer.id,
     sequence: [{as: a, event: moved}, {as: b, event: moved, within: PT30S}], without: {event: seen, where: seen.size > 1}}
"""

ONE_ENGINE = """\
  - {id: five-times, severity: act, key: customer.id, count: {event: lost, at_least: 5, within: PT60S}}
  - {id: like, severity: watch, key: customer.id, sequence: [{as: a, event: lost}, {as: b, event: sold}],
     without: {event: sold, where: sold.size > 2}}
  - {id: computed, severity: watch, key: customer.id,
     sequence: [{as: a, event: lost}, {as: b, event: sold, within: PT30S, where: b.size > a.size * 2}]}
  - {id: six-and-one, severity: watch, key: customer.id,
     sequence: [{as: a, event: lost}, {as: b, event: lost}, {as: c, event: lost}, {as: d, event: lost}, {as: e, event: lost},
                {as: f, event: lost}], without: {event: sold}}
"""

_CITIES = ("Wuhan", "北京", "上海", 'a "quoted" \\ one')


def loaded(patterns: str = PATTERNS, name: str = "test") -> Policies:
    """Load a policy with patterns."""
    texts = [POLICY.format(name=name, patterns=patterns), VOCABULARY]
    prepared = policy.prepare(texts)
    assert prepared.is_sound, [str(each) for each in prepared.findings]
    return prepared.policies


def patterns_of(policies: Policies) -> tuple[CompiledPattern, ...]:
    """Return the patterns of all policies."""
    return tuple(each for one in policies.values() for each in one.patterns)


def history(chance: random.Random, policies: Policies, most: int = 24) -> tuple[Event, ...]:
    """Draw a history of one or two customers: seconds that coincide, events out of order, some of them told twice."""
    given = [plain(chance, number) for number in range(chance.randrange(2, most))]
    given += chance.sample(given, chance.randrange(3) if len(given) > 3 else 0)
    chance.shuffle(given)
    return read_typed(given, policies.events)


def plain(chance: random.Random, number: int) -> dict[str, Any]:
    """Draw one event as its source tells it."""
    type_ = chance.choice(("lost", "lost", "sold", "sold", "moved", "seen"))
    second = chance.randrange(60)
    time = f"2026-03-01T09:00:{second:02}.{chance.randrange(1000):03}+08:00"
    if chance.random() < 0.3:
        time = f"2026-03-01T01:00:{second:02}Z"
    return {
        "id": f"e{chance.randrange(10)}{number}",
        "source": "crm",
        "type": type_,
        "time": time,
        "data": _data(chance, type_),
    }


def _data(chance: random.Random, type_: str) -> dict[str, Any]:
    data: dict[str, Any] = {"customer": {"id": chance.choice(("c1", "c1", "c1", "客户 2"))}}
    if type_ == "seen" and chance.random() < 0.3:
        data = {}
    if type_ in ("lost", "sold"):
        data |= {"size": chance.randrange(400) / 100, "city": chance.choice(_CITIES)}
    elif chance.random() < 0.7:
        data["size"] = chance.randrange(4)
    if type_ == "lost":
        data["big"] = chance.random() < 0.5
    if type_ == "moved":
        data["approved"] = chance.random() < 0.4
    return data
