"""A gap between rules is seen where rules are changed, tried beside them, and closed with one press."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site
from tests.webadmin.conftest import MakeApp

NAME = "approval.special-terms"
FORM = "#grid form:has(input[name='rule'][value='price-lock-short']):has(input[name='part'][value='offer.months'])"
MONTHS = f"{FORM} input[name='value']"


@pytest.fixture
def site(rules: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    return serve(make_app(rules=rules))


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("zh", WIDE), ("zh", PHONE)])
def test_a_gap_is_tried_and_closed(site: Site, language: str, width: int) -> None:
    password = site.login("wang")
    admin = site.enter("wang", password, language, width=width)
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    page = admin.page
    if width == PHONE:
        page.locator("#rule-price-lock-short .opens summary").click()
    page.fill(MONTHS, "<= 5")
    page.press(MONTHS, "Tab")

    remark = page.locator(".together .remark")
    expect(remark).to_have_count(1)
    expect(remark).to_contain_text("锁价" if language == "zh" else "price lock")
    shoot = os.environ.get("PICTURES")
    if shoot:
        remark.scroll_into_view_if_needed()
        page.screenshot(path=f"{shoot}/gap-{language}-{width}.png")
    if width == WIDE:
        remark.get_by_text(admin.say("Try this example")).click()
        panel = page.locator(".try-panel")
        expect(panel).to_contain_text(admin.say("the example of a remark on the rules"))
        if shoot:
            page.screenshot(path=f"{shoot}/tried-{language}-{width}.png")
    remark.get_by_role("button", name=admin.say("Add a rule for this")).click()

    expect(page.locator(".together")).to_have_count(0)
    if shoot:
        page.screenshot(path=f"{shoot}/closed-{language}-{width}.png")
    assert not admin.violations()
