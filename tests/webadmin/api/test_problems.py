"""Whatever comes is answered with problem details that point at what is wrong, and quickly."""

from __future__ import annotations

import gzip
import json
import re
from time import process_time
from typing import Any

import pytest

from policy.model.problems import MOST_PROBLEMS
from tests.bodies import BODIES, MISSPELT
from tests.patience import HANGS
from tests.webadmin.api.conftest import DECIDE, ORDER, Api
from tests.webadmin.conftest import MakeApp
from webadmin.api.problems import FEW, MOST_ERRORS, MOST_OF_ALL
from webadmin.api.problemtexts import KINDS
from webadmin.api.serving import MOST_SUGGESTIONS


@pytest.mark.parametrize("where", [DECIDE, f"{DECIDE}/batch", "/api/v1/events"])
@pytest.mark.parametrize("name", BODIES)
def test_hostile_bodies_are_refused_as_problems(near: Api, name: str, where: str) -> None:
    answer = near.post(where, BODIES[name])

    if answer.status_code == 200:  # a list of events, each of which has its own fate
        assert answer.json["recorded"] == 0
        return
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem.keys() >= {"type", "title", "status", "detail", "code"}
    assert problem["status"] == answer.status_code
    assert problem["code"] in KINDS


@pytest.mark.parametrize("name", BODIES)
def test_hostile_bodies_hang_nothing(near: Api, name: str) -> None:
    begin = process_time()

    near.post(DECIDE, BODIES[name])

    assert process_time() - begin < HANGS


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "not-found"),
        ("GET", "/api/nowhere", 404, "not-found"),
        ("GET", "/api/v1/decisions/xyz", 404, "unknown-decision"),
        ("GET", "/api/v1/decisions/0199e3b2-0000-7000-8000-000000000000", 404, "unknown-decision"),
        ("POST", "/api/v1/decisions/%00/recompute", 404, "unknown-decision"),
        ("GET", "/api/v1/jobs/xyz", 404, "unknown-job"),
        ("GET", "/api/v1/policies/nothing", 404, "unknown-policy"),
        ("GET", "/api/v1/policies/vocabulary", 404, "unknown-policy"),
        ("DELETE", "/api/v1/policies", 405, "method"),
        ("GET", DECIDE, 405, "method"),
        ("PUT", "/openapi.json", 405, "method"),
        ("GET", "/api/v1/decisions?polcy=x", 400, "parameter"),
        ("GET", "/api/v1/decisions?limit=0", 400, "parameter"),
        ("GET", "/api/v1/decisions?limit=x", 400, "parameter"),
        ("GET", "/api/v1/decisions?status=maybe", 400, "parameter"),
        ("GET", "/api/v1/decisions?outcome=director", 400, "parameter"),
        ("GET", "/api/v1/decisions?since=2026-03-01", 400, "parameter"),
        ("GET", "/api/v1/decisions?until=0001-01-01T00:00:00%2B14:00", 400, "parameter"),
        ("GET", "/api/v1/decisions?cursor=abc", 400, "parameter"),
        ("GET", "/api/v1/decisions?policy=%00", 400, "parameter"),
        ("GET", "/api/v1/decisions?person=a%0Ab", 400, "parameter"),
        ("GET", "/api/v1/policies?x=1", 400, "parameter"),
        ("GET", "/api/v1/decisions?policy=nosuch", 400, "parameter"),
        ("GET", "/api/v1/signals?policy=nosuch", 400, "parameter"),
        ("GET", "/api/v1/decisions?limit=1&limit=1", 400, "parameter"),
        ("GET", "/api/v1/decisions?cursor=&cursor=", 400, "parameter"),
    ],
)  # fmt: skip
def test_addresses_and_parameters_have_problems_too(near: Api, method: str, path: str, status: int, code: str) -> None:
    answer = near.call(method, path)

    assert (answer.status_code, answer.json["code"], answer.mimetype) == (status, code, "application/problem+json")
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_other_types_of_bodies_are_refused(near: Api, kind: str) -> None:
    answer = near.client.post(DECIDE, data="{}", content_type=kind, headers={"Authorization": f"Bearer {near.token}"})

    assert (answer.status_code, answer.json["code"]) == (415, "media-type")


def test_a_slip_in_a_name_is_told_with_the_name_meant(near: Api) -> None:
    def suggestions(body: Any) -> list[tuple[str, str]]:
        errors = near.post(DECIDE, body).json["errors"]
        return [(each["pointer"], each["suggestion"]) for each in errors if "suggestion" in each]

    assert suggestions({"fcts": {}}) == [("/fcts", "facts")]
    assert ("/facts/order/amuont", "amount") in suggestions({"facts": {**ORDER, "order": {"id": "o", "amuont": 1}}})
    wrong = near.get("/api/v1/decisions?polcy=x").json["errors"][0]
    assert (wrong["parameter"], wrong["suggestion"]) == ("polcy", "policy")


@pytest.mark.parametrize("where", ["decisions", "signals"])
def test_a_policy_nobody_knows_is_no_empty_answer(near: Api, where: str) -> None:
    wrong = near.get(f"/api/v1/{where}?policy=penalty.order-divergence").json["errors"]
    right = near.get(f"/api/v1/{where}?policy=penalty.order-diversion")  # drafted, never in effect

    assert [(each["code"], each["parameter"], each["suggestion"]) for each in wrong] == [
        ("unknown-policy", "policy", "penalty.order-diversion")
    ]
    assert (right.status_code, right.json["items"]) == (200, [])


def test_everything_wrong_with_parameters_comes_at_once(near: Api) -> None:
    address = "/api/v1/decisions?explain=none&limit=7&limit=900&status=decide&polcy=x"

    errors = near.get(address).json["errors"]

    assert {(each["code"], each["parameter"]) for each in errors} == {
        ("parameter-unknown", "explain"),
        ("parameter-unknown", "polcy"),
        ("parameter-twice", "limit"),
        ("parameter-form", "status"),
    }
    twice = near.post(f"{DECIDE}?explain=none&explain=full", {"facts": ORDER})
    assert (twice.status_code, twice.json["code"]) == (400, "parameter")
    assert "`none`, `full`" in twice.json["errors"][0]["detail"]


WRONG: list[tuple[str, str, Any, tuple[str, ...]]] = [
    ("POST", DECIDE, {"facts": ORDER, "as_of": "yesterday"}, ("`yesterday`", "2026-03-01T09:00:00+08:00")),
    ("POST", DECIDE, {"facts": ORDER, "as_of": "1990-01-01"}, ("`approval.order`", "1990-01-01", "`as_of`")),
    ("POST", "/api/v1/policies/zzz/decisions", {"facts": ORDER}, ("`zzz`", "`approval.order`")),
    ("POST", "/api/v1/policies/approval.ordr/decisions", {"facts": ORDER}, ("`approval.ordr`", "`approval.order`")),
    ("POST", DECIDE, ORDER, ("`order`", "`facts`")),
    ("POST", DECIDE, b"", ("RFC 8259",)),
    ("POST", DECIDE, b"x" * 2_100_000, ("2100000", "2097152")),
    ("GET", "/api/v1/decisions?since=2026-03-01", None, ("`2026-03-01`", "2026-03-01T09:00:00+08:00", "%2B")),
    ("GET", "/api/v1/decisions?cursor=abc", None, ("`abc`", "`next`")),
    ("GET", "/api/v1/decisions?outcome=director", None, ("`director`", "`stages:director`")),
    ("GET", "/api/v1/decisions?person=a%0Ab", None, ("a\\nb",)),
    ("GET", "/api/v1/decisions?limit=1000", None, ("`1000`", "200")),
    ("GET", "/api/v1/decisions?until=2026-03-01T00:00:00Z&since=2026-03-02T00:00:00Z", None, ("`since`", "until")),
    ("GET", "/api/v1/decisions?policy=zzz", None, ("`zzz`", "`approval.order`")),
    ("GET", "/api/v1/decisions/xyz", None, ("`xyz`", "GET /api/v1/decisions")),
    ("GET", "/api/v1/jobs/xyz", None, ("`xyz`", "POST /api/v1/jobs")),
    ("GET", "/api/v1/signals/xyz", None, ("`xyz`", "GET /api/v1/signals")),
    ("GET", "/api/v1/proposals/xyz", None, ("`xyz`", "GET /api/v1/proposals")),
    ("GET", "/api/v1/desicions", None, ("`/api/v1/desicions`", "`/api/v1/decisions`")),
    ("DELETE", "/api/v1/policies", None, ("`DELETE`", "`GET`")),
    ("GET", "/api/v1/signals?state=raise", None, ("`raise`", "`raised`")),
    ("POST", "/api/v1/jobs", {"kind": "reevaluate", "policy": "approval.order", "revision": 9}, ("9", "1")),
    ("POST", "/api/v1/jobs", {"kind": "verfy"}, ("`verfy`", "`verify`")),
    (
        "POST", "/api/v1/jobs",
        {"kind": "reevaluate", "policy": "approval.order", "revision": 1, "text": "x"},
        ("`revision`", "`text`", "/text"),
    ),
    (
        "POST", "/api/v1/jobs",
        {"kind": "recompute", "since": "2026-03-01T00:00:00Z", "until": "2026-02-28T23:00:00-01:00"},
        ("2026-02-28T23:00:00-01:00", "`since`", "/until"),
    ),
    ("POST", "/api/v1/proposals", {"documents": []}, ("/documents", "200")),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "named"), WRONG, ids=str)
def test_a_refusal_says_what_was_found_and_what_to_do_in_both_languages(
    near: Api, method: str, path: str, body: Any, named: tuple[str, ...]
) -> None:
    told = {each: near.call(method, path, body, Accept_Language=each) for each in ("zh", "en")}

    assert {each.status_code for each in told.values()} <= {400, 404, 405, 413, 422}
    for answer in told.values():
        said = json.dumps(answer.json, ensure_ascii=False).replace("\\\\", "\\")
        assert [each for each in named if each not in said] == []
    zh, en = (answer.json for answer in told.values())
    assert zh["code"] == en["code"]
    assert [each["code"] for each in zh.get("errors", [])] == [each["code"] for each in en.get("errors", [])]
    for one, other in [(zh, en), *zip(zh.get("errors", []), en.get("errors", []), strict=True)]:
        assert one["detail"] != other["detail"]
        assert not re.search("[\u4e00-\u9fff]", other["detail"])
        assert re.search("[\u4e00-\u9fff]", one["detail"])


def test_thousands_of_unknown_parameters_are_counted(near: Api) -> None:
    answer = near.get("/api/v1/decisions?" + "&".join(f"x{number}=1" for number in range(3000))).json

    assert (len(answer["errors"]), answer["more"]) == (20, 2980)


def test_every_problem_of_facts_comes_at_once(near: Api) -> None:
    errors = near.post(DECIDE, {"facts": {"order": {"id": 7, "amount": "x"}}}).json["errors"]

    assert {each["pointer"] for each in errors} >= {"/facts/order/id", "/facts/order/amount", "/facts/customer/id"}


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "数据不符合"), ("en", "the facts do not fit"), ("fr", "the facts")]
)
def test_sentences_are_in_the_language_asked_for_and_codes_in_none(near: Api, language: str, said: str) -> None:
    answer = near.post(DECIDE, {"facts": {}}, Accept_Language=language)

    assert answer.json["title"].startswith(said)
    assert answer.json["code"] == "facts"
    assert answer.headers["Content-Language"] == ("zh-CN" if language == "zh" else "en")


def test_a_fault_of_ours_is_a_problem_without_details(
    near: Api, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(rules=near.app.extensions["settings"].rules, database=near.app.extensions["settings"].database)
    monkeypatch.setattr("webadmin.decisions.service.make", lambda *_, **__: 1 // 0)

    answer = Api(app, near.token).post(DECIDE, {"facts": ORDER})

    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    assert "ZeroDivision" not in answer.text
    assert answer.headers["X-Request-Id"]


def test_both_languages_of_a_problem_name_the_same_values() -> None:
    import string  # noqa: PLC0415

    for code, kind in KINDS.items():
        named = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (kind.detail.zh, kind.detail.en)
        ]
        assert named[0] == named[1], code


@pytest.mark.parametrize("name", MISSPELT)
def test_a_thousand_items_are_refused_soon_and_alike(near: Api, name: str) -> None:
    path, body = MISSPELT[name]
    near.post(path, body)

    begun = process_time()
    answer = near.post(path, body)
    taken = process_time() - begun

    assert taken < 2  # a quarter of it on a machine of its own, three seconds and more where every slip is looked for
    problems = [item["problem"] for item in answer.json["items"]]
    assert len(problems) == 1000
    assert sum(len(each["errors"]) for each in problems) < MOST_OF_ALL + MOST_ERRORS + 1000 * FEW
    assert problems[0]["errors"][0]["suggestion"] in ("amount", "customer_lost")
    assert near.post(path, body).text == answer.text


def test_what_is_beyond_the_first_faults_of_a_batch_is_counted(near: Api) -> None:
    path, body = MISSPELT["the same keys in each item"]

    first, *_, last = [item["problem"] for item in near.post(path, body).json["items"]]

    assert len(first["errors"]) + first.get("more", 0) == len(last["errors"]) + last["more"]
    assert [each["suggestion"] for each in last["errors"]] == ["amount"] * FEW


def test_the_nearest_name_of_a_slip_is_looked_for_while_there_are_few(near: Api) -> None:
    path, body = MISSPELT["other types of each event"]

    errors = [item["problem"]["errors"][0] for item in near.post(path, body).json["items"]]

    assert ["suggestion" in each for each in errors] == [at < MOST_SUGGESTIONS for at in range(1000)]


def test_the_faults_of_a_long_history_are_not_all_gathered(near: Api) -> None:
    answer = near.post(DECIDE, BODIES["45,000 events without ids"])

    assert len(answer.json["errors"]) == MOST_ERRORS
    assert answer.json["more"] == MOST_PROBLEMS + 1 - MOST_ERRORS


def test_a_history_that_is_not_carried_out_is_pointed_at(near: Api) -> None:
    body = {"facts": ORDER, "events": [{"id": "e1"}], "as_of": "2026-03-01"}

    [error] = near.post(DECIDE, body).json["errors"]

    assert (error["code"], error["pointer"]) == ("history-not-carried-out", "/events")


def test_a_compressed_body_is_told_so(near: Api) -> None:
    answer = near.post(DECIDE, gzip.compress(json.dumps({"facts": ORDER}).encode()), Content_Encoding="gzip")

    assert (answer.status_code, answer.json["code"], answer.headers["Accept-Encoding"]) == (
        415, "content-coding", "identity",
    )  # fmt: skip
    assert "uncompressed" in answer.json["detail"]
    plain = near.post(DECIDE, {"facts": ORDER, "as_of": "2026-03-01"}, Content_Encoding="identity")
    assert plain.status_code == 201


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [
        ("outcome=stage:director", "outcome", "stages"),
        ("hit=key-acount", "hit", "key-account"),
        ("hit=nope", "hit", None),
    ],
)
def test_what_no_revision_ever_had_is_refused(near: Api, query: str, parameter: str, suggestion: str | None) -> None:
    answer = near.get(f"/api/v1/decisions?policy=approval.order&{query}")

    [error] = answer.json["errors"]
    assert (answer.status_code, error["parameter"], error.get("suggestion")) == (400, parameter, suggestion)
    assert near.get(f"/api/v1/decisions?{query}").json["items"] == []


def test_what_a_revision_has_may_be_sought_in_vain(near: Api) -> None:
    query = "policy=approval.special-terms&outcome=stages:nobody&since=2099-01-01T00:00:00Z"

    assert near.get(f"/api/v1/decisions?{query}").json["items"] == []
