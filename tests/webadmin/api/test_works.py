"""Jobs over HTTP: started once, done by a worker, shown as far as a token may see, cancelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policy.model.document import FieldClass
from tests.webadmin.api.conftest import DECIDE, ORDER, Api
from webadmin.access.scopes import Scope
from webadmin.decisions.service import clock
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker

JOBS = "/api/v1/jobs"


def worked(api: Api) -> None:
    """Do the jobs that wait."""
    worker = Worker(api.record, KINDS, Around(clock, Stop()))
    while worker.once():
        pass


def test_the_record_is_verified_by_a_worker(near: Api) -> None:
    near.post(DECIDE, {"facts": ORDER})
    started = near.post(JOBS, {"kind": "verify", "recompute": 5})

    worked(near)
    told = near.get(f"{JOBS}/{started.json['id']}").json

    assert (started.status_code, started.json["state"], started.json["result"]) == (202, "waiting", None)
    assert (told["state"], told["result"]["holds"]) == ("done", True)
    assert told["result"]["recomputed"]["same"] >= 1


def test_decisions_are_recomputed_and_reevaluated(near: Api) -> None:
    near.post(DECIDE, {"facts": ORDER})
    began = clock().isoformat()
    near.post(DECIDE, {"facts": ORDER, "as_of": "2026-03-01"})
    recompute = near.post(JOBS, {"kind": "recompute", "policy": "approval.order", "since": began}).json["id"]
    reevaluate = near.post(JOBS, {"kind": "reevaluate", "policy": "approval.order", "since": began}).json["id"]

    worked(near)

    assert near.get(f"{JOBS}/{recompute}").json["result"]["counts"] == {"same": 1}
    assert near.get(f"{JOBS}/{reevaluate}").json["result"]["counts"] == {"same": 1}


def test_the_same_key_starts_one_job(near: Api) -> None:
    first, again = (near.call("POST", JOBS, {"kind": "verify"}, **{"Idempotency-Key": "once"}) for _ in range(2))

    assert first.json["id"] == again.json["id"]
    assert again.headers["Idempotent-Replayed"] == "true"


def test_outcomes_are_hidden_from_who_may_not_see_them(near: Api) -> None:
    near.post(DECIDE, {"facts": ORDER})
    blind = near.other(Scope.ADMIN, classes=(FieldClass.OPEN,))
    names = [
        blind.post(JOBS, {"kind": each, "policy": "approval.order"}).json["id"] for each in ("recompute", "reevaluate")
    ]
    worked(near)

    counts, changes = (blind.get(f"{JOBS}/{name}").json for name in names)

    assert (counts["hidden"], counts["result"]["counts"]["same"] > 0) == ([], True)
    assert (changes["hidden"], changes["result"]) == (["result"], None)
    assert near.get(f"{JOBS}/{names[1]}").json["result"] is not None


def test_one_that_waits_is_cancelled(near: Api) -> None:
    name = near.post(JOBS, {"kind": "verify"}).json["id"]

    cancelled, again = (near.post(f"{JOBS}/{name}/cancel") for _ in range(2))
    worked(near)

    assert (cancelled.status_code, cancelled.json["state"], again.json["state"]) == (200, "cancelled", "cancelled")
    assert near.get(f"{JOBS}/{name}").json["result"] is None


def test_a_text_with_errors_is_refused_at_once(near: Api) -> None:
    asked = {"kind": "reevaluate", "policy": "approval.order", "text": "policy: approval.order\nnothing: 1\n"}

    answer = near.post(JOBS, asked)

    assert (answer.status_code, answer.json["code"]) == (422, "body")
    faults = {each["code"]: each for each in answer.json["errors"]}
    assert (faults["unknown-key"]["line"], faults["unknown-key"]["pointer"]) == (2, "/text")


def test_the_text_of_another_policy_is_refused_at_once(near: Api, rules: Path) -> None:
    text = (rules / "approval" / "special-terms.yaml").read_text("utf-8")

    answer = near.post(JOBS, {"kind": "reevaluate", "policy": "approval.order", "text": text})

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/text")


def test_a_text_that_loads_is_taken(near: Api, rules: Path) -> None:
    text = (rules / "approval" / "order.yaml").read_text("utf-8")

    answer = near.post(JOBS, {"kind": "reevaluate", "policy": "approval.order", "text": text})

    assert answer.status_code == 202
    assert near.post(f"{JOBS}/{answer.json['id']}/cancel").status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/kind"),
        ([], ""),
        ({"kind": "import"}, "/kind"),
        ({"kind": 3}, "/kind"),
        ({"kind": "verify", "recompute": -1}, "/recompute"),
        ({"kind": "verify", "recompute": 1.5}, "/recompute"),
        ({"kind": "verify", "policy": "approval.order"}, "/policy"),
        ({"kind": "recompute", "since": "yesterday"}, "/since"),
        ({"kind": "recompute", "since": "2026-03-01T00:00:00"}, "/since"),
        ({"kind": "reevaluate"}, "/policy"),
        ({"kind": "reevaluate", "policy": "a\u0000b"}, "/policy"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_before_it_waits(near: Api, body: Any, pointer: str) -> None:
    answer = near.post(JOBS, body)

    assert (answer.status_code, answer.json["code"]) == (422, "body")
    assert [each["pointer"] for each in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("body", "code", "pointer", "suggestion"),
    [
        ({"kind": "reevaluate", "policy": "approval.oder"}, "unknown-policy", "/policy", "approval.order"),
        ({"kind": "recompute", "policy": "vocabulary"}, "unknown-policy", "/policy", None),
        ({"kind": "reevaluate", "policy": "approval.order", "revision": 99}, "unknown-revision", "/revision", None),
        ({"kind": "reevaluate", "policy": "penalty.order-diversion"}, "policy-not-in-effect", "/policy", None),
    ],
    ids=str,
)
def test_a_policy_nobody_knows_is_refused_before_it_waits(
    api: Api, body: Any, code: str, pointer: str, suggestion: str | None
) -> None:
    answer = api.call("POST", JOBS, body, **{"Idempotency-Key": "again"})
    right = api.call("POST", JOBS, {"kind": "recompute", "policy": "approval.order"}, **{"Idempotency-Key": "again"})

    assert (answer.status_code, answer.json["code"]) == (422, "body")
    assert [(each["code"], each["pointer"], each.get("suggestion")) for each in answer.json["errors"]] == [
        (code, pointer, suggestion)
    ]
    assert right.status_code == 202


def test_a_number_that_would_take_long_to_write_out_is_refused(near: Api) -> None:
    answer = near.post(JOBS, '{"kind": "verify", "recompute": 1e999999999}')

    assert [each["pointer"] for each in answer.json["errors"]] == ["/recompute"]


def test_everything_wrong_with_a_job_comes_at_once_in_both_languages(near: Api) -> None:
    body = {"kind": "reevaluate", "since": "yesterday", "revison": 3, "text": 7}

    zh, en = (near.post(JOBS, body, Accept_Language=each).json for each in ("zh", "en"))

    assert [(each["code"], each["pointer"]) for each in en["errors"]] == [
        ("body-unknown", "/revison"),
        ("body-missing", "/policy"),
        ("body-form", "/since"),
        ("body-type", "/text"),
    ]
    assert [each["code"] for each in zh["errors"]] == [each["code"] for each in en["errors"]]
    assert en["errors"][0]["suggestion"] == "revision"
    assert "problems: 4" in en["detail"]
    assert all("\u4e00" <= each["detail"].lstrip("`")[:1] <= "\u9fff" for each in zh["errors"])


@pytest.mark.parametrize("path", [JOBS, f"{JOBS}/01932f00-0000-7000-8000-000000000000/cancel"])
def test_only_who_administers_starts_and_cancels(near: Api, path: str) -> None:
    others = near.other(*(each for each in Scope if each is not Scope.ADMIN))

    assert others.post(path, {"kind": "verify"}).status_code == 403
