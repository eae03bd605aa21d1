"""Decisions sought by many things at once, quickly in a record of millions: ids first, by time, then their rows.

Of several conditions the one that fewest decisions fulfil leads, and the others are looked up for each it yields.
What fits is counted up to `SAMPLE`; counts of a larger number say “at least”.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal_column, select

from webadmin.ids import first_of
from webadmin.store.days import beginning, day_of
from webadmin.store.decisions import COLUMNS, Found, term
from webadmin.store.tables import DECISION_TERMS, DECISIONS
from webadmin.store.unfolding import unfolded

SAMPLE = 2_000
"""Decisions that are counted, the newest."""

_DENSE = 50_000
"""Decisions beyond which it does not matter which condition leads."""

_FEW = 24
"""Terms of a condition up to which each decision is looked up by itself."""

SCANNED = 5_000
"""Decisions that are looked at one by one for whether they have one of many terms."""

_PARTS = 24
"""Parts of time of which the newest, or the oldest, is searched first."""

_TICK = timedelta(milliseconds=1)
"""The finest difference of time ids tell."""

_MOST_PARTS = 18
"""Parts of time up to which it is worth to search these before all of it."""

_SPARE = 4
"""A fourth more is searched than what was found lets expect to be needed."""

_COUNTED = ("policy", "status", "hit")

_IDS, _TERMS = DECISIONS.c.id, DECISION_TERMS.c
Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """What decisions are sought.

    Attributes:
        terms: Each a set of terms of which one must hold; an empty set fits nothing.
        policy: Id of the policy; None: any.
        revision: Digest of the policy's text; None: any.
        since: Made at this instant or later, to the millisecond.
        until: Made before this instant.
        before: Id before which the page ends.
        after: Id after which the page begins.
        rising: Whether the oldest come first: else the newest do.
    """

    terms: tuple[Terms, ...] = ()
    policy: str | None = None
    revision: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: str | None = None
    after: str | None = None
    rising: bool = False

    def within(self, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """Return that an id was made in time: ids begin with the millisecond they were made in."""
        found = [] if self.since is None else [column >= first_of(self.since)]
        found += [] if self.until is None else [column < first_of(self.until)]
        found += [] if self.before is None else [column < self.before]
        return found if self.after is None else [*found, column > self.after]

    def beyond(self, name: str) -> Sought:
        """Return the same, beginning behind the last decision of a page."""
        return replace(self, after=name) if self.rising else replace(self, before=name)

    def in_order(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """Return the order of time of an id."""
        return column.asc() if self.rising else column.desc()

    def columns(self) -> list[ColumnElement[bool]]:
        """Return what is asked of columns of the decision."""
        found = [] if self.policy is None else [DECISIONS.c.policy == self.policy]
        return found if self.revision is None else [*found, DECISIONS.c.revision == self.revision]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of what fits are of which sort.

    Attributes:
        total: How many fit, at most `SAMPLE`.
        is_whole: Whether all that fit were counted; else every count is of the newest `SAMPLE`.
        counts: `policy`, `status` or `hit` → value → how many, the most frequent first.
        months: `2026-03` → how many, the newest first.
    """

    total: int
    is_whole: bool
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)


def newest(connection: Connection, sought: Sought, limit: int) -> list[str]:
    """Return the ids of the newest decisions that fit, at most `limit`."""
    return first(connection, replace(sought, rising=False), limit)


def first(connection: Connection, sought: Sought, limit: int) -> list[str]:
    """Return the ids of the first decisions that fit, the newest or the oldest as is sought, at most `limit`."""
    if not all(sought.terms):
        return []
    if sought.terms and sought.policy is not None:  # an erased decision has no terms: none is lost
        sought = replace(sought, policy=None, terms=(*sought.terms, (term("policy", sought.policy),)))
    many = next((terms for terms in sought.terms if len(terms) > _FEW), None)
    if many is not None:
        return _of_many(connection, sought, many, limit)
    leading = _leading(connection, sought)
    chosen = _by_columns(sought) if leading is None else _by_terms(sought, leading)
    return list(connection.execute(chosen.limit(limit)).scalars().all())


def _of_many(connection: Connection, sought: Sought, many: Terms, limit: int) -> list[str]:
    """Return the first ids where one condition has many terms, as whom a manager sees.

    Where another condition is fulfilled by few decisions, each of these is looked at; else the many terms lead, over
    the first part of time at first, as far on as it takes.
    """
    rest = replace(sought, terms=tuple(terms for terms in sought.terms if terms is not many))
    sizes = _sizes(connection, rest, SCANNED + 1)
    rest = _rarest_first(rest, sizes)
    if rest.terms and min(sizes.values()) <= SCANNED:
        names, known = first(connection, rest, SCANNED), set(many)
        held = _held_by(connection, names, {each.partition("=")[0] for each in many})
        return [name for name in names if held.get(name, set()) & known][:limit]
    found: list[str] = []
    span = _span(connection, sought)
    if span is not None:
        found = _led_by(connection, _first_of(1, sought, span), many, limit)
        parts = _expected(len(found), limit)
        if len(found) < limit and parts <= _MOST_PARTS:
            found = _led_by(connection, _first_of(parts, sought, span), many, limit)
    return found if len(found) == limit else _led_by(connection, sought, many, limit)


def _led_by(connection: Connection, sought: Sought, terms: Terms, limit: int) -> list[str]:
    return list(connection.execute(_by_terms(sought, terms).limit(limit)).scalars())


def _span(connection: Connection, sought: Sought) -> tuple[datetime, datetime] | None:
    """Return when the first and the last decision in the time sought were made, None where there is none.

    Each by itself is one look into the index, both at once would be all of it.
    """
    within = sought.within(_IDS)
    begin, end = (connection.execute(select(of(_IDS)).where(*within)).scalar_one() for of in (func.min, func.max))
    return None if begin is None or end is None else (made_at(begin), made_at(end))


def _first_of(parts: int, sought: Sought, span: tuple[datetime, datetime]) -> Sought:
    begin, end = span
    part = (end - begin) * parts / _PARTS
    if sought.rising:
        return replace(sought, until=min(begin + part + _TICK, sought.until or end + _TICK))
    return replace(sought, since=max(end - part, sought.since or begin))


def _expected(found: int, limit: int) -> int:
    """Return how many parts of time are likely to hold `limit` of what the first part held `found` of."""
    return limit * (_SPARE + 1) // max(1, found * _SPARE) + 1


def rows(connection: Connection, names: Sequence[str]) -> list[Found]:
    """Return decisions by their ids, in this order."""
    chosen = select(*COLUMNS).where(_IDS.in_(unfolded(names)))
    found = {row.id: Found(*row) for row in connection.execute(chosen)}
    return [found[name] for name in names if name in found]


def terms_of(connection: Connection, names: Sequence[str], sort: str) -> dict[str, list[str]]:
    """Return what some decisions are found by of one sort (`person`, `customer`, `subject`, `hit`), by their ids."""
    found: dict[str, list[str]] = {}
    chosen = select(_TERMS.decision_id, _TERMS.term).where(_TERMS.decision_id.in_(unfolded(names)), _of_sort(sort))
    for name, held in connection.execute(chosen):
        found.setdefault(name, []).append(held.partition("=")[2])
    return found


def facets(connection: Connection, sought: Sought, names: Sequence[str]) -> Facets:
    """Count what fits.

    Args:
        connection: To the record.
        sought: What fits.
        names: The newest `SAMPLE` ids that fit and one more, as `newest` gives them.
    """
    counted = names[:SAMPLE]
    if not counted:
        return Facets(0, is_whole=True)
    status = next((each.removeprefix("status=") for each, *_ in sought.terms if each.startswith("status=")), None)
    known = {"policy": sought.policy, "status": status}
    return Facets(len(counted), len(names) <= SAMPLE, _counts(connection, counted, known), _months(counted))


def beginning_with(connection: Connection, text: str, limit: int) -> list[str]:
    """Return the ids of decisions that begin with a text, at most `limit`, in order."""
    chosen = select(_IDS).where(text <= _IDS, f"{text}~" > _IDS).order_by(_IDS).limit(limit)
    return list(connection.execute(chosen).scalars())


def about(connection: Connection, subject: str, limit: int) -> list[str]:
    """Return the ids of decisions whose subject is called so or begins so, the exact ones first, at most `limit`."""
    exact = first(connection, Sought(((term("subject", subject),),)), limit)
    begin = f"subject={subject}"
    chosen = select(_TERMS.decision_id).where(_TERMS.term > begin, _TERMS.term < f"{begin}\U0010ffff")
    more = connection.execute(chosen.order_by(_TERMS.term).limit(limit)).scalars()
    return list(dict.fromkeys([*exact, *more]))[:limit]


def oldest(connection: Connection) -> str | None:
    """Return the id of the first decision, None where there is none."""
    found: str | None = connection.execute(select(func.min(_IDS))).scalar_one()
    return found


def made_at(name: str) -> datetime:
    """Return the instant an id was made, to the millisecond."""
    return datetime.fromtimestamp((UUID(name).int >> 80) / 1000, UTC)


def _months(names: Sequence[str]) -> dict[str, int]:
    """Count ids by the month they were made in, where the organisation is: `2026-03`.

    Args:
        names: The newest first.
    """
    found: dict[str, int] = {}
    rising = names[::-1]
    end = len(rising)
    while end:
        month = day_of(made_at(rising[end - 1])).replace(day=1)
        begin = bisect_left(rising, first_of(beginning(month)))
        found[month.isoformat()[:7]] = end - begin
        end = begin
    return found


def _counts(connection: Connection, names: Sequence[str], known: Mapping[str, str | None]) -> dict[str, dict[str, int]]:
    """Count decisions by sort and value; `known` is what all of them are."""
    found = {sort: Counter({} if known.get(sort) is None else {str(known[sort]): len(names)}) for sort in _COUNTED}
    for sort in (each for each in _COUNTED if known.get(each) is None):
        chosen = select(_TERMS.term, func.count()).where(_TERMS.decision_id.in_(unfolded(names)), _of_sort(sort))
        for held, count in connection.execute(chosen.group_by(_TERMS.term)):
            found[sort][held.partition("=")[2]] += count
    return {sort: dict(counter.most_common()) for sort, counter in found.items()}


def _of_sort(sort: str) -> ColumnElement[bool]:
    """Return that a term is of a sort, as a range of the index."""
    return and_(_TERMS.term >= f"{sort}=", _TERMS.term < f"{sort}>")


def _held_by(connection: Connection, names: Sequence[str], sorts: Iterable[str]) -> dict[str, set[str]]:
    """Return the terms of some sorts that decisions have, by their ids."""
    found: dict[str, set[str]] = {}
    for sort in sorts:
        for name, values in terms_of(connection, names, sort).items():
            found.setdefault(name, set()).update(f"{sort}={value}" for value in values)
    return found


def _leading(connection: Connection, sought: Sought) -> Terms | None:
    """Return the condition that fewest decisions fulfil; None where columns lead."""
    sizes = _sizes(connection, sought, _DENSE)
    return min(sizes, key=sizes.__getitem__, default=None)


def _sizes(connection: Connection, sought: Sought, most: int) -> dict[Terms | None, int]:
    """Count what fulfils each condition, at most `most`; None stands for what is asked of columns."""
    chosen: dict[Terms | None, Select[Any]] = {terms: _held(sought, terms) for terms in sought.terms}
    if sought.columns():
        chosen[None] = _columns_only(sought)
    return {terms: _size(connection, each, most) for terms, each in chosen.items()}


def _rarest_first(sought: Sought, sizes: Mapping[Terms | None, int]) -> Sought:
    """Return the same, its conditions in the order in which they are best looked up."""
    return replace(sought, terms=tuple(sorted(sought.terms, key=sizes.__getitem__)))


def _size(connection: Connection, chosen: Select[Any], most: int) -> int:
    return int(connection.execute(select(func.count()).select_from(chosen.limit(most).subquery())).scalar_one())


def _held(sought: Sought, terms: Terms) -> Select[Any]:
    return select(_TERMS.decision_id).where(_is_one_of(_TERMS.term, terms), *sought.within(_TERMS.decision_id))


def _columns_only(sought: Sought) -> Select[Any]:
    return select(_IDS).where(*sought.columns(), *sought.within(_IDS))


def _is_one_of(column: ColumnElement[str], terms: Terms) -> ColumnElement[bool]:
    return column == terms[0] if len(terms) == 1 else column.in_(unfolded(terms))


def _by_columns(sought: Sought) -> Select[Any]:
    others = (_holds(terms, _IDS) for terms in sought.terms)
    return _columns_only(sought).where(*others).order_by(sought.in_order(_IDS))


def _by_terms(sought: Sought, leading: Terms) -> Select[Any]:
    chosen = _held(sought, leading)
    if len(leading) > 1:
        chosen = chosen.distinct()
    if sought.columns():
        fits: Select[Any] = select(literal_column("1")).where(_TERMS.decision_id == _IDS, *sought.columns())
        if sought.revision is not None:  # SQLite would go to the rows, by their ids
            fits = fits.with_hint(DECISIONS, "INDEXED BY ix_decisions_revision_id", "sqlite")
        chosen = chosen.where(fits.correlate(DECISION_TERMS).exists())
    others = (_holds(terms, _TERMS.decision_id) for terms in sought.terms if terms is not leading)
    return chosen.where(*others).order_by(sought.in_order(_TERMS.decision_id))


def _holds(terms: Terms, name: ColumnElement[str]) -> ColumnElement[bool]:
    """Return that the decision of an id has one of some terms."""
    other = DECISION_TERMS.alias()
    chosen: Select[Any] = select(literal_column("1")).where(other.c.decision_id == name)
    return chosen.where(_is_one_of(other.c.term, terms)).correlate_except(other).exists()
