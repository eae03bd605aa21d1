"""The grid of a reference table in a browser: typed into, pasted into, undone; its columns described below it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ServeApp
from tests.browser.site import Site, Visitor
from tests.browser.test_grid import paste
from tests.webadmin.conftest import MakeApp
from tests.webadmin.rulesets.test_tables import HERE, NAME, TABLE
from webadmin.store import drafts

STATUS = "#grid [data-status]"


def cell(row: int, column: int) -> str:
    """Return the address of a cell, both from 1."""
    return f"#grid [data-row='{row}'][data-column='{column}']"


@pytest.fixture
def site(folder: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site with one reference table."""
    (folder / "reference").mkdir(exist_ok=True)
    (folder / "reference" / "rates.yaml").write_text(TABLE, "utf-8")
    return serve(make_app(rules=folder))


@pytest.fixture
def editor(site: Site) -> Visitor:
    """Return somebody before the grid of a draft."""
    admin = site.enter("wang", site.login("wang"))
    admin.go(HERE)
    admin.press("Change it")
    expect(admin.page.locator(cell(1, 1))).to_be_visible()
    return admin


def draft(site: Site) -> str:
    with site.record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    return "" if found is None else str(found.text)


def saved(page: Page) -> None:
    expect(page.locator(STATUS)).to_contain_text("Saved.")


def test_cells_are_typed_one_after_the_other_and_saved(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.focus(cell(1, 1))
    page.keyboard.type("2024/12/31")  # the cell is chosen whole
    page.fill(cell(1, 1), "2024/12/31")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("7.15")
    page.keyboard.press("Enter")

    expect(page.locator(cell(2, 3))).to_be_focused()
    expect(page.locator(cell(1, 1))).to_have_value("2024-12-31")
    saved(page)
    assert "{from: 2024-12-31, base: USD, rate: 7.15" in draft(site)
    assert draft(site).count("# The euro.") == draft(site).count("# first") == 1
    assert editor.violations() == []


def test_a_block_is_pasted_beyond_the_last_row_and_undone_as_one_step(site: Site, editor: Visitor) -> None:
    page, before = editor.page, draft(site)

    paste(page, cell(3, 1), "2025-04-01\tUSD\t7.25\r\n2025/10/1\tUSD\t7.3\r\n2026-01-01\tEUR\t7.9\r\n")

    expect(page.locator(cell(5, 3))).to_have_value("7.9")
    expect(page.locator(cell(3, 3))).to_have_value("7.25")
    assert draft(site).endswith(
        "  - {from: 2025-10-01, base: USD, rate: 7.3}\n  - {from: 2026-01-01, base: EUR, rate: 7.9}\n"
    )
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(cell(5, 3))).to_have_count(0)
    assert draft(site) == before


def test_what_is_wrong_stands_beside_its_cell_until_it_is_mended(editor: Visitor) -> None:
    page = editor.page
    page.fill(cell(2, 3), "much")
    page.keyboard.press("Enter")

    expect(page.locator(cell(2, 3))).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#grid > .notice")).to_contain_text("1 error keeps this text from loading.")
    page.fill(cell(2, 3), "7.5")
    page.keyboard.press("Enter")
    expect(page.locator("#grid > .notice")).to_have_count(0)


def test_a_row_is_moved_with_the_keyboard_and_copied(editor: Visitor) -> None:
    page = editor.page
    page.focus(cell(1, 3))
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(cell(2, 3))).to_have_value("7.1")

    page.locator("#grid tbody tr").nth(1).locator(".acts summary").click()
    page.get_by_role("button", name="Copy for another day").locator("visible=true").click()
    expect(page.locator(cell(3, 3))).to_have_value("7.1")
    expect(page.locator(cell(4, 3))).to_have_value("7.2")


def test_what_is_typed_about_one_column_stays_when_another_is_saved(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.get_by_text("Title and columns").click()
    page.fill("#title-en", "Prices")
    page.fill("#column-2-en", "Price")
    page.locator("#column-2 button").click()

    expect(page.locator("#grid thead")).to_contain_text("Price")
    expect(page.locator("#title-en")).to_have_value("Prices")
    assert "en: Price}" in draft(site)
    page.fill("#new-column-name", "1st")
    page.locator("#new-column button").click()
    expect(page.locator("#grid .notice")).to_contain_text("begun by a letter")
    expect(page.locator("#new-column-name")).to_have_value("1st")
    assert "en: Rates}" in draft(site)


def test_what_is_wrong_with_a_file_of_rules_is_taken_along(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go("/policies/scorecard.size")
    admin.press("Change it")
    page.locator("details", has=page.locator("#rules-file")).locator("summary").click()
    page.set_input_files("#rules-file", {"name": "r.csv", "mimeType": "text/csv", "buffer": "规则\nx\n".encode()})
    admin.press("See what it would change")

    with page.expect_download() as loading:
        page.locator("a[download]").click()

    assert loading.value.suggested_filename == "scorecard.size-problems.csv"
    assert loading.value.path().read_text("utf-8-sig").startswith("row,column,found,problem")
    assert admin.violations() == []
