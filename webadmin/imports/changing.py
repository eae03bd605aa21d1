"""What an import changes of what is known already: from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from policy.values import Language
from webadmin.imports import telling
from webadmin.imports.byname import names_of
from webadmin.imports.offered import Offered
from webadmin.roster.differing import Difference, differences
from webadmin.roster.facts import read_facts
from webadmin.roster.references import Known, sort_of
from webadmin.store import dated
from webadmin.store.dated import Of
from webadmin.store.imports import Was

MOST = 50
"""Changes that are told one by one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that becomes another.

    Attributes:
        of: `person`, `team`, `customer`, `deal` or `absence`.
        id: Our own.
        called: What that is called; None where it has no name.
        field: What of it, as pages call it.
        before: As it is shown; empty: nothing.
        after: The same.
        since: The first day of the new value; None where it holds always.
    """

    of: str
    id: str
    called: str | None
    field: str
    before: str
    after: str
    since: date | None = None


def changes(
    connection: Connection,
    journal: Iterable[Was],
    rows: Mapping[str, Mapping[str, Any]],
    offered: Offered,
    language: Language,
    day: date,
) -> tuple[list[Change], int]:
    """Return the first things that were known and change, and how many there are.

    Args:
        connection: To the record.
        journal: What stood before of what is different.
        rows: Deals and absences as they are afterwards, by our ids.
        offered: The fields of the kind.
        language: The reader's.
        day: Today; on which the currencies of quotas hold that the import leaves as they are.
    """
    found = differences(journal, rows)
    shown = found[:MOST]
    names = _names(connection, shown, offered)
    people = [each.id for each in shown if each.of == Of.PERSON and each.attribute == "quota"]
    held = {own: each[_QUOTA] for own, each in dated.values_on(connection, Of.PERSON, day, [_QUOTA], people).items()}
    money = _Money(offered, rows, {(each.id, each.attribute): each for each in found}, held)
    return [_told(each, offered, names, language, money) for each in shown], len(found)


def quota_currencies(connection: Connection, source: str, names: Sequence[str], day: date) -> dict[str, str]:
    """Return the currencies of quotas as they are on record, by what a file of a system calls the people."""
    ids = Known(source)
    ids.look_up(connection, "person", names)
    own = {name: each for name in names if (each := ids.own("person", name)) is not None}
    held = dated.values_on(connection, Of.PERSON, day, [_QUOTA], own.values())
    return {name: held[each][_QUOTA] for name, each in own.items() if each in held}


_QUOTA = "quota_currency"


@dataclass(frozen=True, slots=True)
class _Money:
    """The currencies of deals and quotas before and after.

    Attributes:
        rows: Deals as they are afterwards, by our ids.
        found: Our id and path → how that is different.
        held: Our id of somebody → the currency of the quota on record.
    """

    offered: Offered
    rows: Mapping[str, Mapping[str, Any]]
    found: Mapping[tuple[str, str], Difference]
    held: Mapping[str, str]

    def of(self, each: Difference) -> tuple[str | None, str | None]:
        """Return the currency of a deal or a quota before and after; None where it is not known."""
        is_quota = each.of == Of.PERSON
        changed = self.found.get((each.id, _QUOTA if is_quota else "order.currency"))
        if is_quota:
            here = self.held.get(each.id) or self.offered.currency
        else:
            here = self.offered.currency_in(read_facts(self.rows.get(each.id, {}).get("facts") or "{}"))
        if changed is None:
            return here, here
        return changed.before or self.offered.currency, changed.after or self.offered.currency


def _names(connection: Connection, shown: Sequence[Difference], offered: Offered) -> Mapping[str, Mapping[str, Any]]:
    """Return what is changed or named is called: sort → our id → name."""
    wanted: dict[str, set[str]] = {each.of: set() for each in shown if each.of in set(Of)}
    for each in shown:
        if each.of in wanted:
            wanted[each.of].add(each.id)
        sort = sort_of(offered.kind, each.attribute)
        if sort is not None:
            wanted.setdefault(sort, set()).update(v for v in (each.before, each.after) if isinstance(v, str))
    return {sort: names_of(connection, sort, sorted(ids)) for sort, ids in wanted.items()}


def _told(
    each: Difference, offered: Offered, names: Mapping[str, Mapping[str, Any]], language: Language, money: _Money
) -> Change:
    name = names.get(each.of, {}).get(each.id)
    sort = sort_of(offered.kind, each.attribute)
    named = {own: text.to(language) for own, text in names.get(sort or "", {}).items()}
    values = zip((each.before, each.after), money.of(each), strict=True)
    before, after = (_shown(each, value, offered, named, currency) for value, currency in values)
    called = None if name is None else name.to(language)
    return Change(each.of, each.id, called, telling.attribute(offered, each.attribute), before, after, each.since)


def _shown(each: Difference, value: Any, offered: Offered, named: Mapping[str, str], currency: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and value in named:
        return named[value]
    return telling.cell(offered, telling.name_of(each.attribute, offered) or each.attribute, value, {}, currency)
