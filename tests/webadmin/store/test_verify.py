"""Verification: names exactly what was tampered with, says what it cannot prove, and can be stopped and go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from policy.values import Language
from tests import tampering
from tests.tampering import World
from tests.webadmin.store.conftest import Databases
from webadmin.store import heads, wording
from webadmin.store.chain import Chain
from webadmin.store.heads import HeadsError, Outside, Trouble
from webadmin.store.record import Record
from webadmin.store.report import Finding, Open, Report, Unproven, Wrong
from webadmin.store.tables import DECISIONS, EVENTS, REVISIONS
from webadmin.store.verify import Scope, Watch, verify


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a record with more decisions than verification reads in one go: 2,000 on SQLite, 1,000 on PostgreSQL."""
    address = databases.empty()
    count = 2000 if address.startswith("sqlite") else 1000
    made = tampering.filled(address, tmp_path_factory.mktemp("heads"), count)
    yield made
    made.record.close()


def found(world: World, change: str | None = None, scope: Scope = Scope(0), outside: Any = ...) -> Report:  # noqa: B008
    with tampering.lawless(world.record) as connection:
        if change is not None:
            connection.execute(text(change))
        taken = world.outside if outside is ... else outside
        return verify(connection, world.record.catalogue, taken, scope)


def test_random_tampering_is_named_exactly(world: World) -> None:
    """`python -m tests.tampering --trials 1000` does the same at length."""
    assert [differs for _, differs in tampering.trials(world, 40, seed=7) if differs is not None] == []


def test_a_sound_record_holds(world: World) -> None:
    report = found(world, scope=Scope(200))

    assert report.first == {}
    assert report.holds
    assert report.recomputed == {"same": 200}
    assert report.checked["decisions"] == len(world.ids[Chain.DECISIONS])
    assert Open.END not in {each.what for each in report.unproven}


def test_it_can_be_stopped_and_goes_on(world: World) -> None:
    """A tampered row before the stop and one after it are both in the report in the end."""
    ids = world.ids[Chain.DECISIONS]
    pages: list[int] = []
    with tampering.lawless(world.record) as connection:
        for name in (ids[3], ids[-1]):
            connection.execute(update(DECISIONS).where(DECISIONS.c.id == name).values(status="x"))
        whole = verify(connection, world.record.catalogue, world.outside, Scope(0))
        watch = Watch(lambda done, _total, _report: pages.append(done), lambda: len(pages) >= 1)
        part = verify(connection, world.record.catalogue, world.outside, Scope(0), watch=watch)
        assert (part.complete, part.holds) == (False, False)
        kept = json.loads(json.dumps(part.to_data()))
        after = verify(connection, world.record.catalogue, world.outside, Scope(0), before=Report.from_data(kept))

    assert pages == [500]
    assert after.to_data() == whole.to_data()
    assert after.counts["decisions"]["column-altered"] == 2


def test_progress_reaches_the_total(world: World) -> None:
    told: list[tuple[int, int]] = []
    with tampering.lawless(world.record) as connection:
        watch = Watch(lambda done, total, _report: told.append((done, total)))
        verify(connection, world.record.catalogue, world.outside, Scope(0), watch=watch)

    assert told[-1][0] == told[-1][1] == sum(map(len, world.ids.values()))


def test_a_decision_that_comes_out_differently_is_named(filled: Record) -> None:
    tampering._decide(filled, 5)  # noqa: SLF001 - the same decisions
    with tampering.lawless(filled) as connection:
        row = connection.execute(text("SELECT id, salt, body FROM decisions ORDER BY id LIMIT 1")).one()
        body = row.body.replace('"status":"decided"', '"status":"no_hit"')
        forged = {"id": row.id, "body": body}
        connection.execute(text("UPDATE decisions SET body = :body, status = 'no_hit' WHERE id = :id"), forged)
        term = "UPDATE decision_terms SET term = 'status=no_hit' WHERE term = 'status=decided' AND decision_id = :id"
        connection.execute(text(term), forged)
        _relink(connection, row, body)
        report = verify(connection, filled.catalogue, None)

    assert report.first["decisions"].wrong is Wrong.DIFFERENT
    assert report.first["decisions"].row == row.id
    assert report.recomputed == {"same": 4, "different": 1}


def _relink(connection: Any, row: Any, body: str) -> None:
    """Make the chain fit a forged first decision."""
    from webadmin.store.chain import beginning, digest_of, linked  # noqa: PLC0415

    head = beginning(Chain.DECISIONS)
    entries = connection.execute(
        text("SELECT seq, row_id, digest FROM chain_entries WHERE chain = 'decisions' ORDER BY seq")
    ).all()
    for entry in entries:
        digest = digest_of(bytes(row.salt), body) if entry.row_id == row.id else bytes(entry.digest)
        head = linked(head, Chain.DECISIONS, entry.row_id, digest)
        connection.execute(
            text("UPDATE chain_entries SET digest = :digest, link = :link WHERE chain = 'decisions' AND seq = :seq"),
            {"digest": digest, "link": head.link, "seq": entry.seq},
        )


def test_a_text_that_is_gone_is_named_with_the_decisions_made_by_it(filled: Record) -> None:
    tampering._decide(filled, 5)  # noqa: SLF001
    with tampering.lawless(filled) as connection:
        connection.execute(REVISIONS.delete().where(REVISIONS.c.document == "vocabulary"))
        report = verify(connection, filled.catalogue, None)

    assert report.first["decisions"].wrong is Wrong.TEXT_MISSING
    assert report.first["decisions"].values == {"documents": "vocabulary"}
    assert report.first["revisions"].wrong is Wrong.ROW_MISSING
    assert report.recomputed == {"not-kept": 5}


def test_without_heads_a_cut_end_is_not_claimed_to_be_seen(world: World) -> None:
    last = len(world.ids[Chain.EVENTS])
    cut = f"DELETE FROM chain_entries WHERE chain = 'events' AND seq > {last - 1}"  # noqa: S608

    with_heads, without = found(world, cut), found(world, cut, outside=None)

    assert with_heads.first["events"].wrong is Wrong.END_CUT
    assert without.first["events"].wrong is Wrong.ROW_UNCHAINED
    assert Open.HEADS in {each.what for each in without.unproven}


def test_what_came_after_the_last_head_is_not_claimed_to_be_proven(world: World) -> None:
    early = Outside(world.outside.heads[:1])

    report = found(world, outside=early)

    left = {each.values["chain"] for each in report.unproven if each.what is Open.END}
    assert report.holds
    assert left == {"decisions", "events", "audit"}


def test_troubles_of_heads_are_findings(world: World) -> None:
    report = found(world, outside=Outside(world.outside.heads, (HeadsError(Trouble.FORGED, "heads.json"),)))

    assert (report.first["heads"].wrong, report.holds) == (Trouble.FORGED, False)


def test_heads_of_another_database_are_told(world: World, filled: Record) -> None:
    report = found(World(filled, world.outside))

    assert report.first["heads"].wrong is Trouble.OTHER


def test_a_row_nobody_chained_is_named(world: World) -> None:
    columns = ", ".join(f'"{column.name}"' for column in EVENTS.columns if column.name not in {"id", "event_id"})
    name = world.ids[Chain.EVENTS][0]
    slipped = f"INSERT INTO events (id, event_id, {columns}) SELECT 'slipped-in', 'e', {columns} FROM events"  # noqa: S608

    report = found(world, f"{slipped} WHERE id = '{name}'")

    assert report.first["events"] == Finding("events", Wrong.ROW_UNCHAINED, None, "slipped-in")


def test_bytes_that_are_no_text_are_data(world: World) -> None:
    if world.record.engine.dialect.name != "sqlite":
        return
    name = world.ids[Chain.DECISIONS][9]

    report = found(world, f"UPDATE decisions SET body = CAST(x'7bff' AS TEXT), actor = x'ff' WHERE id = '{name}'")  # noqa: S608

    assert report.first["decisions"] == Finding("decisions", Wrong.ROW_ALTERED, 10, name)


def test_a_part_says_that_it_is_one(world: World) -> None:
    report = found(world, scope=Scope(0, Chain.DECISIONS, 100, 199))

    assert report.checked["decisions"] == 100
    assert Unproven(Open.PART, {"chain": "decisions", "since": "100", "until": "199"}) in report.unproven


@pytest.mark.parametrize("language", list(Language))
def test_everything_has_its_sentence(language: Language, tmp_path: Path) -> None:
    values = dict.fromkeys(("until", "other", "column", "chain", "since", "at", "term", "document"), "1")
    values |= {"documents": "1", "where": str(tmp_path)}
    for wrong in (*Wrong, *heads.Trouble):
        assert wording.sentence(Finding("events", wrong, 1, "r", values), language)
    for what in Open:
        assert wording.unproven(Unproven(what, {**values, "chain": "events", "count": "1"}), language)
