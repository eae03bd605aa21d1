"""A gap between rules is seen where rules are changed, tried beside them, and closed with one press."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site, Visitor
from tests.browser.test_looks import looked_at
from tests.webadmin.conftest import MakeApp

NAME = "approval.special-terms"
FORM = "#grid form:has(input[name='rule'][value='price-lock-short']):has(input[name='part'][value='offer.months'])"
GAP = ".together .remark:has(.ranges)"
MONTHS = f"{FORM} input[name='value']"


@pytest.fixture
def site(rules: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    return serve(make_app(rules=rules))


def before_a_gap(site: Site, language: str, width: int) -> Visitor:
    """Return somebody who has just left prices fixed for four to six months to no rule."""
    admin = site.enter("wang", site.login("wang"), language, width=width)
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    if width == PHONE:
        admin.page.locator("#rule-price-lock-short .opens summary").click()
    admin.page.fill(MONTHS, "<= 3")
    admin.page.press(MONTHS, "Tab")
    expect(admin.page.locator(GAP)).to_have_count(1)
    return admin


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("zh", PHONE)])
def test_a_gap_is_tried_and_closed(site: Site, language: str, width: int) -> None:
    admin = before_a_gap(site, language, width)
    remark = admin.page.locator(GAP)
    expect(remark.locator("> p")).to_contain_text("锁价" if language == "zh" else "price lock")
    folded = remark.locator(".ranges p")
    expect(folded).to_be_hidden()
    remark.locator("summary").click()
    expect(folded).to_contain_text("≥ 4")

    if width == WIDE:
        remark.get_by_text(admin.say("Try this example")).click()
        source = admin.say("the example of a remark on the rules")
        expect(admin.page.locator(".try-panel")).to_contain_text(source)
    remark.get_by_role("button", name=admin.say("Add a rule for this")).click()

    expect(admin.page.locator(GAP)).to_have_count(0)
    assert not admin.violations()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_remarks_on_rules_are_sound_in_every_look(site: Site, language: str) -> None:
    admin = before_a_gap(site, language, WIDE)

    pages = {"gap grid": f"/policies/{NAME}?of=draft", "gap read": f"/policies/{NAME}/read?of=draft"}
    assert [each for name, address in pages.items() for each in looked_at(admin, name, address)] == []
