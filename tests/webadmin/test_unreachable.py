"""A database that is away: calls and pages say so, and work again as soon as it is there."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bodies import ORDER
from tests.webadmin.api.conftest import DECIDE, Api, databases, postgres, token_for
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from tests.webadmin.store.conftest import Databases
from webadmin import guard

__all__ = ["databases", "postgres"]


@contextmanager
def away(api: Api) -> Iterator[None]:
    """Take the database away, and bring it back: its connections end, and there are no new ones."""
    engine = api.record.engine
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        held = path.with_name("held")
        path.rename(held)
        path.mkdir()  # what cannot be opened as a file
    else:
        path, held = Path(str(engine.url.query["host"])) / ".s.PGSQL.5432", Path()
        held = path.with_name("held")
        path.rename(held)
    engine.dispose()
    try:
        yield
    finally:
        if path.is_dir():
            path.rmdir()
        os.rename(held, path)  # noqa: PTH104 - of a socket, too
        engine.dispose()


@pytest.fixture
def api(databases: Databases, rules: Path, make_app: MakeApp) -> Iterator[Api]:
    """Return an application that answers as it does to callers."""
    address = databases.filled(rules)
    app = make_app(rules=rules, database=address)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield Api(app, token_for(app.extensions["record"]))
    app.extensions["record"].close()
    databases.drop(address)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", DECIDE), ("GET", "/api/v1/decisions"), ("GET", "/api/v1/policies"), ("GET", "/metrics")],
)
def test_calls_are_told_to_try_again(api: Api, method: str, path: str) -> None:
    body = {"facts": ORDER, "as_of": "2026-03-01"} if method == "POST" else None
    with away(api):
        answer = api.call(method, path, body)

    assert (answer.status_code, answer.headers["Retry-After"], answer.json["code"]) == (503, "5", "unreachable")
    assert api.call(method, path, body).status_code in (200, 201)


@pytest.mark.parametrize("path", ["/policies", "/decisions", "/"])
def test_pages_say_what_happened(api: Api, path: str) -> None:
    client = signed_in(api.app)
    with away(api):
        answer = client.get(path, headers={"Accept-Language": "en"})

    assert answer.status_code == 503, answer.text
    assert answer.headers["Retry-After"] == "5"
    assert "The database cannot be reached just now" in answer.text
    assert "Try once more" in answer.text
    assert "Sign in" not in answer.text
    assert client.get(path, follow_redirects=True).status_code == 200


def test_what_waiting_cannot_mend_is_a_fault_of_ours(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise OSError(errno.EINVAL, "broken")

    monkeypatch.setitem(api.app.view_functions, "help.index", guard.open_to_all(broken))

    answer = api.client.get("/help", headers={"Accept-Language": "en"})

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
