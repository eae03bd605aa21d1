"""What is no longer one's own is said with why, and nobody who may not be seen is named."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from tests.webadmin.conftest import MakeApp
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.reassigning import applying
from webadmin.reassigning.whatif import WhatIf
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Change

TODAY = today(clock())


@pytest.fixture
def site(rules: Path, make_app: MakeApp) -> Flask:
    """Return an application where am-1 holds c-1, c-2 and c-3, and am-2 of the same team c-4."""
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    crew.fill(app.extensions["record"], act())
    return app


def act() -> Act:
    return Act("login:boss", clock(), TODAY)


def given(site: Flask, customer: str, owner: str | None, days_ago: int) -> None:
    change = Change(Of.CUSTOMER, customer, "owner", owner, TODAY - timedelta(days_ago))
    crew.change(site.extensions["record"], act(), change)


def gone(site: Flask, language: str = "en", role: Role = Role.ACCOUNT_MANAGER, query: str = "") -> dict[str, str]:
    """Return what the page of am-1 says of what is no longer theirs, without markup, by customer, in order."""
    client = signed_in(site, role, f"li-{role}", "am-1")
    page = client.get(f"/me{query}", headers={"Accept-Language": language}).text
    section = page.partition('id="parted"')[2].partition("</section>")[0]
    rows = re.findall(r'<tr id="parted-([^"]+)">(.*?)</tr>', section, re.DOTALL)
    return {name: " ".join(unescape(re.sub(r"<[^>]*>", "", row)).split()) for name, row in rows}


def test_who_loses_customers_by_a_plan_reads_by_which_and_why(site: Flask) -> None:
    record: Record = site.extensions["record"]
    plan = crew.chosen(record, act(), crew.planned(record, act(), WhatIf(leave=("am-1",))), c_2="am-3")
    record.writer.write(lambda transaction: applying.apply(transaction, plan, act(), "because"))

    english, chinese = gone(site), gone(site, "zh")

    assert set(english) == {"c-1", "c-2"}  # nobody could take c-3
    assert "January 1, 2020" in english["c-1"]
    assert "reassigned by the policy “" in english["c-1"]
    assert "A strategic customer goes to the highest level" in english["c-1"]
    assert "战略客户，由最高职级负责" in chinese["c-1"]
    assert "Chosen by hand. said so Carried out by boss on" in english["c-2"]
    for row in (*english.values(), *chinese.values()):
        assert "am-2" not in row
        assert "am-3" not in row
        assert "score" not in row  # that of whoever has it now is theirs


def test_what_went_otherwise_is_said_as_such_the_newest_first(site: Flask) -> None:
    given(site, "c-1", "am-3", 20)
    given(site, "c-2", None, 10)

    found = gone(site)

    assert list(found) == ["c-2", "c-1"]
    assert all("as your organisation's data say" in row for row in found.values())


def test_what_one_holds_again_or_lost_long_ago_or_holds_though_lost_is_left_out(site: Flask) -> None:
    given(site, "c-1", "am-3", 20)
    given(site, "c-1", "am-1", 5)
    given(site, "c-2", "am-3", 400)
    crew.change(site.extensions["record"], act(), Change(Of.CUSTOMER, "c-3", "status", "lost", TODAY - timedelta(9)))

    assert gone(site) == {}
    assert list(gone(site, query=f"?quarter={TODAY.year - 2}-Q1")) == ["c-2"]  # a quarter before it is shown
    given(site, "c-4", "am-1", -5)  # comes only in five days
    assert gone(site) == {}


def test_who_may_see_the_holder_reads_the_name(site: Flask) -> None:
    """A manager of a team sees its people, also on their own page; nobody sees those of others."""
    leading = Change(Of.PERSON, "am-1", "role", "lead", crew.SINCE)
    crew.change(site.extensions["record"], act(), leading)
    given(site, "c-1", "am-2", 20)
    given(site, "c-2", "am-3", 20)

    found = gone(site, role=Role.MANAGER)

    assert "Held by <b>am-2</b> now." in found["c-1"]
    assert "Held by" not in found["c-2"]


def test_it_can_be_contested_as_what_is_held(site: Flask) -> None:
    given(site, "c-1", "am-3", 400)  # whatever the page shows
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li-account-manager", "am-1")

    answers = [
        client.post("/me/contest", data={"sort": "customer", "object": name, "statement": "not so"}).status_code
        for name in ("c-1", "c-2", "c-4", "c-9")
    ]

    assert answers == [303, 303, 404, 404]
