"""Heads outside the database: signed, written soon after commits, never over what the database lost."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from tests.patience import LONG
from tests.webadmin.store.conftest import NOW, Databases
from webadmin.store import audit, exporting
from webadmin.store.audit import Action
from webadmin.store.chain import Chain
from webadmin.store.heads import Heads, HeadsError, Place, Trouble, everything
from webadmin.store.record import Export, Record
from webadmin.store.tables import ENTRIES


class Clock:
    """Goes on by ten minutes each time it is read."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=10)
        return self.now


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.at(tmp_path / "heads.json", {})


@pytest.fixture
def record(databases: Databases, place: Place) -> Iterator[Record]:
    address = databases.migrated()
    made = Record.open(address, Export(place, Clock()))
    yield made
    made.close()
    databases.drop(address)


def write(record: Record) -> None:
    record.writer.write(lambda transaction: audit.note(transaction, NOW, "system", Action.READ, "x"))


def export(record: Record) -> None:
    assert record.exporter is not None
    record.exporter.export()


def newest(place: Place) -> int:
    found = place.newest()
    return 0 if found is None else found.marks[Chain.AUDIT].seq


def test_the_last_head_is_exported_on_closing(record: Record, place: Place) -> None:
    for _ in range(3):
        write(record)
    record.close()

    assert newest(place) == 3
    assert (
        stat.S_IMODE(place.path.stat().st_mode) == stat.S_IMODE(place.path.with_suffix(".key").stat().st_mode) == 0o600
    )


def test_heads_follow_a_commit_by_themselves(record: Record, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "EVERY", 0.05)
    write(record)

    begin = time.monotonic()
    while newest(place) < 1 and time.monotonic() - begin < LONG:
        time.sleep(0.02)

    assert newest(place) == 1
    record.close()


def test_the_history_has_a_line_an_hour(record: Record, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "EVERY", 3600)  # it exports by itself on a machine that pauses
    for _ in range(13):
        write(record)
        export(record)
    record.close()

    assert [json.loads(line)["heads"]["audit"]["seq"] for line in place.lines()] == [1, 7, 13]
    assert len(everything(place).heads) == 4


def test_a_line_torn_by_a_crash_is_passed_over(record: Record, place: Place) -> None:
    write(record)
    export(record)
    with place.history.open("a") as file:
        file.write('{"at":"2026')
    for _ in range(7):
        write(record)
        export(record)
    record.close()

    assert [each.trouble for each in everything(place).troubles] == [Trouble.UNREADABLE]
    assert newest(place) == 8


def test_heads_the_database_lost_are_not_overwritten(record: Record, place: Place) -> None:
    for _ in range(5):
        write(record)
    export(record)
    with record.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.seq > 3))
    write(record)
    export(record)

    assert record.exporter is not None
    assert record.exporter.problem is not None
    assert newest(place) == 5
    record.close()


def test_heads_of_another_database_are_not_overwritten(databases: Databases, record: Record, place: Place) -> None:
    write(record)
    record.close()
    other = Record.open(databases.empty(), Export(place, Clock()))
    write(other)
    other.close()

    assert other.exporter is not None
    assert str(Trouble.OTHER) in (other.exporter.problem or "")
    assert newest(place) == 1


def test_without_the_file_the_history_is_minded(record: Record, place: Place) -> None:
    for _ in range(5):
        write(record)
    export(record)
    place.path.unlink()
    with record.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.seq > 3))
    write(record)
    export(record)
    record.close()

    assert not place.path.exists()
    assert {each.trouble for each in everything(place).troubles} == {Trouble.NONE}


def test_a_disk_that_takes_nothing_does_not_hold_up_writing(databases: Databases, tmp_path: Path) -> None:
    place = Place.at(tmp_path / "heads.json", {"FAIRLEAD_HEAD_KEY": "k" * 16})
    record = Record.open(databases.empty(), Export(place, Clock()))
    place.path.mkdir()  # stands where the file should
    write(record)
    record.close()

    assert record.exporter is not None
    assert record.exporter.problem is not None


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        (lambda text: text.replace('"seq":1', '"seq":2'), Trouble.FORGED),
        (lambda text: text.replace('"signature"', '"sign"'), Trouble.UNSIGNED),
        (lambda text: text[:40], Trouble.UNREADABLE),
        (lambda _: "[]", Trouble.UNREADABLE),
    ],
)
def test_what_is_not_rightly_signed_is_said(record: Record, place: Place, change: object, trouble: Trouble) -> None:
    write(record)
    record.close()
    place.path.write_text(change(place.path.read_text("utf-8")), "utf-8")  # type: ignore[operator]

    assert [each.trouble for each in everything(place).troubles] == [trouble]


def test_another_key_is_said(record: Record, place: Place) -> None:
    write(record)
    record.close()

    other = Place.at(place.path, {"FAIRLEAD_HEAD_KEY": "another key of 24 signs"})

    assert {each.trouble for each in everything(other).troubles} == {Trouble.FORGED}
    with pytest.raises(HeadsError):
        other.newest()


@pytest.mark.parametrize("environment", [{"FAIRLEAD_HEAD_KEY": "too short"}, {}])
def test_without_a_key_nothing_is_signed(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(HeadsError) as raised:
        Place.at(tmp_path / "heads.json", environment, make=False)

    assert raised.value.trouble is Trouble.KEY
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_never_shown(place: Place) -> None:
    assert place.key.decode() not in repr(place)


def test_a_head_reads_back_as_it_was_written(place: Place, record: Record) -> None:
    write(record)
    record.close()
    found = place.newest()
    assert found is not None

    assert Heads.read(found.to_line(place.key), place.key, "here") == found


def test_a_chain_without_its_beginning_is_not_exported(record: Record) -> None:
    write(record)
    write(record)
    with record.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.seq == 1))

    export(record)

    assert record.exporter is not None
    assert str(Trouble.BEHIND) in (record.exporter.problem or "")
