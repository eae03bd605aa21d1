"""What scripts ask for leaves the session's cookie alone, so that a late answer takes nothing back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from webadmin import guard, sessions
from webadmin.access import making
from webadmin.access.members import of_stamp
from webadmin.decisions.service import clock, today
from webadmin.store import logins
from webadmin.store.logins import Reach, Role
from webadmin.store.revisions import Act

STATIC = Path(sessions.__file__).parent / "static"
BY_SCRIPT = {"X-Requested-With": "fetch"}
NAME = "approval.order"


@pytest.fixture(scope="module")
def lasting(rules: Path, make_app: MakeApp) -> Flask:
    """Return an application in which somebody can come in through the form."""
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def inside(lasting: Flask) -> FlaskClient:
    """Return a client whose session lasts, as one that came in through the form has."""
    record = lasting.extensions["record"]
    with record.engine.connect() as connection:
        known = logins.find(connection, "wang")
    if known is None:
        now = clock()
        making.make(record, "wang", Reach(Role.ADMIN), Act("cli:test", now, today(now)), must_change=False)
    with record.engine.connect() as connection:
        row = logins.find(connection, "wang")
        assert row is not None
        member = of_stamp(connection, row.stamp)
    assert member is not None
    client = lasting.test_client()
    with lasting.test_request_context() as context:
        guard.enter(member)
        held = dict(context.session)
    with client.session_transaction() as session:
        session.update(held)
    return client


def test_a_page_that_is_opened_renews_the_session(inside: FlaskClient) -> None:
    assert "session=" in inside.get("/policies").headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", f"/policies/{NAME}/beside"),
        ("get", "/policies/new/free?kind=approval&id=gift"),
        ("get", "/search/names?of=person&q=a"),
        ("get", "/policies"),
        ("get", "/nowhere"),
    ],
)
def test_what_a_script_asks_for_leaves_the_cookie_as_it_is(inside: FlaskClient, method: str, path: str) -> None:
    answer = getattr(inside, method)(path, headers=BY_SCRIPT)

    assert answer.status_code < 500
    assert "Set-Cookie" not in answer.headers


def test_files_of_the_site_leave_the_cookie_as_it_is(inside: FlaskClient) -> None:
    with inside.get("/static/fairlead.css") as answer:
        assert "Set-Cookie" not in answer.headers


def test_a_script_takes_no_message_that_a_page_was_to_show(inside: FlaskClient) -> None:
    with inside.session_transaction() as session:
        session["_flashes"] = [("good", '{"text": "it is done", "undo": null}')]

    inside.get("/policies", headers=BY_SCRIPT)

    assert "it is done" in inside.get("/policies").text


def test_every_script_asks_in_the_one_way() -> None:
    """`api.js` sends no cookie at all; `editor.js` is made of what lies in `src`."""
    sources = [each for each in (*STATIC.glob("*.js"), *STATIC.glob("src/*.js")) if each.name != "api.js"]
    asking = {
        each.relative_to(STATIC).as_posix() for each in sources if re.search(r"\bfetch\(", each.read_text("utf-8"))
    }

    assert asking == {"asking.js", "editor.js"}
    assert 'credentials: "omit"' in (STATIC / "api.js").read_text("utf-8")
