"""The list of customers as they stand today: sought by owner, tier and status, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from policy.values import Language
from webadmin.access.circle import Circle
from webadmin.store import dated, naming
from webadmin.store.dated import Of, written
from webadmin.store.naming import Named
from webadmin.store.tables import CUSTOMERS, DATED

PAGE = 50
NOBODY = "-"
"""What the address says of customers without an owner; no id of a person is that."""

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """Which customers; an empty text asks for nothing.

    Attributes:
        owner: Id of a person, or `NOBODY`.
        page: From 1.
    """

    owner: str = ""
    tier: str = ""
    status: str = ""
    page: int = 1

    @property
    def filters(self) -> dict[str, str]:
        """Return what is asked for, as the address says it."""
        return {name: value for name in ("owner", "tier", "status") if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Line:
    """One customer as it stands."""

    who: Named
    owner: Named | str | None
    tier: str | None
    status: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of customers, how many there are in all, and what can be chosen: owners, tiers."""

    lines: Sequence[Line]
    count: int
    owners: Sequence[Named]
    tiers: Sequence[str]

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.count // PAGE))


def read(arguments: Mapping[str, str]) -> Wish:
    """Read the filters of an address; what is too long is cut, a page that is none is the first."""
    owner, tier, status = (arguments.get(name, "").replace("\0", "")[:LONGEST] for name in ("owner", "tier", "status"))
    page = arguments.get("page", "1")
    return Wish(owner, tier, status, int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 else 1)


def customers(connection: Connection, wish: Wish, circle: Circle, day: date, language: Language) -> Listed:
    """Return a page of the customers that fit, of those the reader sees, by their names in a language."""
    seen = _seen(circle, day)
    owners, tiers = (_offered(connection, seen, name) for name in ("owner", "tier"))
    fitting = _fitting(seen, wish)
    count = connection.execute(select(func.count()).select_from(fitting.subquery())).scalar_one()
    name = CUSTOMERS.c.name
    called = func.coalesce(CUSTOMERS.c.name_en, name) if language is Language.EN else name
    ordered = fitting.order_by(naming.in_turn(called), CUSTOMERS.c.id).limit(PAGE).offset(max(0, wish.page - 1) * PAGE)
    known = naming.named(connection, Of.PERSON, owners)
    lines = [_line(row, known) for row in connection.execute(ordered)]
    holding = {known[each].id: known[each] for each in owners if each in known}.values()
    return Listed(lines, count, sorted(holding, key=lambda each: naming.by_name(each, language)), tiers)


def _line(row: Row[Any], known: Mapping[str, Named]) -> Line:
    owner = None if row.owner is None else str(dated.read(row.owner))
    tier = None if row.tier is None else str(dated.read(row.tier))
    who = Named(Of.CUSTOMER, row.id, row.name, row.name_en)
    return Line(who, None if owner is None else known.get(owner, owner), tier, str(dated.read(row.status)), row.since)


_OWNER, _TIER, _STATUS = (DATED.alias(name) for name in ("owner", "tier", "status"))


def _seen(circle: Circle, day: date) -> Select[Any]:
    """Return what selects the customers somebody sees, as they stand on a day."""
    names = (CUSTOMERS.c[name] for name in ("id", "name", "name_en"))
    held = (_OWNER.c.value.label("owner"), _OWNER.c.since, _TIER.c.value.label("tier"), _stands().label("status"))
    chosen: Select[Any] = select(*names, *held).select_from(CUSTOMERS)
    for each in (_OWNER, _TIER, _STATUS):
        columns = each.c
        of = and_(columns.of == str(Of.CUSTOMER), columns.of_id == CUSTOMERS.c.id, columns.attribute == each.name)
        holds = and_(columns.since <= day, or_(columns.until.is_(None), columns.until > day))
        chosen = chosen.outerjoin(each, and_(of, holds))
    return chosen if circle.is_all else chosen.where(_OWNER.c.value.in_([written(each) for each in circle.people]))


def _offered(connection: Connection, seen: Select[Any], name: str) -> list[str]:
    """Return the values of an attribute among the customers the reader sees."""
    value = seen.subquery().c[name]
    return sorted(str(dated.read(each)) for each in connection.execute(select(value).distinct()).scalars() if each)


def _fitting(chosen: Select[Any], wish: Wish) -> Select[Any]:
    if wish.owner:
        owner = _OWNER.c.value
        chosen = chosen.where(owner.is_(None) if wish.owner == NOBODY else owner == written(wish.owner))
    if wish.tier:
        chosen = chosen.where(_TIER.c.value == written(wish.tier))
    return chosen.where(_stands().in_([written(wish.status)])) if wish.status else chosen


def _stands() -> ColumnElement[str]:
    """Return how a customer stands: active where nothing else is said."""
    return func.coalesce(_STATUS.c.value, written("active"))
