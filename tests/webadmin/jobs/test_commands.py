"""`fairlead jobs`, `fairlead recompute` and `fairlead worker` at the terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest
from click.testing import CliRunner, Result

from tests.patience import LONG
from tests.webadmin.jobs.conftest import NOW
from tests.webadmin.jobs.test_importing import PEOPLE_MAP
from tests.webadmin.jobs.test_worker import decided
from webadmin.cli import main
from webadmin.decisions.service import clock
from webadmin.jobs import service
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.store import handed, jobs
from webadmin.store.jobs import State
from webadmin.store.record import Record

ROOT = Path(__file__).parents[3]


def address(record: Record) -> str:
    return record.engine.url.render_as_string(hide_password=False)


def run(record: Record, *arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(
        main, [*arguments, "--lang", language], env={"DATABASE_URL": address(record), "FAIRLEAD_ENV": "development"}
    )


def test_recompute_waits_and_says_what_it_came_to(filled: Record) -> None:
    decided(filled, 600000)
    decided(filled, 600000, "c2")

    whole = run(filled, "recompute", "--wait")
    some = run(filled, "recompute", "--wait", "--json", "--customer", "c2", "--since", "2026-11-01")
    none = run(filled, "recompute", "--wait", "--json", "--until", "2026-11-26", "--policy", "approval.order")

    assert (whole.exit_code, whole.stderr) == (0, "")
    assert 'counts: {"same":2}' in whole.stdout
    assert json.loads(some.stdout)["result"]["counts"] == {"same": 1}
    assert json.loads(none.stdout)["result"]["total"] == 0


def test_a_difference_is_a_finding(filled: Record) -> None:
    decided(filled, 600000)
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE decisions SET body = replace(body, '\"amount\":600000', '\"amount\":100')")

    assert run(filled, "recompute", "--wait").exit_code == 1


def test_without_waiting_a_worker_is_needed(record: Record) -> None:
    started = run(record, "recompute", "--hit", "key-account", "--person", "am-07", "--json")

    job = json.loads(started.stdout)
    assert (job["state"], job["arguments"]) == ("waiting", {"terms": [["person=am-07"], ["hit=key-account"]]})
    assert "waits for a worker" in started.stderr
    assert "等待中" in run(record, "jobs", language="zh").stdout


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return a folder with a file of people and its mapping."""
    (tmp_path / "people.csv").write_text("id,name\np1,王芳\n", "utf-8")
    (tmp_path / "people.yaml").write_bytes(PEOPLE_MAP)
    return tmp_path


def work(record: Record) -> None:
    assert Worker(record, KINDS, Around(clock, Stop())).once()


@pytest.mark.parametrize(("rows", "code"), [("p1,王芳\n", 0), ("p1,\n", 1)])
def test_an_import_is_left_to_a_worker(filled: Record, people: Path, rows: str, code: int) -> None:
    (people / "people.csv").write_text(f"id,name\n{rows}", "utf-8")
    call = (
        "import",
        str(people / "people.csv"),
        "--map",
        str(people / "people.yaml"),
        "--since",
        "2026-01-01",
        "--job",
    )

    started = run(filled, *call, "--json")
    (people / "people.csv").unlink()  # the record has it
    work(filled)
    shown = run(filled, "jobs", "show", json.loads(started.stdout)["id"], "--json")

    assert (started.exit_code, shown.exit_code) == (0, code), started.stderr
    job = json.loads(shown.stdout)
    assert (job["state"], job["arguments"]) == ("done", {"files": [{"name": "people.csv", "since": "2026-01-01"}]})
    assert [each["written"] for each in job["result"]["files"]] == [code == 0]


def test_an_import_for_a_worker_has_no_report_here(filled: Record, people: Path) -> None:
    call = ("import", str(people / "people.csv"), "--map", str(people / "people.yaml"), "--job")

    result = run(filled, *call, "--dry-run")

    assert (result.exit_code, "--job goes without" in result.stderr) == (2, True)


def test_a_file_too_large_to_be_kept_is_refused(filled: Record, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "MOST", 10)

    result = run(filled, "import", str(people / "people.csv"), "--map", str(people / "people.yaml"), "--job")

    assert (result.exit_code, "one job may have 10" in result.stderr) == (1, True)


def test_a_verification_is_left_to_a_worker(filled: Record) -> None:
    decided(filled, 600000)
    started = run(filled, "verify", "--job", "--json", "--recompute", "7", "--only", "decisions:1-5")
    work(filled)

    shown = run(filled, "jobs", "show", json.loads(started.stdout)["id"], "--json")

    job = json.loads(shown.stdout)
    assert job["arguments"] == {"recompute": 7, "chain": "decisions", "since": 1, "until": 5}
    assert (shown.exit_code, job["result"]["holds"]) == (0, True)


def test_jobs_are_listed_shown_and_cancelled(record: Record) -> None:
    name = service.start(record, "recompute", {}, actor="client:alice", now=NOW)

    listed = run(record, "jobs")
    cancelled = run(record, "jobs", "cancel", name)
    shown = run(record, "jobs", "show", name, "--json")
    again = run(record, "jobs", "cancel", name, "--json")

    assert listed.stdout == f"{name}  recompute  waiting  0  client:alice  2026-11-26T08:30:00+00:00\n"
    assert f"the job {name} is cancelled" in cancelled.stderr
    assert json.loads(shown.stdout)["state"] == "cancelled"
    assert (again.exit_code, "has ended already (cancelled)" in again.stderr) == (1, True)


def test_one_that_runs_is_cancelled_soon(record: Record) -> None:
    name = service.start(record, "recompute", {}, actor="client:alice", now=NOW)
    record.writer.write(lambda each: jobs.claim(each, "w", NOW.replace(year=2100)))

    cancelled = run(record, "jobs", "cancel", name, "--json")

    assert "after its present step" in cancelled.stderr
    assert json.loads(cancelled.stdout)["cancel_asked"] is True


def test_a_failed_one_says_why(record: Record) -> None:
    name = service.start(record, "reevaluate", {}, actor="client:alice", now=NOW)
    assert run(record, "recompute", "--wait").exit_code == 0  # that one alone
    assert service.find(record, name).state is State.WAITING
    with subprocess.Popen(**worker(record)) as process:
        while not service.find(record, name).has_ended:
            sleep(0.05)
        process.send_signal(signal.SIGTERM)
        said, code = process.communicate(timeout=LONG)[1], process.returncode

    shown = run(record, "jobs", "show", name, language="zh")

    assert (code, shown.exit_code) == (0, 1)
    assert "任务参数无法读取：policy" in shown.stdout
    assert f"job-left job={name} kind=reevaluate state=failed" in said


def worker(record: Record) -> dict[str, object]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": address(record), "FAIRLEAD_LANG": "en"}
    program = "from webadmin.cli import main; main(prog_name='fairlead')"
    return {
        "args": [sys.executable, "-c", program, "worker", "--json"],
        "env": environment,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.PIPE,
        "text": True,
    }


@pytest.mark.parametrize("command", ["show", "cancel"])
def test_an_unknown_job_is_wrong_use(record: Record, command: str) -> None:
    result = run(record, "jobs", command, "nobody")

    assert (result.exit_code, "there is no job `nobody`" in result.stderr) == (2, True)


def test_a_bad_day_is_wrong_use(record: Record) -> None:
    result = run(record, "recompute", "--since", "yesterday")

    assert (result.exit_code, "--since `yesterday` is no day" in result.stderr) == (2, True)


def test_there_may_be_none(record: Record) -> None:
    assert "there are no jobs" in run(record, "jobs").stderr
