"""What the page of a comparison of many cases shows, and its tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from policy.engine import Policies, Policy
from policy.model.canonical import canonical_json
from policy.model.decision import Status
from policy.tables.rowfile import LONGEST_CELL
from policy.values import Language, Text
from webadmin import headings, tabled, words
from webadmin.access.circle import Circle
from webadmin.comparison.pair import Quantity, Verdict
from webadmin.comparison.tally import GROUPINGS, OF_FILE, led
from webadmin.filters import own
from webadmin.roster.wording import declared_of
from webadmin.store import jobrows, naming
from webadmin.store.dated import Of
from webadmin.store.days import day_of
from webadmin.store.jobrows import Row
from webadmin.store.jobs import Job
from webadmin.store.naming import Named
from webadmin.store.tables import TEAMS
from webadmin.wording import naming as naming_of_rules

PAGE = 50
"""Rows of one page."""

MOST_SIDES = 8
"""Outcomes up to which changes are shown as a matrix."""

MOST_GROUPS = 15
"""Groups of one kind that are shown; the file of rows has all."""

SHOWN: Mapping[str, tuple[str, ...]] = {
    "changed": (str(Verdict.CHANGED),),
    "open": (str(Verdict.OPEN), str(Verdict.REFUSED), str(Verdict.ERASED)),
    "same": (str(Verdict.SAME),),
    "all": (),
}
"""Which rows are shown: word in the address → verdicts."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One change in the matrix: how many, and which one it is."""

    count: int
    change: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """From what to what.

    Attributes:
        befores: Outcomes under A.
        afters: Outcomes under B.
        cells: One list for each of `befores`.
    """

    befores: Sequence[Mapping[str, Any]]
    afters: Sequence[Mapping[str, Any]]
    cells: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True, slots=True)
class Group:
    """People, a team, a region and the like.

    Attributes:
        name: Id or value.
        called: What people call it; None where that is the same.
        amounts: Number → how much more it comes to.
        share: Bar of changed cases, 0..100.
        is_seen: Whether the reader may see more of a person than that cases name it.
        is_hidden: Whether these are the people the reader may not see, all together.
    """

    name: str
    called: str | None
    rows: int
    changed: int
    up: int
    down: int
    amounts: Mapping[str, Decimal]
    share: int
    is_seen: bool = True
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A finished comparison.

    Attributes:
        counts: Verdict → cases.
        quantities: Numbers that are added up, money first.
        matrix: None where there are too many different outcomes.
        changes: The most frequent first, each with its place in the job.
        groups: What cases are grouped by → the groups with most changes first.
        more: What cases are grouped by → groups that are not shown.
        apart: What cases are grouped by → cases that differ and are in no group.
        decided: Cases both could decide.
    """

    found: Mapping[str, Any]
    counts: Mapping[str, int]
    decided: int
    quantities: Sequence[Mapping[str, Any]]
    matrix: Matrix | None
    changes: Sequence[tuple[int, Mapping[str, Any]]]
    groups: Mapping[str, Sequence[Group]]
    more: Mapping[str, int]
    apart: Mapping[str, int]

    @property
    def only_numbers(self) -> bool:
        """Say whether no outcome is another one but for its numbers."""
        return bool(self.changes) and all(each["from"] == each["to"] for _, each in self.changes)

    @property
    def assigned(self) -> frozenset[str]:
        """Return the ids of those to whom something is assigned, before or after."""
        sides = (each[side] for _, each in self.changes for side in ("from", "to"))
        return frozenset(each["assigned"] for each in sides if isinstance(each.get("assigned"), str))

    @property
    def leading(self) -> str | None:
        """Return the number gains and losses are told by; None where there is none."""
        return _key(self.quantities[0]) if self.quantities else None


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of rows.

    Attributes:
        total: How many fit.
        after: Number of the last one, where there are more.
        unseen: How many of the page are left out, as the reader may not see them any more.
    """

    rows: Sequence[Row]
    total: int
    after: int | None
    unseen: int


def period(job: Job) -> tuple[date | None, date | None]:
    """Return the first and the last day on which what a comparison is about was recorded; None where it named none."""
    since, until = (job.arguments.get(each) for each in ("since", "until"))
    first = None if since is None else day_of(datetime.fromisoformat(since))
    return first, None if until is None else day_of(datetime.fromisoformat(until)) - timedelta(days=1)


def report(connection: Connection, job: Job, policies: Policies, circle: Circle, language: Language) -> Report:
    """Return what a finished job found, as whoever reads it may see it; `policies` say what values are called."""
    found: Mapping[str, Any] = job.result
    counts = {str(each): int(found["counts"].get(str(each), 0)) for each in Verdict}
    changes = sorted(enumerate(found["changes"]), key=lambda each: (-each[1]["count"], each[0]))
    people = _people(connection, found["by"]["person"], circle)
    held = {name: people.told if name == "person" else found["by"][name] for name in GROUPINGS}
    by = {
        name: _groups(groups, name, _called(connection, policies, name, list(groups), language), people)
        for name, groups in held.items()
    }
    return Report(
        found,
        counts,
        counts[Verdict.SAME] + counts[Verdict.CHANGED],
        _quantities(found["amounts"]),
        _matrix(changes),
        changes,
        {name: groups[:MOST_GROUPS] for name, groups in by.items() if groups},
        {name: len(groups) - MOST_GROUPS for name, groups in by.items() if len(groups) > MOST_GROUPS},
        found.get("apart", {}),
    )


@dataclass(frozen=True, slots=True)
class _People:
    """The people cases are about, as the reader may see them.

    Attributes:
        told: Id → what their cases came to; those that may not be seen together under `HIDDEN`.
        seen: Of whom the reader may see more than that a case names them.
    """

    told: Mapping[str, Any]
    seen: frozenset[str]


HIDDEN = ""
"""Stands for the people the reader may not see."""


def _people(connection: Connection, held: Mapping[str, Any], circle: Circle) -> _People:
    """Return whom cases are about; others' people are told where a decision that may be read names them."""
    seen = frozenset(each for each in held if circle.sees(Of.PERSON, each))
    named = [decision for each, group in held.items() if each not in seen for decision in group.get("named_in", ())]
    readable = {*circle.readable(connection, [each for each in named if each]), OF_FILE}
    told: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    for each, group in held.items():
        if each in seen or readable.intersection(group.get("named_in", ())):
            told[each] = group
        else:
            hidden = _together(hidden, group)
    return _People({**told, HIDDEN: hidden} if hidden else told, seen)


def _together(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: one.get(name, 0) + other[name] for name in ("rows", "changed", "up", "down")}
    amounts = {
        key: Decimal(one.get("amounts", {}).get(key, 0)) + Decimal(other["amounts"].get(key, 0))
        for key in {**one.get("amounts", {}), **other["amounts"]}
    }
    return {**counts, "amounts": amounts}


def _quantities(amounts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    by_key = {Quantity(each["name"], each["unit"]): {**each, **_exact(each)} for each in amounts.values()}
    return [by_key[each] for each in led(by_key)]


def _exact(amount: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return the sums as decimals: JSON tells whole ones as integers."""
    return {name: Decimal(amount[name]) for name in ("before", "after", "up", "down")}


def _key(amount: Mapping[str, Any]) -> str:
    return Quantity(amount["name"], amount["unit"]).key


def _matrix(changes: Sequence[tuple[int, Mapping[str, Any]]]) -> Matrix | None:
    befores = {canonical_json(each["from"]): each["from"] for _, each in changes}
    afters = {canonical_json(each["to"]): each["to"] for _, each in changes}
    if not changes or len(befores) > MOST_SIDES or len(afters) > MOST_SIDES:
        return None
    cells = {
        (canonical_json(each["from"]), canonical_json(each["to"])): Cell(each["count"], at) for at, each in changes
    }
    return Matrix(
        list(befores.values()),
        list(afters.values()),
        [[cells.get((one, other)) for other in afters] for one in befores],
    )


def _groups(held: Mapping[str, Any], name: str, called: Mapping[str, str], people: _People) -> list[Group]:
    most = max((group["changed"] for group in held.values()), default=0) or 1
    groups = [
        Group(
            each,
            called.get(each),
            group["rows"],
            group["changed"],
            group["up"],
            group["down"],
            {key: Decimal(value) for key, value in group["amounts"].items()},
            100 * group["changed"] // most,
            name != "person" or each in people.seen,
            name == "person" and each == HIDDEN,
        )
        for each, group in held.items()
    ]
    if name in ("month", "level", "tier"):
        return sorted(groups, key=lambda each: each.name)
    return sorted(groups, key=lambda each: (-each.changed, -each.rows, each.name))


def _called(
    connection: Connection, policies: Policies, name: str, ids: Sequence[str], language: Language
) -> dict[str, str]:
    if name == "person":
        return {each: known.to(language) for each, known in naming.named(connection, Of.PERSON, ids).items()}
    if name != "team":
        field = declared_of(policies, Of.CUSTOMER if name == "tier" else Of.PERSON).get(name)
        names = {} if field is None else field.names
        return {each: names[each].to(language) for each in ids if each in names}
    columns = TEAMS.c
    rows = connection.execute(select(columns.id, columns.name, columns.name_en).where(columns.id.in_(ids[:400])))
    return {row.id: (row.name_en if language is Language.EN and row.name_en else row.name) or row.id for row in rows}


def page(connection: Connection, job: Job, shown: str, change: int | None, after: int, circle: Circle) -> Rows:
    """Return one page of rows."""
    verdicts = SHOWN[shown]
    found = jobrows.page(connection, job.id, verdicts, change, after=after, limit=PAGE + 1)
    rows = found[:PAGE]
    seen = list(_seen(connection, circle, rows))
    last = rows[-1].number if len(found) > PAGE else None
    return Rows(seen, jobrows.count(connection, job.id, verdicts, change), last, len(rows) - len(seen))


def _seen(connection: Connection, circle: Circle, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows whose decisions the reader may see today; those of a file are whoever's who brought it."""
    named = [each.decision for each in rows if each.decision is not None]
    readable = set(circle.readable(connection, named))
    yield from (each for each in rows if each.decision is None or each.decision in readable)


def names(connection: Connection, rows: Sequence[Row]) -> dict[str, Named]:
    """Return what the people and customers of some rows are called, by their terms."""
    found: dict[str, Named] = {}
    for of in (Of.PERSON, Of.CUSTOMER):
        ids = {term.partition("=")[2] for row in rows for term in row.body.get("who", ()) if term.startswith(f"{of}=")}
        found |= {f"{of}={name}": each for name, each in naming.named(connection, of, ids).items()}
    return found


@dataclass(frozen=True, slots=True)
class Telling:
    """How rows are told in a table.

    Attributes:
        policies: Of both sides, for what outputs are called; None where one no longer loads.
        called: Of both sides, rule → what it is called.
    """

    language: Language
    policies: tuple[Policy | None, Policy | None]
    called: tuple[Mapping[str, str], Mapping[str, str]]
    _said: dict[tuple[str, str], str] = field(default_factory=dict)

    def outcome(self, side: str, value: Any) -> str:
        """Write the outcome of a side, `a` or `b`; few differ, and each is put into words once."""
        key = (side, canonical_json(value))
        if key not in self._said:
            self._said[key] = tabled.outcome(value, self.policies[side == "b"])
        return self._said[key]

    def word(self, kind: str, name: str) -> str:
        """Write a `status` or `verdict`."""
        key = (kind, name)
        if key not in self._said:
            self._said[key] = str(words.VERDICTS[name]) if kind == "verdict" else _status(name)
        return self._said[key]


def records(connection: Connection, job: Job, circle: Circle, telling: Telling) -> Iterator[dict[str, Any]]:
    """Yield every row as a record of a table."""
    return headings.headed(_records(connection, job, circle, telling), _amounts(job, telling))


def _amounts(job: Job, telling: Telling) -> dict[str, str]:
    """Return the headings of the numbers that are added up."""
    found: dict[str, str] = {}
    for key, each in job.result["amounts"].items():
        name = str(words.RESULTS.get(each["name"]) or own(label(telling.policies[1], each["name"])))
        name = f"{name} {each['unit']}".rstrip()
        found |= {f"a.{key}": f"A: {name}", f"b.{key}": f"B: {name}", f"difference.{key}": f"B - A: {name}"}
    return found


def _records(connection: Connection, job: Job, circle: Circle, telling: Telling) -> Iterator[dict[str, Any]]:
    amounts = sorted(job.result["amounts"])
    for rows in jobrows.every(connection, job.id):
        seen = list(_seen(connection, circle, rows))
        known = {term: each.to(telling.language) for term, each in names(connection, seen).items()}
        for row in seen:
            yield _record(row, amounts, telling, known)


def _whom(term: str, known: Mapping[str, str]) -> str:
    name = term.partition("=")[2]
    return name if known.get(term, name) == name else f"{known[term]} ({name})"


def _record(row: Row, amounts: Sequence[str], telling: Telling, known: Mapping[str, str]) -> dict[str, Any]:
    language = telling.language
    body = row.body
    one = body.get("one", {})
    other = one if row.verdict == Verdict.SAME else body.get("other", {})
    record: dict[str, Any] = {
        "number": row.number,
        "file_row": body.get("row"),
        "decision": row.decision,
        "subject": body.get("key", ""),
        "about": "; ".join(_whom(each, known) for each in body.get("who", ())),
        "as_of": _day(body.get("as_of", "")),
        "result": telling.word("verdict", row.verdict),
    }
    for name, side in (("a", one), ("b", other)):
        why = side.get("why")
        record |= {
            f"{name}.status": telling.word("status", side.get("status", "")),
            f"{name}.outcome": telling.outcome(name, side.get("outcome")),
            f"{name}.hits": tabled.hits(side.get("hits") or (), telling.called[name == "b"]),
            f"{name}.why": "" if why is None else why[language],
        }
    apart = ((each, telling.called[each not in hit_of(one)]) for each in body.get("rules", ()))
    record["rules_apart"] = "; ".join(tabled.hits([rule], called) for rule, called in apart)
    for key in amounts:
        before, after = body.get("amounts", {}).get(key, (None, None))
        record |= {f"a.{key}": before, f"b.{key}": after, f"difference.{key}": _difference(before, after)}
    record["problems"] = "; ".join(each["text"][language] for each in body.get("problems", ()))
    facts = canonical_json(body["facts"]) if "facts" in body else ""
    record["facts"] = facts if len(facts) <= LONGEST_CELL else f"{facts[: LONGEST_CELL - 1]}…"
    return record


def hit_of(side: Mapping[str, Any]) -> set[str]:
    """Return the rules that hit on one side of a row, those of every item."""
    return {rule for each in side.get("hits") or () for rule in (each if isinstance(each, list) else [each])}


def _day(written: str) -> date | str:
    """Return a day as one; an instant stays as it is written."""
    return date.fromisoformat(written) if len(written) == len("2026-03-01") else written


def _status(status: str) -> str:
    said = words.STATUSES[Status(status)] if status in set(Status) else words.VERDICTS.get(status, status)
    return str(said)


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None and after is None else (after or Decimal()) - (before or Decimal())


def rules(
    policies: tuple[Policy | None, Policy | None], language: Language
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what the rules of each side are called, by that side's own words."""
    one, other = ({} if each is None else naming_of_rules.called(each, language) for each in policies)
    return one, other


def label(policy: Policy | None, name: str) -> Text | str:
    """Return what an output or a part of a result is called."""
    output = None if policy is None else policy.rule_set.outputs.get(name)
    return name if output is None or output.label is None else output.label
