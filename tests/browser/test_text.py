"""The text of a draft as an editor: what cannot be saved says why, stays, and is saved when that is over."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from webadmin.store import drafts

NAME = "scorecard.size"
STATUS = "#saved"


@pytest.fixture
def password(site: Site) -> str:
    """Return the password of who edits."""
    return site.login("wang")


@pytest.fixture
def page(site: Site, password: str) -> Page:
    """Return the text of a draft, the caret at its end."""
    admin = site.enter("wang", password)
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    admin.page.click(".cm-content")
    admin.page.keyboard.press("Control+End")
    return admin.page


def draft(site: Site) -> str:
    """Return the text of the draft."""
    with site.record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    return "" if found is None else str(found.text)


def test_a_session_that_ended_is_told_and_mended_in_another_tab(site: Site, password: str, page: Page) -> None:
    page.context.clear_cookies()
    page.keyboard.type("# kept\n")
    page.keyboard.press("Control+s")
    expect(page.locator(STATUS)).to_contain_text("you are signed out")

    other = page.context.new_page()
    other.goto(f"{site.base}/login")
    other.fill("#name", "wang")
    other.fill("#password", password)
    other.press("#password", "Enter")
    other.wait_for_url(lambda address: "/login" not in address)
    other.close()
    page.keyboard.press("Control+s")

    expect(page.locator(STATUS)).to_contain_text("saved ")
    assert draft(site).endswith("# kept\n")


def test_a_text_that_is_too_large_is_told_as_that(site: Site, page: Page) -> None:
    before = draft(site)

    page.keyboard.insert_text("# " + "x" * 3_000_000)
    page.keyboard.press("Control+s")

    expect(page.locator(STATUS)).to_contain_text("1 MB at most")
    assert draft(site) == before


def test_what_is_undone_to_the_saved_text_is_saved(page: Page) -> None:
    page.keyboard.type("#")
    expect(page.locator(STATUS)).to_have_text("not saved yet")

    page.keyboard.press("Control+z")

    expect(page.locator(STATUS)).to_have_text("saved")
