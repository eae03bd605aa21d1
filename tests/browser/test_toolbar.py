"""The table of a draft at a glance: one line of buttons, reasons that are read whole, doubts that take one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ServeApp
from tests.browser.site import WIDE, Site, Visitor
from tests.webadmin.conftest import MakeApp

NAME = "approval.order"


@pytest.fixture
def site(rules: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site over the shipped policies."""
    return serve(make_app(rules=rules))


def drafted(site: Site, language: str = "en", width: int = WIDE) -> Visitor:
    """Open the table of a draft."""
    author = site.enter("author", site.login("author"), language, width=width)
    author.go(f"/policies/{NAME}")
    author.press("Change it")
    author.page.locator("#grid").wait_for()
    if folder := os.environ.get("PICTURES"):
        author.page.screenshot(path=f"{folder}/grid-{language}-{width}.png")
    return author


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_toolbar_is_one_line_and_its_menu_is_reached_by_keys(site: Site, language: str) -> None:
    author = drafted(site, language)
    page: Page = author.page
    bar = page.locator(".grid-head .toolbar")

    assert bar.bounding_box()["height"] < 60, page.evaluate("document.body.clientWidth")  # type: ignore[index]
    page.locator(".toolbar .more > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=author.say("New rule as a form"))).to_be_focused()
    page.keyboard.press("Tab")
    expect(bar.get_by_role("button", name=author.say("Give the draft up"))).to_be_focused()


def test_a_reason_wraps_up_to_three_lines_and_is_read_whole_with_the_focus(site: Site) -> None:
    page = drafted(site).page
    cell = page.locator("#rule-very-large td.reason .cell").nth(1)
    cell.scroll_into_view_if_needed()
    shown = """(cell) => {
      const after = getComputedStyle(cell, "::after");
      return [after.webkitLineClamp, after.content.length > 10, after.visibility];
    }"""

    assert cell.evaluate(shown) == ["3", True, "visible"]
    cell.locator("[data-row]").focus()
    assert cell.evaluate(shown) == ["none", True, "visible"], "all of it stands below what is typed into"
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/reason.png")


def test_a_doubt_is_one_line_until_opened_and_what_is_worked_out_is_put_in_place(site: Site) -> None:
    page = drafted(site).page
    page.evaluate("document.getElementById('worked-out').dataset.old = 'yes'")
    row = page.locator("#rule-long-credit")
    at = row.locator("td", has=page.locator("[name=part][value='order.payment_days']")).locator("[data-row]")
    at.fill("> 45")
    at.press("Enter")
    doubt = row.locator(".said-in-short")
    expect(doubt).to_be_visible()

    closed = doubt.bounding_box()
    doubt.locator("summary").focus()
    page.keyboard.press("Enter")
    opened = doubt.bounding_box()

    expect(page.locator("#worked-out:not([data-old]) #derived")).to_be_attached()
    assert closed is not None
    assert opened is not None
    assert closed["height"] < 40 < opened["height"], (closed, opened)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/doubt.png")
