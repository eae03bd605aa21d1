"""Coming in, going out, passwords, and who may see which page."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from policy.model.instants import zone
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin import guard
from webadmin.access import making, passwords, signing
from webadmin.access.rights import RIGHTS, Right
from webadmin.access.signing import Closed
from webadmin.decisions.service import clock, today
from webadmin.store import attempts, logins
from webadmin.store.days import TIME_ZONE
from webadmin.store.logins import Reach, Role
from webadmin.store.revisions import Act


@pytest.fixture
def fresh(rules: Path, make_app: MakeApp) -> Flask:
    """Return an application without logins."""
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


def act() -> Act:
    now = clock()
    return Act("cli:test", now, today(now))


def made(app: Flask, name: str, role: Role = Role.ADMIN, *, must_change: bool = False) -> str:
    """Make a login and return its password."""
    return making.make(app.extensions["record"], name, Reach(role), act(), must_change=must_change)


def come(client: FlaskClient, name: str, password: str, **more: str) -> int:
    return client.post("/login", data={"name": name, "password": password, **more}).status_code


def test_without_a_login_every_page_leads_to_the_door(fresh: Flask) -> None:
    client = fresh.test_client()

    answer = client.get("/policies/approval.order?x=1")

    assert (answer.status_code, answer.location) == (303, "/login?next=/policies/approval.order?x%3D1")
    assert "fairlead login add" in client.get("/login").text


def test_name_and_password_open_and_lead_on(fresh: Flask) -> None:
    password = made(fresh, "wang")
    client = fresh.test_client()

    answer = client.post("/login", data={"name": "wang", "password": password, "next": "/help"})

    assert (answer.status_code, answer.location) == (303, "/help")
    assert client.get("/policies").status_code == 200
    assert "fairlead login add" not in fresh.test_client().get("/login").text


@pytest.mark.parametrize("target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"])
def test_nobody_is_led_elsewhere(fresh: Flask, target: str) -> None:
    password = made(fresh, "wang")

    answer = fresh.test_client().post("/login", data={"name": "wang", "password": password, "next": target})

    assert answer.location == "/"


def test_a_wrong_name_and_a_wrong_password_are_told_alike(fresh: Flask) -> None:
    made(fresh, "wang")
    client = fresh.test_client()

    answers = [client.post("/login", data={"name": name, "password": "no"}) for name in ("wang", "nobody")]

    texts = [re.sub(r'name="csrf_token" value="[^"]*"', "", each.text) for each in answers]  # it says the second
    assert {each.status_code for each in answers} == {401}
    assert texts[0].replace("wang", "") == texts[1].replace("nobody", "")


def test_attempts_are_throttled_for_all_processes_together(fresh: Flask) -> None:
    password = made(fresh, "wang")
    record, now = fresh.extensions["record"], clock()

    for _ in range(attempts.FREE):
        found = signing.sign_in(record, "wang", "no", "192.0.2.1", now)

    assert isinstance(found, Closed)
    assert found.until == now + attempts.FIRST
    assert isinstance(signing.sign_in(record, "wang", password, "192.0.2.2", now), Closed)  # even with the right one
    later = signing.sign_in(record, "WANG".lower(), password, "192.0.2.2", found.until)
    assert later is not None
    assert not isinstance(later, Closed)
    assert signing.sign_in(record, "wang", "no", "192.0.2.1", found.until) is None  # the count began anew


def test_a_shut_door_says_until_when(fresh: Flask) -> None:
    made(fresh, "wang")
    client = fresh.test_client()

    statuses = [come(client, "wang", "no") for _ in range(attempts.FREE + 1)]

    assert statuses == [401] * (attempts.FREE - 1) + [429, 429]
    shut = client.post("/login", data={"name": "wang", "password": "no"}, headers={"Accept-Language": "zh"})
    assert int(shut.headers["Retry-After"]) > 0
    said = re.search(r"请于 ([0-9:]+) 后再试", shut.text)
    assert said is not None
    here = clock().astimezone(zone(TIME_ZONE))
    until = here.replace(**dict(zip(("hour", "minute", "second"), map(int, said[1].split(":")), strict=True)))
    assert (until - here) % timedelta(days=1) <= timedelta(minutes=5)  # by the clocks where the organisation is


def test_a_new_password_ends_every_other_session(fresh: Flask) -> None:
    password = made(fresh, "wang")
    here, there = fresh.test_client(), fresh.test_client()
    for each in (here, there):
        come(each, "wang", password)

    answer = here.post("/account", data={"old": password, "new": "ten sheep and a dog", "next": "/help"})

    assert (answer.status_code, answer.location) == (303, "/help")
    assert here.get("/policies").status_code == 200
    assert there.get("/policies").status_code == 303
    assert come(fresh.test_client(), "wang", password) == 401
    assert come(fresh.test_client(), "wang", "ten sheep and a dog") == 303


@pytest.mark.parametrize("new", ["short", "x" * 201, "wangwangwang", "password12345", "aaaaaaaaaaaa"])
def test_a_weak_password_is_refused(fresh: Flask, new: str) -> None:
    password = made(fresh, "wang")
    client = fresh.test_client()
    come(client, "wang", password)

    answer = client.post("/account", data={"old": password, "new": new})

    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert come(fresh.test_client(), "wang", password) == 303


def test_a_password_somebody_else_chose_must_be_changed_first(fresh: Flask) -> None:
    password = made(fresh, "wang", must_change=True)
    client = fresh.test_client()
    come(client, "wang", password)

    assert client.get("/policies").location == "/account?next=/policies"
    client.post("/account", data={"old": password, "new": "ten sheep and a dog"})
    assert client.get("/policies").status_code == 200


def test_going_out_ends_the_session(fresh: Flask) -> None:
    client = signed_in(fresh)

    assert client.post("/logout").location == "/login"
    assert client.get("/policies").status_code == 303


def test_the_session_is_begun_anew_when_somebody_comes_in(fresh: Flask) -> None:
    password = made(fresh, "wang")
    client = fresh.test_client()
    with client.session_transaction() as session:
        session["left"] = "by somebody else"
    come(client, "wang", password)

    with client.session_transaction() as session:
        assert "left" not in session


def test_every_page_says_who_may_see_it(app: Flask) -> None:
    for each in app.view_functions:
        if each != "static":
            guard.needed(app, each)  # the application does not start otherwise


def test_an_undeclared_page_does_not_start(rules: Path, make_app: MakeApp) -> None:
    made = make_app(rules=rules)
    made.add_url_rule("/secret", "secret", view_func=lambda: "")

    with pytest.raises(guard.UndeclaredError, match="secret"):
        guard.init(made)


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_what_its_rights_give(fresh: Flask, role: Role) -> None:
    client = signed_in(fresh, role)

    for rule in fresh.url_map.iter_rules():
        if rule.methods is None or "GET" not in rule.methods or rule.arguments or rule.endpoint == "static":
            continue
        rights = guard.needed(fresh, rule.endpoint)
        allowed = rights is None or not rights or bool(RIGHTS[role] & set(rights))
        assert (client.get(rule.rule).status_code == 403) is (not allowed), rule.rule


def test_only_administrators_look_after_logins() -> None:
    assert [role for role in Role if Right.LOGINS in RIGHTS[role]] == [Role.ADMIN]


def test_light_and_dark_are_remembered(client: FlaskClient) -> None:
    client.post("/theme/dark", data={"back": "/help"})

    assert 'data-theme="dark"' in client.get("/help").text
    assert client.post("/theme/pink").status_code == 404


def test_a_hash_is_made_as_owasp_advises_and_anew_where_it_was_not(
    fresh: Flask, hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = made(fresh, "wang")
    monkeypatch.setattr(passwords, "HASHER", hasher)

    came = [come(fresh.test_client(), "wang", password) for _ in range(2)]

    with fresh.extensions["record"].engine.connect() as connection:
        found = logins.find(connection, "wang")
    assert came == [303, 303]
    assert found is not None
    assert str(found.password).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_made_up_is_never_the_same_and_never_weak() -> None:
    found = [passwords.made_up() for _ in range(50)]

    assert len(set(found)) == 50
    assert {passwords.weakness(each, "wang") for each in found} == {None}
