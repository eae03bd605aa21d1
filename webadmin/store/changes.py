"""What is different of a person, team or customer after some changes, and the events that tell of it.

Pay is never in an event: of people only the names of what changed are told. Of a customer each field that changed is an
event of its own, with what it was before; a new customer is one event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from webadmin.ids import new_id
from webadmin.store.dated import Key, Lines, Of, read, written
from webadmin.store.days import beginning
from webadmin.store.revisions import Act
from webadmin.store.spans import changed, value_on
from webadmin.store.things import Change

SOURCE = "fairlead"
"""Source of the events this record makes itself."""

OWN_TYPES = frozenset(
    ("person_changed", "customer_changed", "team_changed", "deal_changed", "case_opened", "contest_answered")
)
"""Types of events that tell of changes this record makes itself; nobody else may tell them."""

NEW = "new"
"""What has changed of a customer that was added."""


@dataclass(frozen=True, slots=True)
class Step:
    """One value that became different.

    Attributes:
        before: What held on that day until now, as canonical JSON; None: nothing.
        after: What holds now.
    """

    attribute: str
    since: date
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Altered:
    """What is different of one thing.

    Attributes:
        is_new: Whether it was added.
        renamed: What has changed that is not dated.
        steps: What has changed from a day on.
        after: The spans of what has changed.
        owner: Of a customer: who holds it on the day of each step.
    """

    of: Of
    id: str
    is_new: bool
    renamed: tuple[str, ...]
    steps: tuple[Step, ...]
    after: Lines = field(default_factory=dict)
    owner: Mapping[date, str | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Say whether anything is different."""
        return self.is_new or bool(self.renamed or self.steps)


def altered(
    of: Of, name: str, before: Lines, changes: Sequence[Change], *, is_new: bool, renamed: tuple[str, ...]
) -> Altered:
    """Return what is different of one thing.

    Args:
        of: Of what sort it is.
        name: Its id.
        before: What has held of what changes, and who has held a customer.
        changes: In the order they are made.
        is_new: Whether it was added.
        renamed: What has changed that is not dated.
    """
    after: Lines = {}
    steps = []
    for change in changes:
        key = (name, change.attribute)
        spans = after.get(key, before.get(key, []))
        value = None if change.value is None else written(change.value)
        held = value_on(spans, change.since)
        if held != value:
            after[key] = changed(spans, value, change.since)
            steps.append(Step(change.attribute, change.since, held, value))
    owner = (name, "owner")
    owners = after.get(owner, before.get(owner, []))
    held_by = {step.since: value_on(owners, step.since) for step in steps}
    return Altered(of, name, is_new, renamed, tuple(steps), after, {day: _plain(text) for day, text in held_by.items()})


def _plain(text: str | None) -> Any:
    return None if text is None else read(text)


Told = tuple[dict[str, Any], list[tuple[Key, date]]]
"""An event, and the values it made hold from a day on."""


def told(each: Altered, act: Act) -> Iterator[Told]:
    """Yield the events of what is different, in order of the days."""
    days = sorted({step.since for step in each.steps} | ({act.today} if each.renamed or _is_bare(each) else set()))
    for day in days:
        steps = [step for step in each.steps if step.since == day]
        names = [*(each.renamed if day == act.today else ()), *(step.attribute for step in steps)]
        if each.of is not Of.CUSTOMER or (each.is_new and day == days[0]):
            data = _data(each, names, steps, day, is_first=day == days[0])
            yield _event(each, data, day, act), [((each.id, step.attribute), day) for step in steps]
            continue
        for name in each.renamed if day == act.today else ():
            yield _event(each, _customer(each, day, name, None), day, act), []
        for step in steps:
            data = _customer(each, day, step.attribute, step)
            yield _event(each, data, day, act), [((each.id, step.attribute), day)]


def _is_bare(each: Altered) -> bool:
    """Say whether something was added of which nothing dated is known."""
    return each.is_new and not each.steps


def _event(each: Altered, data: Mapping[str, Any], day: date, act: Act) -> dict[str, Any]:
    """Return an event; what takes effect later happens now."""
    return {
        "id": new_id(act.now),
        "source": SOURCE,
        "type": f"{each.of}_changed",
        "subject": each.id,
        "time": min(beginning(day), act.now).isoformat(),
        "data": data,
    }


def _data(each: Altered, names: Sequence[str], steps: Iterable[Step], day: date, *, is_first: bool) -> dict[str, Any]:
    if each.of is Of.CUSTOMER:
        return _customer(each, day, NEW, None)
    common = {"fields": list(dict.fromkeys(names)), "effective_on": day.isoformat()}
    if each.of is Of.TEAM:
        return {"team": {"id": each.id}, **common}
    return {"manager": {"id": each.id}, "change": _sort(each, steps, is_first=is_first), **common}


def _sort(each: Altered, steps: Iterable[Step], *, is_first: bool) -> str:
    """Return what sort of change it is for a person."""
    by_name = {step.attribute: step for step in steps}
    status = by_name.get("status")
    if each.is_new and is_first:
        return "joined"
    if status is not None and status.after == written("left"):
        return "left"
    if status is not None and status.before == written("left"):
        return "returned"
    return "moved" if "team" in by_name else "changed"


def _customer(each: Altered, day: date, name: str, step: Step | None) -> dict[str, Any]:
    owner = each.owner.get(day)
    data: dict[str, Any] = {"customer": {"id": each.id}, "field": name, "effective_on": day.isoformat()}
    if owner is not None:
        data["manager"] = {"id": owner}
    if step is not None:
        sides = {"before": step.before, "after": step.after}
        data |= {side: _text(value) for side, value in sides.items() if value is not None}
    return data


def _text(value: str) -> str:
    plain = read(value)
    return plain if isinstance(plain, str) else value
