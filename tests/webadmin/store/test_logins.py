"""Logins: apart from the people, one that is open for each of them, closed without touching the person."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.store import audit, logins, roster, standing
from webadmin.store.audit import Action
from webadmin.store.dated import Of
from webadmin.store.logins import Refusal, Role
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT
from webadmin.store.things import Change, Thing


@pytest.fixture
def manned(record: Record, alice: Act) -> Record:
    """Return a record with one person."""
    things = [Thing(Of.PERSON, "a", "王芳")]
    changes = [Change(Of.PERSON, "a", "status", "active", TODAY)]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, alice))
    return record


def create(record: Record, name: str, act: Act, person: str | None = None) -> str:
    role = Role.ADMIN if person is None else Role.ACCOUNT_MANAGER
    return record.writer.write(lambda transaction: logins.create(transaction, name, role, act, person=person))


def disable(record: Record, name: str, act: Act) -> bool:
    return record.writer.write(lambda transaction: logins.disable(transaction, name, act))


def test_a_login_is_made_without_a_password_and_noted(manned: Record, alice: Act) -> None:
    create(manned, "wangfang", alice, "a")

    with manned.engine.connect() as connection:
        found = logins.find(connection, "wangfang")
        entry = connection.execute(select(AUDIT).where(AUDIT.c.object == "login:wangfang")).one()
    assert found is not None
    assert (found.person_id, found.role, found.password, found.disabled_at) == ("a", "account-manager", None, None)
    assert (entry.action, json.loads(entry.body)["what"]["person"]) == ("login-made", "a")


def test_closing_a_login_leaves_the_person_and_makes_room_for_another(manned: Record, alice: Act) -> None:
    create(manned, "wangfang", alice, "a")

    assert [disable(manned, "wangfang", alice), disable(manned, "wangfang", alice)] == [True, False]
    create(manned, "wangfang2", alice, "a")

    with manned.engine.connect() as connection:
        assert standing.present(connection, TODAY) == ["a"]
        assert [row.name for row in logins.of_person(connection, "a")] == ["wangfang", "wangfang2"]


@pytest.mark.parametrize(
    ("name", "person", "why"),
    [
        ("wangfang", None, Refusal.TAKEN),
        ("other", "a", Refusal.SECOND),
        ("other", "nobody", Refusal.PERSON),
    ],
)
def test_what_cannot_be_is_refused(manned: Record, alice: Act, name: str, person: str | None, why: Refusal) -> None:
    create(manned, "wangfang", alice, "a")

    with pytest.raises(RefusedError) as caught:
        create(manned, name, alice, person)
    assert caught.value.why is why


def test_an_unknown_login_cannot_be_closed(record: Record, alice: Act) -> None:
    with pytest.raises(RefusedError) as caught:
        disable(record, "nobody", alice)
    assert caught.value.why is Refusal.UNKNOWN


def test_what_a_person_has_read_stands_in_the_audit(manned: Record, alice: Act) -> None:
    create(manned, "wangfang", alice, "a")

    def read(actor: str, of: str) -> None:
        manned.writer.write(lambda transaction: audit.note(transaction, NOW, actor, Action.READ, of))

    read("login:wangfang", "customer:c-1")
    read("login:wangfang", "customer:c-2")
    read("login:other", "customer:c-3")

    with manned.engine.connect() as connection:
        found = standing.reads_of(connection, "a", NOW, NOW.replace(hour=23))
        assert [row.object for row in found] == ["customer:c-1", "customer:c-2"]
        assert standing.reads_of(connection, "a", NOW.replace(hour=9), NOW.replace(hour=23)) == []
