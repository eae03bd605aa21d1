"""The list of customers as they stand today: sought by name, team, owner, tier and status, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Numeric,
    Row,
    Select,
    and_,
    case,
    cast,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import NamedFromClause

from policy.values import Language, Text
from webadmin import paging
from webadmin.access.circle import Circle
from webadmin.store import dated, histories, naming, standing
from webadmin.store.dated import Of, written
from webadmin.store.naming import Named
from webadmin.store.tables import CUSTOMERS, DATED, PEOPLE

NOBODY = "-"
"""What the address says of customers without an owner; no id of a person is that."""

LONGEST = 60
_FILTERS = ("name", "team", "owner", "tier", "status")
SORTS = ("name", "value", "owner", "newest", "tier")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which customers; an empty text asks for nothing.

    Attributes:
        name: Words that the id or the names hold.
        team: Id of a team; those the people of it and of the teams below hold.
        owner: Id of a person, or `NOBODY`.
        sort: One of `SORTS`; `newest` has those first that changed hands last, `value` those that are worth most.
        page: From 1.
    """

    name: str = ""
    team: str = ""
    owner: str = ""
    tier: str = ""
    status: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def filters(self) -> dict[str, str]:
        """Return what is asked for, as the address says it."""
        return {name: value for name in _FILTERS if (value := getattr(self, name))}

    @property
    def asked(self) -> dict[str, str]:
        """Return the filters, and the order where it is not the usual one, as the address says them."""
        return self.filters | ({} if self.sort == "name" else {"sort": self.sort})


@dataclass(frozen=True, slots=True)
class Line:
    """One customer as it stands.

    Attributes:
        worth: The fact that says what it is worth, and how much that is; None where the reader sees none.
    """

    who: Named
    owner: Named | str | None
    tier: str | None
    status: str
    since: date | None
    worth: tuple[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of customers, how many there are in all, and what can be chosen: teams of owners, owners, tiers."""

    lines: Sequence[Line]
    count: int
    teams: Mapping[str, Text]
    owners: Sequence[Named]
    tiers: Sequence[str]

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return paging.pages(self.count)


def read(arguments: Mapping[str, str]) -> Wish:
    """Read the filters of an address; what is too long is cut, a page that is none is the first."""
    asked = {each: arguments.get(each, "").replace("\0", "").strip()[:LONGEST] for each in _FILTERS}
    sort = arguments.get("sort", "")
    return Wish(**asked, sort=sort if sort in SORTS else "name", page=paging.read(arguments))


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader sees: which customers, and which of the facts that say what one is worth, the surest first."""

    circle: Circle
    language: Language
    worth: Sequence[str]


def customers(connection: Connection, wish: Wish, day: date, sight: Sight) -> Listed:
    """Return a page of the customers that fit, of those the reader sees, by their names in a language."""
    circle, language = sight.circle, sight.language
    owners, tiers = (_offered(connection, circle, day, name) for name in (_OWNER, _TIER))
    fitting = _fitting(_seen(circle, day), wish, standing.members(connection, wish.team, day) if wish.team else [])
    is_every = circle.is_all and not wish.filters
    counted = select(CUSTOMERS.c.id).where(naming.is_there(Of.CUSTOMER)) if is_every else fitting
    count = connection.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
    turn = (*_turn(wish.sort, day, sight), naming.turn_of(CUSTOMERS, language), CUSTOMERS.c.id)
    ordered = fitting.order_by(*turn).limit(paging.PAGE).offset(paging.before(wish.page))
    known = naming.named(connection, Of.PERSON, owners)
    rows = connection.execute(ordered).all()
    worth = dated.values_on(connection, Of.CUSTOMER, day, sight.worth, [row.id for row in rows])
    lines = [_line(row, known, _worth(worth.get(row.id, {}), sight)) for row in rows]
    holding = {known[each].id: known[each] for each in owners if each in known}.values()
    people = sorted(holding, key=lambda each: naming.by_name(each, language))
    return Listed(lines, count, _teams(connection, circle, owners, day), people, tiers)


def _teams(connection: Connection, circle: Circle, owners: Sequence[str], day: date) -> dict[str, Text]:
    """Return the teams that can be chosen, by id: every one for who sees everybody, else those of the owners."""
    if circle.is_all:
        return histories.team_names(connection)
    held = dated.values_on(connection, Of.PERSON, day, ["team"], owners)
    used = {each["team"] for each in held.values() if "team" in each}
    return {name: text for name, text in histories.team_names(connection).items() if name in used}


def _worth(held: Mapping[str, Any], sight: Sight) -> tuple[str, Any] | None:
    return next(((each, held[each]) for each in sight.worth if each in held), None)


def _turn(sort: str, day: date, sight: Sight) -> tuple[ColumnElement[Any], ...]:
    """Return what customers are sorted by before their names; those without it come last."""
    if sort == "owner":
        quoted = _OWNER.c.value
        own = func.substr(quoted, 2, func.length(quoted) - 2)
        name = select(naming.turn_of(PEOPLE, sight.language)).where(PEOPLE.c.id == own).scalar_subquery()
        return (quoted.is_(None), name)
    if sort == "newest":
        return (_OWNER.c.since.is_(None), _OWNER.c.since.desc())
    if sort == "value" and sight.worth:
        worth = func.coalesce(*(_number(each, day) for each in sight.worth), null())
        return (worth.is_(None), worth.desc())
    return (_TIER.c.value.is_(None), _TIER.c.value) if sort == "tier" else ()


def _number(attribute: str, day: date) -> ColumnElement[Any]:
    """Return a fact of a customer as a number; nothing where it is none."""
    value = select(DATED.c.value).where(DATED.c.of == str(Of.CUSTOMER), DATED.c.of_id == CUSTOMERS.c.id)
    held = dated.on(value.where(DATED.c.attribute == attribute), day).correlate(CUSTOMERS).scalar_subquery()
    return case((func.substr(held, 1, 1).between("0", "9"), cast(held, Numeric)))


def _line(row: Row[Any], known: Mapping[str, Named], worth: tuple[str, Any] | None) -> Line:
    owner = None if row.owner is None else str(dated.read(row.owner))
    tier = None if row.tier is None else str(dated.read(row.tier))
    who = Named(Of.CUSTOMER, row.id, row.name, row.name_en)
    held_by = None if owner is None else known.get(owner, owner)
    return Line(who, held_by, tier, str(dated.read(row.status)), row.since, worth)


_OWNER, _TIER, _STATUS = (DATED.alias(name) for name in ("owner", "tier", "status"))


def _seen(circle: Circle, day: date) -> Select[Any]:
    """Return what selects the customers somebody sees, as they stand on a day."""
    names = (CUSTOMERS.c[name] for name in ("id", "name", "name_en"))
    held = (_OWNER.c.value.label("owner"), _OWNER.c.since, _TIER.c.value.label("tier"), _stands().label("status"))
    chosen: Select[Any] = select(*names, *held).select_from(CUSTOMERS)
    for each in (_OWNER, _TIER, _STATUS):
        chosen = chosen.outerjoin(each, and_(each.c.of_id == CUSTOMERS.c.id, *_holds(each, day)))
    chosen = chosen.where(naming.is_there(Of.CUSTOMER))
    return chosen if circle.is_all else chosen.where(_OWNER.c.value.in_([written(each) for each in circle.people]))


def _offered(connection: Connection, circle: Circle, day: date, held: NamedFromClause) -> list[str]:
    """Return the values of an attribute among the customers the reader sees."""
    chosen = select(held.c.value).distinct().where(*_holds(held, day))
    if not circle.is_all:
        own = _OWNER.c
        seen = select(own.of_id).where(*_holds(_OWNER, day), own.value.in_([written(each) for each in circle.people]))
        chosen = chosen.where(held.c.of_id.in_(seen))
    return sorted(str(dated.read(each)) for each in connection.execute(chosen).scalars() if each)


def _holds(held: NamedFromClause, day: date) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of the rows that say an attribute of customers on a day."""
    columns = held.c
    is_there = and_(columns.of == str(Of.CUSTOMER), columns.attribute == held.name)
    return (is_there, columns.since <= day, or_(columns.until.is_(None), columns.until > day))


def _fitting(chosen: Select[Any], wish: Wish, members: Sequence[str]) -> Select[Any]:
    chosen = chosen.where(*naming.with_words(Of.CUSTOMER, wish.name))
    if wish.team:
        chosen = chosen.where(_OWNER.c.value.in_([written(each) for each in members]))
    if wish.owner:
        owner = _OWNER.c.value
        chosen = chosen.where(owner.is_(None) if wish.owner == NOBODY else owner == written(wish.owner))
    if wish.tier:
        chosen = chosen.where(_TIER.c.value == written(wish.tier))
    return chosen.where(_stands().in_([written(wish.status)])) if wish.status else chosen


def _stands() -> ColumnElement[str]:
    """Return how a customer stands: active where nothing else is said."""
    return func.coalesce(_STATUS.c.value, written("active"))
