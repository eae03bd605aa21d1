"""`fairlead import` as it is called: output, messages and exit codes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from threading import Thread

import pytest

from tests.webadmin.cli.conftest import Run

PEOPLE = (
    "mapping: m\ninto: people\nsource: crm\ntitle: {zh: 人员, en: People}\n"
    "fields: {id: {column: id}, name: {column: name}}\n"
)
CUSTOMERS = (
    "mapping: m\ninto: customers\nsource: crm\ntitle: {zh: 客户, en: Customers}\n"
    "fields: {id: {column: id}, name: {column: name}, owner: {column: owner}}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an import.toml that names customers before people."""
    made = tmp_path / "crm"
    made.mkdir()
    (made / "people.yaml").write_text(PEOPLE, "utf-8")
    (made / "customers.yaml").write_text(CUSTOMERS, "utf-8")
    (made / "people.csv").write_text("id,name\np1,王芳\n", "utf-8")
    (made / "customers.csv").write_text("id,name,owner\nc1,海蓝,p1\n", "utf-8")
    manifest = (
        'since = 2026-01-01\n[[files]]\nfile = "customers.csv"\nmap = "customers.yaml"\n'
        '[[files]]\nfile = "people.csv"\nmap = "people.yaml"\n'
    )
    (made / "import.toml").write_text(manifest, "utf-8")
    return made


def test_a_file_is_taken_and_a_second_time_nothing_is_written(run: Run, folder: Path) -> None:
    call = ("import", folder / "people.csv", "--map", folder / "people.yaml", "--since", "2026-01-01")

    first, second = run(*call), run(*call)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "in the record: 1 new, 0 changed, 0 unchanged" in first.stdout
    assert "nothing was written: all of it is in the record already" in second.stdout


def test_a_file_with_headings_only_is_said_to_have_no_row(run: Run, folder: Path) -> None:
    file = next(folder.glob("people.csv"))
    file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")

    done = run("import", str(file), "--map", str(folder / "people.yaml"))

    assert done.exit_code == 0, done.output
    assert "no row below its header" in done.stdout
    assert "in the record already" not in done.stdout


def test_a_folder_is_taken_in_the_order_that_works(run: Run, folder: Path) -> None:
    done = run("import", folder, "--json")

    assert done.exit_code == 0, done.output
    assert [(each["file"], each["written"]) for each in json.loads(done.stdout)] == [
        ("people.csv", True),
        ("customers.csv", True),
    ]


def test_what_changes_is_told_from_what_to_what(run: Run, folder: Path) -> None:
    call = ("import", folder / "people.csv", "--map", folder / "people.yaml")
    run(*call)
    rows = "".join(f"q{number},old {number}\n" for number in range(30))
    (folder / "people.csv").write_text("id,name\np1,王芳\n" + rows, "utf-8")
    run(*call)
    (folder / "people.csv").write_text("id,name\np1,王小芳\n" + rows.replace("old", "new"), "utf-8")

    tried, asked = run(*call, "--dry-run"), run(*call, "--dry-run", "--json")
    done = run(*call, "--report", folder / "told.txt", "--lang", "zh")
    again = run(*call)

    assert "values that were known and change: 31" in tried.stdout
    assert "  person 王芳 (p1): name: 王芳 → 王小芳" in tried.stdout
    assert "11 more: see --report or --json" in tried.stdout
    (told,) = json.loads(asked.stdout)
    assert len(told["changes"]) == 31
    (renamed,) = [each for each in told["changes"] if each["after"] == "王小芳"]
    expected = {"of": "person", "name": "王芳 (p1)", "field": "name", "before": "王芳", "since": None}
    assert {each: renamed[each] for each in expected} == expected
    assert "31 个已有的值改变：" in done.stdout
    assert (folder / "told.txt").read_text("utf-8").count(" → ") == 31
    assert "→" not in again.stdout


def test_whom_a_value_names_stands_there_by_name(run: Run, folder: Path) -> None:
    (folder / "people.csv").write_text("id,name\np1,王芳\np2,李雷\n", "utf-8")
    run("import", folder)
    (folder / "customers.csv").write_text("id,name,owner\nc1,海蓝,p2\n", "utf-8")

    done = run("import", folder / "customers.csv", "--map", folder / "customers.yaml", "--since", "2026-02-01")

    assert re.search(r"customer 海蓝 \(c1\): owner: 王芳 \([^)]+\) → 李雷 \([^)]+\), from 2026-02-01 on", done.stdout)


def test_the_report_has_every_refused_row(run: Run, folder: Path) -> None:
    rows = "".join(f"c{number},海蓝,nobody-{number}\n" for number in range(1200))
    (folder / "customers.csv").write_text("id,name,owner\n" + rows, "utf-8")

    done = run("import", folder / "customers.csv", "--map", folder / "customers.yaml", "--report", folder / "told.txt")

    assert done.exit_code == 1
    assert (folder / "told.txt").read_text("utf-8").count("nobody-") >= 1200


def test_a_dry_run_writes_nothing(run: Run, folder: Path) -> None:
    tried = run("import", folder, "--dry-run")
    done = run("import", folder)

    assert tried.stdout.count("this was a dry run") == 2
    assert done.stdout.count("1 new") == tried.stdout.count("1 new") == 2


@pytest.mark.parametrize(
    ("name", "expected"), [("r.txt", "row 3, column `owner`: record-unknown: "), ("r.json", '"row":3')]
)
def test_a_bad_row_stops_everything_and_stands_in_the_report(run: Run, folder: Path, name: str, expected: str) -> None:
    (folder / "customers.csv").write_text("id,name,owner\nc1,海蓝,p1\nc2,远山,p9\n", "utf-8")
    (folder / "events.csv").write_text("id\n", "utf-8")

    done = run("import", folder, "--report", folder / name)

    assert done.exit_code == 1
    assert "column `owner`, 1 cell (row 3): no person is known as `p9`" in done.stdout
    assert "nothing of `customers.csv` was written: 1 row is refused" in done.stderr
    assert expected in (folder / name).read_text("utf-8")


def test_a_row_below_blank_lines_is_told_by_its_line(run: Run, folder: Path) -> None:
    (folder / "customers.csv").write_text("id,name,owner\nc1,海蓝,p1\n\n\nc2,远山,p9\n", "utf-8")

    done = run("import", folder, "--report", folder / "r.txt")

    assert "column `owner`, 1 cell (row 5): no person is known as `p9`" in done.stdout
    assert "row 5, column `owner`: record-unknown: " in (folder / "r.txt").read_text("utf-8")


EVENTS_MAP = (
    'mapping: e\ninto: events\nsource: crm\ntitle: {zh: "事件", en: Events}\n'
    "fields: {id: {column: id}, type: {constant: report_received}, time: {column: time}}\n"
    "facts: {manager.id: {constant: p1}, about: {constant: other}}\n"
)


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_an_event_still_to_come_is_refused_by_its_row(run: Run, folder: Path, option: tuple[str, ...]) -> None:
    (folder / "events.csv").write_text("id,time\ne1,2026-01-01T09:00:00+08:00\ne2,2999-01-01T09:00:00+08:00\n", "utf-8")
    (folder / "events.yaml").write_text(EVENTS_MAP, "utf-8")

    run("import", folder)
    done = run("import", folder / "events.csv", "--map", folder / "events.yaml", *option)

    assert done.exit_code == 1
    assert "1 taken, 1 refused" in done.stdout
    assert "column `time`, 1 cell (row 3): the event is said to be of `2999-01-01T09:00:00+08:00`" in done.stdout


WRONG = [
    (("import", "{f}/people.csv"), 2, "a mapping is missing"),
    (("import", "{f}", "--map", "{f}/people.yaml"), 2, "leave --map out"),
    (("import", "{f}/people.csv", "--map", "{f}/people.yaml", "--since", "soon"), 2, "--since `soon` is no day"),
    (("import", "{f}/none.csv", "--map", "{f}/people.yaml"), 2, "there is no file"),
    (("import", "{f}/people.csv", "--map", "{f}/none.yaml"), 2, "there is no file"),
    (("import", "{f}/people.csv", "--map", "{f}/customers.yaml"), 1, "cannot be read with"),
    (("import", "{f}/.."), 2, "the folder's description cannot be used"),
    (("import", "{f}/people.csv", "--map", "{f}/people.yaml", "--report", "{f}/no/r.txt"), 2, "cannot be written"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), WRONG)
def test_wrong_use_is_told(run: Run, folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(*(each.format(f=folder) for each in arguments))

    assert (done.exit_code, said in done.stderr) == (code, True), done.output


@pytest.mark.parametrize(
    "manifest",
    ["since = 5\n", "files = [1]\n", '[[files]]\nfile = "a.csv"\n', '[[files]]\nfile = "a"\nmap = "b"\nx = 1\n', "["],
)
def test_a_manifest_that_is_none_is_told(run: Run, folder: Path, manifest: str) -> None:
    (folder / "import.toml").write_text(manifest, "utf-8")

    done = run("import", folder)

    assert (done.exit_code, "the folder's description cannot be used" in done.stderr) == (2, True), done.output


def test_without_policies_there_are_no_words(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRLEAD_RULES", str(tmp_path / "none"))

    done = run("import", folder)

    assert (done.exit_code, "no vocabulary is in effect" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["no/report.txt", ".", "people.csv/report.txt", "n" * 300])
def test_a_report_that_could_not_be_written_stops_it_before_anything_is(run: Run, folder: Path, name: str) -> None:
    before = sorted(folder.iterdir())

    done = run("import", folder, "--report", folder / name)

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"`{folder / name}` cannot be written" in done.stderr
    assert sorted(folder.iterdir()) == before
    assert run("import", folder, "--dry-run").stdout.count("1 new") == 2


@pytest.mark.parametrize("name", ["people.csv", "people.yaml", "customers.csv"])
def test_a_report_is_not_written_over_what_is_read(run: Run, folder: Path, name: str) -> None:
    before = (folder / name).read_bytes()

    done = run("import", folder, "--report", folder / name)

    assert (done.exit_code, "is also read" in done.stderr) == (2, True)
    assert (folder / name).read_bytes() == before


@pytest.mark.parametrize("more", [(), ("--job",)])
@pytest.mark.parametrize("name", ["/dev/zero", "pipe.csv"])
def test_what_has_no_end_is_not_read(run: Run, folder: Path, name: str, more: tuple[str, ...]) -> None:
    os.mkfifo(folder / "pipe.csv")

    done = run("import", folder / name, "--map", folder / "people.yaml", *more)

    assert done.exit_code == 1
    assert "table-not-regular" in done.stderr
    assert "expected a regular file" in done.stderr


def test_a_mapping_may_come_through_a_pipe_and_has_its_bound(run: Run, folder: Path) -> None:
    pipe = folder / "pipe.yaml"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=(PEOPLE, "utf-8"), daemon=True)
    writer.start()

    done = run("import", folder / "people.csv", "--map", pipe)
    endless = run("import", folder / "people.csv", "--map", "/dev/zero")

    writer.join()
    assert (done.exit_code, "1 new" in done.stdout) == (0, True), done.output
    assert (endless.exit_code, "/dev/zero:1:1: error too-large" in endless.stderr) == (1, True)
