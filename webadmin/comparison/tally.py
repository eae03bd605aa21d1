"""Adds up what many cases came to: how many differ, from what to what, how much, by which rule, for whom.

The sums are plain data from the first case on, so that they can be saved after any page and taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from policy.model.canonical import canonical_json
from policy.model.document import FieldClass
from policy.values import Text
from webadmin.access.sight import Sight, sight_of
from webadmin.comparison import pair
from webadmin.comparison.pair import Answer, Pair, Quantity, Verdict, Why

MOST_CHANGES = 200
"""Changes from one outcome to another that are told apart; the rest are counted together."""

LONGEST_OUTCOME = 500
"""Characters of an outcome that is told apart; longer ones are told by their rules."""

MOST_GROUPS = 2_000
"""People, teams and the like that are counted by themselves."""

MOST_REASONS = 100
"""Reasons why cases are not decided that are told apart: of one kind and about one place each."""

EXAMPLES = 5
"""Rows, and different values found, that are told of a reason."""

OF_FILE = "file"
"""Says in the place of a decision that somebody is named in a row of a file, which is whoever's who brought it."""

GROUPINGS = ("person", "team", "region", "level", "tier", "month")
"""What cases are grouped by."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        number: From 1 on, or the row of a file.
        facts: As they were given.
        as_of: Day or instant it is decided for.
        key: What people call it: the subject.
        groups: What it belongs to: `team` → ids; what is not known is left out.
        decision: Id of the recorded decision; None for a row of a file.
        events: The subject's events.
        outside: People among the groups whom the reader sees only in that the case names them.
    """

    number: int
    facts: Mapping[str, Any]
    as_of: str
    key: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decision: str | None = None
    events: tuple[Any, ...] = ()
    outside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What one case came to.

    Attributes:
        change: Which change it is, from 0 on; None where it is none, or one beyond those told apart.
        amounts: Number → before and after, where a side gives it.
        rules: Those that hit on one side only.
        why: Side → why it gives no answer.
    """

    case: Case
    verdict: Verdict
    one: Answer
    other: Answer
    change: int | None
    amounts: Mapping[Quantity, tuple[Decimal | None, Decimal | None]]
    rules: tuple[str, ...]
    why: Mapping[str, tuple[str, Any]]


def begun() -> dict[str, Any]:
    """Return the sums before the first case."""
    return {
        "counts": {},
        "changes": [],
        "others": 0,
        "rules": {},
        "amounts": {},
        "why": {},
        "by": {each: {} for each in GROUPINGS},
        "apart": {},
        "cut": [],
    }


class Tally:
    """Adds cases up.

    Args:
        pair: The two policies.
        sums: Plain data as `begun` or an earlier tally left it; changed in place.
        classes: Classes of values whoever reads it may see; nothing of others is added up or told.
    """

    def __init__(self, pair: Pair, sums: dict[str, Any], classes: frozenset[FieldClass]) -> None:
        self.sums = sums
        self._pair = pair
        self._sights = (sight_of(pair.one, classes), sight_of(pair.other, classes))
        self._places = {canonical_json([each["from"], each["to"]]): at for at, each in enumerate(sums["changes"])}

    def add(self, case: Case) -> Found:
        """Decide one case under both, and count it."""
        one, other = self._pair.decide(case.facts, case.as_of, case.events)
        verdict = pair.verdict(one, other)
        self._count(verdict)
        one, other = _seen(self._sights[0], one, case), _seen(self._sights[1], other, case)
        change: int | None = None
        rules: tuple[str, ...] = ()
        amounts = self._amounts(case, one, other)
        if verdict is Verdict.CHANGED:
            change = self._change(one, other)
            rules = tuple(sorted(pair.rules_apart(one, other)))
            for rule in rules:
                self.sums["rules"][rule] = self.sums["rules"].get(rule, 0) + 1
        found = Found(case, verdict, one, other, change, amounts, rules, self._why(case, one, other))
        if verdict in (Verdict.SAME, Verdict.CHANGED):
            self._add_amounts(found)
            self._group(found)
        return found

    def leave(self, verdict: Verdict) -> None:
        """Count a case that cannot be decided again."""
        self._count(verdict)

    def refuse(self, row: int, reasons: Iterable[Why]) -> None:
        """Count a row of a file that is none, and everything that is wrong with it."""
        self._count(Verdict.REFUSED)
        for each in {each.code: each for each in reasons}.values():
            self._reason("file", each, row)

    def _count(self, verdict: Verdict) -> None:
        counts = self.sums["counts"]
        counts[str(verdict)] = counts.get(str(verdict), 0) + 1

    def _change(self, one: Answer, other: Answer) -> int | None:
        sides = [_short(self._pair.one, one), _short(self._pair.other, other)]
        if sides[0] == sides[1]:
            sides = [{**each, "status": "decided"} for each in sides]
        key = canonical_json(sides)
        place = self._places.get(key)
        if place is None:
            if len(self._places) >= MOST_CHANGES:
                self.sums["others"] += 1
                return None
            place = self._places[key] = len(self._places)
            self.sums["changes"].append({"from": sides[0], "to": sides[1], "count": 0})
        self.sums["changes"][place]["count"] += 1
        return place

    def _amounts(self, case: Case, one: Answer, other: Answer) -> dict[Quantity, tuple[Decimal | None, Decimal | None]]:
        before = {} if one.data is None else pair.quantities(self._pair.one, one.data, case.facts)
        after = {} if other.data is None else pair.quantities(self._pair.other, other.data, case.facts)
        return {each: (before.get(each), after.get(each)) for each in {**before, **after}}

    def _add_amounts(self, found: Found) -> None:
        for quantity, (before, after) in found.amounts.items():
            sums = self.sums["amounts"].setdefault(quantity.key, _nothing(quantity))
            sums["before"] += before or 0
            sums["after"] += after or 0
            difference = (after or Decimal()) - (before or Decimal())
            if difference:
                way = "up" if difference > 0 else "down"
                sums[way] += difference
                sums[f"{way}_rows"] += 1

    def _group(self, found: Found) -> None:
        for grouping, held in self.sums["by"].items():
            names = found.case.groups.get(grouping, ())
            if not names and found.verdict is Verdict.CHANGED:
                self.sums["apart"][grouping] = self.sums["apart"].get(grouping, 0) + 1
            for name in names:
                if name not in held and len(held) >= MOST_GROUPS:
                    if grouping not in self.sums["cut"]:
                        self.sums["cut"].append(grouping)
                    continue
                group = held.setdefault(name, {"rows": 0, "changed": 0, "up": 0, "down": 0, "amounts": {}})
                group["rows"] += 1
                if grouping == "person" and name in found.case.outside:
                    _name_in(group, found.case)
                if found.verdict is Verdict.CHANGED:
                    _add_to(group, found)

    def _why(self, case: Case, one: Answer, other: Answer) -> dict[str, tuple[str, Any]]:
        reasons = [{each.code: each for each in answer.reasons()} for answer in (one, other)]
        for code in dict.fromkeys((*reasons[0], *reasons[1])):
            sides = [name for name, held in zip(("one", "other"), reasons, strict=True) if code in held]
            why = next(held[code] for held in reasons if code in held)
            self._reason("both" if len(sides) == 2 else sides[0], why, case.number)
        first = zip(("one", "other"), (next(iter(held.values()), None) for held in reasons), strict=True)
        return {name: (why.code, _both(why.text)) for name, why in first if why is not None}

    def _reason(self, side: str, why: Why, row: int) -> None:
        """Count one reason; those of a kind about the same place are one, with the values found."""
        reasons = self.sums["why"]
        key, code, text, value = f"{side} {why.code}"[:300], why.code, _both(why.text), why.found
        if key not in reasons and len(reasons) >= MOST_REASONS:
            key, code, text, value = f"{side} …", "…", {"zh": "…", "en": "…"}, None
        nothing = {"side": side, "code": code, "text": text, "count": 0, "rows": [], "found": [], "more": False}
        found = reasons.setdefault(key, nothing)
        found["count"] += 1
        if len(found["rows"]) < EXAMPLES:
            found["rows"].append(row)
        if value is not None and value not in found["found"]:
            if len(found["found"]) < EXAMPLES:
                found["found"].append(value)
            else:
                found["more"] = True


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _seen(sight: Sight, answer: Answer, case: Case) -> Answer:
    """Return an answer without what is hidden from the reader."""
    if sight.sees_all or answer.data is None:
        return answer
    return replace(answer, data=sight.decision(answer.data, case.facts)[0])


def _nothing(quantity: Quantity) -> dict[str, Any]:
    numbers = dict.fromkeys(("before", "after", "up", "down"), Decimal())
    return {"name": quantity.name, "unit": quantity.unit, **numbers, "up_rows": 0, "down_rows": 0}


def _name_in(group: dict[str, Any], case: Case) -> None:
    """Note where somebody is named, who may be told for that alone."""
    named_in = group.setdefault("named_in", [])
    if len(named_in) < EXAMPLES and OF_FILE not in named_in:
        named_in.append(case.decision or OF_FILE)


def _add_to(group: dict[str, Any], found: Found) -> None:
    """Count a changed case in a group: whether the leading number goes up or down, and all numbers."""
    group["changed"] += 1
    differences = {
        each: (after or Decimal()) - (before or Decimal()) for each, (before, after) in found.amounts.items()
    }
    leading = next(iter(led(differences)), None)
    for quantity, difference in differences.items():
        if difference:
            group["amounts"][quantity.key] = group["amounts"].get(quantity.key, Decimal()) + difference
            if quantity == leading:
                group["up" if difference > 0 else "down"] += 1


def led(quantities: Iterable[Quantity]) -> list[Quantity]:
    """Return numbers with the one that matters most first: money before points and the like."""
    return sorted(quantities, key=lambda each: (not each.is_money, each.key))


def _short(policy: Any, answer: Answer) -> dict[str, Any]:
    """Return one side of a change."""
    data = answer.data or {}
    found = pair.told(policy, data)
    return found if len(canonical_json(found)) <= LONGEST_OUTCOME else {"hits": sorted(set(pair.hits(answer)))[:20]}
