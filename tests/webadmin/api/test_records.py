"""Recorded decisions: found, read back as far as the token may see, decided once more."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from policy.engine import load_folder
from policy.model.canonical import canonical_json
from policy.model.document import FieldClass
from tests.webadmin.api.conftest import DECIDE, ORDER, Api, token_for
from tests.webadmin.conftest import MakeApp
from webadmin.access.scopes import READABLE, Scope
from webadmin.api import paging
from webadmin.decisions.differing import differences
from webadmin.decisions.service import clock
from webadmin.store import standing
from webadmin.store.tables import AUDIT, DECISIONS, EXTERNAL_IDS, REVISIONS


def ids(api: Api, query: str) -> list[str]:
    answer = api.get(f"/api/v1/decisions?{query}")
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json["items"]]


def test_decisions_are_found_by_what_they_say(api: Api) -> None:
    large = api.decided()
    small = api.decided(order={"id": "o2", "amount": 100, "discount": 0}, customer={"id": "c2", "tier": "C"})

    assert ids(api, "policy=approval.order") == [small, large]
    assert ids(api, "policy=approval.special-terms") == []
    assert ids(api, "outcome=stages:finance") == [large]
    assert ids(api, "outcome=nothing:finance") == []
    assert ids(api, "customer=c2") == [small]
    assert ids(api, "person=am-07") == [small, large]
    assert ids(api, "subject=o2") == [small]
    assert ids(api, "hit=any-discount") == [large]
    assert ids(api, "status=decided&customer=c1") == [large]
    assert ids(api, "status=conflict") == []
    assert ids(api, "since=2000-01-01T00:00:00Z&until=2000-01-02T00:00:00%2B08:00") == []


def test_people_and_customers_are_found_by_what_other_systems_call_them(api: Api) -> None:
    ours, row = api.decided(), {"of": "customer", "source": "crm", "external": "4711", "own_id": "c1"}
    theirs = api.decided(customer={"id": "4711", "tier": "B"})
    with api.record.engine.begin() as connection:
        connection.execute(insert(EXTERNAL_IDS), [row, {**row, "source": "erp", "external": "K-9"}])

    assert ids(api, "customer=c1") == [theirs, ours]
    assert ids(api, "customer=crm:4711") == [theirs, ours]
    assert ids(api, "customer=K-9") == [theirs, ours]
    assert ids(api, "customer=erp:4711") == []
    assert ids(api, "person=4711") == []


def test_pages_follow_one_another_without_gaps(api: Api) -> None:
    made = [api.decided() for _ in range(5)][::-1]
    seen, cursor = [], ""
    for _ in range(3):
        page = api.get(f"/api/v1/decisions?limit=2&cursor={cursor}").json
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        api.decided()  # what comes meanwhile moves no page

    assert (seen, cursor) == (made, None)


def test_an_explanation_is_computed_again(api: Api) -> None:
    name = api.decided()

    told = api.get(f"/api/v1/decisions/{name}?explain=full", Accept_Language="zh").json

    assert (
        told["facts"]["order"] == {"id": "o1", "amount": 600000.0, "discount": 0.12, "goods_value": 0} or told["facts"]
    )
    assert told["explanation"]["answer"].startswith("须经")
    assert {each["id"] for each in told["explanation"]["rules"]} > {"large"}


def test_it_is_decided_once_more(api: Api) -> None:
    answer = api.post(f"/api/v1/decisions/{api.decided()}/recompute").json

    assert (answer["verdict"], answer["differences"], answer["reason"]) == ("same", [], None)
    assert answer["recorded_digest"] == answer["now_digest"] is not None


def test_what_was_read_and_decided_once_more_is_kept(api: Api) -> None:
    name, before = api.decided(), clock()
    reader = api.other(Scope.READ, client="reader")

    reader.get(f"/api/v1/decisions/{name}?explain=full")
    reader.post(f"/api/v1/decisions/{name}/recompute")

    with api.record.engine.connect() as connection:
        (entry,) = standing.reads(connection, "client:reader", before, clock() + timedelta(minutes=1))
        chosen = select(AUDIT.c.object).where(AUDIT.c.action == "recomputed")
        assert list(connection.execute(chosen).scalars()) == [name]
    assert entry.object == name


def test_what_comes_out_differently_is_told_place_by_place(api: Api) -> None:
    name = api.decided()
    with api.record.engine.begin() as connection:
        body = connection.execute(DECISIONS.select().where(DECISIONS.c.id == name)).one().body
        altered = body.replace('"hits":["key-account",', '"hits":["large",')
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == name).values(body=altered))

    answer = api.post(f"/api/v1/decisions/{name}/recompute").json

    assert answer["verdict"] == "different"
    assert answer["differences"] == [{"pointer": "/hits/0", "recorded": "large", "now": "key-account"}]
    assert answer["recorded_digest"] != answer["now_digest"]


def test_a_text_that_is_not_kept_is_named(api: Api) -> None:
    name = api.decided()
    with api.record.engine.begin() as connection:
        connection.execute(update(REVISIONS).where(REVISIONS.c.document == "vocabulary").values(text="vocabulary: 1"))
        body = connection.execute(DECISIONS.select().where(DECISIONS.c.id == name)).one().body
        digest = json.loads(body)["decision"]["closure"]["vocabulary"]
        lost = body.replace(digest, f"sha256:{'0' * 64}")
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == name).values(body=lost))

    answer = api.post(f"/api/v1/decisions/{name}/recompute").json
    told = api.get(f"/api/v1/decisions/{name}").json

    assert (answer["verdict"], answer["reason"], answer["now_digest"]) == ("not-kept", "vocabulary", None)
    assert told["facts"] == {}
    assert told["decision"]["outcome"] is None


def test_an_erased_decision_says_by_what(api: Api) -> None:
    name = api.decided()
    with api.record.engine.begin() as connection:
        connection.execute(
            update(DECISIONS).where(DECISIONS.c.id == name).values(body=None, salt=None, erased_by="entry-1")
        )

    assert api.get(f"/api/v1/decisions/{name}").status_code == 410
    assert "entry-1" in api.post(f"/api/v1/decisions/{name}/recompute").json["detail"]
    assert api.get("/api/v1/decisions").json["items"][0]["decision"] is None


# --- classes of values ----------------------------------------------------------------------------------------------


def cases(rules: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the facts of every test of every shipped policy that can be asked, with the day."""
    found = {}
    for name, policy in load_folder(rules).items():
        found[name] = [
            {"facts": policy.reader.plain(each.given), "as_of": each.as_of} for each in policy.rule_set.cases
        ]
    return found


@pytest.mark.parametrize("classes", [(), (FieldClass.PERSONAL,), (FieldClass.PAY,)], ids=str)
def test_no_token_reads_back_more_than_its_classes(near: Api, rules: Path, classes: tuple[FieldClass, ...]) -> None:
    """Every text of a hidden field is changed to one that stands nowhere else, and sought in every answer."""
    reader = near.other(Scope.READ, Scope.DECIDE, classes=classes, per_minute=1_000_000)
    policies = load_folder(rules)
    for name, asked in cases(rules).items():
        if name.startswith("penalty."):
            continue  # a draft until its consultation is recorded
        for case in asked[:4]:
            marked, secrets = _marked(policies[name].rule_set.fields, case["facts"], {*classes, FieldClass.OPEN})
            body = canonical_json({**case, "facts": marked})
            made = reader.post(f"/api/v1/policies/{name}/decisions?explain=full", body)
            if made.status_code != 201:  # the mark does not fit there
                continue
            address = f"/api/v1/decisions/{made.json['id']}?explain=full"
            told = [made, reader.get("/api/v1/decisions?limit=1")]
            told += [reader.get(address, Accept_Language=language) for language in ("zh", "en")]
            texts = [each.text for each in told]
            found = [(secret, text) for secret in secrets for text in texts if secret in text]
            assert found == [], name


def _marked(fields: Any, facts: Any, seen: set[FieldClass], prefix: str = "") -> tuple[Any, list[str]]:
    """Return facts in which free texts of hidden fields are marks of their own, and the marks."""
    marks: list[str] = []

    def walk(value: Any, path: str) -> Any:
        if isinstance(value, dict) and path not in fields:
            return {name: walk(each, f"{path}.{name}" if path else name) for name, each in value.items()}
        if isinstance(value, list) and any(name.startswith(f"{path}[].") for name in fields):
            return [walk(each, f"{path}[]") for each in value]
        field = fields.get(path)
        if field is None or field.class_ in seen:
            return value
        if isinstance(value, str) and field.one_of is None:
            marks.append(f"hidden-{len(marks)}-{value}")
            return marks[-1]
        return value

    return walk(facts, prefix), marks


def test_pay_is_hidden_in_facts_result_and_explanation(near: Api, rules: Path) -> None:
    case = cases(rules)["incentive.quarterly"][0]
    path = "/api/v1/policies/incentive.quarterly/decisions?explain=full"

    blind = near.other(classes=(FieldClass.PERSONAL,)).post(path, canonical_json(case))
    seeing = near.post(path, canonical_json(case))

    assert blind.json["decision"]["result"] is None
    assert "/decision/result" in blind.json["hidden"]
    assert blind.json["explanation"]["details"] == []
    assert seeing.json["decision"]["result"]["earned"] > 0
    read = near.other(classes=(FieldClass.PERSONAL,)).get(f"/api/v1/decisions/{seeing.json['id']}?explain=full").json
    assert read["facts"]["person"]["quota"] is None
    assert "/facts/person/quota" in read["hidden"]
    again = near.other(classes=()).post(f"/api/v1/decisions/{seeing.json['id']}/recompute").json
    assert (again["verdict"], again["recorded_digest"]) == ("same", None)


def test_differences_name_what_one_side_lacks() -> None:
    found = list(differences({"a": [1, 2], "b": 1}, {"a": [1], "c": None}))

    assert found == [
        {"pointer": "/a/1", "recorded": 2},
        {"pointer": "/b", "recorded": 1},
        {"pointer": "/c", "now": None},
    ]


def test_the_scope_of_a_token_is_asked_for(near: Api) -> None:
    name = near.decided()
    decider = near.other(Scope.DECIDE)

    for method, path in (("GET", "/api/v1/decisions"), ("GET", f"/api/v1/decisions/{name}")):
        answer = decider.call(method, path)
        assert (answer.status_code, answer.json["code"]) == (403, "scope-missing")
        assert 'scope="read"' in answer.headers["WWW-Authenticate"]
        assert "`read`" in answer.json["detail"]
    assert near.other(Scope.READ).post(DECIDE, {"facts": ORDER}).status_code == 403


def test_nothing_is_found_by_what_a_token_may_not_see(api: Api) -> None:
    name = api.decided()
    blind = api.other(Scope.READ, classes=())
    seeing = api.other(Scope.READ, classes=(FieldClass.PERSONAL,))

    assert ids(seeing, "person=am-07") == [name]
    assert ids(blind, "person=am-07") == []
    assert ids(blind, "customer=c1") == [name]
    assert ids(blind, "policy=approval.order") == [name]


def test_a_word_that_is_none_of_those_expected_is_told_with_the_nearest(api: Api) -> None:
    answer = api.get("/api/v1/decisions?status=decide&limit=0", Accept_Language="zh").json
    faults = {each["parameter"]: each for each in answer["errors"]}

    assert faults["status"]["suggestion"] == "decided"
    assert "`decided`、`no_hit`" in faults["status"]["detail"]
    assert faults["limit"]["detail"].startswith("此处是 `0`，应为介于 1 与 200 之间的整数")


# --- pages of what a token may see ----------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at three rows for one page."""
    monkeypatch.setattr(paging, "MOST_LOOKED_AT", 3)


def pages(api: Api, query: str) -> Iterator[Any]:
    """Yield every page of a search."""
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(f"/api/v1/decisions?{query}&cursor={cursor}")
        assert answer.status_code == 200, answer.text
        yield answer.json
        cursor = answer.json["next"]


def test_no_cursor_leads_to_what_is_hidden(api: Api) -> None:
    for _ in range(3):
        api.decided()
    blind = api.other(Scope.READ, classes=())

    assert list(pages(blind, "person=am-07&limit=1")) == [{"items": [], "next": None}]


def test_a_page_is_filled_with_what_is_seen(api: Api, rules: Path) -> None:
    """Decisions whose subject is a person stand between those whose subject has the same name but is an order."""
    card = next(each for each in cases(rules)["scorecard.manager-performance"])
    same = {"id": "o1", "amount": 100, "discount": 0}
    seen = []
    for _ in range(3):
        seen.append(api.decided(order=same))
        facts = {**card["facts"], "manager": {**card["facts"]["manager"], "id": "o1"}}
        body = canonical_json({**card, "facts": facts})
        assert api.post("/api/v1/policies/scorecard.manager-performance/decisions", body).status_code == 201
    blind = api.other(Scope.READ, classes=())

    found = list(pages(blind, "subject=o1&limit=1"))

    assert [[each["id"] for each in page["items"]] for page in found] == [[name] for name in seen[::-1]]


@pytest.mark.usefixtures("few")
def test_where_much_is_hidden_the_cursor_leads_on_and_names_nothing(api: Api) -> None:
    hidden = [api.decided() for _ in range(7)]
    blind = api.other(Scope.READ, classes=())

    found = list(pages(blind, "person=am-07&limit=1"))

    assert [page["items"] for page in found] == [[], [], []]
    for cursor in (page["next"] for page in found[:-1]):
        raw = urlsafe_b64decode(cursor)
        for name in hidden:
            assert name not in cursor
            assert UUID(name).bytes[:6] not in raw
    again = list(pages(blind, "person=am-07&limit=1"))
    assert found[0]["next"] != again[0]["next"]


@pytest.mark.usefixtures("few")
def test_a_sealed_cursor_opens_for_nobody_and_nothing_else(api: Api) -> None:
    for _ in range(4):
        api.decided()
    blind = api.other(Scope.READ, classes=())
    cursor = next(pages(blind, "person=am-07&limit=1"))["next"]
    other = api.other(Scope.READ, classes=())
    path = "/api/v1/decisions?limit=1&cursor="

    assert blind.get(f"{path}{cursor}&person=am-07").status_code == 200
    wrong = [blind.get(f"{path}{cursor}"), other.get(f"{path}{cursor}&person=am-07")]
    flipped = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    wrong += [blind.get(f"{path}{each}&person=am-07") for each in (flipped, cursor[:-4], f"{cursor[:-1]}é", "=")]
    assert {(each.status_code, each.json["errors"][0]["parameter"]) for each in wrong} == {(400, "cursor")}


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("keys", "status"), [(("same", "same"), 200), (("one", "other"), 400)])
def test_a_sealed_cursor_lives_as_long_as_its_key(
    rules: Path, make_app: MakeApp, tmp_path: Path, keys: tuple[str, str], status: int
) -> None:
    where = {"rules": rules, "database": f"sqlite:///{tmp_path}/record.db", "heads": tmp_path / "heads.json"}
    first, again = (make_app(**where, secret_key=key) for key in keys)
    before = Api(first, token_for(first.extensions["record"]))
    for _ in range(4):
        before.decided()
    blind = before.other(Scope.READ, classes=())
    query = "person=am-07&limit=1"
    cursor = next(pages(blind, query))["next"]

    answer = Api(again, blind.token).get(f"/api/v1/decisions?{query}&cursor={cursor}")

    assert answer.status_code == status
    if status == 400:
        said = answer.json["errors"][0]["detail"]
        assert "without `FAIRLEAD_SECRET_KEY` forgets those given before its start, so begin at the first page" in said


def test_a_list_leaves_one_entry_of_what_was_asked_and_shown(api: Api) -> None:
    name, before = api.decided(), clock()
    reader, blind = (api.other(Scope.READ, client=each, classes=of) for each, of in (("r", READABLE), ("b", ())))

    reader.get("/api/v1/decisions?person=am-07&limit=5")
    reader.get("/api/v1/decisions?status=conflict")  # nothing asked of anybody, nothing shown
    blind.get("/api/v1/decisions?person=am-07")

    with api.record.engine.connect() as connection:
        until = clock() + timedelta(minutes=1)
        entries = [standing.reads(connection, f"client:{each}", before, until) for each in ("r", "b")]
    told = [[(each.object, json.loads(each.body)["what"]) for each in of] for of in entries]
    filters = {"person": "am-07"}
    assert told == [
        [("decisions", {"filters": filters, "shown": [name]})],
        [("decisions", {"filters": filters, "shown": []})],
    ]
