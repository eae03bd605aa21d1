"""Signals over HTTP: found, read with their history, their key hidden from who may not read people."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from policy.model.document import FieldClass
from tests.webadmin.api.conftest import Api, databases, postgres, signalled, token_for
from tests.webadmin.conftest import MakeApp
from tests.webadmin.store.conftest import Databases
from webadmin.access.scopes import Scope
from webadmin.api import paging
from webadmin.api.shapes import CURSOR
from webadmin.decisions.service import clock
from webadmin.ids import new_id
from webadmin.secondengine.process import SecondEngine
from webadmin.signals.looking import Looker
from webadmin.store import standing

__all__ = ["databases", "postgres"]


@pytest.fixture
def penal(databases: Databases, rules: Path, make_app: MakeApp) -> Iterator[tuple[Api, str]]:
    """Return the API, on either database, and the id of a signal."""
    address = databases.filled(rules)
    app = make_app(rules=rules, database=address)
    app.config["TESTING"] = True
    api = Api(app, token_for(app.extensions["record"]))
    yield api, signalled(api)
    app.extensions["second-engine"].close()
    app.extensions["record"].close()
    databases.drop(address)


def test_a_signal_tells_events_answers_and_history(penal: tuple[Api, str]) -> None:
    api, name = penal

    told: dict[str, Any] = api.get(f"/api/v1/signals/{name}").json

    assert (told["state"], told["key"], told["hidden"]) == ("raised", "c-77", [])
    assert [each["event_id"] for each in told["events"]] == ["lost-77", "sold-77"]
    assert told["answers"]["first"] == told["answers"]["second"] == [[each["id"] for each in told["events"]]]
    assert [each["state"] for each in told["history"]] == ["raised"]


def test_a_late_transfer_told_over_http_withdraws_it(penal: tuple[Api, str]) -> None:
    api, name = penal
    moved = {
        "specversion": "1.0",
        "id": "moved-77",
        "source": "crm",
        "type": "transfer",
        "time": "2026-03-05T09:30:00+08:00",
        "data": {"customer": {"id": "c-77"}, "manager": {"id": "am-07"}, "approved": True},
    }
    assert api.post("/api/v1/events", [moved]).json["recorded"] == 1
    assert api.client.get("/readyz").json["parts"]["signals"]["behind"] == 1
    look(api)

    told: dict[str, Any] = api.get(f"/api/v1/signals/{name}").json
    zh: dict[str, Any] = api.get(f"/api/v1/signals/{name}", Accept_Language="zh-CN").json

    assert [each["state"] for each in told["history"]] == ["raised", "withdrawn"]
    assert (told["state"], [each["event_id"] for each in told["led"]]) == ("withdrawn", ["moved-77"])
    assert "told later" in told["reason"]
    assert "后来上报" in zh["reason"]


def look(api: Api) -> None:
    Looker(api.record, api.app.extensions["second-engine"], clock).catch_up()


def test_pages_follow_the_cursor(penal: tuple[Api, str]) -> None:
    api, first = penal
    second = signalled(api, "c-78")

    page = api.get("/api/v1/signals?limit=1").json
    rest = api.get(f"/api/v1/signals?limit=1&cursor={page['next']}").json

    assert [each["id"] for each in (*page["items"], *rest["items"])] == [second, first]
    assert rest["next"] is None
    assert [each["id"] for each in api.get("/api/v1/signals?key=c-77&state=raised").json["items"]] == [first]
    assert api.get("/api/v1/signals?state=withdrawn").json["items"] == []


def test_a_person_is_hidden_from_who_may_not_read_people(penal: tuple[Api, str]) -> None:
    api, _ = penal
    signalled(api, "c-79", manager="am-08", pattern="three-losses")
    stranger = api.other(Scope.READ, classes=(FieldClass.OPEN,))

    listed = {each["pattern"]: each for each in stranger.get("/api/v1/signals").json["items"]}

    assert (listed["three-losses"]["key"], listed["three-losses"]["hidden"]) == (None, ["/key"])
    assert listed["lost-then-sold-elsewhere"]["key"] == "c-77"
    assert "am-08" not in stranger.get("/api/v1/signals").text
    assert stranger.get("/api/v1/signals?key=am-08").json["items"] == []
    assert [each["pattern"] for each in api.get("/api/v1/signals?key=am-08").json["items"]] == ["three-losses"]


def test_no_cursor_leads_to_what_is_hidden(penal: tuple[Api, str], monkeypatch: pytest.MonkeyPatch) -> None:
    api, _ = penal
    hidden = signalled(api, "c-79", manager="am-08", pattern="three-losses")
    stranger = api.other(Scope.READ, classes=())

    assert stranger.get("/api/v1/signals?key=am-08&limit=1").json == {"items": [], "next": None}
    monkeypatch.setattr(paging, "MOST_LOOKED_AT", 1)
    first = stranger.get("/api/v1/signals?key=am-08&limit=1").json
    assert first["items"] == []
    assert len(first["next"]) == CURSOR
    assert UUID(hidden).bytes[:6] not in urlsafe_b64decode(first["next"])
    rest = stranger.get(f"/api/v1/signals?key=am-08&limit=1&cursor={first['next']}")
    assert rest.json == {"items": [], "next": None}


def test_what_was_read_of_signals_is_kept(penal: tuple[Api, str]) -> None:
    api, name = penal
    reader, before = api.other(Scope.READ, client="reader"), clock()

    reader.get("/api/v1/signals?key=c-77")
    reader.get(f"/api/v1/signals/{name}")
    reader.get("/api/v1/signals?state=withdrawn")  # nothing asked of anybody, nothing shown
    reader.get(f"/api/v1/signals/{new_id(clock())}")

    with api.record.engine.connect() as connection:
        entries = standing.reads(connection, "client:reader", before, clock() + timedelta(minutes=1))
    assert [(each.object, json.loads(each.body)["what"]) for each in entries] == [
        ("signals", {"filters": {"key": "c-77"}, "shown": [name]}),
        (name, {"of": "signal"}),
    ]


def test_what_is_wrong_is_told(near: Api) -> None:
    unknown = near.get(f"/api/v1/signals/{new_id(clock())}")

    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown-signal")
    assert near.get("/api/v1/signals/x").status_code == 404
    assert near.get("/api/v1/signals?state=lost").status_code == 400
    assert near.get("/api/v1/signals?cursor=x").status_code == 400
    assert near.other(Scope.EVENTS).get("/api/v1/signals").status_code == 403


def test_figures_and_readiness_say_how_far_behind_looking_is(penal: tuple[Api, str]) -> None:
    api, _ = penal
    text = api.other(Scope.METRICS).get("/metrics").text

    assert 'fairlead_signals{state="raised"} 1.0' in text
    assert "fairlead_events_behind 0.0" in text
    assert "fairlead_second_engine_available 1.0" in text
    told = api.client.get("/readyz").json["parts"]["signals"]
    assert told == {"works": True, "behind": 0, "behind_seconds": 0, "waiting_for_second_engine": 0}


def test_an_engine_that_is_not_there_shows(penal: tuple[Api, str]) -> None:
    api, _ = penal
    absent = SecondEngine(("/nowhere/python", "-c", ""))
    name = signalled(api, "c-80", engine=absent)

    assert api.get(f"/api/v1/signals/{name}").json["state"] == "second-engine-unavailable"
    api.app.extensions["readiness"]._kept = None  # noqa: SLF001 - a second need not pass
    ready = api.client.get("/readyz").json
    assert (ready["status"], ready["parts"]["signals"]["waiting_for_second_engine"]) == ("degraded", 1)
    assert 'fairlead_signals{state="second-engine-unavailable"} 1.0' in api.get("/metrics").text
