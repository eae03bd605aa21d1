"""Proposals over HTTP, on either database: who may, what is refused and where, and decisions that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.webadmin.api.conftest import ORDER, Api, proposed
from webadmin.access.scopes import Scope
from webadmin.decisions.service import clock, today
from webadmin.store.audit import Action
from webadmin.store.tables import AUDIT

PROPOSALS = "/api/v1/proposals"
NAME = "approval.order"
LIMIT = "[500000..2000000)"


@pytest.fixture
def order(rules: Path) -> str:
    """Return the policy that ships."""
    return (rules / "approval" / "order.yaml").read_text("utf-8")


def propose(api: Api, documents: Mapping[str, str], **more: Any) -> TestResponse:
    return api.post(PROPOSALS, {"documents": documents, **more})


def renamed(text: str) -> str:
    """Return a policy that decides the same under another title."""
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    return text.replace(title, "title: {zh: 订单审批（新）, en: Approval of orders anew}", 1)


def two(api: Api) -> tuple[Api, Api]:
    """Return one who may propose, and another one who may approve."""
    return api.other(Scope.PUBLISH, client="writer"), api.other(Scope.APPROVE, client="second")


def revision(api: Api, day: date) -> str:
    answer = api.post(f"/api/v1/policies/{NAME}/decisions", {"facts": ORDER, "as_of": str(day)})
    assert answer.status_code == 201, answer.text
    found: str = answer.json["decision"]["revision"]
    return found


def test_a_proposal_takes_effect_when_somebody_else_approves(api: Api, order: str) -> None:
    writer, second = two(api)
    now = today(clock())
    before = revision(api, now)

    made = propose(writer, {"order.yaml": renamed(order)}, note="a better title").json
    own = api.other(Scope.PUBLISH, Scope.APPROVE, client="writer").post(f"{PROPOSALS}/{made['proposal']}/approve", {})
    waiting = revision(api, now)
    shown = second.get(f"{PROPOSALS}/{made['proposal']}").json
    done = second.post(f"{PROPOSALS}/{made['proposal']}/approve", {"comment": "fine"})

    [change] = made["documents"]
    assert (made["is_new"], made["unchanged"], change["document"], change["instead_of"]) == (True, [], NAME, 1)
    assert (own.status_code, own.json["code"], own.json["errors"][0]["code"]) == (403, "own-proposal", "proposal-own")
    assert shown["texts"] == {NAME: renamed(order)}
    assert (shown["state"], shown["author"], shown["note"]) == ("open", "client:writer", "a better title")
    assert (done.status_code, done.json["since"]) == (200, str(now))
    assert waiting == before
    assert revision(api, now) == change["digest"] != before
    assert revision(api, now - timedelta(1)) == before
    newest = api.get(f"/api/v1/policies/{NAME}").json["publications"][0]
    assert (newest["author"], newest["approver"]) == ("client:writer", "client:second")
    told = second.get(f"{PROPOSALS}/{made['proposal']}").json
    assert (told["state"], told["decided_by"], told["comment"]) == ("approved", "client:second", "fine")


def test_what_was_to_begin_later_is_named_by_who_takes_its_place(api: Api, order: str) -> None:
    writer, second = two(api)
    first = propose(writer, {"order.yaml": renamed(order)}, since="2999-01-01").json
    assert first["overtakes"] == []
    second.post(f"{PROPOSALS}/{first['proposal']}/approve", {})

    made = propose(writer, {"order.yaml": f"{order}# more\n"}).json
    done = second.post(f"{PROPOSALS}/{made['proposal']}/approve", {}).json

    lost = [{"document": NAME, "revision": 2, "since": "2999-01-01", "retires": False}]
    assert (made["overtakes"], done["overtakes"]) == (lost, lost)


def test_what_is_in_effect_or_waits_already_is_not_proposed_again(api: Api, order: str) -> None:
    writer, _ = two(api)

    same = propose(writer, {"order.yaml": order}).json
    first = propose(writer, {"order.yaml": renamed(order)}).json
    again = propose(writer, {"order.yaml": renamed(order)}).json

    assert (same["proposal"], same["is_new"], same["unchanged"]) == (None, False, [NAME])
    assert (again["proposal"], again["is_new"]) == (first["proposal"], False)


def test_findings_point_into_the_body_and_name_line_and_day(api: Api, order: str) -> None:
    writer, _ = two(api)
    wrong = order.replace("subject:", "subjcet:", 1)
    failing = order.replace("500000", "700000")

    answer = propose(writer, {"a/order.yaml": wrong})
    tests = propose(writer, {"order.yaml": failing})

    fault = next(each for each in answer.json["errors"] if each.get("suggestion") == "subject")
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if text.startswith("subjcet:"))
    assert (answer.status_code, answer.json["code"]) == (422, "proposal")
    assert (fault["pointer"], fault["document"], fault["line"], fault["day"]) == (
        "/documents/a~1order.yaml", "a/order.yaml", line, str(today(clock())),
    )  # fmt: skip
    assert {each["code"] for each in tests.json["errors"]} == {"publish-test-fails"}
    assert propose(writer, {"order.yaml": failing}).json["code"] == "proposal"
    assert api.get(PROPOSALS).json["items"] == []


def test_a_finding_in_what_is_in_effect_beside_names_its_document(api: Api, rules: Path) -> None:
    writer, _ = two(api)
    text = (rules / "vocabulary.yaml").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.strip().startswith("order.discount:")]

    answer = propose(writer, {"v.yaml": "\n".join(lines) + "\n"}, since="2099-01-01")

    beside = [each for each in answer.json["errors"] if each["document"] == NAME]
    assert answer.status_code == 422
    assert beside != []
    assert all("pointer" not in each and each["day"] == "2099-01-01" for each in beside)


def test_periods_and_notes_that_cannot_be_are_all_told(api: Api, order: str) -> None:
    writer, _ = two(api)

    answer = propose(writer, {"o": renamed(order)}, since="2026-01-02", until="2026-01-01", note="a\0b")
    half = propose(writer, {"o": renamed(order)}, note="halves \ud800 of characters")

    assert {(each["code"], each["pointer"]) for each in answer.json["errors"]} == {
        ("proposal-unfit-note", "/note"),
        ("publication-backdated", "/since"),
        ("publication-empty-period", "/until"),
    }
    assert [(each["code"], each["pointer"]) for each in half.json["errors"]] == [("json-surrogate", "/note")]


def test_back_dating_takes_admin_on_both_sides(api: Api, order: str) -> None:
    chief, other_chief = api.other(Scope.ADMIN), api.other(Scope.ADMIN)
    _, second = two(api)
    past = today(clock()) - timedelta(10)
    name = propose(chief, {"o": renamed(order)}, since=str(past)).json["proposal"]

    refused = second.post(f"{PROPOSALS}/{name}/approve", {})
    approved = other_chief.post(f"{PROPOSALS}/{name}/approve", {})

    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "publication-backdated")
    assert "pointer" not in refused.json["errors"][0]  # there is no such field in what was sent
    assert (approved.status_code, approved.json["since"]) == (200, str(past))
    assert revision(api, past) != revision(api, past - timedelta(1))


def test_what_was_published_meanwhile_is_not_overwritten(api: Api, order: str) -> None:
    writer, second = two(api)
    names = [
        propose(writer, {"o": text}).json["proposal"]
        for text in (renamed(order), renamed(order).replace("anew", "too"))
    ]

    first, late = (second.post(f"{PROPOSALS}/{name}/approve", {}) for name in names)
    twice = second.post(f"{PROPOSALS}/{names[0]}/approve", {})

    assert (first.status_code, late.status_code, twice.status_code) == (200, 409, 409)
    assert [each.json["errors"][0]["code"] for each in (late, twice)] == ["publication-overtaken", "proposal-not-open"]


def test_a_proposal_is_declined_by_others_with_a_reason_and_withdrawn_without(api: Api) -> None:
    writer, second = two(api)
    name, own = proposed(writer), proposed(writer)

    stranger = api.other(Scope.PUBLISH).post(f"{PROPOSALS}/{name}/decline", {"comment": "no"})
    silent = second.post(f"{PROPOSALS}/{name}/decline", {})
    declined = second.post(f"{PROPOSALS}/{name}/decline", {"comment": "no need"})
    withdrawn = writer.post(f"{PROPOSALS}/{own}/decline", {})

    assert (stranger.status_code, stranger.json["code"]) == (403, "scope-missing")
    assert (silent.status_code, silent.json["errors"][0]["code"]) == (422, "proposal-no-remark")
    assert (declined.json["state"], declined.json["comment"]) == ("declined", "no need")
    assert withdrawn.json["state"] == "withdrawn"
    with api.record.engine.connect() as connection:
        rows = connection.execute(AUDIT.select().order_by(AUDIT.c.id)).all()
    assert [(row.action, row.actor) for row in rows[-2:]] == [
        (Action.DECLINED, "client:second"),
        (Action.WITHDRAWN, "client:writer"),
    ]


def test_proposals_are_found_a_page_at_a_time(api: Api) -> None:
    writer, second = two(api)
    names = [proposed(writer) for _ in range(3)]
    second.post(f"{PROPOSALS}/{names[1]}/decline", {"comment": "no"})

    page = writer.get(f"{PROPOSALS}?limit=2").json
    rest = writer.get(f"{PROPOSALS}?limit=2&cursor={page['next']}").json

    assert [each["id"] for each in (*page["items"], *rest["items"])] == names[::-1]
    assert rest["next"] is None
    assert [each["id"] for each in writer.get(f"{PROPOSALS}?state=open").json["items"]] == [names[2], names[0]]
    assert [each["id"] for each in writer.get(f"{PROPOSALS}?state=declined").json["items"]] == [names[1]]


@pytest.mark.parametrize("scope", Scope)
def test_scopes_open_what_they_say(near: Api, scope: Scope) -> None:
    caller, name = near.other(scope), proposed(near)
    opened = {
        "propose": propose(caller, {"t": "policy: x"}).status_code != 403,
        "read": caller.get(f"{PROPOSALS}/{name}").status_code != 403,
        "approve": caller.post(f"{PROPOSALS}/{name}/approve", {}).status_code != 403,
    }

    assert opened == {
        "propose": scope in (Scope.PUBLISH, Scope.ADMIN),
        "read": scope in (Scope.READ, Scope.PUBLISH, Scope.APPROVE, Scope.ADMIN),
        "approve": scope in (Scope.APPROVE, Scope.ADMIN),
    }


@pytest.mark.parametrize("name", ["x", "%00", "%ED%A0%80", "01a21983-d911-71d2-b804-09bf14be5100"])
def test_a_proposal_nobody_made_is_told(api: Api, name: str) -> None:
    answers = [
        api.get(f"{PROPOSALS}/{name}"),
        api.post(f"{PROPOSALS}/{name}/approve", {}),
        api.post(f"{PROPOSALS}/{name}/decline", {"comment": "no"}),
    ]

    assert [(each.status_code, each.json["code"]) for each in answers] == [(404, "unknown-proposal")] * 3


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/documents"),
        ({"documents": {}}, "/documents"),
        ({"documents": {"a": 1}}, "/documents/a"),
        ({"documents": {"a": "x"}, "since": "tomorrow"}, "/since"),
        ({"documents": {"a": "x"}, "form": "x"}, "/form"),
        ({"documents": {"a": "x"}, "note": "x" * 2001}, "/note"),
    ],
)
def test_a_body_that_does_not_fit_is_told(near: Api, body: Any, pointer: str) -> None:
    answer = near.post(PROPOSALS, body)

    assert (answer.status_code, answer.json["code"]) == (422, "body")
    assert answer.json["errors"][0]["pointer"] == pointer
