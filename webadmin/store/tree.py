"""The tree of teams as it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from webadmin.store.spans import Span, value_on

Parents = Mapping[str, Sequence[Span[str]]]
"""Team → the teams it has belonged to."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Which team belongs to which.

    Attributes:
        parents: Team → the team it belongs to; teams at the top are left out.
    """

    parents: Mapping[str, str]

    @classmethod
    def on(cls, parents: Parents, day: date) -> Tree:
        """Return the tree of a day."""
        held = {team: value_on(spans, day) for team, spans in parents.items()}
        return cls({team: parent for team, parent in held.items() if parent is not None})

    def above(self, team: str) -> list[str]:
        """Return the teams a team belongs to, the nearest first."""
        found: list[str] = []
        here = self.parents.get(team)
        while here is not None and here not in found:
            found.append(here)
            here = self.parents.get(here)
        return found

    def below(self, team: str) -> frozenset[str]:
        """Return a team with all teams that belong to it."""
        children: dict[str, list[str]] = {}
        for child, parent in self.parents.items():
            children.setdefault(parent, []).append(child)
        found, waiting = {team}, [team]
        while waiting:
            more = [child for child in children.get(waiting.pop(), ()) if child not in found]
            found.update(more)
            waiting += more
        return frozenset(found)

    def circling(self) -> frozenset[str]:
        """Return the teams that belong to themselves; empty where all is well."""
        return frozenset(team for team in self.parents if team in self.above(team))


def borders(parents: Parents) -> list[date]:
    """Return the days on which the tree changes."""
    ends = {span.until for spans in parents.values() for span in spans if span.until is not None}
    return sorted(ends | {span.since for spans in parents.values() for span in spans})


def first_cycle(parents: Parents) -> tuple[frozenset[str], date] | None:
    """Return the first teams that would belong to themselves, and the day; None where none ever do."""
    found = ((Tree.on(parents, day).circling(), day) for day in borders(parents))
    return next(((teams, day) for teams, day in found if teams), None)
