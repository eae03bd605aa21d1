"""Imports left to a worker: kept until they end, done once however often begun, out of reach after an erasure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from policy.errors import SourceError
from policy.values import Language
from tests.webadmin.store.conftest import NOW
from webadmin.jobs import importing, laying, service
from webadmin.jobs.context import Around, JobContext, Stop
from webadmin.jobs.importing import Upload
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.store import handed, jobs
from webadmin.store.erase import erase
from webadmin.store.handed import HandedError
from webadmin.store.jobs import KEPT, LEASE, Job, State
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT, JOB_FILES, JOBS, PEOPLE

PEOPLE_MAP = b"""\
mapping: m
into: people
source: crm
title: {zh: "\xe4\xba\xba\xe5\x91\x98", en: People}
fields: {id: {column: id}, name: {column: name}}
"""
CUSTOMERS_MAP = b"""\
mapping: c
into: customers
source: crm
title: {zh: "\xe5\xae\xa2\xe6\x88\xb7", en: Customers}
fields: {id: {column: id}, name: {column: name}, owner: {column: owner}}
"""
STAFF = Upload("people.csv", "id,name\np1,王芳\np2,李娜\n".encode(), PEOPLE_MAP)
CLIENTS = Upload("customers.csv", "id,name,owner\nc1,海蓝,p1\n".encode(), CUSTOMERS_MAP)


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder for temporary files; nothing may be left there."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def work(record: Record, kinds: Mapping[str, Any] = KINDS, *, later: timedelta = timedelta(hours=1)) -> bool:
    return Worker(record, kinds, Around(lambda: NOW + later, Stop())).once()


def imported(record: Record, act: Act, *uploads: Upload) -> Job:
    name = service.start_import(record, uploads, act)
    assert work(record)
    return service.find(record, name)


def count(record: Record, table: Any) -> int:
    with record.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


EVENTS_MAP = b"""\
mapping: e
into: events
source: crm
title: {zh: "\xe4\xba\x8b\xe4\xbb\xb6", en: Events}
fields: {id: {column: id}, type: {constant: report_received}, time: {column: time}}
facts: {manager.id: {constant: p1}, about: {constant: other}}
"""


@pytest.mark.parametrize(("minutes", "refused"), [(65, 0), (66, 1)])
def test_events_still_to_come_are_refused_when_the_job_runs(
    filled: Record, alice: Act, minutes: int, refused: int
) -> None:
    """The worker looks an hour later; five minutes are left to other clocks."""
    time = (NOW + timedelta(minutes=minutes)).isoformat()

    imported(filled, alice, STAFF)
    job = imported(filled, alice, Upload("events.csv", f"id,time\ne1,{time}\n".encode(), EVENTS_MAP))

    (told,) = job.result["files"]
    assert [told["written"], told["rows"]["refused"]] == [not refused, refused]
    assert [each["code"] for each in told["refused"]] == ["record-event-future"] * refused


def test_files_are_imported_in_order_and_not_kept(filled: Record, alice: Act) -> None:
    job = imported(filled, alice, STAFF, CLIENTS)

    assert (job.state, job.problem, job.done, job.total) == (State.DONE, None, 200, 200)
    told = [(each["file"], each["record"]["new"], each["written"]) for each in job.result["files"]]
    assert told == [("people.csv", 2, True), ("customers.csv", 1, True)]
    assert count(filled, JOB_FILES) == 0
    with filled.engine.connect() as connection:
        actors = connection.execute(select(AUDIT.c.actor).where(AUDIT.c.action == "imported")).scalars().all()
    assert actors == ["client:alice"] * 2


def test_after_a_refused_file_the_rest_is_left(filled: Record, alice: Act) -> None:
    job = imported(filled, alice, CLIENTS, STAFF)

    assert (job.state, job.result["left"], count(filled, PEOPLE)) == (State.DONE, 1, 0)
    (told,) = job.result["files"]
    assert (told["written"], told["rows"]["refused"]) == (False, 1)


def test_a_file_that_does_not_fit_fails_and_says_where(filled: Record, alice: Act) -> None:
    job = imported(filled, alice, Upload("people.csv", b"number\n1\n", PEOPLE_MAP))

    assert (job.state, count(filled, JOB_FILES)) == (State.FAILED, 0)
    assert job.problem is not None
    assert job.problem.en.startswith("people.csv: ")
    assert job.problem.zh != job.problem.en


def test_without_a_vocabulary_nothing_can_be_read(record: Record, alice: Act) -> None:
    job = imported(record, alice, STAFF)

    assert job.problem == importing.NO_VOCABULARY


class KilledError(BaseException):
    """What ends a worker in the middle; no handler of ours takes it for anything else."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_killed_one_is_begun_again_and_writes_once(filled: Record, alice: Act, when: str) -> None:
    """Killed right before the commit of the second file, or right after it."""
    name = service.start_import(filled, [STAFF, CLIENTS], alice)

    class Dying(JobContext):
        def step(self, work: Any) -> None:
            if self.resumed is None and self._done > 100 and when == "before":
                raise KilledError
            super().step(work)
            if self._done > 100 and when == "after":
                raise KilledError

    def dies(context: JobContext, arguments: Mapping[str, Any]) -> object:
        return importing.run(Dying(context.record, context.job, context._around), arguments)  # noqa: SLF001

    with pytest.raises(KilledError):
        work(filled, {"import": dies})
    left = service.find(filled, name)
    assert (left.state, count(filled, JOB_FILES)) == (State.RUNNING, 4)
    assert work(filled, later=timedelta(hours=1) + LEASE)

    job = service.find(filled, name)
    assert [each["record"]["new"] for each in job.result["files"]] == [2, 1]
    assert count(filled, PEOPLE) == 2
    with filled.engine.connect() as connection:
        assert connection.execute(select(func.count()).where(AUDIT.c.action == "imported")).scalar() == 2


def test_what_a_killed_one_left_on_the_disk_is_removed(filled: Record, alice: Act, scratch: Path) -> None:
    name = service.start_import(filled, [STAFF], alice)
    (scratch / f"{laying.FOLDER}{name}.abc" / "files").mkdir(parents=True)

    assert work(filled)  # the fixture looks whether anything is left


def test_a_cancelled_one_leaves_nothing(filled: Record, alice: Act) -> None:
    name = service.start_import(filled, [STAFF], alice)

    service.cancel(filled, name, actor="client:alice", now=NOW)

    assert (count(filled, JOB_FILES), work(filled)) == (0, False)


def test_an_erasure_takes_the_files_and_what_results_say(filled: Record, alice: Act) -> None:
    imported(filled, alice, STAFF)
    other = imported(filled, alice, Upload("c.csv", "id,name,owner\nc1,海蓝,王芳\n".encode(), CUSTOMERS_MAP))
    waits = service.start_import(filled, [STAFF], alice)

    done = erase(filled, "p1", "asked for by the person", alice)

    assert (done.removed["job_files"], count(filled, JOB_FILES)) == (2, 0)
    ended = service.find(filled, waits)
    assert (ended.state, ended.problem) == (State.FAILED, jobs.TAKEN_BACK)
    assert not work(filled)
    with filled.engine.connect() as connection:
        results = connection.execute(select(JOBS.c.result).where(JOBS.c.id == other.id)).scalars().all()
    assert "王芳" in str(other.result)
    assert "王芳" not in str(results)


def test_an_import_an_erasure_overtakes_writes_nothing(filled: Record, alice: Act) -> None:
    imported(filled, alice, STAFF)
    name = service.start_import(filled, [CLIENTS], alice)

    class Overtaken(JobContext):
        def step(self, work: Any) -> None:
            erase(filled, "p2", "asked for by the person", alice)
            super().step(work)

    def run(context: JobContext, arguments: Mapping[str, Any]) -> object:
        return importing.run(Overtaken(context.record, context.job, context._around), arguments)  # noqa: SLF001

    assert work(filled, {"import": run})

    assert service.find(filled, name).problem == jobs.TAKEN_BACK
    with filled.engine.connect() as connection:
        assert connection.execute(select(func.count()).where(AUDIT.c.action == "imported")).scalar() == 1


def test_the_longest_name_a_disk_takes_can_be_laid_out(filled: Record, alice: Act) -> None:
    name = service.start_import(filled, [Upload("名" * 83 + "p.csv", b"id,name\np9,a\n", PEOPLE_MAP)], alice)

    assert work(filled)

    assert service.find(filled, name).problem is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("people.csv", "people.csv"),
        ("C:\\data\\员工.xlsx", "员工.xlsx"),
        ("名" * 200 + ".xlsx", "名" * 58 + ".xlsx"),
        ("🙂" * 100 + ".jsonl", "🙂" * 43 + ".jsonl"),
        ("a" * 300, "a" * 180),
        ("a." + "b" * 300, "a." + "b" * 178),
        ("../..", "file."),
        ("a\nb.csv", "ab.csv"),
        ("\u202e.csv", "file.csv"),
        ("", "file"),
    ],
)
def test_a_name_is_shortened_between_letters_and_keeps_its_ending(given: str, kept: str) -> None:
    assert handed.short(given) == kept


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (Upload("../people.csv", b"", PEOPLE_MAP), "file-name"),
        (Upload("", b"", PEOPLE_MAP), "file-name"),
        (Upload("p" * 201, b"", PEOPLE_MAP), "file-name"),
        (Upload("名" * 86, b"", PEOPLE_MAP), "file-name"),
        (Upload("people.csv", b"0123456789" * 11, PEOPLE_MAP), "files-too-large"),
        (
            Upload("a.csv", b"", PEOPLE_MAP + b"joins: [{id: b, file: b.csv, on: [{column: id, key: id}]}]\n"),
            "file-lacking",
        ),
    ],
    ids=["folder", "empty", "long", "long in bytes", "large", "joined"],
)
def test_what_cannot_be_kept_is_refused(
    filled: Record, alice: Act, upload: Upload, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed, "MOST", 100 + len(PEOPLE_MAP))

    with pytest.raises(HandedError) as caught:
        service.start_import(filled, [upload], alice)

    assert caught.value.code == code
    assert caught.value.text.to(Language.ZH) != caught.value.text.to(Language.EN)
    assert count(filled, JOBS) == 0


def test_only_so_much_may_wait(filled: Record, alice: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "MOST_WAITING", 250)
    service.start_import(filled, [STAFF], alice)

    with pytest.raises(HandedError) as caught:
        service.start_import(filled, [STAFF], alice)

    assert (caught.value.code, count(filled, JOBS)) == ("files-too-many", 1)


def test_a_mapping_with_errors_is_refused_at_once(filled: Record, alice: Act) -> None:
    with pytest.raises(SourceError):
        service.start_import(filled, [Upload("people.csv", b"", b"mapping: m\n")], alice)


def test_old_jobs_are_removed_and_those_that_wait_are_not(filled: Record, alice: Act) -> None:
    old, young = imported(filled, alice, STAFF), imported(filled, alice, STAFF)
    waits = service.start_import(filled, [STAFF], alice)
    ended = NOW + timedelta(hours=1)
    with filled.engine.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.id == old.id).values(ended_at=ended - timedelta(seconds=1)))
    stop = Stop()

    def clock() -> Any:
        stop.ask()  # it ends after the first round, in which it finds the job that waits
        return ended + KEPT

    Worker(filled, {"import": lambda _context, _arguments: None}, Around(clock, stop)).run()

    with filled.engine.connect() as connection:
        assert set(connection.execute(select(JOBS.c.id)).scalars()) == {young.id, waits}
