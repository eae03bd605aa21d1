"""Somebody leaves: a plan is proposed, changed by hand, compared with another, carried out and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, Site
from tests.webadmin.conftest import MakeApp
from tests.webadmin.reassigning import crew
from webadmin.decisions.service import clock, today
from webadmin.store.revisions import Act


@pytest.fixture
def site(serve: ServeApp, make_app: MakeApp, rules: Path) -> Site:
    """Return a site over the shipped policies with a small team."""
    app = make_app(rules=rules)
    served = serve(app)
    crew.fill(served.record, Act("cli:test", clock(), today(clock())))
    return served


@pytest.mark.parametrize("language", ["zh", "en"])
def test_somebody_leaves_and_their_customers_are_handed_over_and_back(site: Site, language: str) -> None:
    day = today(clock())
    admin = site.enter("wang", site.login("wang"), language)
    page = admin.page
    admin.go("/simulations")
    admin.press("Plan a reassignment")
    page.fill("#name", "first")
    page.select_option("[name=what-am-1]", "leaves")
    admin.press("Propose")
    first = page.url
    assert crew.owners(site.record, day) == crew.BEFORE

    admin.press("Copy this plan")
    page.goto(f"{first}/customers/c-2")
    page.check("[name=to][value=stay]")
    page.fill("#reason", "they know each other")
    admin.press("Take this choice")
    admin.press("Compare")
    admin.reads("=1+c-2", "=1+c-2")

    page.goto(first)
    admin.press("Hand over")
    held = crew.owners(site.record, day)
    assert (held["c-1"] != "am-1", held["c-2"]) == (True, "am-1")

    page.goto(first)
    admin.press("Undo the reassignment")
    assert crew.owners(site.record, day) == crew.BEFORE
    assert admin.violations() == []


def test_on_a_phone_the_box_of_a_plan_stands_beside_its_name(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"), width=PHONE)
    for name in ("first", "second"):
        admin.go("/simulations/plans/new")
        admin.page.fill("#name", name)
        admin.page.select_option("[name=what-am-1]", "leaves")
        admin.press("Propose")

    admin.go("/simulations")

    row = admin.page.locator("table.plans tbody tr").first
    box, link = (row.locator(each).bounding_box() for each in ("[type=checkbox]", "th a"))
    assert box is not None
    assert link is not None
    assert box["width"] < 40
    assert box["x"] + box["width"] <= link["x"]
    assert abs(box["y"] + box["height"] / 2 - link["y"] - link["height"] / 2) < link["height"]
