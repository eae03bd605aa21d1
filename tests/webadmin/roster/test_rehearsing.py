"""Files are prepared before the write lock is taken, and prepared again where others changed the same meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from tests.webadmin.roster.test_importing import FILES, counts, source, take
from tests.webadmin.store.conftest import NOW
from webadmin.roster import importing
from webadmin.roster.imported import Imported
from webadmin.roster.importing import TRIES, Undone
from webadmin.store import changes, events, verify
from webadmin.store.dated import Lines, Of
from webadmin.store.erase import erase
from webadmin.store.record import Record
from webadmin.store.rehearsal import StaleError
from webadmin.store.revisions import Act
from webadmin.store.spans import Span
from webadmin.store.tables import CUSTOMERS
from webadmin.store.things import Change
from webadmin.store.writer import Transaction

Work = Callable[[Transaction], Imported]


class Disturbed:
    """Saves, after somebody else has done something; counts how often the work was stale."""

    def __init__(self, record: Record, disturbances: Iterator[Callable[[], object]]) -> None:
        self._record = record
        self._disturbances = disturbances
        self.stale = 0

    def __call__(self, work: Work) -> Imported:
        next(self._disturbances, lambda: None)()
        try:
            return self._record.writer.write(work)
        except StaleError:
            self.stale += 1
            raise


@pytest.fixture
def staffed(filled: Record, alice: Act, tmp_path: Path) -> Record:
    for kind in ("teams", "people"):
        take(filled, alice, tmp_path, kind)
    return filled


def count(record: Record, table: Table) -> int:
    with record.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def holds(record: Record) -> bool:
    with record.reading() as connection:
        return verify.verify(connection, record.catalogue, None).holds


def test_the_same_file_taken_meanwhile_is_not_taken_twice(staffed: Record, alice: Act, tmp_path: Path) -> None:
    made = source(staffed, tmp_path, "customers", FILES["customers"])
    save = Disturbed(staffed, iter([lambda: take(staffed, alice, tmp_path, "customers")]))

    done = importing.written(staffed, made, alice, save)

    assert (save.stale, done.new, done.unchanged) == (1, 0, 2)
    assert count(staffed, CUSTOMERS) == 2
    assert holds(staffed)


def told(record: Record, source_: str, name: str) -> None:
    event = {"id": name, "source": source_, "type": "contact", "subject": None, "data": {}}
    event["time"] = "2026-02-01T09:00:00+08:00"
    record.writer.write(lambda each: events.append(each, event, actor="client:crm", now=NOW))


@pytest.mark.parametrize(("kind", "stale"), [("customers", 0), ("events", 1)])
def test_events_of_others_matter_to_events_alone(
    staffed: Record, alice: Act, tmp_path: Path, kind: str, stale: int
) -> None:
    take(staffed, alice, tmp_path, "customers", "id,name,owner,growth,tier\nc1,海蓝,p1,0.25,B\n")
    made = source(staffed, tmp_path, kind, FILES[kind])
    save = Disturbed(staffed, iter([lambda: told(staffed, "crm", "e9")]))

    done = importing.written(staffed, made, alice, save)

    assert (save.stale, done.new) == (stale, 1)
    assert holds(staffed)


def test_an_event_told_meanwhile_clashes(staffed: Record, alice: Act, tmp_path: Path) -> None:
    take(staffed, alice, tmp_path, "customers")
    made = source(staffed, tmp_path, "events", FILES["events"])
    save = Disturbed(staffed, iter([lambda: told(staffed, "crm", "e1")]))

    with pytest.raises(Undone) as caught:
        importing.written(staffed, made, alice, save)

    assert [each.code for each in caught.value.outcome[0].report.refusals] == ["record-event-differs"]


def test_who_was_erased_meanwhile_is_not_written_again(staffed: Record, alice: Act, tmp_path: Path) -> None:
    made = source(staffed, tmp_path, "customers", FILES["customers"])
    save = Disturbed(staffed, iter([lambda: erase(staffed, "p1", "asked for", alice)]))

    with pytest.raises(Undone) as caught:
        importing.written(staffed, made, alice, save)

    assert [each.code for each in caught.value.outcome[0].report.refusals] == ["record-unknown"]
    assert count(staffed, CUSTOMERS) == 0


def test_after_some_tries_all_is_done_under_the_lock(staffed: Record, alice: Act, tmp_path: Path) -> None:
    made = source(staffed, tmp_path, "customers", FILES["customers"])
    rows = (f"id,name,team,capacity,since\nq{number},新,t1,,\n" for number in range(TRIES + 1))
    save = Disturbed(staffed, (lambda each=each: take(staffed, alice, tmp_path, "people", each) for each in rows))

    done = importing.written(staffed, made, alice, save)

    assert (save.stale, done.new) == (TRIES, 2)
    assert holds(staffed)


def test_a_refused_file_does_not_wait_for_the_lock(staffed: Record, alice: Act, tmp_path: Path) -> None:
    made = source(staffed, tmp_path, "customers", "id,name,owner,growth,tier\nc1,海蓝,p9,0.25,B\n")
    save = Disturbed(staffed, iter([lambda: pytest.fail("nothing is to be written")]))
    before = counts(staffed)

    with pytest.raises(Undone):
        importing.written(staffed, made, alice, save)

    assert counts(staffed) == before


class Unwalked(dict[tuple[str, str], list[Span[str]]]):
    """Lines that can be looked up, not gone through."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        pytest.fail("went through what holds of all others")

    keys = values = items = __iter__  # type: ignore[assignment]


def test_what_changes_of_one_is_found_without_looking_at_all_others() -> None:
    since = date(2026, 1, 1)
    before: Lines = Unwalked({("c1", "owner"): [Span('"p1"', since, None, "r1")]})
    change = Change(Of.CUSTOMER, "c1", "tier", "A", since)

    found = changes.altered(Of.CUSTOMER, "c1", before, [change], is_new=False, renamed=())

    assert found.owner == {since: "p1"}
