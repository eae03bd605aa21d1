"""Files from choosing to importing: kept, looked at, rehearsed, handed over to a job."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from policy.errors import SourceError
from policy.tables import RecordKind, RecordMapping, RecordRow, Refusal, load_record_mapping, written_mapping
from policy.tables.recordfields import FACTS
from policy.tables.report import MOST_LISTED
from webadmin import language
from webadmin.ids import new_id
from webadmin.imports import byname, telling
from webadmin.imports.aside import Aside, aside
from webadmin.imports.changing import Change, changes, quota_currencies
from webadmin.imports.doubtful import Doubt, doubts, on_record
from webadmin.imports.looking import Look, Way, look
from webadmin.imports.offered import FACT, Offered
from webadmin.imports.proposing import Doubled, doubled, in_effect, proposed, rewritten
from webadmin.imports.strange import Strange, strange
from webadmin.imports.telling import Problems
from webadmin.jobs import importing as handing
from webadmin.jobs.importing import Upload
from webadmin.roster import importing
from webadmin.roster.facts import read_facts
from webadmin.roster.imported import Imported
from webadmin.roster.keeping import Kept as Keeping
from webadmin.roster.words import Words
from webadmin.store import events, handed, imports, jobs, uploads
from webadmin.store.handed import Handed, HandedError
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.uploads import Kept
from webadmin.store.writer import Transaction

FIRST = 10
"""Records of a preview."""

SOURCE = "crm"
"""The outside system, where nobody has named one yet."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file somebody chose, with those it may be joined with."""

    name: str
    content: bytes
    parts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its mapping as far as it is.

    Attributes:
        offered: The fields of its kind.
    """

    kept: Kept
    look: Look
    mapping: RecordMapping
    offered: Offered


@dataclass(frozen=True, slots=True)
class Found:
    """What was found by its name in some rows.

    Attributes:
        of: `team`, `person` or `customer`.
        own: Our id.
    """

    column: str
    of: str
    name: str
    own: str
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing would come to.

    Attributes:
        mapping: How the file was read.
        offered: The fields of its kind.
        names: The fields of the records, as `Offered.label` takes them.
        first: Row number and values of the first records, as they are shown.
        doubled: Id and name from one column, although others are not used.
        changes: What changes of what is known, the first of them, and how many there are.
        strange: Values nobody has yet and the vocabulary does not name.
        doubts: What can be taken and is hardly meant so.
        unused: The headings of columns nothing is read from.
    """

    outcome: Imported
    mapping: RecordMapping
    offered: Offered
    names: Sequence[str]
    first: Sequence[tuple[int, Sequence[str]]]
    doubled: Doubled | None
    changes: tuple[Sequence[Change], int]
    strange: Sequence[Strange]
    doubts: Sequence[Doubt]
    unused: Sequence[str]

    @property
    def by_name(self) -> list[Found]:
        """Return what was found by its name, the most frequent first."""
        pairs = sorted(self.outcome.by_name.items(), key=lambda each: (-each[1], each[0]))
        return [Found(*what, count) for what, count in pairs]

    @property
    def problems(self) -> Sequence[Refusal]:
        """Return what is wrong, row by row, as far as it is told one by one."""
        return self.outcome.report.refusals

    @property
    def kinds(self) -> list[Problems]:
        """Return what is wrong, each kind once, with what was found."""
        return telling.problems(self.outcome.report, self.offered)

    @property
    def count(self) -> int:
        """Return how many things are wrong."""
        return sum(each.count for each in self.outcome.report.reasons.values())

    @property
    def aside(self) -> list[Aside]:
        """Return the rows that are refused or left out, one by one, as far as they are told so."""
        return aside(self.problems, self.outcome.report.left, self.offered)


@contextmanager
def laid_out(kept: Kept) -> Iterator[Path]:
    """Lay a file out with those it is joined with, and return its path."""
    with tempfile.TemporaryDirectory(prefix="fairlead-look-") as folder:
        for name, content in {**kept.parts, kept.name: kept.content}.items():
            (Path(folder) / name).write_bytes(content)
        yield Path(folder) / kept.name


def begin(record: Record, chosen: Chosen, kind: RecordKind, mapping: RecordMapping | None, act: Act) -> str:
    """Keep a file with a first mapping, and return its id.

    Args:
        record: Where it is kept.
        chosen: The file.
        kind: What it holds.
        mapping: How its columns are meant; None: a kept mapping that fits, else what is proposed.
        act: Who begins, and when.

    Raises:
        SourceError: the file cannot be read, or a heading no mapping can name.
        HandedError: it is too large, or too many wait.
        NoVocabularyError: no vocabulary is in effect.
    """
    files = [Handed(0, chosen.name, chosen.content), *(Handed(0, name, each) for name, each in chosen.parts.items())]
    handed.check(files)
    digest = f"sha256:{hashlib.sha256(chosen.content).hexdigest()}"
    kept = Kept(
        new_id(act.now), chosen.name, digest, chosen.content, "", act.today, act.actor, act.now, None, chosen.parts
    )
    with laid_out(kept) as path:
        seen = look(path) if mapping is None else look(path, Way(mapping.encoding, mapping.delimiter, mapping.sheet))
    mapping = mapping or _known(record, kind, seen) or _proposed(record, kind, seen, chosen.name, act.today)
    ready = replace(kept, mapping=text_of(rewritten(mapping, seen)))
    record.writer.write(lambda transaction: uploads.add(transaction, ready))
    return ready.id


def _known(record: Record, kind: RecordKind, seen: Look) -> RecordMapping | None:
    """Return the last mapping kept by name that fits all columns of a file."""
    with record.engine.connect() as connection:
        found = [each for each in uploads.saved(connection) if each.into == kind]
    for each in sorted(found, key=lambda each: each.saved_at, reverse=True):
        mapping = load_record_mapping(each.text)
        if in_effect(mapping, seen) and not mapping.joins:
            return mapping
    return None


def _proposed(record: Record, kind: RecordKind, seen: Look, name: str, day: date) -> RecordMapping:
    with record.engine.connect() as connection:
        source = next(iter(imports.sources(connection)), SOURCE)
        made = proposed(kind, seen, Offered.of(kind, Words.on(record, day)), name, source)
        return byname.proposed(connection, made, seen)


def again(record: Record, opened: Opened, day: date) -> RecordMapping:
    """Return what is proposed for a file, whatever its mapping is by now."""
    return _proposed(record, opened.mapping.into, opened.look, opened.kept.name, day)


def chosen_by_name(record: Record, mapping: RecordMapping, before: Opened) -> RecordMapping:
    """Return a changed mapping, in which columns newly chosen say whether they hold names."""
    with record.engine.connect() as connection:
        return byname.proposed(connection, mapping, before.look, before.mapping)


def offered(record: Record, kept: Kept, day: date) -> Offered:
    """Return the fields a file's columns can be taken for."""
    return Offered.of(load_record_mapping(kept.mapping).into, Words.on(record, day))


def opened(record: Record, kept: Kept, day: date, way: Way | None = None) -> Opened:
    """Return a file with its mapping.

    Args:
        record: Where it is kept.
        kept: The file.
        day: Today.
        way: How it is to be read; None: as the mapping says.

    Raises:
        TableError: it cannot be read so.
    """
    mapping = load_record_mapping(kept.mapping)
    with laid_out(kept) as path:
        seen = look(path, way or Way(mapping.encoding, mapping.delimiter, mapping.sheet))
    return Opened(kept, seen, rewritten(mapping, seen), Offered.of(mapping.into, Words.on(record, day)))


def foreseen(record: Record, kept: Kept, act: Act, *, listed: int = MOST_LISTED) -> Preview:
    """Return what importing a file would come to; nothing is written.

    Args:
        record: Where to.
        kept: The file.
        act: Who looks, and when.
        listed: How many refusals are told one by one at most.

    Raises:
        SourceError: the mapping or the file cannot be used.
        BusyError: trying again may help.
    """
    mapping, words = load_record_mapping(kept.mapping), Words.on(record, act.today)
    with laid_out(kept) as path:
        source = importing.read(path, mapping, words, kept.since, latest=events.latest(act.now))
        outcome = importing.foreseen(record, replace(source, listed=listed), act)
        headings = source.table.headings
    names = [*mapping.fields, *(f"{FACT}{path}" for path in mapping.facts)]
    sound = [each for each in source.rows if each.record is not None]
    rows = sound[:FIRST]
    offered = Offered.of(mapping.into, words)
    with record.engine.connect() as connection:
        called = byname.called(connection, mapping, [each.record or {} for each in rows])
        keeping = outcome.kept or Keeping({})
        changed = changes(connection, keeping.journal, keeping.rows, offered, language.chosen(), act.today)
        unheard = strange(connection, offered, [each.record or {} for each in sound])
        money = _currencies(connection, mapping, offered, rows, act.today)
        unsure = doubts(connection, mapping, source.rows, kept.since, act.today)
    known = _known_before(outcome)
    first = [
        (row.number, _cells(row, names, offered, called, money.get(_id(row)), is_known=_id(row) in known))
        for row in rows
    ]
    about = (doubled(mapping, headings), changed, unheard, unsure, source.unused)
    return Preview(outcome, mapping, offered, names, first, *about)


def _known_before(outcome: Imported) -> set[str]:
    """Return what the file calls its records that are on record already; nothing where a row is refused."""
    fresh = {} if outcome.kept is None else outcome.kept.differing
    return {told for own, told in outcome.ids.items() if not fresh.get(own, False)}


def _currencies(
    connection: Connection, mapping: RecordMapping, offered: Offered, rows: Sequence[RecordRow], day: date
) -> dict[str, str | None]:
    """Return the currencies of records by their ids: as the file says, else the record, else as policies take it."""
    if offered.kind is RecordKind.PEOPLE:
        held = quota_currencies(connection, mapping.source, [_id(row) for row in rows], day)
        said = {_id(row): (row.record or {}).get("quota_currency") for row in rows}
        return {name: each or held.get(name) or offered.currency for name, each in said.items()}
    if offered.kind is not RecordKind.DEALS:
        return {}
    known = on_record(connection, mapping.source, [_id(row) for row in rows])
    told = {_id(row): (row.record or {}).get("facts", {}) for row in rows}
    recorded = {name: read_facts(each.facts) for name, each in known.items()}
    return {name: offered.currency_in(facts, recorded.get(name, {})) for name, facts in told.items()}


def _id(row: RecordRow) -> str:
    return str((row.record or {}).get("id"))


def _cells(
    row: RecordRow,
    names: Sequence[str],
    offered: Offered,
    called: Mapping[str, Mapping[str, str]],
    currency: str | None,
    *,
    is_known: bool,
) -> list[str]:
    """Return the cells of a record as they are shown; what is empty of one that is known stays as it was."""
    values = [(name, _value(row, offered.kind, name)) for name in names]
    return [
        gettext("not changed")
        if is_known and value is None
        else telling.cell(offered, name, value, called.get(name.removeprefix(FACT), {}), currency)
        for name, value in values
    ]


def _value(row: RecordRow, kind: RecordKind, name: str) -> Any:
    here: Any = row.record
    path = [FACTS[kind], *name.removeprefix(FACT).split(".")] if name.startswith(FACT) else [name]
    for each in path:
        here = here.get(each) if isinstance(here, Mapping) else None
    return here


def start(record: Record, kept: Kept, act: Act) -> str | None:
    """Hand a file over to a job, and return the job's id; None where one has it already.

    Raises:
        SourceError, HandedError: it is not taken.
        BusyError: nothing was written; trying again may help.
    """
    joined = {
        name: kept.parts[name]
        for name in {each.file for each in load_record_mapping(kept.mapping).joins}
        if name is not None and name in kept.parts
    }
    upload = Upload(kept.name, kept.content, kept.mapping.encode(), kept.since, joined)
    arguments, files = handing.handed_over([upload], act.today)

    def work(transaction: Transaction) -> str | None:
        job = jobs.made(handing.KIND, arguments, act.actor, act.now)
        if not uploads.hand_over(transaction, kept.id, job.id):
            return None
        jobs.add(transaction, job)
        transaction.flush()
        handed.add(transaction, job.id, files)
        return job.id

    return record.writer.write(work)


def text_of(mapping: RecordMapping) -> str:
    """Return the text of a mapping to keep: one that can be read again.

    Raises:
        SourceError: it holds what no mapping may, such as invisible characters.
    """
    text = written_mapping(mapping)
    load_record_mapping(text)
    return text


def mapping_of(content: bytes, kind: RecordKind | None) -> RecordMapping:
    """Return the mapping of a file of YAML.

    Raises:
        SourceError: it is none.
        WrongKindError: it makes records of another kind.
    """
    found = load_record_mapping(content)
    if kind is not None and found.into is not kind:
        raise WrongKindError(found.into)
    return found


class WrongKindError(Exception):
    """A mapping makes records of another kind than was chosen."""

    def __init__(self, kind: RecordKind) -> None:
        super().__init__(kind)
        self.kind = kind


def already(connection: Connection, kept: Kept) -> imports.Import | None:
    """Return the import of the same bytes that stands, None where there is none."""
    return imports.standing(connection, kept.digest)


__all__ = ["Chosen", "HandedError", "Kept", "Opened", "Preview", "SourceError", "begin", "foreseen", "opened", "start"]
