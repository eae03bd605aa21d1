"""Events of declared types: taken only when they fit, with every problem at its pointer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policy.errors import FactsError
from policy.model.events import Event, read_typed
from tests.histories import loaded

TYPES = loaded().events
LOST: dict[str, Any] = {
    "id": "e1",
    "source": "crm",
    "type": "lost",
    "subject": "c1",
    "time": "2026-03-01T09:30:00.75+08:00",
    "data": {"customer": {"id": "c1"}, "size": 1.5, "city": "Wuhan", "big": True},
}
NEEDED = ("customer/id", "size", "city", "big")


def read(*events: Any) -> tuple[Event, ...]:
    return read_typed(events, TYPES)


def problems(*events: Any) -> list[tuple[str, str]]:
    with pytest.raises(FactsError) as caught:
        read(*events)
    return [(each.code, each.pointer) for each in caught.value.problems]


def test_an_event_is_read_with_its_data_typed() -> None:
    (event,) = read(LOST)

    assert (event.id, event.source, event.type, event.subject) == ("e1", "crm", "lost", "c1")
    assert event.time.isoformat() == "2026-03-01T09:30:00.750000+08:00"
    assert event.data == {"customer": {"id": "c1"}, "size": Decimal("1.50"), "city": "Wuhan", "big": True}
    assert event.at("customer.id") == "c1"
    assert event.at("customer.name") is None
    assert event.at("size.of") is None


def test_data_are_read_by_their_type_alone() -> None:
    data = {"customer": {"id": "c1"}, "approved": False, "size": None}

    assert TYPES["moved"].read(data) == {"customer": {"id": "c1"}, "approved": False}
    with pytest.raises(FactsError):
        TYPES["moved"].read({**data, "approved": "no"})


def test_fields_of_a_type_are_known_by_path() -> None:
    lost = TYPES["lost"]

    assert [each.path for each in lost.group.fields()] == ["customer.id", "size", "city", "big"]
    assert lost.field("customer") is None
    assert lost.field("customer.id.x") is None


@pytest.mark.parametrize(
    ("time", "second"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.999999999z", 0),
        ("1969-12-31T23:59:59.5Z", -1),
        ("1970-01-01T08:00:01+08:00", 1),
        ("1970-01-01t00:00:01-00:00", 1),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200),
        ("9999-12-31T23:59:59-14:00", 253_402_351_199),
    ],
)
def test_time_counts_in_whole_seconds(time: str, second: int) -> None:
    (event,) = read({**LOST, "time": time})

    assert event.second == second


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-01",
        "2026-03-01T09:30:00",
        "2026-03-01 09:30:00Z",
        "2026-03-01T09:30Z",
        "2026-02-30T09:30:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T09:30:60Z",
        "2026-03-01T09:30:00+25:00",
        "2026-03-01T09:30:00@Asia/Shanghai",
        "",
    ],
)
def test_a_time_is_an_instant_with_offset(time: str) -> None:
    assert problems({**LOST, "time": time}) == [("value-form", "/events/0/time")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": ""}, [("event-empty", "/events/0/id")]),
        ({"source": ""}, [("event-empty", "/events/0/source")]),
        ({"id": 7}, [("value-type", "/events/0/id")]),
        ({"type": "lots"}, [("unknown-event", "/events/0/type")]),
        ({"subject": 1}, [("value-type", "/events/0/subject")]),
        ({"specversion": "0.3"}, [("value-not-one-of", "/events/0/specversion")]),
        ({"trace": "x"}, [("facts-unknown", "/events/0/trace")]),
        ({"data": []}, [("value-type", "/events/0/data")]),
        ({"data": {}}, [("facts-missing", f"/events/0/data/{name}") for name in NEEDED]),
        ({"data": {**LOST["data"], "size": 1.555}}, [("value-scale", "/events/0/data/size")]),
        ({"data": {**LOST["data"], "town": "x"}}, [("facts-unknown", "/events/0/data/town")]),
        ({"id": "", "time": "", "type": "x"}, [
            ("event-empty", "/events/0/id"), ("value-form", "/events/0/time"), ("unknown-event", "/events/0/type"),
        ]),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_named_at_its_place(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert problems({**LOST, **change}) == expected


@pytest.mark.parametrize("name", ["id", "source", "type", "time", "data"])
def test_what_an_event_cannot_do_without(name: str) -> None:
    without = {key: value for key, value in LOST.items() if key != name}

    assert problems(without) == [("facts-missing", f"/events/0/{name}")]


def test_all_problems_come_at_once() -> None:
    assert problems(LOST, "x", {**LOST, "id": ""}) == [("value-type", "/events/1"), ("event-empty", "/events/2/id")]


def test_what_is_told_again_counts_once() -> None:
    again = {**LOST, "specversion": "1.0", "datacontenttype": "application/json"}

    assert len(read(LOST, again)) == 1
    assert problems(LOST, {**LOST, "subject": "c2"}) == [("event-twice", "/events/1")]


def test_a_mistyped_type_offers_the_known_one() -> None:
    with pytest.raises(FactsError) as caught:
        read({**LOST, "type": "lots"})

    assert caught.value.problems[0].values["suggestion"] == "lost"
