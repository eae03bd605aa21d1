"""Tampers with a record at random and asks verification what was done: `python -m tests.tampering --trials 1000`.

Every trial alters one thing in a transaction of its own, which is rolled back. Verification must name it exactly:
place, number, row, and what is wrong. Most trials verify the part of the chain around it, by the code of the command;
every fiftieth verifies the whole record.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, select, text

from webadmin.decisions import service
from webadmin.decisions.service import Asked
from webadmin.store import audit, decisions, events, published, revisions, shipped
from webadmin.store.audit import Action
from webadmin.store.chain import Chain, Head, digest_of, linked
from webadmin.store.expected import SHELVES
from webadmin.store.heads import Outside, Place, everything
from webadmin.store.raw import columns
from webadmin.store.record import Export, Record
from webadmin.store.report import Report, Wrong
from webadmin.store.revisions import Act, Period
from webadmin.store.tables import ENTRIES, PROPOSALS, PUBLICATIONS, REVISIONS
from webadmin.store.verify import Scope, verify
from webadmin.store.writer import Transaction

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
DAY = date(2026, 11, 26)
AROUND = 12
"""Entries verified before and after what was altered."""

DISTINCT = 60
"""Decisions that differ; they are kept again and again under ids of their own."""


@dataclass(slots=True)
class Clock:
    """An hour later each time it is read, so that every export leaves a line in the history."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@dataclass(slots=True)
class World:
    """A filled record.

    Attributes:
        ids: Chain → the ids of its rows, by number.
    """

    record: Record
    outside: Outside
    ids: dict[Chain, list[str]] = field(default_factory=dict)


def filled(address: str, folder: Path, count: int) -> World:
    """Fill an empty database: `count` decisions, a tenth as many events, proposals and audit entries."""
    place = Place.at(folder / "heads.json", {})
    record = Record.open(address, Export(place, Clock()))
    act, other = Act("client:alice", NOW, DAY), Act("client:bob", NOW, DAY)
    shipped.publish_folder(record, ROOT / "rules", Act("system", NOW, DAY))
    for part in range(4):
        record.writer.write(lambda transaction, part=part: _some(transaction, part, count // 40, act, other))
        _decide(record, count // 4)
        assert record.exporter is not None
        record.exporter.export()
    record.close()
    return World(record, everything(place), _ids(record))


def _decide(record: Record, count: int) -> None:
    with record.engine.connect() as connection:
        made = [
            service.make(
                record, connection, Asked("approval.order", _order(number), "2026-03-01"), actor="client:shop", now=NOW
            )
            for number in range(DISTINCT)
        ]
    rows = []
    for number in range(count):
        each = made[number % DISTINCT]
        facts = each.policy.reader.plain(each.policy.reader.read(_order(number % DISTINCT)))
        rows.append(decisions.record(each.policy, each.decision, facts, actor=f"client:shop-{number % 7}", now=NOW))

    def keep(transaction: Transaction) -> None:
        for row in rows:
            decisions.append(transaction, row)

    record.writer.write(keep)


def _order(number: int) -> Mapping[str, Any]:
    return {
        "order": {"id": f"o{number}", "amount": 100 + number * 40_000},
        "customer": {"id": f"c{number % 17}", "tier": "B"},
        "requester": {"id": f"am-{number % 5}", "team": "east-1"},
    }


def _some(transaction: Transaction, part: int, count: int, act: Act, other: Act) -> None:
    """Add events, audit entries, and proposals in every state."""
    for number in range(count):
        event = {
            "id": f"{part}-{number}",
            "source": "crm",
            "type": "contact",
            "subject": f"c{number}",
            "time": "2026-03-01T09:00:00+08:00",
            "data": {"customer": {"id": f"c{number}"}, "manager": {"id": "am-1"}},
        }
        events.append(transaction, event, actor="client:crm", now=NOW)
        audit.note(transaction, NOW, act.actor, Action.READ, f"c{number}", {"number": number})
    base = published.revision_of(transaction.connection, "approval.order", 1).text
    changed = base.replace("order.net_cny >= 500000", f"order.net_cny >= {900000 + part}")
    revision = revisions.add(transaction, "approval.order", changed, act)
    within = revisions.Batch(
        f"batch-{part}", revisions.newest(transaction.connection), written_by=("login:a", act.actor)
    )
    name = revisions.propose(transaction, revision, Period(DAY + timedelta(days=30)), "dearer", act, within)
    if part % 2:
        revisions.approve(transaction, name, other, remark="fine")
    elif part:
        revisions.close(transaction, name, other, remark="not now")


def _ids(record: Record) -> dict[Chain, list[str]]:
    found: dict[Chain, list[str]] = {}
    with record.engine.connect() as connection:
        for chain in Chain:
            chosen = select(ENTRIES.c.row_id).where(ENTRIES.c.chain == str(chain)).order_by(ENTRIES.c.seq)
            found[chain] = list(connection.execute(chosen).scalars())
    return found


@dataclass(frozen=True, slots=True)
class Expected:
    """What verification must say.

    Attributes:
        wrong: One of these.
        seq: Number; None: it has none.
        row: Row; None: it cannot be known.
        value: Something one of the finding's values must be.
    """

    place: str
    wrong: tuple[Wrong, ...]
    seq: int | None = None
    row: str | None = None
    value: str | None = None
    scope: Scope = field(default_factory=lambda: Scope(0))

    def differs(self, report: Report) -> str | None:
        """Return in what a report differs, None where it says exactly this."""
        found = report.first.get(self.place)
        if found is None:
            return f"nothing found in {self.place}: {report.first}"
        if found.wrong not in self.wrong or (self.seq, self.row) != (found.seq, found.row):
            return f"found {found}"
        if self.value is not None and self.value not in found.values.values():
            return f"found {found}"
        return None


Trial = Callable[[Connection, random.Random, World], Expected]


def at(world: World, chain: Chain, seq: int, *wrong: Wrong, value: str | None = None, row: bool = True) -> Expected:
    name = world.ids[chain][seq - 1] if row else None
    last = len(world.ids[chain])
    until = seq + AROUND if seq + AROUND < last and Wrong.END_CUT not in wrong else None
    return Expected(str(chain), wrong, seq, name, value, Scope(0, chain, max(seq - AROUND, 1), until))


def altered(value: Any, rng: random.Random) -> Any:
    """Return a value with one byte altered; of what has no bytes, a value nearby."""
    match value:
        case str() if value:
            place = rng.randrange(len(value))
            return value[:place] + ("x" if value[place] != "x" else "y") + value[place + 1 :]
        case bytes():
            place = rng.randrange(len(value))
            return value[:place] + bytes([value[place] ^ 1 << rng.randrange(8)]) + value[place + 1 :]
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value + timedelta(days=1)
        case int():
            return not value if isinstance(value, bool) else value + 1_000_000
    return None


def set_column(connection: Connection, table: Table, column: str, value: Any, where: Mapping[str, Any]) -> None:
    conditions = " AND ".join(f'"{name}" = :{name}_' for name in where)
    done = connection.execute(
        text(f'UPDATE {table.name} SET "{column}" = :value WHERE {conditions}'),  # noqa: S608 - our own names
        {"value": value, **{f"{name}_": each for name, each in where.items()}},
    )
    assert done.rowcount == 1


def _row(connection: Connection, table: Table, where: Mapping[str, Any]) -> Mapping[str, Any]:
    conditions = [table.c[name] == value for name, value in where.items()]
    return dict(connection.execute(select(*columns(table)).where(*conditions)).mappings().one())


def any_chain(rng: random.Random) -> Chain:
    return rng.choices(list(Chain), [8, 2, 2])[0]


def byte_of_a_row(connection: Connection, rng: random.Random, world: World) -> Expected:
    chain = any_chain(rng)
    seq = rng.randint(1, len(world.ids[chain]))
    table, where = SHELVES[chain].table, {"id": world.ids[chain][seq - 1]}
    row = _row(connection, table, where)
    column = rng.choice([name for name, value in row.items() if value is not None])
    set_column(connection, table, column, altered(row[column], rng), where)
    if column in {"salt", "body"}:
        return at(world, chain, seq, Wrong.ROW_ALTERED)
    if column == "id":
        return at(world, chain, seq, Wrong.ROW_MISSING)
    return at(world, chain, seq, Wrong.COLUMN_ALTERED, value=column)


def byte_of_an_entry(connection: Connection, rng: random.Random, world: World) -> Expected:
    chain = any_chain(rng)
    seq = rng.randint(1, len(world.ids[chain]))
    where = {"chain": str(chain), "seq": seq}
    row = _row(connection, ENTRIES, where)
    column = rng.choice(list(row))
    set_column(connection, ENTRIES, column, altered(row[column], rng), where)
    if column == "chain" and seq == len(world.ids[chain]):
        return at(world, chain, seq, Wrong.END_CUT, row=False)
    if column in {"chain", "seq"}:
        return at(world, chain, seq, Wrong.ENTRY_MOVED)
    return at(world, chain, seq, Wrong.ENTRY_ALTERED, value=column)


def a_term(connection: Connection, rng: random.Random, world: World) -> Expected:
    chain = rng.choice([Chain.DECISIONS, Chain.EVENTS])
    seq = rng.randint(1, len(world.ids[chain]))
    shelf, name = SHELVES[chain], world.ids[chain][seq - 1]
    assert shelf.terms is not None
    assert shelf.term_row is not None
    found = connection.execute(select(*columns(shelf.terms)).where(shelf.term_row == name)).mappings().all()
    row = dict(rng.choice(found))
    column = rng.choice([*row, "deleted", "added"])
    if column == "deleted":
        connection.execute(delete(shelf.terms).where(shelf.term_row == name, shelf.terms.c.term == row["term"]))
    elif column == "added":
        names = ", ".join(f'"{each}"' for each in row)
        marks = ", ".join(f":{each}" for each in row)
        connection.execute(text(f"INSERT INTO {shelf.terms.name} ({names}) VALUES ({marks})"), row | {"term": "hit=x"})  # noqa: S608
        return at(world, chain, seq, Wrong.TERM_ADDED, value="hit=x")
    else:
        set_column(connection, shelf.terms, column, altered(row[column], rng), row)
        if column == "time":
            return at(world, chain, seq, Wrong.TERM_MOVED, value=row["term"])
    return at(world, chain, seq, Wrong.TERM_MISSING, value=row["term"])


def byte_of_a_document(connection: Connection, rng: random.Random, world: World) -> Expected:
    table, key = rng.choice([(REVISIONS, "id"), (PUBLICATIONS, "seq"), (PROPOSALS, "id")])
    name = rng.choice(list(connection.execute(select(table.c[key]).order_by(table.c[key])).scalars()))
    row = _row(connection, table, {key: name})
    column = rng.choice([each for each, value in row.items() if value not in {None, ""}])
    value = altered(row[column], rng)
    set_column(connection, table, column, value, {key: name})
    scope = Scope(0, Chain.AUDIT, len(world.ids[Chain.AUDIT]))
    number = name if isinstance(name, int) else None
    if column == key and table is REVISIONS:
        return Expected(table.name, (Wrong.ROW_MISSING,), number, str(name), None, scope)
    if column == key:
        new = value if isinstance(value, int) else None
        return Expected(table.name, (Wrong.UNDOCUMENTED,), new, str(value), None, scope)
    if table is REVISIONS and column in {"text", "digest"}:
        return Expected(table.name, (Wrong.TEXT_ALTERED,), number, str(name), None, scope)
    return Expected(table.name, (Wrong.COLUMN_ALTERED,), number, str(name), column, scope)


def row_deleted(connection: Connection, rng: random.Random, world: World) -> Expected:
    chain = any_chain(rng)
    seq = rng.randint(1, len(world.ids[chain]))
    name, last = world.ids[chain][seq - 1], seq == len(world.ids[chain])
    what = rng.choice(["row", "entry", "both"])
    if what != "entry":
        _delete_rows(connection, chain, [name])
    if what != "row":
        connection.execute(delete(ENTRIES).where(ENTRIES.c.chain == str(chain), ENTRIES.c.seq == seq))
    if what == "row":
        return at(world, chain, seq, Wrong.ROW_MISSING)
    if last:
        return at(world, chain, seq, Wrong.END_CUT, row=False)
    return at(world, chain, seq, Wrong.ENTRY_DELETED if what == "entry" else Wrong.ENTRY_MISSING, row=what == "entry")


def document_deleted(connection: Connection, rng: random.Random, world: World) -> Expected:
    table, key = rng.choice([(REVISIONS, "id"), (PUBLICATIONS, "seq"), (PROPOSALS, "id")])
    name = rng.choice(list(connection.execute(select(table.c[key]).order_by(table.c[key])).scalars()))
    connection.execute(delete(table).where(table.c[key] == name))
    scope = Scope(0, Chain.AUDIT, len(world.ids[Chain.AUDIT]))
    return Expected(table.name, (Wrong.ROW_MISSING,), name if isinstance(name, int) else None, str(name), None, scope)


def _delete_rows(connection: Connection, chain: Chain, names: list[str]) -> None:
    shelf = SHELVES[chain]
    if shelf.terms is not None and shelf.term_row is not None:
        connection.execute(delete(shelf.terms).where(shelf.term_row.in_(names)))
    connection.execute(delete(shelf.table).where(shelf.table.c.id.in_(names)))


def rows_swapped(connection: Connection, rng: random.Random, world: World) -> Expected:
    chain = any_chain(rng)
    first, second = sorted(rng.sample(range(1, len(world.ids[chain]) + 1), 2))
    names = [world.ids[chain][each - 1] for each in (first, second)]
    what = rng.choice(["ids", "contents", "entries"])
    if what == "entries":
        for old, new in ((first, -1), (second, first), (-1, second)):
            set_column(connection, ENTRIES, "seq", new, {"chain": str(chain), "seq": old})
        return at(world, chain, first, Wrong.ENTRY_MOVED, value=f"{chain} {second}")
    table = SHELVES[chain].table
    if what == "ids":
        for old, new in ((names[0], "aside"), (names[1], names[0]), ("aside", names[1])):
            set_column(connection, table, "id", new, {"id": old})
    else:
        rows = [_row(connection, table, {"id": name}) for name in names]
        for name, row in zip(names, reversed(rows), strict=True):
            for column in ("salt", "body"):
                set_column(connection, table, column, row[column], {"id": name})
    return at(world, chain, first, Wrong.ROW_SWAPPED, value=f"{second} ({names[1]})")


def end_cut(connection: Connection, rng: random.Random, world: World) -> Expected:
    chain = any_chain(rng)
    seq = len(world.ids[chain]) - 9
    what = rng.choice(["rows", "entries", "both"])
    if what != "entries":
        _delete_rows(connection, chain, world.ids[chain][-10:])
    if what == "rows":
        return at(world, chain, seq, Wrong.ROW_MISSING)
    connection.execute(delete(ENTRIES).where(ENTRIES.c.chain == str(chain), ENTRIES.c.seq >= seq))
    return at(world, chain, seq, Wrong.END_CUT, row=False)


def linked_anew(connection: Connection, rng: random.Random, world: World) -> Expected:
    """Alter a body and make every link after it fit again: only the first end exported since can show that."""
    chain = any_chain(rng)
    last = len(world.ids[chain])
    seq = rng.randint(max(last - 60, 2), last)
    table, name = SHELVES[chain].table, world.ids[chain][seq - 1]
    row = _row(connection, table, {"id": name})
    body = row["body"].replace(NOW.isoformat(), (NOW + timedelta(seconds=1)).isoformat())
    set_column(connection, table, "body", body, {"id": name})
    moved = altered(row["recorded_at"], rng) if isinstance(row["recorded_at"], str) else NOW + timedelta(seconds=1)
    if isinstance(moved, str):
        moved = row["recorded_at"].replace("08:30:00", "08:30:01")
    set_column(connection, table, "recorded_at", moved, {"id": name})
    before = _row(connection, ENTRIES, {"chain": str(chain), "seq": seq - 1})
    head = Head(seq - 1, before["link"])
    for number in range(seq, last + 1):
        where = {"chain": str(chain), "seq": number}
        entry = _row(connection, ENTRIES, where)
        digest = digest_of(row["salt"], body) if number == seq else entry["digest"]
        head = linked(head, chain, entry["row_id"], digest)
        set_column(connection, ENTRIES, "digest", digest, where)
        set_column(connection, ENTRIES, "link", head.link, where)
    scope = Scope(0, chain, max(seq - AROUND, 1))
    ends = (each.marks[chain].seq for each in world.outside.heads if chain in each.marks)
    first = min(each for each in ends if each >= seq)
    return Expected(str(chain), (Wrong.REWRITTEN,), first, None, str(first), scope)


KINDS: Mapping[Trial, int] = {
    byte_of_a_row: 8,
    byte_of_an_entry: 4,
    a_term: 3,
    byte_of_a_document: 3,
    row_deleted: 4,
    document_deleted: 1,
    rows_swapped: 3,
    end_cut: 2,
    linked_anew: 2,
}
"""Kind of trial → how often, in proportion."""


@contextmanager
def lawless(record: Record) -> Iterator[Connection]:
    """Give a connection that minds no foreign keys, as somebody with the file in hand would have."""
    with record.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            yield connection
            connection.rollback()
            driver.execute("PRAGMA foreign_keys = ON")
        else:
            connection.execute(text("SET session_replication_role = replica"))
            yield connection
            connection.rollback()


def trials(world: World, count: int, seed: int) -> Iterator[tuple[str, str | None]]:
    """Yield the name of each trial, and how what was found differs from what was done; None where it does not."""
    rng = random.Random(seed)
    with lawless(world.record) as connection:
        for number in range(count):
            kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
            with connection.begin_nested() as savepoint:
                expected = kind(connection, rng, world)
                scope = Scope(0) if number % 50 == 0 else expected.scope
                report = verify(connection, world.record.catalogue, world.outside, scope)
                savepoint.rollback()
            differs = expected.differs(report)
            yield kind.__name__, None if differs is None else f"{number} {kind.__name__}: {expected}; {differs}"


def main() -> None:
    """Run trials on SQLite, and print how many were named."""
    parser = argparse.ArgumentParser(description="Tampers with a record of SQLite and counts what verification names.")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--decisions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        world = filled(f"sqlite:///{folder}/record.db", Path(folder), options.decisions)
        print(f"{options.decisions} decisions written in {time.perf_counter() - begin:.1f} s")
        begin, named, done = time.perf_counter(), Counter[str](), Counter[str]()
        for kind, differs in trials(world, options.trials, options.seed):
            done[kind] += 1
            named[kind] += differs is None
            if differs is not None:
                print(differs)
        for kind, count in done.items():
            print(f"{kind}: {named[kind]} of {count}")
        print(f"{named.total()} of {done.total()} named exactly, in {time.perf_counter() - begin:.1f} s")
        world.record.close()


if __name__ == "__main__":
    main()
