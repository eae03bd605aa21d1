"""Takes a file of records into the database: all of it or nothing, and nothing twice.

A file is read and checked completely before anything is written; what it names must be known, or come in the same
file. Then one transaction writes what is different, its events and one audit entry. A file that says nothing new
writes nothing at all.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from policy.errors import Finding, SourceError, plain_value
from policy.messages import Said
from policy.model.canonical import canonical_json
from policy.model.document import Path as FieldPath
from policy.tables import Progress, RecordKind, RecordMapping, RecordRow, RecordTable, Refusal, Report
from policy.tables.document import By
from policy.tables.opening import check_regular
from policy.tables.report import MOST_LISTED
from policy.tables.rowfile import LARGEST, refused
from webadmin.access.sight import ClassOf
from webadmin.access.telling import class_in
from webadmin.roster.imported import Imported
from webadmin.roster.keeping import Kept, Telling, keep
from webadmin.roster.references import CALLED, SORTS, Known, Named, named, sort_of
from webadmin.roster.words import Words
from webadmin.store import audit, imports, roster
from webadmin.store.audit import Action
from webadmin.store.imports import Was
from webadmin.store.record import Record
from webadmin.store.rehearsal import Rehearsal, StaleError
from webadmin.store.revisions import Act
from webadmin.store.things import RosterError
from webadmin.store.writer import Transaction

T = TypeVar("T")

REHEARSED = frozenset(RecordKind) - {RecordKind.TEAMS}
"""What is prepared before it is written; whether teams make a circle is read back from what was written."""

TRIES = 3
"""How often that is tried while others change the same; then everything is done at once, and they wait."""

MOST_UNUSED, LONGEST_HEADING = 50, 100
"""Columns not used that an import remembers, and characters of each."""

READ_AT_ONCE = 1 << 20
"""Bytes of a file that are digested at a time."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, with what it means.

    Attributes:
        name: Its name, without its folder.
        digest: `sha256:` and the hexadecimal digest of its bytes.
        joined: The same of the files it is joined with.
        rows: What its rows came to.
        report: What became of them, the references not looked at yet.
        since: The day from which on a record holds that does not say.
        class_of: What knows the class of a value in an event.
        listed: How many refusals are told one by one at most.
    """

    name: str
    digest: str
    joined: dict[str, str]
    table: RecordTable
    rows: tuple[RecordRow, ...]
    report: Report
    since: date
    class_of: ClassOf
    listed: int = MOST_LISTED

    @property
    def mapping(self) -> RecordMapping:
        """Return how its columns are meant."""
        return self.table.plan.mapping

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the headings of columns nothing is read from."""
        used = {column.name for column in self.table.plan.columns if column.join is None}
        return tuple(each for each in self.table.headings if each and each not in used)


class Undone(Exception):  # noqa: N818 - not a slip: it carries the outcome out of a transaction that is not committed
    """Nothing of what was imported in this transaction may stand.

    Attributes:
        outcome: What it came to, or would have.
    """

    def __init__(self, outcome: list[Imported]) -> None:
        super().__init__()
        self.outcome = outcome


def read(
    path: Path,
    mapping: RecordMapping,
    words: Words,
    since: date,
    *,
    latest: datetime | None,
    progress: Progress | None = None,
) -> Source:
    """Read a file and check it as far as it can be without the database.

    Args:
        path: The file; those it is joined with lie beside it.
        mapping: How its columns are meant.
        words: What can be said.
        since: The day from which on a record holds that does not say.
        latest: The last instant an event may be of; None: any, for what is made up.
        progress: Told about every thousand rows.

    Raises:
        SourceError: the mapping does not fit.
        TableError: a file does not fit the mapping, or cannot be read.
        OSError: a file cannot be read.
    """
    _check_names(mapping)
    table = RecordTable(path, mapping, words.vocabulary, checker=words.problems, latest=latest, progress=progress)
    rows = tuple(table)
    names = [each.file for each in mapping.joins if each.file is not None]
    joined = {name: _digest(path.parent / name) for name in dict.fromkeys(names)}
    return Source(path.name, _digest(path), joined, table, rows, table.report, since, class_in(words.events))


def _check_names(mapping: RecordMapping) -> None:
    """Refuse what is to be found by its name where a field names nothing."""
    sources = {**mapping.fields, **mapping.facts}
    wrong = [(path, each) for path, each in sources.items() if each.by is By.NAME and not sort_of(mapping.into, path)]
    if wrong:
        raise SourceError([Finding("table-by-name", each.place, {"found": path}) for path, each in wrong])


def _digest(path: Path) -> str:
    check_regular(path)
    made, left = hashlib.sha256(), LARGEST
    with path.open("rb") as file:
        while left >= 0 and (piece := file.read(READ_AT_ONCE)):
            left -= len(piece)
            made.update(piece)
    if left < 0:
        raise refused("table-too-large", str(path), found=LARGEST - left, expected=LARGEST)
    return f"sha256:{made.hexdigest()}"


def write(record: Record, source: Source, act: Act) -> Imported:
    """Write a file that was read, whole or not at all.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    try:
        return written(record, source, act, record.writer.write)
    except Undone as undone:
        return undone.outcome[0]


def written(record: Record, source: Source, act: Act, save: Callable[[Callable[[Transaction], Imported]], T]) -> T:
    """Write a file that was read; all is prepared before the write lock is taken, or others would wait long.

    Args:
        record: Where to.
        source: The file.
        act: Who imports it, and when.
        save: Does a piece of work in a transaction that is committed unless it raises.

    Returns:
        What `save` returned.

    Raises:
        Undone: a row is refused; nothing was written.
        BusyError: nothing was written; trying again may help.
    """
    for _ in range(TRIES if source.mapping.into in REHEARSED else 0):
        outcome, rehearsal = _rehearsed(record, source, act)

        def work(transaction: Transaction, outcome: Imported = outcome, rehearsal: Rehearsal = rehearsal) -> Imported:
            rehearsal.write(transaction, all_events=source.mapping.into is RecordKind.EVENTS)
            return outcome

        try:
            return save(work)
        except StaleError:
            continue
    return save(lambda transaction: put(transaction, source, act))


def foreseen(record: Record, source: Source, act: Act) -> Imported:
    """Return what importing a file would come to; nothing is written.

    Raises:
        BusyError: trying again may help.
    """
    if source.mapping.into not in REHEARSED:
        return try_out(record, [source], act)[0]
    try:
        return replace(_rehearsed(record, source, act)[0], is_dry=True)
    except Undone as undone:
        return replace(undone.outcome[0], is_dry=True)


def _rehearsed(record: Record, source: Source, act: Act) -> tuple[Imported, Rehearsal]:
    with record.reading() as connection:
        rehearsal = Rehearsal(connection)
        return put(rehearsal, source, act), rehearsal


def try_out(record: Record, sources: Sequence[Source], act: Act) -> list[Imported]:
    """Write files one after the other and undo it all; return what it would have come to.

    Raises:
        BusyError: trying again may help.
    """

    def work(transaction: Transaction) -> None:
        outcome: list[Imported] = []
        for source in sources:
            try:
                outcome.append(replace(put(transaction, source, act), is_dry=True))
            except Undone as undone:
                raise Undone([*outcome, *(replace(each, is_dry=True) for each in undone.outcome)]) from undone
        raise Undone(outcome)

    try:
        record.writer.write(work)
    except Undone as undone:
        return undone.outcome
    return []


def put(transaction: Transaction, source: Source, act: Act) -> Imported:
    """Write a file that was read, as part of a transaction.

    Raises:
        Undone: a row is refused, so the transaction must not be committed.
    """
    transaction.flush()
    made = _Resolved(source)
    made.look_up(transaction)
    records = made.records(act)
    if made.report.refused:
        raise Undone([made.outcome()])
    for sort, pairs in made.known.bindings():
        roster.bind(transaction, sort, source.mapping.source, pairs)
    telling = Telling(act, source.mapping.source, source.since, source.class_of)
    try:
        kept = keep(transaction, source.mapping.into, records, telling)
    except RosterError as error:
        raise Undone([made.refused({error.id: error})]) from error
    if kept.refused:
        raise Undone([made.refused(kept.refused)])
    if kept.clashing:
        raise Undone([made.clashing(kept.clashing)])
    outcome = made.outcome(kept)
    if outcome.new or outcome.changed:
        outcome = replace(outcome, entry=_note(transaction, source, outcome, act, kept.journal))
    transaction.flush()
    return outcome


def _note(transaction: Transaction, source: Source, outcome: Imported, act: Act, journal: Sequence[Was]) -> str:
    """Write the audit entry of an import, and what it changed; return the entry's id."""
    mapping = source.mapping
    what = {
        "digest": source.digest,
        "joined": source.joined,
        "mapping": mapping.mapping,
        "mapping_digest": mapping.digest,
        "source": mapping.source,
        "into": str(mapping.into),
        "since": source.since,
        "read": outcome.report.read,
        "skipped": outcome.report.skipped,
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "unused": [each[:LONGEST_HEADING] for each in source.unused[:MOST_UNUSED]],
        "left_out": [noted(each) for each in outcome.report.left[:MOST_LISTED]],
    }
    entry = audit.note(transaction, act.now, act.actor, Action.IMPORTED, f"import:{source.name}"[:300], what)
    counts = (outcome.report.read, outcome.report.skipped, outcome.new, outcome.changed, outcome.unchanged)
    about = (source.name[:200], str(mapping.into), mapping.source[:60], source.digest, canonical_json(source.joined))
    made = imports.Import(entry, *about, mapping.mapping[:60], source.since, *counts, act.actor, act.now)
    imports.add(transaction, made, journal)
    return entry


def noted(row: Refusal) -> dict[str, Any]:
    """Return a row that is not taken as it is kept: where it stands, what was found, its code; long texts are cut."""
    values = {name: _short(plain_value(value)) for name, value in row.values.items()}
    return {"sheet": row.sheet, "row": row.row, "column": row.column, "code": row.code, "values": values}


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [_short(each) for each in value[:MOST_UNUSED]]
    return value[:LONGEST_HEADING] if isinstance(value, str) else value


@dataclass(slots=True)
class _Resolved:
    """The records of a file with our ids in them."""

    source: Source
    known: Known = field(init=False)
    report: Report = field(init=False)
    _rows: dict[str, RecordRow] = field(default_factory=dict)
    _by_name: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.known = Known(self.source.mapping.source)
        self._restart()

    def _restart(self) -> None:
        """Begin the report again: what the table mended and left out, no row counted."""
        report = replace(self.source.report, taken=0, refused=0, made=0, reasons={}, refusals=[])
        self.report = replace(report, listed=self.source.listed)

    @property
    def _kind(self) -> RecordKind:
        return self.source.mapping.into

    def look_up(self, transaction: Transaction) -> None:
        """Find out what is known of all that is named."""
        wanted: dict[str, list[str]] = {}
        for row in self.source.rows:
            for each in named(self._kind, _told(row)):
                wanted.setdefault(each.sort, []).append(each.found)
            if self._kind in SORTS and "id" in _told(row):
                wanted.setdefault(SORTS[self._kind], []).append(_told(row)["id"])
        for sort, names in wanted.items():
            self.known.look_up(transaction.connection, sort, names)
        for sort, called in self._names().items():
            self.known.look_up_names(transaction.connection, sort, called)

    def _names(self) -> dict[str, list[str]]:
        """Return what is to be found by its name: sort → names, without what is known as an id."""
        found: dict[str, list[str]] = {}
        for row in self.source.rows:
            for each in named(self._kind, _told(row)):
                if self._is_by_name(each) and self.known.own(each.sort, each.found) is None:
                    found.setdefault(each.sort, []).append(each.found)
        return found

    def _is_by_name(self, each: Named) -> bool:
        mapping = self.source.mapping
        source = mapping.fields.get(FieldPath(each.path)) or mapping.facts.get(FieldPath(each.path))
        return source is not None and source.by is By.NAME

    def records(self, act: Act) -> list[dict[str, Any]]:
        """Return the records, and count the rows."""
        if self._kind in SORTS:
            for told in (_told(row) for row in self.source.rows if "id" in _told(row)):
                own = self.known.make(SORTS[self._kind], told["id"], act.now)
                for name in {told.get("name"), told.get("name_en")} - {None}:
                    self.known.call(SORTS[self._kind], str(name), own)
        found = []
        for row in self.source.rows:
            record, unknown = self._resolved(row)
            self.report.count(1, [*row.problems, *unknown])
            if record is not None:
                self._rows[record["id"]] = row
                found.append(record)
        return found

    def _resolved(self, row: RecordRow) -> tuple[dict[str, Any] | None, list[Refusal]]:
        record = dict(_told(row))
        unknown: dict[tuple[str | None, str], Refusal] = {}
        for each in named(self._kind, _told(row)):
            own = self._own(each)
            if own is None:
                unknown.setdefault((self._column(each.path), each.sort), self._unknown(row, each))
            else:
                _put(record, each.names, own)
        if row.record is None:
            return None, list(unknown.values())
        if self._kind in SORTS:
            record["id"] = self.known.own(SORTS[self._kind], record["id"])
        return record, list(unknown.values())

    def _own(self, each: Named) -> str | None:
        """Return our id of what a record names; by a name only where one alone has it."""
        own = self.known.own(each.sort, each.found)
        called = self.known.called(each.sort, each.found) if own is None and self._is_by_name(each) else frozenset()
        if len(called) != 1:
            return own
        (own,) = called
        self._by_name[self._column(each.path) or each.path, each.sort, each.found, own] += 1
        return own

    def _unknown(self, row: RecordRow, each: Named) -> Refusal:
        values: dict[str, Said] = {"found": each.found[:60], "kind": CALLED[each.sort]}
        code = "record-unknown"
        if self._is_by_name(each):
            count = len(self.known.called(each.sort, each.found))
            code = "record-same-name" if count else "record-unknown-name"
            values |= {"count": count} if count else {}
        return Refusal(row.number, self._column(each.path), each.path, code, values, self.report.sheet)

    def _column(self, path: str) -> str | None:
        """Return the column a field is read from."""
        feeds = (each for each in self.source.table.plan.feeds if each.field.path == path)
        return next((each.column.label for each in feeds if each.column is not None), None)

    def outcome(self, kept: Kept | None = None) -> Imported:
        """Return what importing came to."""
        name, kind = self.source.name, self._kind
        if kept is None:
            return Imported(name, kind, self.report, by_name=self._by_name)
        new = sum(kept.differing.values())
        changed = len(kept.differing) - new
        counts = (new, changed, self.report.made - new - changed)
        ids = {own: str(row.record["id"]) for own, row in self._rows.items() if row.record is not None}
        return Imported(name, kind, self.report, *counts, by_name=self._by_name, kept=kept, ids=ids)

    def refused(self, errors: Mapping[str, RosterError]) -> Imported:
        """Return the outcome where the database does not take some records."""
        return self._with(
            Refusal(self._number(name), self._column(error.values.get("attribute", "")), None, error.why, _said(error))
            for name, error in errors.items()
        )

    def clashing(self, names: Iterable[str]) -> Imported:
        """Return the outcome where events say something else than before."""
        return self._with(
            Refusal(self._number(name), self._column("id"), "id", "record-event-differs", {"found": name})
            for name in names
        )

    def _number(self, name: str) -> int:
        row = self._rows.get(name)
        return 1 if row is None else row.number

    def _with(self, refusals: Iterator[Refusal]) -> Imported:
        by_row = {each.row: replace(each, sheet=self.report.sheet) for each in refusals}
        self._restart()
        for row in self.source.rows:
            found = by_row.pop(row.number, None)
            self.report.count(1, [] if found is None else [found])
        for each in by_row.values():
            self.report.count(0, [each])
            self.report.refused += 1
        return self.outcome()


def _told(row: RecordRow) -> dict[str, Any]:
    """Return what a row says, as far as it could be read."""
    return row.read if row.record is None else row.record


def _said(error: RosterError) -> dict[str, Any]:
    kind = CALLED.get(error.values.get("of", ""))
    return {**error.values, **({} if kind is None else {"kind": kind})}


def _put(record: dict[str, Any], names: Sequence[str], value: str) -> None:
    """Put a value into a record, each level it goes through copied: the row keeps what the file said."""
    for name in names[:-1]:
        inner = dict(record[name])
        record[name] = inner
        record = inner
    record[names[-1]] = value
