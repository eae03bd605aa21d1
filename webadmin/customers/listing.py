"""The list of customers as they stand today: sought by owner, tier and status, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, func, or_, select

from policy.values import Language
from webadmin.access.circle import Circle
from webadmin.store import dated, naming
from webadmin.store.dated import Of, written
from webadmin.store.naming import Named
from webadmin.store.tables import CUSTOMERS, DATED, PEOPLE

PAGE = 50
NOBODY = "-"
"""What the address says of customers without an owner; no id of a person is that."""

LONGEST = 60
SORTS = ("name", "owner", "newest", "tier")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which customers; an empty text asks for nothing.

    Attributes:
        name: Words that the id or the names hold.
        owner: Id of a person, or `NOBODY`.
        sort: One of `SORTS`; `newest` has those first that changed hands last.
        page: From 1.
    """

    name: str = ""
    owner: str = ""
    tier: str = ""
    status: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def filters(self) -> dict[str, str]:
        """Return what is asked for, as the address says it."""
        return {name: value for name in ("name", "owner", "tier", "status") if (value := getattr(self, name))}

    @property
    def asked(self) -> dict[str, str]:
        """Return the filters, and the order where it is not the usual one, as the address says them."""
        return self.filters | ({} if self.sort == "name" else {"sort": self.sort})


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
    name, owner, tier, status = (
        arguments.get(each, "").replace("\0", "").strip()[:LONGEST] for each in ("name", "owner", "tier", "status")
    )
    sort, page = arguments.get("sort", ""), arguments.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 else 1
    return Wish(name, owner, tier, status, sort if sort in SORTS else "name", number)


def customers(connection: Connection, wish: Wish, circle: Circle, day: date, language: Language) -> Listed:
    """Return a page of the customers that fit, of those the reader sees, by their names in a language."""
    seen = _seen(circle, day)
    owners, tiers = (_offered(connection, seen, name) for name in ("owner", "tier"))
    fitting = _fitting(seen, wish)
    count = connection.execute(select(func.count()).select_from(fitting.subquery())).scalar_one()
    turn = (*_turn(wish.sort, language), _called(CUSTOMERS, language), CUSTOMERS.c.id)
    ordered = fitting.order_by(*turn).limit(PAGE).offset(max(0, wish.page - 1) * PAGE)
    known = naming.named(connection, Of.PERSON, owners)
    lines = [_line(row, known) for row in connection.execute(ordered)]
    holding = {known[each].id: known[each] for each in owners if each in known}.values()
    return Listed(lines, count, sorted(holding, key=lambda each: naming.by_name(each, language)), tiers)


def _turn(sort: str, language: Language) -> tuple[ColumnElement[Any], ...]:
    """Return what customers are sorted by before their names; those without it come last."""
    if sort == "owner":
        quoted = _OWNER.c.value
        own = func.substr(quoted, 2, func.length(quoted) - 2)
        name = select(_called(PEOPLE, language)).where(PEOPLE.c.id == own).scalar_subquery()
        return (quoted.is_(None), name)
    if sort == "newest":
        return (_OWNER.c.since.is_(None), _OWNER.c.since.desc())
    return (_TIER.c.value.is_(None), _TIER.c.value) if sort == "tier" else ()


def _called(table: Table, language: Language) -> ColumnElement[bytes]:
    name = table.c.name
    return naming.in_turn(func.coalesce(table.c.name_en, name) if language is Language.EN else name)


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
    chosen = chosen.where(naming.is_there(Of.CUSTOMER))
    return chosen if circle.is_all else chosen.where(_OWNER.c.value.in_([written(each) for each in circle.people]))


def _offered(connection: Connection, seen: Select[Any], name: str) -> list[str]:
    """Return the values of an attribute among the customers the reader sees."""
    value = seen.subquery().c[name]
    return sorted(str(dated.read(each)) for each in connection.execute(select(value).distinct()).scalars() if each)


def _fitting(chosen: Select[Any], wish: Wish) -> Select[Any]:
    chosen = chosen.where(*naming.with_words(Of.CUSTOMER, wish.name))
    if wish.owner:
        owner = _OWNER.c.value
        chosen = chosen.where(owner.is_(None) if wish.owner == NOBODY else owner == written(wish.owner))
    if wish.tier:
        chosen = chosen.where(_TIER.c.value == written(wish.tier))
    return chosen.where(_stands().in_([written(wish.status)])) if wish.status else chosen


def _stands() -> ColumnElement[str]:
    """Return how a customer stands: active where nothing else is said."""
    return func.coalesce(_STATUS.c.value, written("active"))
