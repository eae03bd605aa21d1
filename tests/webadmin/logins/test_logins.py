"""Looking after logins and tokens: what is shown once, who may change whom, and that somebody always can."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from threading import get_ident
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import login as made_login
from tests.webadmin.signing import signed_in
from webadmin.access import changing, members, signing, tokens
from webadmin.access.changing import Barred
from webadmin.access.members import Member
from webadmin.decisions.service import clock, today
from webadmin.store import logins, roster
from webadmin.store.dated import Of
from webadmin.store.logins import Reach, Refusal, Role
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT, TOKENS
from webadmin.store.things import Thing

EN = {"Accept-Language": "en"}
SECRET = re.compile(r'class="secret"><code>([^<]+)<')


@pytest.fixture
def site(make_app: MakeApp, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    made = make_app(rules=tmp_path_factory.mktemp("none"))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    things = [Thing(Of.PERSON, "am-1", "李伟", "Li Wei"), Thing(Of.TEAM, "t-1", "上海", "Shanghai")]
    things.append(Thing(Of.TEAM, "t-2", "北京", "Beijing"))
    act = acting()
    record_of(made).writer.write(lambda transaction: roster.apply(transaction, things, [], act, "test"))
    return made


def acting() -> Act:
    now = clock()
    return Act("cli:test", now, today(now))


def record_of(app: Flask) -> Record:
    found: Record = app.extensions["record"]
    return found


def row(app: Flask, name: str) -> Any:
    with record_of(app).engine.connect() as connection:
        return logins.find(connection, name)


def member(app: Flask, name: str, reach: Reach | None = None) -> Member:
    """Return a login, made where there is none of that name, with this reach."""
    made_login(record_of(app), Role.ADMIN, name)
    if reach is not None:
        act = acting()
        record_of(app).writer.write(lambda transaction: logins.set_reach(transaction, name, reach, act))
    return members.member_of(row(app, name))


def audited(app: Flask, action: str) -> list[Any]:
    with record_of(app).engine.connect() as connection:
        return list(connection.execute(select(AUDIT.c.actor, AUDIT.c.object).where(AUDIT.c.action == action)))


def make(client: FlaskClient, **data: Any) -> Any:
    sent = {"name": "li.wei", "role": "account-manager", "person": "am-1", **data}
    return client.post("/logins/new", data=sent, headers=EN)


def test_a_login_is_made_with_a_password_that_opens_it_and_is_nowhere_else(site: Flask) -> None:
    client = signed_in(site)

    answer = make(client, role="manager", kinds=["approval"], teams=["t-1"])

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = SECRET.search(answer.text)[1]  # type: ignore[index]
    found = signing.sign_in(record_of(site), "li.wei", password, "here", clock())
    assert isinstance(found, Member)
    assert (found.role, found.person, found.kinds, found.teams) == (
        Role.MANAGER,
        "am-1",
        frozenset({"approval"}),
        frozenset({"t-1"}),
    )
    assert found.must_change
    assert ("login:admin", "login:li.wei") in audited(site, "login-made")
    listed = client.get("/logins", headers=EN).text
    assert "Li Wei" in listed
    assert "Shanghai" in listed
    assert password not in listed + client.get(f"/logins/{found.login}", headers=EN).text


WRONG = [
    ({"name": ""}, "This is needed."),
    ({"name": "admin"}, "There is a login of that name already"),
    ({"name": "a b"}, "Only letters, digits"),
    ({"name": "<script>x</script>"}, "Only letters, digits"),
    ({"name": "n\n"}, "Only letters, digits"),
    ({"name": "a" * 10_000}, "At most 100 characters."),
    ({"person": ""}, "say who it is"),
    ({"person": "nobody"}, "There is no such person"),
    ({"person": "hr:7"}, "There is no such person"),
    ({"person": "x" * 10_000}, "At most 200 characters."),
    ({"role": "king"}, 'aria-invalid="true"'),
    ({"role": "manager", "teams": ["t-9"]}, 'id="teams-error"'),
    ({"role": "manager", "kinds": ["magic"]}, 'id="kinds-error"'),
]


@pytest.mark.parametrize(("data", "said"), WRONG)
def test_a_login_that_cannot_be_is_refused_beside_the_field(site: Flask, data: dict[str, Any], said: str) -> None:
    answer = make(signed_in(site), **data)

    assert answer.status_code == 422
    assert said in answer.text
    assert "<script>x" not in answer.text
    with record_of(site).engine.connect() as connection:
        assert [each.name for each in logins.everybody(connection)] == ["admin"]


def test_a_person_has_one_open_login(site: Flask) -> None:
    client = signed_in(site)
    make(client)

    again = make(client, name="other")

    assert again.status_code == 422
    assert "close that one first" in again.text
    client.post(f"/logins/{row(site, 'li.wei').id}/close")
    assert make(client, name="other").status_code == 200


def test_a_new_password_ends_the_sessions_and_the_old_password(site: Flask) -> None:
    client = signed_in(site)
    first = SECRET.search(make(client).text)[1]  # type: ignore[index]
    before = row(site, "li.wei")

    second = SECRET.search(client.post(f"/logins/{before.id}/password", headers=EN).text)[1]  # type: ignore[index]

    assert row(site, "li.wei").stamp != before.stamp
    assert signing.sign_in(record_of(site), "li.wei", first, "here", clock()) is None
    assert isinstance(signing.sign_in(record_of(site), "li.wei", second, "here", clock()), Member)


def test_reach_changes_from_the_next_request_on(site: Flask) -> None:
    client = signed_in(site)
    other = signed_in(site, Role.ADMIN, "second")
    name = row(site, "second").id
    assert other.get("/logins").status_code == 200

    said = client.post(f"/logins/{name}/reach", data={"role": "auditor"}, headers=EN, follow_redirects=True)

    assert "may do this from its next page on" in said.text
    assert other.get("/logins").status_code == 403
    assert ("login:admin", "login:second") in audited(site, "login-changed")


def test_a_login_that_is_nobodys_becomes_no_account_manager(site: Flask) -> None:
    client = signed_in(site)
    signed_in(site, Role.AUDITOR, "second")

    answer = client.post(f"/logins/{row(site, 'second').id}/reach", data={"role": "account-manager"}, headers=EN)

    assert answer.status_code == 422
    assert "nobody&#39;s" in answer.text
    assert row(site, "second").role == "auditor"


def test_a_closed_login_opens_nothing_and_offers_nothing(site: Flask) -> None:
    client, other = signed_in(site), signed_in(site, Role.AUDITOR, "second")
    name = row(site, "second").id

    client.post(f"/logins/{name}/close")

    assert other.get("/").location.startswith("/login")
    page = client.get(f"/logins/{name}", headers=EN).text
    assert "A closed login stays in the list" in page
    assert 'action="/logins/' not in page
    again = client.post(f"/logins/{name}/password", headers=EN, follow_redirects=True)
    assert "This login is closed" in again.text


@pytest.mark.parametrize(("way", "data"), [("close", {}), ("reach", {"role": "auditor"}), ("password", {})])
def test_nobody_changes_their_own(site: Flask, way: str, data: dict[str, str]) -> None:
    client = signed_in(site)
    before = row(site, "admin")

    answer = client.post(f"/logins/{before.id}/{way}", data=data, headers=EN, follow_redirects=True)

    assert "Nobody changes or closes their own login" in answer.text
    assert row(site, "admin") == before
    assert f'action="/logins/{before.id}' not in client.get(f"/logins/{before.id}").text


CHANGES: list[Callable[[Record, Member, str], object]] = [
    lambda record, by, login: changing.close(record, by, login, acting()),
    lambda record, by, login: changing.set_reach(record, by, login, Reach(Role.AUDITOR), acting()),
    lambda record, by, login: changing.give_password(record, by, login, acting()),
]


@pytest.mark.parametrize("change", CHANGES)
def test_two_who_close_each_other_out_leave_one(site: Flask, change: Callable[[Record, Member, str], object]) -> None:
    """Both requests have begun, so both hold what they were let in as."""
    record, first, second = record_of(site), member(site, "first"), member(site, "second")
    changing.close(record, first, second.login, acting())

    with pytest.raises(RefusedError) as refused:
        change(record, second, first.login)

    assert refused.value.why is Barred.GONE
    assert members.member_of(row(site, "first")) == first


LIMITS = [
    (Reach(Role.ADMIN, ("approval",)), Reach(Role.ADMIN)),
    (Reach(Role.ADMIN, ("approval",)), Reach(Role.ADMIN, ("approval", "penalty"))),
    (Reach(Role.ADMIN, (), ("t-1",)), Reach(Role.ADMIN)),
    (Reach(Role.ADMIN, (), ("t-1",)), Reach(Role.AUDITOR, (), ("t-2",))),
]


@pytest.mark.parametrize(("own", "wider"), LIMITS)
def test_who_is_limited_gives_and_takes_over_nothing_wider(site: Flask, own: Reach, wider: Reach) -> None:
    record, by = record_of(site), member(site, "limited", own)
    other, inside = member(site, "other", wider), member(site, "inside", own)

    for change in CHANGES:
        with pytest.raises(RefusedError) as refused:
            change(record, by, other.login)
        assert refused.value.why is Barred.WIDER
    with pytest.raises(RefusedError):
        changing.set_reach(record, by, inside.login, wider, acting())
    with pytest.raises(RefusedError):
        changing.make(record, by, "new", wider, None, acting())
    with pytest.raises(RefusedError):
        changing.make_token(record, by, wish(), acting())
    changing.make(record, by, "new", replace(own, role=Role.AUDITOR), None, acting())
    changing.close(record, by, inside.login, acting())

    assert members.member_of(row(site, "other")) == other
    assert row(site, "new").role == "auditor"


def test_a_login_that_is_not_there(site: Flask) -> None:
    client = signed_in(site)

    for way in ("", "/close", "/password", "/reach"):
        answer = client.open(f"/logins/none{way}", method="POST" if way else "GET", data={"role": "auditor"})
        assert answer.status_code == 404
    with pytest.raises(RefusedError) as refused:
        changing.close(record_of(site), member(site, "first"), "none", acting())
    assert refused.value.why is Refusal.UNKNOWN


def wish(client: str = "crm") -> tokens.Wish:
    return tokens.Wish(client, frozenset({tokens.Scope.READ}), frozenset(), acting().now.replace(year=2999))


def make_token(browser: FlaskClient, **data: Any) -> Any:
    sent = {"client": "crm", "scopes": ["decide", "read"], "classes": ["pay"], "days": "30", **data}
    return browser.post("/logins/tokens", data=sent, headers=EN)


def test_a_token_is_made_opens_the_api_and_is_revoked(site: Flask) -> None:
    client = signed_in(site)
    assert "No application has a token yet" in client.get("/logins/tokens", headers=EN).text

    secret = SECRET.search(make_token(client, per_minute="77").text)[1]  # type: ignore[index]

    carried = {"Authorization": f"Bearer {secret}"}
    assert site.test_client().get("/api/v1/policies", headers=carried).status_code == 200
    with record_of(site).engine.connect() as connection:
        kept = connection.execute(select(TOKENS)).one()
    assert (kept.scopes, kept.classes, kept.per_minute) == ("decide read", "pay", 77)
    assert (kept.expires_at - kept.created_at).days == 30
    listed = client.get("/logins/tokens", headers=EN).text
    assert "crm" in listed
    assert secret not in listed
    said = client.post(f"/logins/tokens/{kept.id}/revoke", headers=EN, follow_redirects=True)
    assert "is revoked" in said.text
    assert ("login:admin", kept.id) in audited(site, "token-revoked")
    again = client.post(f"/logins/tokens/{kept.id}/revoke", headers=EN, follow_redirects=True)
    assert "This token is revoked already." in again.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"client": ""}, "This is needed."),
        ({"client": "a@b"}, "Only letters, digits"),
        ({"client": "x" * 10_000}, "At most 100 characters."),
        ({"scopes": []}, 'id="scopes-error"'),
        ({"scopes": ["all"]}, 'id="scopes-error"'),
        ({"classes": ["identity"]}, 'id="classes-error"'),
        ({"days": "9999"}, 'id="days-error"'),
        ({"per_minute": "0"}, "From 1 to 1,000,000"),
        ({"per_minute": "=1+1"}, 'id="per_minute-error"'),
    ],
)
def test_a_token_that_cannot_be_is_refused_beside_the_field(site: Flask, data: dict[str, Any], said: str) -> None:
    answer = make_token(signed_in(site), **data)

    assert answer.status_code == 422
    assert said in answer.text
    with record_of(site).engine.connect() as connection:
        assert connection.execute(select(TOKENS)).all() == []


def test_a_third_token_waits_until_one_is_revoked(site: Flask) -> None:
    client = signed_in(site)
    assert [make_token(client).status_code for _ in range(3)] == [200, 200, 422]


@pytest.mark.parametrize("path", ["/logins", "/logins/new", "/logins/tokens"])
def test_pages_speak_chinese(site: Flask, path: str) -> None:
    page = signed_in(site).get(path, headers={"Accept-Language": "zh"}).text

    assert "账号" in page
    assert ">Logins<" not in page


def test_the_list_takes_as_many_questions_for_a_hundred_as_for_one(site: Flask) -> None:
    client, record = signed_in(site), record_of(site)
    asked: list[str] = []
    here = get_ident()  # the page is made in this thread; those of the record may ask something of their own meanwhile

    def heard(*given: Any) -> None:
        if get_ident() == here:
            asked.append(given[2])

    event.listen(record.engine, "before_cursor_execute", heard)
    client.get("/logins")
    few = len(asked)
    for number in range(100):
        made_login(record, Role.AUDITOR, f"login-{number}")
    asked.clear()
    page = client.get("/logins").text

    assert "login-99" in page
    assert len(asked) == few > 0, asked
