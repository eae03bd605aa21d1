"""Policies made in the pages: from nothing in every kind, as copies to the byte, and whole while unpublished."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policy import load
from policy.editor import set_title, set_value
from policy.model.document import Kind
from policy.values import Text
from tests.webadmin.conftest import POLICY, MakeApp
from tests.webadmin.signing import login, signed_in
from webadmin import library
from webadmin.decisions.service import clock, today
from webadmin.library import Look
from webadmin.rulesets import blank, making
from webadmin.store import drafts, logins
from webadmin.store.logins import Reach, Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act

EN = {"Accept-Language": "en"}
NAME = "scorecard.size"
NEW = {"id": "gift", "zh": "客户礼品", "en": "Gifts: to customers", "start": "blank"}
INPUTS = {
    Kind.APPROVAL: ["order.amount", "customer.tier"],
    Kind.ASSIGNMENT: ["managers[].skills", "customer.needs"],
    Kind.INCENTIVE: ["credits[].due_on", "person.grade"],
    Kind.PENALTY: ["case.evidence[].kind", "case.finding"],
    Kind.SCORECARD: ["customer.since", "customer.satisfaction"],
}


@pytest.fixture(scope="module")
def shipped(rules: Path, make_app: MakeApp) -> Flask:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


def look(app: Flask, name: str, of: str = library.DRAFT) -> Look | None:
    record: Record = app.extensions["record"]
    with record.engine.connect() as connection:
        return library.look(connection, name, today(clock()), of)


def made(client: FlaskClient, **typed: Any) -> Look:
    answer = client.post("/policies/new", data={**NEW, **typed}, headers=EN)
    assert answer.status_code == 303, answer.text.partition("<main")[2][:2000]
    found = look(client.application, f"{typed['kind']}.{typed.get('id', NEW['id'])}")
    assert found is not None
    assert answer.location == f"/policies/{found.name}?of=draft"
    return found


def wrong(client: FlaskClient, status: int = 422, **typed: Any) -> dict[str, str]:
    """Return what the form says is wrong with what was typed: field → sentence."""
    answer = client.post("/policies/new", data={**NEW, **typed}, headers=EN)
    assert answer.status_code == status, answer.text
    found = re.findall(r'<p class="error" id="(\w+)-error">([^<]+)</p>', answer.text)
    return {name: unescape(said) for name, said in found}


def main(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=EN)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(answer.text.partition("<main")[2].partition("</main")[0])


@pytest.mark.parametrize("kind", list(Kind))
def test_a_blank_policy_of_every_kind_loads_and_passes_its_test(shipped: Flask, kind: Kind) -> None:
    found = made(signed_in(shipped), kind=kind, inputs=INPUTS[kind])

    assert found.errors == ()
    assert found.policy is not None
    assert found.report is not None
    assert [each.passed for each in found.report.results] == [True]
    assert found.report.never_hit == ()
    assert set(INPUTS[kind]) <= found.policy.rule_set.fields.keys()
    assert found.policy.title == Text("客户礼品", "Gifts: to customers")
    assert (len(found.policy.rule_set.rules), len(found.policy.rule_set.outputs)) == (1, 1)
    assert found.live is None


def test_the_test_of_a_blank_policy_says_what_to_do_once_a_condition_makes_it_fail(shipped: Flask) -> None:
    client = signed_in(shipped)
    made(client, kind="scorecard", id="present", inputs=["customer.tier"])
    asked = {"what": "cell", "rule": "otherwise", "part": "customer.tier", "value": "D", "since": 1}

    client.post("/drafts/scorecard.present/change", data=asked)

    page = re.sub("<[^>]+>", "", main(client, "/policies/scorecard.present?of=draft"))
    told = "1 test fails: starting test: once the rules are yours, have it expect what you want"
    assert told in " ".join(page.split())


def test_without_a_vocabulary_what_the_kind_needs_is_declared(small: FlaskClient) -> None:
    for kind in Kind:
        found = made(small, kind=kind, inputs=["order.amount"])
        assert found.policy is not None, found.errors
    assert "There is no vocabulary in effect" in main(small, "/policies/new")


BOUNDED = """\
vocabulary: 1
fields:
  customer.id: {type: string}
  customer.since: {type: date, min: 2030-01-01, max: 2031-01-01}
  customer.until: {type: date, max: 2001-01-01}
  customer.span: {type: days-duration, min: P5D}
  customer.months: {type: months-duration}
  customer.when: {type: date-time}
  customer.at: {type: time}
  customer.part: {type: number, scale: 1, min: 0.5, max: 0.7}
  customer.loss: {type: number, max: -3}
  customer.more: {type: context}
  customer.tags: {type: list, of: string, one_of: [a, b]}
  customer.flag: {type: boolean}
  customer.size: {type: number, one_of: [3, 4]}
  customer.word: {type: string, one_of: ["1", "x y"]}
  person.health: {class: forbidden}
"""


def test_the_test_of_a_blank_policy_fits_fields_of_every_type_and_bound(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yaml").write_text(BOUNDED, "utf-8")
    site = make_app(rules=tmp_path)
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(site)
    paths = re.findall(r'name="inputs" value="([^"]+)"', client.get("/policies/new").text)
    assert len(paths) == 14, "what no rule may ask for is not offered"

    found = made(client, kind="scorecard", inputs=paths)

    assert found.errors == ()
    assert found.report is not None
    assert [each.passed for each in found.report.results] == [True]


def test_what_a_decision_is_about_can_be_chosen(shipped: Flask) -> None:
    found = made(signed_in(shipped), kind="approval", id="offer", subject="offer.id")

    assert found.policy is not None
    assert found.policy.rule_set.document.subject.id == "offer.id"
    assert "order.id" not in found.policy.rule_set.fields


def test_one_lands_in_the_draft_told_how_to_give_it_up(small: FlaskClient) -> None:
    made(small, kind="scorecard")

    page = main(small, "/policies/scorecard.gift?of=draft")

    assert "The draft of scorecard.gift was made. It decides nothing until somebody else approves it" in page
    undo = re.search(r'action="(/drafts/scorecard.gift/discard\?since=1)"', page)
    assert undo is not None
    assert small.post(undo[1]).status_code == 303
    assert look(small.application, "scorecard.gift") is None
    made(small, kind="scorecard")


def test_a_copy_keeps_every_byte_but_id_and_title(shipped: Flask) -> None:
    client = signed_in(shipped)
    source = look(shipped, "approval.order", library.LIVE)
    assert source is not None

    copy = made(client, kind="approval", id="order-copy", start="copy", copy="approval.order@live")

    wanted = set_title(set_value(source.text, ("policy",), "approval.order-copy"), Text(NEW["zh"], NEW["en"]))
    assert copy.text == wanted
    changed = [new for old, new in zip(source.text.splitlines(), copy.text.splitlines(), strict=True) if old != new]
    assert changed == ["policy: approval.order-copy", 'title: {zh: 客户礼品, en: "Gifts: to customers"}']
    assert copy.report is not None
    assert len(copy.report.results) == 36
    assert all(each.passed for each in copy.report.results)


def test_a_draft_is_copied_as_it_is(small: FlaskClient) -> None:
    small.post(f"/drafts/{NAME}/begin")
    small.post(f"/drafts/{NAME}/text", data={"text": POLICY.replace(">= 100", ">= 70"), "since": 1})

    copy = made(small, kind="scorecard", start="copy", copy=f"{NAME}@draft")

    assert '">= 70"' in copy.text


def test_a_record_of_consultation_is_not_copied(shipped: Flask) -> None:
    """It was held about another text: the copy cannot be published by it."""
    client = signed_in(shipped)
    source = look(shipped, "penalty.order-diversion")
    assert source is not None
    consulted = f"{source.text}consultation: {{held: 2026-01-05, published: 2026-02-01, record: a}}\n"
    client.post(
        "/drafts/penalty.order-diversion/text",
        data={"text": consulted, "since": source.draft.version if source.draft is not None else 0},
    )

    copy = made(client, kind="penalty", id="copy", start="copy", copy="penalty.order-diversion@draft")

    assert "held: 2026-01-05" not in copy.text
    assert copy.policy is not None
    assert "A record of consultation is not copied" in main(client, "/policies/penalty.copy?of=draft")


def test_the_form_of_a_copy_is_filled(small: FlaskClient) -> None:
    page = main(small, f"/policies/new?copy={NAME}@live")

    assert 'name="id" value="size-2"' in page
    assert 'value="规模（副本）"' in page
    assert 'value="Size (copy)"' in page
    assert f'value="{NAME}@live" selected' in page
    main(small, "/policies/new?copy=scorecard.none@live", 404)
    main(small, f"/policies/new?copy={NAME}@9", 404)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"id": "size"}, "id", "scorecard.size is taken. Free is: scorecard.size-2"),
        ({"id": "Size"}, "id", "begins with a letter. Free is: scorecard.size-2"),
        ({"id": "Gift Card!"}, "id", "begins with a letter. Free is: scorecard.gift-card"),
        ({"id": "礼品"}, "id", "An id has small letters"),
        ({"id": "x" * 61}, "id", "An id has small letters"),
        ({"id": " "}, "id", "Give it an id."),
        ({"zh": " \u202e", "en": ""}, "zh", "in one language at least"),
        ({"zh": "", "en": ""}, "en", "in one language at least"),
        ({"start": "copy", "copy": ""}, "source", "Choose what to copy."),
        ({"start": "copy", "copy": "scorecard.none@live"}, "source", "there is no such policy"),
        ({"start": "copy", "copy": f"{NAME}@live", "kind": "approval"}, "kind", "A copy has the kind"),
        ({"kind": ""}, "kind", "Choose a kind."),
    ],
)
def test_what_is_wrong_is_said_beside_it(small: FlaskClient, typed: dict[str, str], field: str, said: str) -> None:
    assert said in wrong(small, **{"kind": "scorecard", **typed})[field]
    with small.application.extensions["record"].engine.connect() as connection:
        assert drafts.everything(connection) == []


@pytest.mark.parametrize("start", [{}, {"start": "copy", "copy": f"{NAME}@live"}], ids=["blank", "copy"])
@pytest.mark.parametrize("left", ["zh", "en"])
def test_a_title_in_one_language_stands_in_both(small: FlaskClient, left: str, start: dict[str, str]) -> None:
    found = made(small, kind="scorecard", id=f"one-{left}", **{left: ""}, **start)

    title = NEW["zh"] if left == "en" else NEW["en"]
    assert found.policy is not None
    assert found.policy.rule_set.document.title == Text(title, title)


def test_the_whole_id_may_be_typed(small: FlaskClient) -> None:
    found = small.post("/policies/new", data={**NEW, "kind": "scorecard", "id": "scorecard.gift"})

    assert found.location == "/policies/scorecard.gift?of=draft"


def test_a_source_whose_text_does_not_read_is_not_copied(small: FlaskClient) -> None:
    small.post(f"/drafts/{NAME}/begin")
    small.post(f"/drafts/{NAME}/text", data={"text": f"{POLICY}hit_polizy: first\n", "since": 1})

    said = wrong(small, kind="scorecard", start="copy", copy=f"{NAME}@draft")

    assert "hit_polizy" in said["source"]


def test_an_id_that_somebody_takes_meanwhile_is_refused_with_the_next(small: FlaskClient) -> None:
    record: Record = small.application.extensions["record"]
    wanted = making.Wanted("scorecard.gift", Text("甲", "A"))
    act = Act("cli:other", clock(), today(clock()))
    making.make(record, wanted, act)

    with pytest.raises(making.TakenError) as taken:
        making.make(record, wanted, act)
    assert taken.value.free == "scorecard.gift-2"


@pytest.mark.parametrize(
    ("id_", "free", "said"),
    [("gift", True, "scorecard.gift is free."), ("size", False, "scorecard.size-2"), ("9", False, "An id has")],
)
def test_an_id_is_checked_while_it_is_typed(small: FlaskClient, id_: str, *, free: bool, said: str) -> None:
    found = small.get("/policies/new/free", query_string={"kind": "scorecard", "id": id_}, headers=EN).json

    assert (found["free"], said in found["said"]) == (free, True)


def limited(app: Flask, *kinds: str) -> FlaskClient:
    """Return an administrator who may edit some kinds only."""
    record: Record = app.extensions["record"]
    login(record, Role.ADMIN, "limited")
    act = Act("cli:test", clock(), today(clock()))
    record.writer.write(
        lambda transaction: logins.set_reach(transaction, "limited", Reach(Role.ADMIN, kinds=tuple(kinds)), act)
    )
    return signed_in(app, Role.ADMIN, "limited")


def test_only_kinds_one_may_edit_are_offered_and_taken(small: FlaskClient) -> None:
    client = limited(small.application, "approval")

    page = main(client, "/policies/new")

    assert ('<option value="approval"' in page, '<option value="scorecard"' in page) == (True, False)
    assert f"{NAME}@live" not in page
    assert client.post("/policies/new", data={**NEW, "kind": "scorecard"}).status_code == 403
    assert client.get(f"/policies/new?copy={NAME}@live").status_code == 403
    assert ">Copy</a>" not in main(client, f"/policies/{NAME}")
    assert ">Copy</a>" in main(small, f"/policies/{NAME}")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNT_MANAGER, Role.AUDITOR])
def test_who_may_not_edit_is_offered_nothing(small: FlaskClient, role: Role) -> None:
    client = signed_in(small.application, role)

    assert "/policies/new" not in main(client, "/policies")
    assert "/policies/new" not in main(client, f"/policies/{NAME}")


def test_a_policy_that_was_never_published_is_whole_on_every_page(small: FlaskClient) -> None:
    made(small, kind="scorecard")
    here = "/policies/scorecard.gift"

    listed = main(small, "/policies")
    assert re.search(r'name=?"?[^>]*>\s*<h3><a href="/policies/scorecard.gift">Gifts: to customers', listed)
    assert "never published" in listed
    for path in (here, f"{here}?of=draft", f"{here}/read", f"{here}/text", f"{here}/tests", f"{here}/try"):
        assert "never published" in main(small, path)
    assert "Nothing was published yet" in main(small, "/history/scorecard.gift")
    assert "This policy was never published." in main(small, "/review/draft/scorecard.gift")
    assert "not in effect yet" in main(small, "/search?q=gifts")
    assert main(small, f"{here}/new-rule?of=draft")
    assert main(small, f"{here}/rules/otherwise?of=draft")
    main(small, "/history/scorecard.none", 404)


def test_one_that_waits_for_its_first_approval_stays_in_sight(small: FlaskClient) -> None:
    made(small, kind="scorecard")
    done = small.post("/review/draft/scorecard.gift/propose", data={"version": 1, "note": "new"})
    assert done.status_code == 303

    listed = main(small, "/policies")

    assert f'href="{done.location}">Proposal waits' in listed
    assert "never published" in listed
    assert "A proposal waits for somebody who approves it." in main(small, "/history/scorecard.gift")
    assert f'href="{done.location}"' in main(small, "/history/scorecard.gift")
    assert "never published" in main(small, "/policies/scorecard.gift")
    assert small.post("/drafts/scorecard.gift/begin").status_code == 303
    assert look(small.application, "scorecard.gift") is not None


def test_one_whose_only_proposal_was_declined_can_be_taken_up_again(small: FlaskClient) -> None:
    made(small, kind="scorecard")
    done = small.post("/review/draft/scorecard.gift/propose", data={"version": 1, "note": "new"})
    reviewer = signed_in(small.application, Role.ADMIN, "reviewer")
    assert reviewer.post(f"{done.location}/decline", data={"remark": "not now"}).status_code == 303

    assert "declined or taken back; a draft can be begun from it" in main(small, "/history/scorecard.gift")
    assert "scorecard.gift is taken." in wrong(small, kind="scorecard")["id"]
    assert small.post("/drafts/scorecard.gift/begin").status_code == 303
    assert "never published" in main(small, "/policies/scorecard.gift?of=draft")


def test_an_empty_list_says_what_to_do_first(make_app: MakeApp, tmp_path: Path) -> None:
    site = make_app(rules=tmp_path)
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)

    assert "Make the first one here" in main(signed_in(site), "/policies")
    assert "Make the first one here" not in main(signed_in(site, Role.MANAGER), "/policies")


@pytest.mark.parametrize("kind", list(Kind), ids=str)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_blank_policy_reads_in_words(shipped: Flask, kind: Kind, language: str) -> None:
    admin = signed_in(shipped)
    name = made(admin, kind=str(kind), id=f"words-{language}").name

    read = admin.get(f"/policies/{name}/read?of=draft", headers={"Accept-Language": language}).text

    says = re.findall(r'<p class="sentence">(.*?)</p>', read, re.DOTALL)
    assert says
    assert not [each for each in says if "<code" in each]


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_what_a_blank_policy_declares_itself_has_a_label(kind: Kind) -> None:
    alone = load(blank.text(f"{kind}.alone", Text("新", "New"), "", (), {}))

    assert [path for path, field in alone.rule_set.fields.items() if field.label is None] == []
