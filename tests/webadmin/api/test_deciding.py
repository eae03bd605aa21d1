"""Decisions over HTTP: exact, kept before they are answered, many at once, in the language asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.webadmin.api.conftest import DECIDE, ORDER, Api
from webadmin.store import decisions
from webadmin.store.recompute import parsed
from webadmin.store.tables import DECISIONS
from webadmin.store.writer import BusyError, Transaction, Writer


def count(api: Api) -> int:
    with api.record.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one())


def test_a_decision_is_on_disk_when_it_is_answered(api: Api) -> None:
    answer = api.post(DECIDE, {"facts": ORDER, "as_of": "2026-03-01"})

    assert answer.status_code == 201
    assert answer.json["decision"]["outcome"] == {"stages": ["team-lead", "director", "finance"]}
    assert answer.json["hidden"] == []
    with api.record.engine.connect() as connection:
        kept = decisions.find(connection, answer.json["id"])
    assert kept is not None
    assert kept.body is not None
    assert parsed(kept.body)["actor"] == answer.json["actor"] == kept.actor


def test_every_digit_is_kept_on_the_way(api: Api) -> None:
    """A binary float would drop the zero."""
    body = json.dumps({"facts": ORDER, "as_of": "2026-03-01"}).replace("600000", "600000.10")

    name = api.post(DECIDE, body).json["id"]

    assert '"amount":600000.10' in api.get(f"/api/v1/decisions/{name}").text


@pytest.mark.parametrize("explain", ["none", "reasons", "full"])
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "须经四项审批"), ("en", "needs four approvals")])
def test_reasons_come_as_asked_for(near: Api, explain: str, language: str, said: str) -> None:
    answer = near.post(
        f"{DECIDE}?explain={explain}", {"facts": ORDER, "as_of": "2026-03-01"}, Accept_Language=language
    ).json

    assert ("explanation" in answer) == (explain != "none")
    if explain != "none":
        assert said in answer["explanation"]["answer"]
        assert ("rules" in answer["explanation"]) == (explain == "full")


def test_one_bad_item_does_not_fail_the_others(api: Api) -> None:
    items: list[Any] = [{"facts": ORDER}, {"facts": {}}, {"fatcs": 1}, 7, {"facts": ORDER, "as_of": "yesterday"}]

    answer = api.post(f"{DECIDE}/batch", {"items": [*items, {"facts": ORDER}]})

    assert answer.status_code == 200
    assert (answer.json["kept"], answer.json["refused"], count(api)) == (2, 4, 2)
    codes = [each.get("problem", {}).get("code") for each in answer.json["items"]]
    assert codes == [None, "facts", "body", "body", "as-of", None]
    pointers = [
        error["pointer"] for each in answer.json["items"] for error in each.get("problem", {}).get("errors", ())
    ]
    assert {pointer.split("/")[2] for pointer in pointers} == {"1", "2", "3", "4"}
    assert "/items/4/as_of" in pointers
    assert "/items/1/facts/order/amount" in pointers


def test_an_empty_day_is_no_day(api: Api) -> None:
    one = api.post(DECIDE, {"facts": ORDER, "as_of": ""})
    many = api.post(f"{DECIDE}/batch", {"items": [{"facts": ORDER, "as_of": ""}]}).json["items"][0]["problem"]

    assert (one.status_code, one.json["code"], many["code"]) == (422, "as-of", "as-of")
    assert (one.json["errors"][0]["code"], one.json["errors"][0]["pointer"]) == ("wrong-as-of", "/as_of")
    assert (many["errors"][0]["code"], many["errors"][0]["pointer"]) == ("wrong-as-of", "/items/0/as_of")
    assert count(api) == 0


def test_a_batch_is_kept_in_one_write(near: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[object] = []
    write = Writer.write
    monkeypatch.setattr(Writer, "write", lambda self, work: writes.append(work) or write(self, work))

    answer = near.post(f"{DECIDE}/batch", {"items": [{"facts": ORDER}] * 100})

    assert (answer.json["kept"], len(writes)) == (100, 1)


@pytest.mark.parametrize("many", [0, 1001])
def test_a_batch_has_its_bounds(near: Api, many: int) -> None:
    answer = near.post(f"{DECIDE}/batch", {"items": [{"facts": {}}] * many})

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/items")


def test_nothing_is_half_kept_where_nothing_can_be_written(near: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count(near)

    def full(_: Writer, __: object) -> None:
        msg = "the disk is full"
        raise BusyError(msg, 5)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "write", full)
        answers = [near.post(path, body) for path, body in (
            (DECIDE, {"facts": ORDER}), (f"{DECIDE}/batch", {"items": [{"facts": ORDER}]}),
        )]  # fmt: skip

    assert [(each.status_code, each.headers["Retry-After"], each.json["code"]) for each in answers] == [
        (503, "5", "busy")
    ] * 2
    assert count(near) == before
    assert near.post(DECIDE, {"facts": ORDER}).status_code == 201


def test_a_write_that_breaks_off_leaves_nothing(near: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count(near)
    flush = Transaction.flush

    def broken(self: Transaction) -> None:
        flush(self)
        msg = "too many writes are waiting"
        raise BusyError(msg)

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "flush", broken)
        answer = near.post(DECIDE, {"facts": ORDER}, Idempotency_Key="broken")

    assert (answer.status_code, count(near)) == (503, before)
    assert near.post(DECIDE, {"facts": ORDER}, Idempotency_Key="broken").status_code == 201


def test_a_policy_of_another_day_is_told_with_its_neighbours(near: Api) -> None:
    answer = near.post("/api/v1/policies/approval.oder/decisions", {"facts": ORDER, "as_of": "1999-01-01"})
    today = near.post("/api/v1/policies/approval.oder/decisions", {"facts": ORDER})

    assert (answer.status_code, answer.json["code"]) == (404, "unknown-policy")
    assert "did you mean `approval.order`" in today.json["detail"]
    assert today.json["errors"][0]["suggestion"] == "approval.order"


def test_the_subject_s_events_are_recorded_with_it(near: Api) -> None:
    card = {"customer": {"id": "c1", "annual_revenue": 6800000, "gross_margin": 0.32, "since": "2019-05-06"}}
    events = [{"id": "e1", "type": "visit", "n": 1.50}]

    answer = near.post(
        "/api/v1/policies/scorecard.customer-value/decisions", {"facts": card, "events": events, "as_of": "2026-03-01"}
    )

    assert answer.json["decision"]["events"]["ids"] == ["e1"]
    assert answer.json["decision"]["events"]["digest"] is None
    assert answer.json["hidden"] == ["/decision/events/digest"]
    assert near.get(f"/api/v1/decisions/{answer.json['id']}").json["events"][0]["id"] == "e1"
