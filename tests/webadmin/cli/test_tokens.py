"""`fairlead token`: made and shown once, listed without the secret, revoked; each with its audit entry."""

from __future__ import annotations

import json
import os

import pytest
from sqlalchemy import select

from tests.webadmin.cli.conftest import Run
from webadmin.access.scopes import READABLE, Scope
from webadmin.cli import tokens
from webadmin.store.record import Record
from webadmin.store.tables import AUDIT

CREATE = ("token", "create", "crm", "--scope", "decide")


def test_a_token_is_shown_once_and_listed_without_it(run: Run) -> None:
    made = run(*CREATE, "--class", "pay", "--expires", "12h", "--per-minute", "7")
    listed = run("token", "list", "--json")

    secret = made.stdout.strip()
    assert (made.exit_code, secret[:3], len(secret)) == (0, "fl_", 46)
    assert "made the token" in made.stderr
    assert secret not in listed.stdout
    [told] = json.loads(listed.stdout)
    assert (told["client"], told["state"], told["scopes"], told["classes"], told["per_minute"]) == (
        "crm", "live", ["decide"], ["pay"], 7,
    )  # fmt: skip


def test_two_live_at_a_time_and_one_gives_way(run: Run) -> None:
    first = json.loads(run(*CREATE, "--json").stdout)["id"]
    run(*CREATE)

    third = run(*CREATE)
    revoked = run("token", "revoke", first)

    assert (third.exit_code, "revoke one first" in third.stderr) == (1, True)
    assert (revoked.exit_code, "opens nothing within a second" in revoked.stderr) == (0, True)
    assert run(*CREATE).exit_code == 0
    assert [line.split()[2] for line in run("token", "list").stdout.splitlines()] == ["revoked", "live", "live"]


def test_who_made_and_revoked_it_is_on_record(run: Run) -> None:
    name = json.loads(run(*CREATE, "--json").stdout)["id"]
    run("token", "revoke", name)

    record = Record.open(os.environ["DATABASE_URL"])
    with record.engine.connect() as connection:
        rows = connection.execute(select(AUDIT.c.action, AUDIT.c.actor).where(AUDIT.c.object == name)).all()
    record.close()

    assert [row.action for row in rows] == ["token-made", "token-revoked"]
    assert all(row.actor.startswith("cli:") for row in rows)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("token", "revoke", "nothing"), 1),
        (("token", "create", "a b", "--scope", "read"), 2),
        (("token", "create", "crm"), 2),
        (("token", "create", "crm", "--scope", "everything"), 2),
        ((*CREATE, "--class", "identity"), 2),
        ((*CREATE, "--expires", "tomorrow"), 2),
        ((*CREATE, "--expires", "0d"), 2),
        ((*CREATE, "--expires", "3650d"), 2),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, arguments: tuple[str, ...], code: int) -> None:
    answer = run(*arguments)

    assert answer.exit_code == code
    assert answer.stderr


def test_a_revoked_token_is_not_revoked_again(run: Run) -> None:
    name = json.loads(run(*CREATE, "--json").stdout)["id"]
    run("token", "revoke", name)

    again = run("token", "revoke", name, "--lang", "zh")

    assert (again.exit_code, "已经撤销" in again.stderr) == (1, True)


def test_an_empty_list_says_so(run: Run) -> None:
    assert "there are no tokens" in run("token", "list").stderr


def test_the_command_offers_what_the_api_knows() -> None:
    assert set(tokens.SCOPES) == set(map(str, Scope))
    assert {"open", *tokens.CLASSES} == set(map(str, READABLE))
