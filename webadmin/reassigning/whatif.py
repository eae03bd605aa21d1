"""What a plan supposes: who leaves, joins, is away, takes more or less, and which team is rebalanced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

TEXTS = ("skills", "languages", "industries", "certificates")
"""What is told of somebody who joins as lists of words."""


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody who joins.

    Attributes:
        id: Of a person the record knows; made up for one it does not know.
        is_new: Whether the record does not know them.
        name: Empty where the record knows them.
    """

    id: str
    is_new: bool
    name: str = ""
    team: str = ""
    region: str = ""
    regions: tuple[str, ...] = ()
    level: Decimal = Decimal(1)
    capacity: Decimal = Decimal(0)
    hired_on: str = ""
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()

    def attributes(self) -> dict[str, Any]:
        """Return what the record would hold of somebody it does not know yet."""
        lists = {name: list(getattr(self, name)) for name in ("regions", *TEXTS)}
        told = {"team": self.team, "region": self.region, "level": self.level, "capacity": self.capacity}
        return {**told, **lists, "hired_on": self.hired_on, "role": "account-manager", "status": "active"}


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away from `since` on and back on `until`.

    Attributes:
        covered: Whether the customers come back then; else they are moved for good.
    """

    since: date
    until: date
    covered: bool = True


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is supposed.

    Attributes:
        leave: Ids of people.
        capacity: Person → capacity from the day of the plan on.
        team: Team to rebalance with those below it; empty for none.
        spread: The greatest load of the team over the mean one that is aimed at; None: only below capacity.
        keeps_lost: Whether customers that are not active stay with whoever leaves or is away.
    """

    leave: tuple[str, ...] = ()
    join: tuple[Joiner, ...] = ()
    away: Mapping[str, Away] = field(default_factory=dict)
    capacity: Mapping[str, Decimal] = field(default_factory=dict)
    team: str = ""
    spread: Decimal | None = None
    keeps_lost: bool = False

    def __bool__(self) -> bool:
        """Say whether anything is supposed."""
        return bool(self.leave or self.join or self.away or self.capacity or self.team)

    @property
    def only_joins(self) -> bool:
        """Say whether somebody joins and nothing else is supposed: they then are to get a share of the load."""
        return bool(self.join) and not (self.leave or self.away or self.capacity or self.team)

    def begins(self, day: date) -> date:
        """Return from when on anything is different, for a plan of a day: with absences alone, the first of them."""
        if not self.away or self.leave or self.join or self.capacity or self.team:
            return day
        return max(day, min(each.since for each in self.away.values()))

    @property
    def people(self) -> frozenset[str]:
        """Return whom it names, of those the record knows."""
        known = {each.id for each in self.join if not each.is_new}
        return frozenset((*self.leave, *self.away, *self.capacity, *known))

    def without_names(self) -> WhatIf:
        """Return the same with no name kept: the record has them by now."""
        return replace(self, join=tuple(replace(each, name="", is_new=False) for each in self.join))

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> WhatIf:
        """Return what `to_data` gave, read again."""
        return cls(
            tuple(data["leave"]),
            tuple(Joiner(**{name: _tuple(value) for name, value in each.items()}) for each in data["join"]),
            {
                name: Away(date.fromisoformat(each["since"]), date.fromisoformat(each["until"]), each["covered"])
                for name, each in data["away"].items()
            },
            dict(data["capacity"]),
            data["team"],
            data["spread"],
            bool(data.get("keeps_lost")),  # plans kept before say nothing of it
        )


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
