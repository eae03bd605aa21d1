"""Which patterns hold on which day: those of the revisions in effect then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from policy.compilers.events import CompiledPattern
from policy.engine import Policies, Policy
from policy.model.events import EventType
from policy.model.ruleset import EventPattern
from webadmin.store import revisions
from webadmin.store.catalogue import Catalogue

_Set = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """One pattern of one revision, under the vocabulary of its days; there is one object for each.

    Attributes:
        revision: Digest of the policy.
        types: The types of events it names, as the vocabulary declares them.
        reach: Seconds from the first event of a match to its last at most; None: without end.
    """

    revision: str
    compiled: CompiledPattern
    types: Mapping[str, EventType]
    reach: int | None

    @property
    def pattern(self) -> EventPattern:
        """Return the pattern."""
        return self.compiled.pattern


class Coverage:
    """The patterns by day; what is compiled is kept by the digests of its texts."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._of_set: dict[_Set, tuple[Sought, ...]] = {}
        self._of_closure: dict[tuple[str, _Set], tuple[Sought, ...]] = {}

    def on(self, connection: Connection, day: date) -> tuple[Sought, ...]:
        """Return the patterns that hold on a day."""
        effective = self._catalogue.in_effect(connection, day)
        key = frozenset((each.document, each.digest) for each in effective.values())
        if key not in self._of_set:
            policies = self._catalogue.policies(connection, day)
            self._of_set[key] = tuple(each for policy in policies.values() for each in self._of(policy, policies))
        return self._of_set[key]

    def between(self, connection: Connection, since: date, until: date | None) -> tuple[Sought, ...]:
        """Return the patterns that hold on some day of a period, its last day included; None: without end."""
        days = [day for day in revisions.boundaries(connection, since, None) if until is None or day <= until]
        return _unique(each for day in days for each in self.on(connection, day))

    def _of(self, policy: Policy, policies: Policies) -> tuple[Sought, ...]:
        key = (policy.id, frozenset(policy.rule_set.closure.items()))
        if key not in self._of_closure:
            self._of_closure[key] = tuple(_sought(policy, each, policies.events) for each in policy.patterns)
        return self._of_closure[key]


def _unique(found: Iterable[Sought]) -> tuple[Sought, ...]:
    return tuple(dict.fromkeys(found))


def _sought(policy: Policy, compiled: CompiledPattern, events: Mapping[str, EventType]) -> Sought:
    types = {each.type.name: events[each.type.name] for each in compiled.pattern.wanted()}
    return Sought(policy.digest, compiled, types, _reach(compiled.pattern))


def _reach(pattern: EventPattern) -> int | None:
    limits = [each.within for each in (pattern.steps if pattern.at_least is not None else pattern.steps[1:])]
    return None if None in limits else sum(each for each in limits if each is not None)
