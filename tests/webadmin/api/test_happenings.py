"""Events over HTTP: each recorded once, each with its fate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

import pytest

from policy.errors import FactsError, Problem
from tests.webadmin.api.conftest import Api
from webadmin.access.scopes import READABLE, Scope
from webadmin.decisions.service import clock
from webadmin.store import events
from webadmin.store.catalogue import Catalogue

EVENTS = "/api/v1/events"
LOST: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e1",
    "source": "crm",
    "type": "customer_lost",
    "time": "2026-03-02T09:30:00+08:00",
    "subject": "c1",
    "data": {"customer": {"id": "c1"}, "manager": {"id": "am-07"}},
}


def fates(api: Api, told: Any) -> list[str]:
    return [each["fate"] for each in api.post(EVENTS, told).json["items"]]


def test_an_event_is_recorded_once(api: Api) -> None:
    assert fates(api, [LOST, LOST, {**LOST, "id": "e2"}]) == ["recorded", "known", "recorded"]
    assert fates(api, [LOST, {**LOST, "subject": "c2"}, {**LOST, "source": "erp"}]) == ["known", "differs", "recorded"]
    assert fates(api, LOST) == ["known"]


def test_every_digit_of_its_data_is_kept(api: Api) -> None:
    body = json.dumps([{**LOST, "data": {**LOST["data"], "annual_revenue": 1}}]).replace(": 1}", ": 1.5}")

    name = api.post(EVENTS, body).json["items"][0]["id"]

    with api.record.engine.connect() as connection:
        found = events.find(connection, name)
    assert found is not None
    assert '"annual_revenue":1.50' in (found.body or "")  # padded to the scale the vocabulary declares


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"specversion": "0.3"}, "/1/specversion"),
        ({"id": ""}, "/1/id"),
        ({"id": 7}, "/1/id"),
        ({"source": "x" * 201}, "/1/source"),
        ({"source": "a\0b"}, "/1/source"),
        ({"time": "yesterday"}, "/1/time"),
        ({"time": "2026-03-02T09:30:00"}, "/1/time"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "/1/time"),
        ({"type": None}, "/1/type"),
        ({"data": [1]}, "/1/data"),
        ({"Extension": "x"}, "/1/Extension"),
        ({"extension": {"x": 1}}, "/1/extension"),
        ({"datacontenttype": "text/xml"}, "/1/datacontenttype"),
    ],
    ids=str,
)
def test_what_is_wrong_with_one_event_is_told_and_the_others_are_taken(
    near: Api, change: Mapping[str, Any], pointer: str
) -> None:
    answer = near.post(EVENTS, [{**LOST, "id": f"good-{pointer}-{change}"[:200]}, {**LOST, **change}])

    assert (answer.status_code, answer.json["recorded"], answer.json["refused"]) == (200, 1, 1)
    assert answer.json["items"][1]["problem"]["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("kind", ["application/cloudevents-batch+json", "application/cloudevents+json"])
def test_the_types_of_cloudevents_are_taken(near: Api, kind: str) -> None:
    answer = near.client.post(
        EVENTS,
        json=[{**LOST, "id": kind, "traceparent": "00-x"}],
        headers={"Authorization": f"Bearer {near.token}", "Content-Type": kind},
    )

    assert answer.json["recorded"] == 1


@pytest.mark.parametrize("told", [[], [LOST] * 1001, 7, None])
def test_a_batch_of_events_has_its_bounds(near: Api, told: Any) -> None:
    answer = near.call("POST", EVENTS, "null" if told is None else told)

    assert (answer.status_code, answer.json["code"]) == (422, "body")


@pytest.mark.parametrize(
    ("told", "code", "pointer"),
    [
        ({"events": [LOST]}, "body-list", "/events"),
        ({"items": [LOST], "x": 1}, "body-list", "/items"),
        ([], "body-length", ""),
        ([LOST] * 1001, "body-length", ""),
        ("an event", "body-type", ""),
    ],
    ids=lambda value: str(value)[:30],
)
def test_events_sent_as_something_else_are_told_what_the_body_is(near: Api, told: Any, code: str, pointer: str) -> None:
    answer = near.post(EVENTS, json.dumps(told))

    assert (answer.status_code, answer.json["code"]) == (422, "body")
    assert [(each["code"], each["pointer"]) for each in answer.json["errors"]] == [(code, pointer)]


def test_everything_wrong_with_an_event_comes_at_once(near: Api) -> None:
    event = {
        **LOST,
        "id": "",
        "source": 7,
        "time": "yesterday",
        "Sbject": "c1",
        "type": "customer_lots",
        "data": [],
        "x1": None,
    }
    event.pop("specversion")

    errors = near.post(EVENTS, [event]).json["items"][0]["problem"]["errors"]

    assert {(each["code"], each["pointer"]) for each in errors} == {
        ("body-missing", "/0/specversion"),
        ("body-length", "/0/id"),
        ("body-type", "/0/source"),
        ("body-form", "/0/time"),
        ("body-type", "/0/data"),
        ("event-unknown", "/0/type"),
        ("event-attribute", "/0/Sbject"),
        ("event-attribute", "/0/x1"),
    }
    assert {each["suggestion"] for each in errors if "suggestion" in each} == {"customer_lost", "subject"}


@pytest.mark.parametrize(
    ("change", "fate"),
    [
        ({"time": "2026-03-02T01:30:00Z"}, "known"),
        ({"time": "2026-03-02T01:30:00.000+00:00"}, "known"),
        ({"time": "2026-03-02T09:30:00Z"}, "differs"),
        ({"time": "2026-03-02T01:30:00Z", "subject": "c2"}, "differs"),
        ({"time": "2026-03-02T01:30:00Z", "extension": "x"}, "differs"),
    ],
    ids=str,
)
def test_an_instant_written_with_another_offset_is_the_same(api: Api, change: Mapping[str, Any], fate: str) -> None:
    assert fates(api, [LOST, {**LOST, **change}]) == ["recorded", fate]


REPORT: dict[str, Any] = {
    **LOST,
    "id": "report",
    "type": "report_received",
    "data": {"manager": {"id": "am-07"}, "reporter": "am-01", "about": "other"},
}


def reported(**change: Any) -> dict[str, Any]:
    data = {name: value for name, value in {**REPORT["data"], **change}.items() if value is not None}
    return {**REPORT, "data": data}


@pytest.mark.parametrize("guess", ["am-01", "am-02", None], ids=str)
def test_who_reported_cannot_be_guessed(api: Api, guess: str | None) -> None:
    assert fates(api, REPORT) == ["recorded"]
    others = [api.other(Scope.EVENTS, classes=each) for each in ((), READABLE)]

    assert [fates(each, reported(reporter=guess)) for each in others] == [["known"], ["known"]]
    assert fates(others[0], reported(reporter=guess, manager={"id": "am-09"})) == ["known"]  # personal, too
    assert fates(others[1], reported(reporter=guess, manager={"id": "am-09"})) == ["differs"]
    assert fates(others[0], reported(reporter=guess, about="outside-order")) == ["differs"]


def test_who_told_it_learns_what_is_not_as_it_was(api: Api) -> None:
    teller = api.other(Scope.EVENTS, classes=())

    told = [fates(teller, each)[0] for each in (REPORT, REPORT, reported(reporter="am-02"), reported(reporter=None))]

    assert told == ["recorded", "known", "differs", "differs"]


def test_telling_needs_its_scope(near: Api) -> None:
    assert near.other(Scope.DECIDE).post(EVENTS, [LOST]).status_code == 403


class Sort:
    """A declared type of events whose data need a customer."""

    def read(self, data: Mapping[str, Any]) -> dict[str, Any]:
        if "customer" not in data:
            raise FactsError([Problem("facts-missing", "/customer", {"found": "customer", "expected": "x"})])
        return dict(data)


def test_data_are_checked_by_what_the_vocabulary_declares(near: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    policies = Catalogue.policies

    def declaring(self: Catalogue, connection: Any, day: Any) -> Any:
        found = policies(self, connection, day)
        monkeypatch.setattr(found, "events", {"customer_lost": Sort()}, raising=False)
        return found

    monkeypatch.setattr(Catalogue, "policies", declaring)
    told = [{**LOST, "id": "d1"}, {**LOST, "id": "d2", "type": "customer_lots"}, {**LOST, "id": "d3", "data": {}}]

    answer = near.post(EVENTS, told).json["items"]

    assert [each["fate"] for each in answer] == ["recorded", "refused", "refused"]
    assert answer[1]["problem"]["errors"][0]["suggestion"] == "customer_lost"
    assert answer[2]["problem"]["errors"][0]["pointer"] == "/2/data/customer"


def test_what_is_still_to_come_is_no_event(api: Api) -> None:
    """Clocks may differ by five minutes; a time further ahead is refused by its place, whatever its offset."""
    now = clock()
    ahead = [timedelta(minutes=4), timedelta(minutes=6), timedelta(days=400)]
    told = [
        {**LOST, "id": f"ahead-{index}", "time": (now + each).astimezone(timezone(timedelta(hours=offset))).isoformat()}
        for index, (each, offset) in enumerate(zip(ahead, (14, -12, 8), strict=True))
    ]

    items = api.post(EVENTS, told).json["items"]

    assert [each["fate"] for each in items] == ["recorded", "refused", "refused"]
    for index, item in enumerate(items[1:], 1):
        (error,) = item["problem"]["errors"]
        assert (error["code"], error["pointer"]) == ("event-future", f"/{index}/time")
        assert f"found the instant `{told[index]['time']}`, which is still to come" in error["detail"]


def test_a_time_to_come_is_told_with_all_else_that_is_wrong(api: Api) -> None:
    wrong = {**LOST, "id": "ahead", "time": "9999-12-31T23:59:59.999999Z", "type": "customer_lots"}

    errors = api.post(EVENTS, [wrong]).json["items"][0]["problem"]["errors"]

    assert {each["code"] for each in errors} == {"event-future", "event-unknown"}


def test_what_the_product_tells_itself_is_told_by_nobody_else(api: Api) -> None:
    event = {
        "specversion": "1.0",
        "id": "x1",
        "source": "crm",
        "type": "case_opened",
        "time": "2026-03-02T09:30:00+08:00",
    }

    of_type = api.post("/api/v1/events", [event]).json["items"][0]
    of_source = api.post("/api/v1/events", [{**event, "type": "contact", "source": "fairlead"}]).json["items"][0]

    assert [each["fate"] for each in (of_type, of_source)] == ["refused", "refused"]
    assert of_type["problem"]["errors"][0]["code"] == "event-reserved"
    assert of_source["problem"]["errors"][0]["pointer"] == "/0/source"
