"""What the list of signals shows: those found by a person or customer whom the reader sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from policy.engine import Policies, Policy
from policy.model.document import FieldClass
from policy.model.ruleset import EventPattern
from policy.values import Text
from webadmin.access.circle import Circle
from webadmin.access.telling import class_of
from webadmin.signals import cases, seeing
from webadmin.signals.cases import Case
from webadmin.signals.telling import Teller
from webadmin.store import naming, signals
from webadmin.store.decisions import term
from webadmin.store.naming import Named
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept, Query, Unit
from webadmin.store.tables import SIGNALS

PAGE = 25


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in what.

    Attributes:
        classes: Classes of values the reader may see.
        circle: Whom the reader sees.
        policies: Those in effect today.
    """

    record: Record
    connection: Connection
    act: Act
    classes: frozenset[FieldClass]
    circle: Circle
    policies: Policies

    def keys(self) -> Collection[str] | None:
        """Return what signals the reader may see are found by; None where that is all of them."""
        return seeing.keys(self.connection, self.circle)

    def pattern(self, unit: Unit) -> EventPattern | None:
        """Return the pattern a signal was found by, of its own revision; None where that does not load any more."""
        policy = self.policy(unit)
        found = () if policy is None else (each.pattern for each in policy.patterns)
        return next((each for each in found if each.id == unit.pattern), None)

    def policy(self, unit: Unit) -> Policy | None:
        """Return the policy a signal was found by, with what else is in effect today."""
        current = self.policies.get(unit.policy)
        if current is not None and current.digest == unit.revision:
            return current
        effective = self.record.catalogue.in_effect(self.connection, self.act.today)
        digests = {each.document: each.digest for each in effective.values()} | {unit.policy: unit.revision}
        return self.record.catalogue.prepared(self.connection, digests).policies.get(unit.policy)

    def titles(self) -> dict[str, Text]:
        """Return what the policies in effect today are called."""
        return {name: policy.title for name, policy in self.policies.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One signal in the list.

    Attributes:
        words: The pattern in words; None where its text does not load any more.
        whom: Whom it is about; a text where nobody of that id is known; None where the reader may not see it.
        case: What was opened because of it; None for nothing.
    """

    kept: Kept
    words: Text | None
    whom: Named | str | None
    case: Case | None


def page(reader: Reader, filters: Mapping[str, str], before: str | None) -> tuple[list[Line], str | None]:
    """Return a page of signals, the newest first, and the id the next page begins after; None: there is none."""
    query = Query(filters.get("state"), filters.get("policy"), keys=reader.keys(), before=before)
    found = signals.search(reader.connection, query, PAGE + 1)
    return lines(reader, found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None


def find(reader: Reader, name: str) -> Kept | None:
    """Return a signal; None where there is none, or it is about somebody whom the reader does not see."""
    kept = signals.find(reader.connection, name)
    keys = reader.keys()
    if kept is None or (keys is not None and term(kept.unit.key_path, kept.unit.key) not in keys):
        return None
    return kept


def lines(reader: Reader, found: Sequence[Kept]) -> list[Line]:
    """Return signals as the list shows them."""
    opened = cases.opened(reader.connection, [each.id for each in found])
    known = _named(reader.connection, found)
    teller, class_ = Teller(reader.connection, found), class_of(reader.policies)
    result = []
    for each in found:
        path, key = each.unit.key_path, each.unit.key
        seen = reader.classes | {FieldClass.OPEN}
        is_hidden = any(class_(kind, path) not in seen for kind in teller.types(each))
        pattern = reader.pattern(each.unit)
        whom = None if is_hidden else known.get((path, key), key)
        result.append(Line(each, None if pattern is None else pattern.because, whom, opened.get(each.id)))
    return result


def _named(connection: Connection, found: Sequence[Kept]) -> dict[tuple[str, str], Named]:
    result: dict[tuple[str, str], Named] = {}
    for path, of in seeing.WHOM.items():
        keys = {each.unit.key for each in found if each.unit.key_path == path}
        result |= {(path, key): each for key, each in naming.named(connection, of, keys).items()}
    return result


def policies_with_signals(reader: Reader) -> list[str]:
    """Return the ids of policies that have patterns today, or signals from earlier."""
    today = {name for name, policy in reader.policies.items() if policy.patterns}
    ever = reader.connection.execute(select(SIGNALS.c.policy).distinct()).scalars()
    return sorted(today | set(ever))


def is_empty(reader: Reader) -> bool:
    """Say whether there is no signal at all that the reader may see."""
    return not signals.search(reader.connection, Query(keys=reader.keys()), 1)
