"""The stages of an approval are changed by keyboard alone, also on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site
from tests.browser.test_rule import choose, walk
from tests.webadmin.conftest import MakeApp
from webadmin.store import drafts

NAME = "approval.order"


@pytest.fixture
def shop(rules: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site with the shipped policies."""
    return serve(make_app(rules=rules))


def draft(site: Site) -> str:
    with site.record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    return "" if found is None else str(found.text)


@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", WIDE)])
def test_a_stage_is_added_moved_and_undone_by_keyboard(shop: Site, language: str, width: int) -> None:
    admin = shop.enter("wang", shop.login("wang"), language, width=width)
    page = admin.page
    admin.go(f"/policies/{NAME}")
    page.get_by_role("button", name=admin.say("Change the stages")).press("Enter")
    expect(page.locator("#stage-form")).to_be_visible()
    before = draft(shop)

    page.locator("button[value='add']").press("Enter")
    expect(page.locator("[id='s6.id']")).to_be_focused()
    page.keyboard.type("board")
    choose(page, "s6.who.0.field", "approver.role")
    expect(page.locator("[id='s6.who.0.how']")).to_be_visible()
    choose(page, "s6.who.0.value-0", "general-manager")
    walk(page, "s6.need")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")

    admin.reads("Saved.")
    line = '  - {id: board, who: approver.role = "general-manager", need: 2}\n'
    added = before.replace("separation:  ", f"{line}separation:  ")
    assert draft(shop) == added
    page.locator("button[value='up:6']").press("Enter")
    expect(page.locator("#stage-board [name='s5.was']")).to_have_count(1)
    assert draft(shop) != added
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".flash button, .notice form button").first.press("Enter")
    expect(page.locator("#stage-board [name='s6.was']")).to_have_count(1)
    assert draft(shop) == added
    assert admin.violations() == []
