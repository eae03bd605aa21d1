"""`fairlead demo` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

from tests.webadmin.cli.conftest import Run


def test_the_files_are_written_and_can_be_imported(run: Run, tmp_path: Path) -> None:
    written = run("demo", "--files", tmp_path / "demo", "--day", "2026-11-30")
    done = run("import", tmp_path / "demo", "--json")

    assert (written.exit_code, done.exit_code) == (0, 0), done.output
    assert [each["file"] for each in json.loads(done.stdout)] == [
        "teams.csv",
        "people.csv",
        "people-changes.csv",
        "absences.csv",
        "customers.csv",
        "customers-changes.csv",
        "deals.csv",
        "events.csv",
    ]


def test_it_is_loaded_once(run: Run) -> None:
    first, second = run("demo"), run("demo", "--lang", "zh")

    assert (first.exit_code, "as of 2026-06-30" in first.stderr) == (0, True), first.output
    assert (second.exit_code, "--force" in second.stderr) == (2, True)


def test_a_day_that_is_none_is_told(run: Run) -> None:
    done = run("demo", "--day", "soon")

    assert (done.exit_code, "--day `soon` is no day" in done.stderr) == (2, True)


def test_a_folder_that_cannot_be_made_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = run("demo", "--files", tmp_path / "file" / "demo")

    assert (done.exit_code, "cannot be written" in done.stderr) == (2, True)
