"""Writes people, teams and customers: every change with its event, and nothing where nothing changed.

Nobody is ever deleted. A `Batch` gathers what belongs together and writes it with few statements; whoever uses one
writes the audit entry, as `apply` does for a few changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from webadmin.spelling import beside
from webadmin.store import audit, dated, events, naming
from webadmin.store.audit import Action
from webadmin.store.changes import Altered, altered, told
from webadmin.store.dated import Lines, Of, spans_text, written
from webadmin.store.imports import Was
from webadmin.store.revisions import Act
from webadmin.store.spans import Span
from webadmin.store.tables import EXTERNAL_IDS
from webadmin.store.things import IDENTITIES, Change, Refusal, RosterError, Thing
from webadmin.store.tree import first_cycle
from webadmin.store.writer import Transaction

Name = tuple[Of, str]
"""Sort and id."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch came to.

    Attributes:
        new: What was added.
        changed: What was known and has changed.
        events: How many events tell of it.
    """

    new: frozenset[Name]
    changed: frozenset[Name]
    events: int


@dataclass(slots=True)
class Batch:
    """Changes that are written together.

    Attributes:
        transaction: What they happen in.
        act: Who changes, and when.
        journal: What stood before, of everything that became different.
    """

    transaction: Transaction
    act: Act
    journal: list[Was] = field(default_factory=list)
    _things: dict[Name, Thing] = field(default_factory=dict)
    _changes: dict[Name, list[Change]] = field(default_factory=dict)

    def put(self, thing: Thing, attributes: Mapping[str, Any], since: date) -> None:
        """Add a person, team or customer, or change a known one.

        Args:
            thing: Its id, and what it is called.
            attributes: What holds of it; what is left out stays as it was.
            since: The day from which on they hold.
        """
        self._things[thing.of, thing.id] = thing
        for name, value in attributes.items():
            self.change(Change(thing.of, thing.id, name, value, since))

    def change(self, change: Change) -> None:
        """Set one value."""
        self._changes.setdefault((change.of, change.id), []).append(change)

    def finish(self) -> Done:
        """Write what is different, with its events.

        Raises:
            RosterError: something is unknown or does not fit, or a team would belong to itself.
        """
        self.transaction.flush()
        rows = {of: self._rows(of) for of in Of}
        new = frozenset(name for name in self._things if name[1] not in rows[name[0]])
        self._check(rows, new)
        written = [self._written(of, rows[of], new) for of in Of]
        self.transaction.flush()
        if any(of is Of.TEAM for of, _ in self._changes):
            self._check_tree()
        changed = frozenset(name for names, _ in written for name in names) - new
        return Done(new, changed, sum(count for _, count in written))

    def _rows(self, of: Of) -> dict[str, Any]:
        """Return the rows of everything that is named, by id."""
        table = IDENTITIES[of][0]
        names = {name for sort, name in (*self._things, *self._changes) if sort is of}
        names |= {change.value for changes in self._changes.values() for change in changes if change.aim is of}
        return {
            row.id: row
            for chunk in dated.chunks(sorted(names))
            for row in self.transaction.connection.execute(select(table).where(table.c.id.in_(chunk)))
        }

    def _check(self, rows: Mapping[Of, Mapping[str, Any]], new: frozenset[Name]) -> None:
        for of, name in (*self._things, *self._changes):
            row = rows[of].get(name)
            if row is None and (of, name) not in new:
                raise RosterError(Refusal.UNKNOWN, name, of=of, found=name)
            if getattr(row, "erased_by", None) is not None:
                raise RosterError(Refusal.ERASED, name, found=name)
        for of, name in new:
            if not self._things[of, name].name:
                raise RosterError(Refusal.VALUE, name, attribute="name", found="")
        for change in (each for changes in self._changes.values() for each in changes):
            change.check()
            aim = change.aim
            if aim is not None and change.value not in rows[aim] and (aim, change.value) not in new:
                raise RosterError(Refusal.UNKNOWN, change.id, of=aim, found=str(change.value))

    def _written(self, of: Of, rows: Mapping[str, Any], new: frozenset[Name]) -> tuple[list[Name], int]:
        """Write what is different of one sort; return of what, and how many events tell of it."""
        names = [name for name in dict.fromkeys((*self._things, *self._changes)) if name[0] is of]
        before = self._before(of, [name for name in names if name not in new])
        found = [each for name in names if (each := self._altered(name, rows, before, is_new=name in new))]
        for each in found:
            self.journal += self._was(each, rows.get(each.id), before)
        self._keep_names([each for each in found if each.is_new or each.renamed])
        happened = [event for each in found for event in told(each, self.act)]
        actor, now = self.act.actor, self.act.now
        made = events.append_all(self.transaction, [event for event, _ in happened], actor=actor, now=now)
        self.transaction.flush()  # rows name their events
        event_of = {key: each.id for (_, keys), each in zip(happened, made, strict=True) for key in keys}
        after = {key: spans for each in found for key, spans in each.after.items()}
        dated.save(self.transaction, of, before, after, lambda key, day: event_of[key, day], now)
        return [(each.of, each.id) for each in found], len(happened)

    def _before(self, of: Of, known: list[Name]) -> Lines:
        """Return what has held of what changes, and who has held the customers."""
        if not known:
            return {}
        asked = {change.attribute for name in known for change in self._changes.get(name, ())} | {"owner"}
        return dated.lines(self.transaction.connection, of, [name for _, name in known], asked)

    def _altered(self, name: Name, rows: Mapping[str, Any], before: Lines, *, is_new: bool) -> Altered:
        thing, row = self._things.get(name), rows.get(name[1])
        told = {} if thing is None or row is None else thing.columns()
        renamed = tuple(column for column, value in told.items() if value not in (None, getattr(row, column)))
        changes = self._changes.get(name, ())
        return altered(*name, before, changes, is_new=is_new, renamed=renamed)

    def _was(self, each: Altered, row: Any, before: Lines) -> Iterator[Was]:
        """Yield what stood before of one that became different."""
        of = str(each.of)
        if each.is_new:
            yield Was(of, each.id, "", None, None)
        for column in each.renamed:
            new = self._things[each.of, each.id].columns()[column]
            yield Was(of, each.id, column, written(getattr(row, column)), written(new))
        for key, spans in each.after.items():
            was = before.get(key, [])
            yield Was(of, each.id, key[1], spans_text(was) if was else None, spans_text(spans))

    def _keep_names(self, found: list[Altered]) -> None:
        for each in found:
            table, columns = IDENTITIES[each.of]
            thing = self._things[each.of, each.id]
            if each.is_new:
                empty = {"erased_by": None} if "erased_by" in table.c else {}
                kept = beside(thing.name, thing.name_en) if "spelled" in table.c else {}
                told = {**thing.columns(), **kept}
                self.transaction.add(table, {"id": each.id, "created_at": self.act.now, **told, **empty})
            elif each.renamed:
                values = {column: thing.columns()[column] for column in columns if column in each.renamed}
                self.transaction.run(update(table).where(table.c.id == each.id).values(values))
                naming.renew(self.transaction.connection, table, [each.id])

    def _check_tree(self) -> None:
        found = first_cycle(parents(self.transaction.connection))
        if found is not None:
            teams, day = found
            changed = [name for of, name in self._changes if of is Of.TEAM and name in teams]
            name = changed[0] if changed else min(teams)
            raise RosterError(Refusal.CYCLE, name, found=name, day=str(day))


def parents(connection: Connection) -> dict[str, list[Span[str]]]:
    """Return the teams every team has belonged to."""
    lines = dated.lines(connection, Of.TEAM, attributes=["parent"])
    return {team: [replace(span, value=dated.read(span.value)) for span in spans] for (team, _), spans in lines.items()}


def apply(
    transaction: Transaction, things: Iterable[Thing], changes: Iterable[Change], act: Act, note: str = ""
) -> Done:
    """Make a few changes, with an audit entry for each person, team or customer that has become different.

    Args:
        transaction: What it happens in.
        things: What is added or renamed.
        changes: What holds from which day on, in the order it is set.
        act: Who changes, and when.
        note: Why.

    Raises:
        RosterError: as `Batch.finish` raises it.
    """
    batch = Batch(transaction, act)
    for thing in things:
        batch.put(thing, {}, act.today)
    asked = list(changes)
    for change in asked:
        batch.change(change)
    done = batch.finish()
    for of, name in sorted(done.new | done.changed):
        days = {change.attribute: change.since for change in asked if (change.of, change.id) == (of, name)}
        what = {"new": (of, name) in done.new, "since": days, "note": note}
        audit.note(transaction, act.now, act.actor, Action.CHANGED, f"{of}:{name}", what)
    return done


def own_ids(connection: Connection, of: str, source: str, names: Iterable[str]) -> dict[str, str]:
    """Return our own ids for those another system has given; those that are not known are left out."""
    columns = EXTERNAL_IDS.c
    here = (columns.of == of, columns.source == source)
    return {
        row.external: row.own_id
        for chunk in dated.chunks(names)
        for row in connection.execute(
            select(columns.external, columns.own_id).where(*here, columns.external.in_(chunk))
        )
    }


def bind(transaction: Transaction, of: str, source: str, pairs: Mapping[str, str]) -> None:
    """Keep what another system calls things: its id → ours."""
    rows = ({"of": of, "source": source, "external": theirs, "own_id": ours} for theirs, ours in pairs.items())
    transaction.add(EXTERNAL_IDS, *rows)
