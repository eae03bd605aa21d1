"""Which signals concern somebody: found by their own id, or resting on events that name them, as of one's customer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, select

from webadmin.store import dated, naming, signals
from webadmin.store.dated import Of
from webadmin.store.decisions import term
from webadmin.store.signals import Kept, Query
from webadmin.store.tables import EVENT_TERMS, SIGNALS

PATHS = ("manager.id", "owner.id", "person.id", "requester.id")
"""Where an event names a person."""

LOOKED_AT = 10
"""How many signals of customers are looked through for each that is to be found."""


def concerning(connection: Connection, person: str, limit: int) -> list[Kept]:
    """Return the signals that concern somebody, the newest first, whatever other systems call them."""
    own = terms_of(connection, person)
    keyed = signals.search(connection, Query(keys=own), limit)
    found = {each.id: each for each in keyed} | {each.id: each for each in _resting(connection, own, limit)}
    return sorted(found.values(), key=lambda each: each.id, reverse=True)[:limit]


def concerns(connection: Connection, kept: Kept, person: str) -> bool:
    """Say whether a signal concerns somebody."""
    own = terms_of(connection, person)
    return term(kept.unit.key_path, kept.unit.key) in own or bool(_naming(connection, kept.finding.events, own))


def terms_of(connection: Connection, person: str) -> list[str]:
    """Return what events that name somebody are found by, whatever other systems call them."""
    names = (person, *naming.elsewhere(connection, Of.PERSON, [person]))
    return [term(path, name) for path in PATHS for name in names]


def _resting(connection: Connection, own: Sequence[str], limit: int) -> Iterator[Kept]:
    """Yield the newest signals found by something else than a person, of which an event names one."""
    named, other = EVENT_TERMS.alias(), EVENT_TERMS.alias()
    keys = (
        select(other.c.term)
        .join(named, named.c.row_id == other.c.row_id)
        .where(named.c.term.in_(own), other.c.term.in_(select(SIGNALS.c.key_term).distinct()))
        .distinct()
    )
    kept = signals.search(connection, Query(keys=list(connection.execute(keys).scalars())), limit * LOOKED_AT)
    naming_them = _naming(connection, {name for each in kept for name in each.finding.events}, own)
    yield from (each for each in kept if not naming_them.isdisjoint(each.finding.events))


def _naming(connection: Connection, events: Iterable[str], own: Sequence[str]) -> set[str]:
    """Return those of some events that name somebody."""
    columns = EVENT_TERMS.c
    return {
        name
        for chunk in dated.chunks(sorted(events))
        for name in connection.execute(
            select(columns.row_id).where(columns.row_id.in_(chunk), columns.term.in_(own))
        ).scalars()
    }
