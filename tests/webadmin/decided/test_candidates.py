"""Whom an assignment ranked and ruled out: by their names, and what each lacked in words with the values it saw."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests.webadmin.decided.conftest import Place
from tests.webadmin.signing import signed_in
from webadmin.decided.one import Fact
from webadmin.decided.tabling import tables
from webadmin.decisions import service
from webadmin.decisions.service import clock
from webadmin.store.logins import Role

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
HERE: dict[str, Any] = {"active": True, "absent": False, "region": "Shanghai", "regions": ["Shanghai"], "level": 1}
HERE |= {"hired_on": "2025-03-02", "capacity": 20}


@pytest.fixture(scope="module")
def name(place: Place) -> str:
    """Return the id of a decision about a customer, with candidates of the east, the west and of nowhere."""
    customer = {"id": "c-1", "region": "Shanghai", "industry": "retail", "expected_revenue": 40000}
    managers = [
        {**HERE, "id": "am-03"},
        {**HERE, "id": "am-01", "region": "Beijing", "regions": ["Beijing"]},
        {**HERE, "id": "am-02", "load": 20},
        {**HERE, "id": "nobody-known", "active": False},
    ]
    facts = {"customer": customer, "managers": managers}
    asked = service.Asked("assignment.new-customer", facts, "2026-03-02")
    with place.record.engine.connect() as connection:
        made = service.make(place.record, connection, asked, actor="client:crm", now=clock())
    service.keep(place.record, [made])
    return made.record.id


def rows(page: str) -> list[str]:
    """Return the rows of tables as text."""
    found = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", each)).split()) for each in found]


def row(page: str, called: str) -> str:
    """Return the row of a table that begins with what somebody is called, as a text."""
    return next(each for each in rows(page) if called in each)


def test_candidates_have_names_and_what_they_lack_has_words(place: Place, name: str) -> None:
    page = signed_in(place.app).get(f"/decisions/{name}", headers=EN).text

    assert "1 Mei Han am-03 assigned" in row(page, "Mei Han")
    lacks = row(page, "Fang Wang")
    assert "region ( missing: Shanghai )" in lacks
    full = row(page, "Lei Li")
    assert re.search(r"room \(.*20.*\)", full)
    assert "nobody-known" in row(page, "presence")


def test_the_answer_names_people(place: Place, name: str) -> None:
    client = signed_in(place.app)
    for language, said in ((EN, "Assigned to Mei Han with score"), (ZH, "分配给 韩梅，得分")):
        assert said in client.get(f"/decisions/{name}", headers=language).text
        assert said in client.get("/decisions?policy=assignment.new-customer", headers=language).text
    assert "as of March 2, 2026" in client.get("/decisions?policy=assignment.new-customer", headers=EN).text


def test_other_decisions_about_the_same_are_of_policies_by_their_titles(place: Place, name: str) -> None:
    page = signed_in(place.app).get(f"/decisions/{name}", headers=EN).text
    related = page[page.index("Other decisions about the same") :]

    assert "Tiered order approval" in related
    assert ">approval.order<" not in related


def test_in_chinese(place: Place, name: str) -> None:
    page = signed_in(place.app).get(f"/decisions/{name}", headers=ZH).text

    assert "负责地区（" in row(page, "王芳")
    assert "承载余量（" in row(page, "李雷")
    assert "list contains" not in re.sub(r'title="[^"]*"', "", row(page, "王芳"))


def test_who_may_not_see_somebody_reads_no_name(place: Place, name: str) -> None:
    page = signed_in(place.app, Role.MANAGER, "east", "am-01").get(f"/decisions/{name}", headers=EN).text

    assert "Mei Han" in page
    assert "Lei Li" not in page


def test_a_tried_case_names_candidates_as_well(place: Place, name: str) -> None:
    sent = {"@fill": f"decision:{name}"}
    page = signed_in(place.app).post("/policies/assignment.new-customer/try", data=sent, headers=EN).text

    assert "1 Mei Han am-03 assigned" in row(page, "Mei Han am-03")
    assert "missing: Shanghai" in row(page, "Fang Wang am-01")


def test_the_items_of_a_list_stand_in_a_table(place: Place, name: str) -> None:
    page = signed_in(place.app).get(f"/decisions/{name}", headers=EN).text
    facts = page[page.index('id="facts-title"') :]
    heads, *items = rows(facts[facts.index("<caption>") :])[:5]

    assert "managers[0]" not in facts
    assert heads.startswith("No. ")
    assert [each.split()[0] for each in items] == ["1", "2", "3", "4"]
    assert "Mei Han" in items[0]
    assert "Beijing" in items[1]
    assert "Region" in facts[: facts.index("<caption>")]


def test_facts_are_set_apart_by_list() -> None:
    paths = ["order.id", "a[0].x", "a[0].y", "b[0].z[0].w", "a[1].y", "tags"]
    facts = [Fact(path, re.sub(r"\[\d+\]", "[]", path), path) for path in paths]

    single, lists = tables(facts)

    assert [each.path for each in single] == ["order.id", "b[0].z[0].w", "tags"]
    assert [(each.path, each.columns) for each in lists] == [("a", ["a[].x", "a[].y"])]
    assert [(at, [each and each.path for each in values]) for at, values in lists[0].rows] == [
        (0, ["a[0].x", "a[0].y"]),
        (1, [None, "a[1].y"]),
    ]
