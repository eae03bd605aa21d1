"""`fairlead demo` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

from tests.webadmin.cli.conftest import Run


def test_the_files_are_written_can_be_imported_and_then_looked_at(run: Run, tmp_path: Path) -> None:
    written = run("demo", "--files", tmp_path / "demo", "--day", "2025-11-30")
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

    before, after = run("signals"), run("signals", "--look")

    assert "events nobody has looked at yet: " in before.stderr
    assert "events nobody" not in after.stderr


def test_it_is_loaded_once(demo: Run, demonstrated: Path) -> None:
    second = demo("demo", "--lang", "zh")

    assert "as of 2026-06-30" in (demonstrated / "said").read_text("utf-8")
    assert (second.exit_code, "--force" in second.stderr) == (2, True)


def test_a_day_that_is_none_is_told(run: Run) -> None:
    done = run("demo", "--day", "soon")

    assert (done.exit_code, "--day `soon` is no day" in done.stderr) == (2, True)


def test_a_folder_that_cannot_be_made_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = run("demo", "--files", tmp_path / "file" / "demo")

    assert (done.exit_code, "cannot be written" in done.stderr) == (2, True)
