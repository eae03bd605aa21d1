"""Imports that are taken back: all is as it was before, told by events, and nothing that others build on."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from policy.values import Language
from tests.webadmin.roster.test_importing import FILES, own, take
from webadmin.access.circle import Circle
from webadmin.customers import listing
from webadmin.customers.listing import Sight
from webadmin.roster import undoing
from webadmin.roster.undoing import Reason, StandsError, Why
from webadmin.store import imports, naming, roster, standing
from webadmin.store.dated import Of
from webadmin.store.imports import Import
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import ABSENCES, AUDIT, CUSTOMERS, DATED, DEALS, EVENTS, PEOPLE, TEAMS
from webadmin.store.things import Change
from webadmin.store.verify import verify

CHANGED = {
    "teams": "id,name,parent\nt2,二组,\nt1,第一组,\n",
    "people": "id,name,team,capacity,since\np1,王芳,t2,45,2026-03-01\np2,李伟明,t2,30.0,2026-02-01\np3,赵敏,t1,20,\n",
    "absences": "id,person,from,to\na1,p1,2026-03-01,2026-03-15\na2,p2,2026-05-01,2026-05-03\n",
    "customers": "id,name,owner,growth,tier\nc1,海蓝,p2,0.25,A\nc2,远山集团,p2,,A\nc3,长河,p1,,C\n",
    "deals": "id,customer,stage,amount\nd1,c1,lost,1200.50\nd2,,won,10\nd3,c2,open,\n",
}


def rows(record: Record, table: Table) -> list[tuple[Any, ...]]:
    """Return what a table holds, without what tells when it was written."""
    kept = [column for column in table.columns if not (table is DATED and column.name == "id")]
    kept = [column for column in kept if column.name not in ("event_id", "created_at")]
    with record.engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(select(*kept))), key=str)


def state(record: Record) -> dict[str, Any]:
    return {table.name: rows(record, table) for table in (PEOPLE, TEAMS, CUSTOMERS, DATED, DEALS, ABSENCES)}


def last(record: Record) -> Import:
    with record.engine.connect() as connection:
        return imports.newest(connection, 1)[0]


def undone(record: Record, made: Import, act: Act) -> str:
    return record.writer.write(lambda transaction: undoing.undo(transaction, made, act))


def later(act: Act, seconds: int = 60) -> Act:
    return Act(act.actor, act.now + timedelta(seconds=seconds), act.today)


def fill(record: Record, folder: Path, act: Act, *kinds: str, files: dict[str, str] | None = None) -> None:
    for kind in kinds:
        assert not take(record, act, folder, kind, (files or FILES)[kind]).is_refused


@pytest.mark.parametrize("kind", ["teams", "people", "absences", "customers", "deals"])
def test_a_second_import_taken_back_leaves_everything_as_before(
    filled: Record, tmp_path: Path, alice: Act, kind: str
) -> None:
    fill(filled, tmp_path, alice, "teams", "people", "absences", "customers", "deals")
    before = state(filled)
    fill(filled, tmp_path, later(alice), kind, files=CHANGED)
    changed = last(filled)
    assert state(filled) != before
    fresh = {table: set(rows(filled, table)) - set(before[table.name]) for table in (PEOPLE, TEAMS, CUSTOMERS)}

    undone(filled, changed, later(alice, 120))

    after = state(filled)
    for table, new in fresh.items():  # nobody is deleted, but nothing holds of whom the import has added
        known = {row[0] for row in before[table.name]}
        after[table.name] = [row for row in after[table.name] if row not in new or row[0] in known]
    assert after == before
    with filled.reading() as connection:
        assert verify(connection, filled.catalogue, None).wrong == 0


def test_taking_back_is_told_by_events_and_an_audit_entry(filled: Record, tmp_path: Path, alice: Act) -> None:
    fill(filled, tmp_path, alice, "teams", "people", "customers")
    made, count = last(filled), len(rows(filled, EVENTS))
    people = [own(filled, "person", each) for each in ("p1", "p2")]

    entry = undone(filled, made, later(alice))

    with filled.engine.connect() as connection:
        found = connection.execute(select(AUDIT.c.action, AUDIT.c.object).where(AUDIT.c.id == entry)).one()
        assert tuple(found) == ("import-undone", "import:customers.csv")
        assert standing.customers_of(connection, people, alice.today) == []
    assert len(rows(filled, EVENTS)) > count
    assert (last(filled).undone_by, last(filled).undone_at) == (alice.actor, later(alice).now)


def test_whom_a_taken_back_import_added_lists_and_searches_leave_out(
    filled: Record, tmp_path: Path, alice: Act
) -> None:
    fill(filled, tmp_path, alice, "teams", "people", "customers")
    made, act = last(filled), later(alice)

    def listed() -> tuple[int, list[str]]:
        with filled.reading() as connection:
            found = listing.customers(
                connection, listing.read({}), alice.today, Sight(Circle(is_all=True), Language.ZH, ())
            )
            return found.count, [each.id for each in naming.holding(connection, Of.CUSTOMER, "")]

    count, names = listed()
    assert count == len(names) == 2
    undone(filled, made, act)
    assert listed() == (0, [])
    with filled.reading() as connection:
        back = imports.taken_back(connection, "customer", names[0])
        assert back is not None
        assert (back.id, back.undone_by) == (made.id, alice.actor)
        assert imports.taken_back(connection, "person", names[0]) is None

    fill(filled, tmp_path, later(alice, 120), "customers")
    assert listed() == (count, names), "what is imported again is there again"


def test_nothing_is_taken_back_twice(filled: Record, tmp_path: Path, alice: Act) -> None:
    fill(filled, tmp_path, alice, "teams")
    made = last(filled)
    undone(filled, made, later(alice))

    with pytest.raises(StandsError) as caught:
        undone(filled, made, later(alice))

    assert caught.value.reasons == (Reason(Why.UNDONE),)


def test_what_was_changed_since_or_is_named_stays(filled: Record, tmp_path: Path, alice: Act) -> None:
    fill(filled, tmp_path, alice, "teams", "people")
    people = last(filled)
    fill(filled, tmp_path, alice, "customers")
    customers = last(filled)
    with filled.engine.connect() as connection:
        who = {row.name: row.id for row in connection.execute(select(PEOPLE.c.name, PEOPLE.c.id))}
        which = {row.name: row.id for row in connection.execute(select(CUSTOMERS.c.name, CUSTOMERS.c.id))}
    change = Change(Of.CUSTOMER, which["海蓝"], "owner", who["李伟"], date(2026, 4, 1))
    filled.writer.write(lambda transaction: roster.apply(transaction, (), [change], later(alice)))
    before = state(filled)

    for made in (people, customers):
        with pytest.raises(StandsError):
            undone(filled, made, later(alice, 120))

    assert state(filled) == before
    with filled.engine.connect() as connection:
        named = undoing.looked(connection, people).reasons
        changed = undoing.looked(connection, customers).reasons
    assert {(each.why, each.id) for each in named} == {(Why.NAMED, who["王芳"]), (Why.NAMED, who["李伟"])}
    assert changed == [Reason(Why.CHANGED, "customer", which["海蓝"], "owner")]


def test_events_stay(filled: Record, tmp_path: Path, alice: Act) -> None:
    fill(filled, tmp_path, alice, "teams", "people", "customers", "events")

    with filled.engine.connect() as connection:
        assert undoing.looked(connection, last(filled)).reasons == [Reason(Why.EVENTS)]


def test_what_was_taken_back_can_be_imported_again(filled: Record, tmp_path: Path, alice: Act) -> None:
    fill(filled, tmp_path, alice, "teams", "people", "customers")
    before = state(filled)
    undone(filled, last(filled), later(alice))

    fill(filled, tmp_path, later(alice, 120), "customers")

    assert state(filled) == before
