"""The commands on revisions, from `fairlead publish` to `fairlead export`: who may, and what is said."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from tests.webadmin.cli.conftest import Run
from tests.webadmin.publishing.texts import (
    FROM_EIGHTY,
    FROM_FORTY,
    FROM_NINETY,
    FROM_SEVENTY,
    SIZE,
    VOCABULARY,
    WITHOUT_SITES,
)
from webadmin.decisions.service import clock, today
from webadmin.publishing import retiring
from webadmin.publishing.answers import Proposed
from webadmin.store.audit import Action
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT

ME = f"cli:{pwd.getpwuid(os.geteuid()).pw_name}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a vocabulary and a policy."""
    place = tmp_path / "own"
    (place / "scorecard").mkdir(parents=True)
    (place / "vocabulary.yaml").write_text(VOCABULARY, "utf-8")
    (place / "scorecard" / "size.yaml").write_text(SIZE, "utf-8")
    return place


@pytest.fixture
def own(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what calls commands on a record in which that folder is what ships."""
    monkeypatch.setenv("FAIRLEAD_RULES", str(folder))
    return run


def token(run: Run, name: str, *scopes: str) -> str:
    wanted = [part for scope in scopes for part in ("--scope", scope)]
    return str(json.loads(run("token", "create", name, *wanted, "--json").stdout)["token"])


def size(folder: Path, text: str) -> Path:
    path = folder / "scorecard" / "size.yaml"
    path.write_text(text, "utf-8")
    return path


def proposed(run: Run, path: Path) -> str:
    return str(json.loads(run("publish", path, "--json").stdout)["proposal"])


def test_what_is_retired_is_told_as_such(own: Run, folder: Path, tmp_path: Path) -> None:
    own("publish", folder)
    token(own, "first", "decide")
    record, act = Record.open(f"sqlite:///{tmp_path}/record.db"), Act("client:first", clock(), today(clock()))
    done = retiring.propose(record, "scorecard.size", None, "nobody\nneeds it", act)
    record.close()
    assert isinstance(done, Proposed)

    listed = own("proposals")
    approved = own("approve", str(done.proposal))
    history = own("revisions", "scorecard.size")
    refused = own("decide", "scorecard.size", "--from", "deals")

    assert "by client:first, to be retired from the day of approval" in listed.stdout
    assert f"approved; retired from {act.today} on: scorecard.size 1" in approved.stderr
    assert history.stdout.startswith(f"* scorecard.size 1  retired: from {act.today}")
    assert refused.exit_code == 2
    said = f"retired since {act.today}, proposed by client:first, approved by {ME}: nobody needs it"
    assert said in " ".join(refused.stderr.split())


def test_from_a_proposal_to_its_effect_and_back(own: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = token(own, "second", "approve")
    unchanged = own("publish", folder)
    told = own("publish", size(folder, FROM_SEVENTY), "--note", "fewer")
    name = told.stderr.split()[-1]
    listed = own("proposals")
    by_me = own("approve", name)
    monkeypatch.setenv("FAIRLEAD_TOKEN", second)
    approved = own("approve", name, "--comment", "fine")
    monkeypatch.delenv("FAIRLEAD_TOKEN")
    back = own("rollback", "scorecard.size", "--json")

    assert (unchanged.exit_code, unchanged.stdout) == (0, "unchanged  scorecard.size\nunchanged  vocabulary\n")
    assert told.stdout == "changed  scorecard.size  (instead of revision 1)\n"
    assert f"proposed as {name}, in effect from the day of approval" in told.stderr
    assert listed.stdout.splitlines()[0] == f"{name}  open  by {ME}, in effect from the day of approval  fewer"
    assert (by_me.exit_code, "somebody else must approve" in by_me.stderr) == (1, True)
    assert (approved.exit_code, "in effect from" in approved.stderr, "scorecard.size 2" in approved.stderr) == (
        0, True, True,
    )  # fmt: skip
    assert json.loads(back.stdout)["documents"][0]["instead_of"] == 2
    marks = [line[:18] for line in own("revisions", "scorecard.size").stdout.splitlines()]
    assert marks == ["* scorecard.size 2", "  scorecard.size 1"]
    [newest, oldest] = json.loads(own("revisions", "scorecard.size", "--on", "2001-01-01", "--json").stdout)
    assert (newest["live"], oldest["live"], newest["author"], newest["approver"]) == (False, True, ME, "client:second")


def test_what_was_to_begin_later_is_named_before_and_after_it_is_overtaken(
    own: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = token(own, "second", "approve")
    own("publish", folder)

    def both(text: str, *more: str) -> tuple[str, str]:
        told = own("publish", size(folder, text), *more).stderr
        monkeypatch.setenv("FAIRLEAD_TOKEN", second)
        approved = own("approve", told.split()[-1]).stderr
        monkeypatch.delenv("FAIRLEAD_TOKEN")
        return told, approved

    both(FROM_SEVENTY, "--from", "2999-01-01")
    said = [each.partition("\n")[0] for each in both(FROM_EIGHTY)]

    assert said == ["mind: it takes the place of scorecard.size 2, which was to begin on 2999-01-01"] * 2
    both(FROM_NINETY, "--from", "2999-01-01")
    found = json.loads(own("publish", size(folder, FROM_SEVENTY), "--json").stdout)["overtakes"]
    assert found == [{"document": "scorecard.size", "revision": 4, "since": "2999-01-01", "retires": False}]


def test_every_act_is_told_in_the_audit(own: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = token(own, "second", "approve")
    own("publish", folder)
    name = proposed(own, size(folder, FROM_SEVENTY))
    monkeypatch.setenv("FAIRLEAD_TOKEN", second)
    own("decline", name, "--comment", "no")

    record = Record.open(os.environ["DATABASE_URL"])
    with record.engine.connect() as connection:
        rows = connection.execute(AUDIT.select().order_by(AUDIT.c.id)).all()
    record.close()

    assert [(row.action, row.actor) for row in rows[-3:]] == [
        (Action.PROPOSED, ME),
        (Action.JOB_STARTED, ME),  # its impact report
        (Action.DECLINED, "client:second"),
    ]


def test_findings_are_told_with_place_and_day(own: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = size(folder, SIZE)
    own("publish", path)
    failing = own("publish", size(folder, FROM_FORTY))
    as_data = own("publish", path, "--json")
    second = token(own, "second", "approve")
    (folder / "vocabulary.yaml").write_text(WITHOUT_SITES, "utf-8")
    later = json.loads(own("publish", folder / "vocabulary.yaml", "--from", "2099-01-01", "--json").stdout)["proposal"]
    monkeypatch.setenv("FAIRLEAD_TOKEN", second)
    own("approve", later)
    monkeypatch.delenv("FAIRLEAD_TOKEN")
    by_sites = size(folder, SIZE.replace("customer.staff", "customer.sites").replace("staff:", "sites:"))
    breaking = own("publish", by_sites)

    assert (failing.exit_code, failing.stderr) == (1, "nothing was changed\n")
    assert failing.stdout.startswith(f"{path}:12:5: error publish-test-fails: the test “fifty is small”")
    assert [each["code"] for each in json.loads(as_data.stdout)["findings"]] == ["publish-test-fails"]
    assert all(line.endswith(" (from 2099-01-01 on)") for line in breaking.stdout.splitlines())
    assert (breaking.exit_code, f"{path}:" in breaking.stdout) == (1, True)


@pytest.mark.parametrize(
    ("scopes", "command", "code"),
    [
        (("decide",), ("publish", "PATH"), 1),
        (("approve",), ("publish", "PATH"), 1),
        (("publish",), ("publish", "PATH"), 0),
        (("admin",), ("publish", "PATH"), 0),
        (("publish",), ("approve", "NAME"), 1),
        (("publish",), ("decline", "NAME", "--comment", "no"), 1),
        (("approve",), ("decline", "NAME", "--comment", "no"), 0),
        (("approve",), ("rollback", "scorecard.size"), 1),
        (("publish",), ("publish", "PATH", "--from", "2020-01-01"), 1),
        (("admin",), ("publish", "PATH", "--from", "2020-01-01"), 0),
    ],
)
def test_a_token_opens_what_its_scopes_say(
    own: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    scopes: tuple[str, ...],
    command: tuple[str, ...],
    code: int,
) -> None:
    second = token(own, "second", *scopes)
    path = size(folder, SIZE)
    own("publish", path)
    name = proposed(own, size(folder, FROM_SEVENTY))
    monkeypatch.setenv("FAIRLEAD_TOKEN", second)

    answer = own(*(str(path) if part == "PATH" else name if part == "NAME" else part for part in command))

    assert answer.exit_code == code, answer.stderr


def test_a_token_that_opens_nothing_is_told(own: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRLEAD_TOKEN", "fl_nothing")

    answer = own("publish", folder, "--lang", "zh")

    assert (answer.exit_code, "令牌无效" in answer.stderr) == (1, True)


def test_variables_make_nobody_else(own: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own("publish", folder)
    name = proposed(own, size(folder, FROM_SEVENTY))
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "somebody-else")

    assert own("approve", name).exit_code == 1


def test_what_is_exported_checks_and_publishes_as_unchanged(run: Run, tmp_path: Path, rules: Path) -> None:
    run("publish", rules / "vocabulary.yaml")
    live = tmp_path / "live"

    exported = run("export", live)

    assert (exported.exit_code, "documents: 10" in exported.stderr) == (0, True)
    assert run("check", live).exit_code == 0
    published = run("publish", live)
    assert published.exit_code == 0
    assert {line.split()[0] for line in published.stdout.splitlines()} == {"unchanged"}
    assert (run("export", live).exit_code, run("export", live / "vocabulary.yaml").exit_code) == (1, 2)


def test_the_past_and_one_policy_can_be_exported(own: Run, folder: Path, tmp_path: Path) -> None:
    own("publish", folder)

    one = json.loads(own("export", tmp_path / "one", "--policy", "scorecard.size", "--json").stdout)
    near = own("export", tmp_path / "none", "--policy", "scorecard.sise")
    before = own("export", tmp_path / "before", "--on", "1999-12-31")

    assert [Path(each).name for each in one["files"]] == ["size.yaml", "vocabulary.yaml"]
    assert (near.exit_code, "did you mean `scorecard.size`" in near.stderr) == (2, True)
    assert (before.exit_code, (tmp_path / "before").exists()) == (2, False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("publish",), 2),
        (("publish", "nothing.yaml"), 2),
        (("publish", "EMPTY"), 2),
        (("publish", "FOLDER", "--from", "tomorrow"), 2),
        (("approve", "nothing"), 1),
        (("decline", "nothing"), 2),
        (("decline", "nothing", "--comment", "no"), 1),
        (("revisions", "scorecard.none"), 1),
        (("rollback", "scorecard.none"), 1),
        (("rollback", "scorecard.size"), 1),
        (("rollback", "scorecard.size", "--to", "0"), 2),
    ],
)
def test_what_cannot_be_done_is_told(
    own: Run, folder: Path, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    (tmp_path / "empty").mkdir()
    own("publish", folder)
    places = {"FOLDER": folder, "EMPTY": tmp_path / "empty"}

    answer = own(*(places.get(each, each) for each in arguments))

    assert (answer.exit_code, bool(answer.stderr)) == (code, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("rollback", "scorecard.sise"),
        ("recompute", "--policy", "scorecard.sise"),
        ("signals", "--policy", "scorecard.sise"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("language", "said"), [("en", "did you mean `scorecard.size`"), ("zh", "是否想写 `scorecard.size`")]
)
def test_a_policy_nobody_knows_is_told_with_the_one_meant(
    own: Run, folder: Path, arguments: tuple[str, ...], language: str, said: str
) -> None:
    own("publish", folder)

    answer = own(*arguments, "--lang", language)

    assert answer.exit_code in (1, 2)
    assert said in answer.stderr
    assert own("jobs", "--json").stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "PATH", "--note", "\udcff"),
        ("approve", "\udcff"),
        ("approve", "NAME", "--comment", "\udcff"),
        ("decline", "NAME", "--comment", "\x1b[2J"),
        ("rollback", "\udcff"),
        ("rollback", "\udcff", "--json"),
        ("revisions", "\udcff"),
        ("export", "TO", "--policy", "\udcff"),
        ("recompute", "--policy", "\udcff"),
        ("signals", "--policy", "\udcff"),
    ],
)
def test_bytes_that_are_no_text_are_refused(own: Run, folder: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    own("publish", folder)
    name = proposed(own, size(folder, FROM_SEVENTY))
    path = size(folder, FROM_SEVENTY.replace("Many", "Very many"))
    places = {"PATH": path, "NAME": name, "TO": tmp_path / "to"}

    answer = own(*(places.get(each, each) for each in arguments))

    assert isinstance(answer.exception, SystemExit), answer.exception  # said, not failed
    assert (answer.exit_code in (1, 2), bool(answer.stderr)) == (True, True)
    assert [each["state"] for each in json.loads(own("proposals", "--all", "--json").stdout)] == ["open"]


def test_a_note_with_lines_stays_in_its_line(own: Run, folder: Path) -> None:
    own("publish", folder)
    own("publish", size(folder, FROM_SEVENTY), "--note", "fewer\n* scorecard.size 9")

    listed = own("proposals").stdout.splitlines()

    assert listed[0].endswith("  fewer * scorecard.size 9")
    assert len(listed) == 2


def test_empty_lists_say_so(own: Run, folder: Path) -> None:
    assert "nothing is published" in own("revisions").stderr
    own("publish", folder)
    assert "no proposal waits" in own("proposals").stderr
    assert "there are no proposals" in own("proposals", "--all").stderr
    assert json.loads(own("proposals", "--json").stdout) == []


def test_decided_proposals_are_shown_when_asked_for(own: Run, folder: Path) -> None:
    own("publish", folder)
    name = proposed(own, size(folder, FROM_SEVENTY))
    waiting = own("publish", folder / "scorecard" / "size.yaml")
    withdrawn = own("decline", name, "--comment", "a slip")

    assert f"waits already as {name}" in waiting.stderr
    assert "withdrew" in withdrawn.stderr
    assert own("proposals").stdout == ""
    assert own("proposals", "--all", "--lang", "zh").stdout.splitlines()[0].startswith(f"{name}  已撤回")
    assert json.loads(own("proposals", "--all", "--json").stdout)[0]["remark"] == "a slip"


def test_an_empty_record_gets_what_is_sound_and_the_rest_is_named(own: Run, folder: Path) -> None:
    (folder / "scorecard" / "bad.yaml").write_text("policy: scorecard.bad\n", "utf-8")

    told = own("publish", folder / "scorecard" / "size.yaml")

    assert (told.exit_code, told.stdout) == (0, "unchanged  scorecard.size\n")
    assert f"{folder}/scorecard/bad.yaml:1:1: error missing-key" in told.stderr
    assert f"not published from `{folder}`, because of errors: scorecard.bad; fairlead check" in told.stderr


@pytest.mark.parametrize(("language", "said"), [("en", "none could be published from"), ("zh", "也无法从")])
def test_an_empty_record_without_the_folder_is_told(
    own: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("FAIRLEAD_RULES", str(folder / "nowhere"))

    told = own("publish", folder, "--lang", language)

    assert (told.exit_code, said in told.stderr, "folder-unreadable" in told.stderr) == (2, True, True)
