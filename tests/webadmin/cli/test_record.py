"""`fairlead verify`, `erase`, `backup` and `restore` as they are called."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policy.values import Language
from tests.webadmin.store.conftest import NOW
from webadmin.cli import main
from webadmin.decisions.service import clock
from webadmin.settings import load
from webadmin.store import audit, events
from webadmin.store.audit import Action
from webadmin.store.heads import Place
from webadmin.store.record import Export, Record
from webadmin.store.writer import Transaction


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a record with a few entries, which the settings name."""
    file = tmp_path / "var" / "fairlead.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("FAIRLEAD_LANG", "en")
    monkeypatch.delenv("FAIRLEAD_HEADS", raising=False)
    monkeypatch.delenv("FAIRLEAD_HEAD_KEY", raising=False)
    record = Record.open(os.environ["DATABASE_URL"], Export(Place.at(file.parent / "fairlead.heads.json", {}), clock))

    def work(transaction: Transaction) -> None:
        for number in range(5):
            audit.note(transaction, NOW, "cli:root", Action.READ, f"c{number}")
        event = {"id": "1", "source": "crm", "type": "contact", "subject": "am-07", "time": NOW.isoformat(), "data": {}}
        events.append(transaction, event, actor="client:crm", now=NOW)

    record.writer.write(work)
    record.close()
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def tamper(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_sound_record_holds() -> None:
    result = run("verify")

    assert result.exit_code == 0, result.output
    assert "everything holds" in result.stderr
    assert "5 audit entries" in result.stdout


def test_what_is_wrong_is_named(database: Path) -> None:
    tamper(database, "UPDATE audit SET actor = 'cli:boot' WHERE object IN ('c2', 'c3')")

    result = run("verify")

    assert result.exit_code == 1
    assert "✗ audit entries 3 (" in result.stdout
    assert "the column `actor` is not what the content says" in result.stdout
    assert "audit entries: further ones of the sort column-altered: 1" in result.stdout


def test_a_cut_end_is_named_in_chinese(database: Path) -> None:
    tamper(database, "DELETE FROM chain_entries WHERE chain = 'audit' AND seq > 3")

    result = run("verify", "--lang", "zh")

    assert result.exit_code == 1
    assert "末尾被截断" in result.stdout


def test_json_names_the_same(database: Path) -> None:
    tamper(database, "DELETE FROM audit WHERE object = 'c2'")

    found = json.loads(run("verify", "--json").stdout)

    assert found["holds"] is False
    assert (found["first"]["audit"]["wrong"], found["first"]["audit"]["seq"]) == ("row-missing", 3)


def test_verifying_writes_nothing(database: Path) -> None:
    for path in database.parent.glob("fairlead.heads*"):
        path.unlink()

    result = run("verify")

    assert result.exit_code == 0
    assert "there are no exported heads" in result.stdout
    assert list(database.parent.glob("fairlead.heads*")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--recompute", "some"), "--recompute"),
        (("--only", "people"), "--only"),
        (("--only", "audit:x"), "--only"),
    ],
)
def test_wrong_use_is_said(arguments: tuple[str, ...], said: str) -> None:
    result = run("verify", *arguments)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_part_is_verified() -> None:
    result = run("verify", "--only", "audit:2-3", "--recompute", "none")

    assert result.exit_code == 0
    assert "only audit entries 2 to 3 were checked" in result.stdout


def test_a_database_that_is_not_there_is_not_made(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}.other")

    result = run("verify")

    assert result.exit_code == 2
    assert not Path(f"{database}.other").exists()


def test_somebody_is_erased_and_verification_says_so() -> None:
    result = run("erase", "am-07", "--reason", "asked for")

    assert result.exit_code == 0, result.output
    assert "emptied: events 1" in result.stdout
    verified = run("verify")
    assert verified.exit_code == 0, verified.output
    assert "1 row emptied" in verified.stdout
    assert "because: asked for" in verified.stdout


@pytest.mark.parametrize(
    ("person", "reason", "said"),
    [
        ("nobody", "asked for", "nobody in the record is known"),
        ("am-07", "am-07 asked", "names the person"),
        ("am-07", "", "the reason is blank"),
        ("am-07", " \u3000", "the reason is blank"),
    ],
)
def test_what_cannot_be_erased_is_said(person: str, reason: str, said: str) -> None:
    result = run("erase", person, "--reason", reason)

    assert result.exit_code == 1
    assert said in result.stderr


def test_what_would_be_erased_is_said_and_stays() -> None:
    dry = run("erase", "am-07", "--reason", "asked for", "--dry-run")
    told = json.loads(run("erase", "am-07", "--reason", "asked for", "--dry-run", "--json").stdout)
    unknown = run("erase", "nobody", "--reason", "asked for", "--dry-run")
    blank = run("erase", "am-07", "--reason", "", "--dry-run")

    assert (dry.exit_code, unknown.exit_code, blank.exit_code) == (0, 1, 1)
    assert "emptied: events 1" in dry.stdout
    assert "nothing was erased" in dry.stderr
    assert (told["dry_run"], told["emptied"], "entry" in told) == (True, {"events": 1}, False)
    assert "rows emptied" not in run("verify").stdout
    assert json.loads(run("erase", "am-07", "--reason", "asked for", "--json").stdout)["emptied"] == {"events": 1}


def test_erasing_is_told_as_json() -> None:
    found = json.loads(run("erase", "am-07", "--reason", "asked for", "--json").stdout)

    assert (found["emptied"], found["clean"]) == ({"events": 1}, True)


def test_a_backup_comes_back(database: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    assert run("backup", str(backup)).exit_code == 0
    database.unlink()

    result = run("restore", str(backup))

    assert result.exit_code == 0, result.output
    assert run("verify").exit_code == 0


def test_a_backup_is_told_as_json(tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"

    found = json.loads(run("backup", str(backup), "--json").stdout)

    assert found["bytes"] == backup.stat().st_size
    restored = json.loads(run("restore", str(backup), "--json").stdout)
    assert restored["report"]["holds"] is True


def test_newer_heads_are_minded_in_both_languages(tmp_path: Path) -> None:
    backup = str(tmp_path / "backup.db")
    run("backup", backup)
    run("erase", "am-07", "--reason", "asked for")

    for language, said in ((Language.EN, "add --force"), (Language.ZH, "加上 --force")):
        result = run("restore", backup, "--lang", str(language))
        assert result.exit_code == 1
        assert said in result.stderr

    assert run("restore", backup, "--force").exit_code == 0
    assert run("verify").exit_code == 0


def test_an_unsound_backup_shows_why(database: Path, tmp_path: Path) -> None:
    tamper(database, "UPDATE audit SET actor = 'cli:boot' WHERE object = 'c2'")
    run("backup", str(tmp_path / "backup.db"))

    result = run("restore", str(tmp_path / "backup.db"))

    assert result.exit_code == 1
    assert "✗ audit entries 3" in result.stdout
    assert "--accept-findings" in result.stderr

    assert run("restore", str(tmp_path / "backup.db"), "--force").exit_code == 1
    assert "the audit entry is" not in run("restore", str(tmp_path / "backup.db"), "--force").stderr
    accepted = run("restore", str(tmp_path / "backup.db"), "--accept-findings")
    assert accepted.exit_code == 1
    assert "✗ audit entries 3" in accepted.stdout
    assert "the audit entry is" in accepted.stderr


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_folder_that_is_not_there_is_said(command: str, tmp_path: Path) -> None:
    result = run(command, str(tmp_path / "nowhere" / "b.db"))

    assert result.exit_code == 1
    assert "nowhere" in result.stderr


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "is there already: choose another name"),
        (Language.ZH, "已存在：请换一个文件名"),
    ],
)
def test_a_refusal_begins_with_its_code_and_ends_with_what_to_do(tmp_path: Path, language: Language, said: str) -> None:
    (tmp_path / "b.db").write_bytes(b"")

    result = run("backup", str(tmp_path / "b.db"), "--lang", str(language))

    assert result.exit_code == 1
    assert result.stderr.startswith("backup-exists: ")
    assert said in result.stderr


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_server_that_is_away_is_said_without_its_password(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:open-sesame@127.0.0.1:1/none")
    file = tmp_path / "b.dump"
    if command == "restore":
        file.write_bytes(b"PGDMP")

    result = run(command, str(file))

    assert result.exit_code == 2
    assert "127.0.0.1:1/none" in result.stderr
    assert "open-sesame" not in result.stderr
    assert file.exists() == (command == "restore")


def test_a_key_too_short_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRLEAD_HEAD_KEY", "short")

    result = run("erase", "am-07", "--reason", "asked for")

    assert result.exit_code == 2
    assert "FAIRLEAD_HEAD_KEY" in result.stderr


@pytest.mark.parametrize(
    ("environment", "heads"),
    [
        ({"DATABASE_URL": "sqlite:///data/a.db"}, "data/a.heads.json"),
        ({"DATABASE_URL": "postgresql://u@h/n"}, "var/n.heads.json"),
        ({"FAIRLEAD_HEADS": "/elsewhere/heads.json"}, "/elsewhere/heads.json"),
    ],
)
def test_where_heads_lie(environment: dict[str, str], heads: str) -> None:
    assert str(load(environment).heads_file()) == heads


def test_two_databases_in_a_folder_have_heads_of_their_own(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database.parent}/second.db")

    made = run("token", "create", "crm", "--scope", "read")
    of_second = run("verify")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    of_first = run("verify")

    assert [each.exit_code for each in (made, of_second, of_first)] == [0, 0, 0], of_second.output + of_first.output
    assert {each.name for each in database.parent.glob("*.json")} == {"fairlead.heads.json", "second.heads.json"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_heads_of_another_database_are_refused_before_anything_is_written(
    database: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    heads = database.parent / "fairlead.heads.json"
    before = heads.read_bytes()
    monkeypatch.setenv("FAIRLEAD_HEADS", str(heads))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database.parent}/second.db")

    refused = run("token", "create", "crm", "--scope", "read", "--lang", language)

    said = {"en": f"`{heads}` holds the heads of another database", "zh": f"`{heads}` 是另一个数据库的链首"}[language]
    assert (refused.exit_code, said in refused.stderr, "FAIRLEAD_HEADS" in refused.stderr) == (2, True, True)
    assert heads.read_bytes() == before
    with closing(sqlite3.connect(database.parent / "second.db")) as connection:
        assert connection.execute("SELECT count(*) FROM tokens").fetchone() == (0,)


def test_heads_begun_under_the_plain_name_are_gone_on_with(database: Path) -> None:
    for each in sorted(database.parent.glob("fairlead.heads.*")):
        each.rename(each.with_name(each.name.removeprefix("fairlead.")))
    before = (database.parent / "heads.json").read_bytes()

    run("token", "create", "crm", "--scope", "read")

    assert (database.parent / "heads.json").read_bytes() != before
    assert not (database.parent / "fairlead.heads.json").exists()
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite:///{folder}", "the database sqlite:///{folder} cannot be opened (unable to open database file)"),
        ("sqlite:///{folder}/noise", "cannot be opened (file is not a database): check DATABASE_URL"),
        (
            "postgresql://u:secret@127.0.0.1:1/n",
            "the database postgresql+psycopg://u:***@127.0.0.1:1/n cannot be opened",
        ),
        ("sqlite:////dev/null/x.db", "there is no key to sign the heads with (/dev/null/x.heads.key)"),
    ],
    ids=["a folder", "noise", "nobody listens", "no folder"],
)
def test_a_database_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(1, 251)) * 20)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", address.format(folder=tmp_path))

    listed = run("token", "list")

    assert listed.exit_code == 2
    assert said.format(folder=tmp_path) in listed.stderr
    assert "secret" not in listed.output
