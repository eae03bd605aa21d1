"""Random histories of events, and policies with patterns of every form that are looked for among them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import policy
from policy.compilers.events import CompiledPattern
from policy.engine import Policies
from policy.model.events import Event, read_typed

CASES = Path(__file__).parent / "cases" / "patterns"

_CITIES = ("Wuhan", "北京", "上海", 'a "quoted" \\ one')


def loaded(name: str = "both") -> Policies:
    """Load a policy of `cases/patterns`."""
    prepared = policy.prepare([CASES / f"{name}.yaml", CASES / "vocabulary.yaml"])
    assert prepared.is_sound, [str(each) for each in prepared.findings]
    return prepared.policies


def patterns_of(policies: Policies) -> tuple[CompiledPattern, ...]:
    """Return the patterns of all policies."""
    return tuple(each for one in policies.values() for each in one.patterns)


def history(chance: random.Random, policies: Policies, most: int = 18) -> tuple[Event, ...]:
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
