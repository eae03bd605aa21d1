"""A rule is made with the builder of conditions, by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ServeApp
from tests.browser.site import Site
from tests.webadmin.conftest import MakeApp
from webadmin.store import drafts

NAME = "scorecard.size"


@pytest.fixture
def site(folder: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site with one small policy."""
    return serve(make_app(rules=folder))


def draft(site: Site) -> str:
    """Return the text of the draft."""
    with site.record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    return "" if found is None else str(found.text)


def focused(page: Page) -> str:
    """Return the id, else the name and value, of what has the focus."""
    return str(page.evaluate("(({id, value}) => id || value || '')(document.activeElement)"))


def walk(page: Page, to: str) -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(60):
        if focused(page) == to:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {to}; the focus is on {focused(page)}")


def choose(page: Page, place: str, value: str) -> None:
    """Choose from a list with the arrow keys."""
    walk(page, place)
    chosen = page.locator(f"[id='{place}']")
    steps = chosen.evaluate(
        "(list, to) => [...list.options].findIndex((each) => each.value === to) - list.selectedIndex", value
    )
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    expect(chosen).to_have_value(value)


def compare(page: Page, line: str, field: str, how: str) -> None:
    """Choose the field of a line and its comparison."""
    choose(page, f"{line}.field", field)
    expect(page.locator(f"[id='{line}.how']")).to_be_visible()
    choose(page, f"{line}.how", how)


def press(page: Page, what: str, focus: str) -> None:
    """Press a button that adds a part, and look where the focus is then."""
    walk(page, what)
    page.keyboard.press("Enter")
    expect(page.locator(f"[id='{focus}']")).to_be_focused()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rule_is_added_by_keyboard(site: Site, language: str) -> None:
    admin = site.enter("wang", site.login("wang"), language)
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    page.get_by_role("link", name=admin.say("New rule as a form")).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id")).to_be_focused()
    page.keyboard.type("plants")

    compare(page, "c.0", "customer.kind", "eq")
    choose(page, "c.0.value-0", "plant")
    press(page, "group:c", "c.1.join")
    compare(page, "c.1.0", "customer.staff", "ge")
    walk(page, "c.1.0.value-0")
    page.keyboard.type("many")
    expect(page.locator("[data-said='c.1.0']")).to_contain_text("many")
    page.keyboard.press("Control+a")
    page.keyboard.type("50")
    expect(page.locator("[data-said='c.1.0']")).to_be_hidden()
    press(page, "line:c.1", "c.1.1.field")
    compare(page, "c.1.1", "customer.listed", "true")
    choose(page, "then.size", "large")
    expect(page.locator("#rule-condition code")).to_have_text(
        'customer.kind = "plant" and (customer.staff >= 50 or customer.listed)'
    )
    walk(page, "save")
    page.keyboard.press("Enter")

    admin.reads("Saved.")
    assert f"/policies/{NAME}/rules/plants" in page.url
    assert "customer.staff >= 50 or customer.listed" in draft(site)
    assert admin.violations() == []


def test_a_line_taken_away_leaves_the_focus_beside_it(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/rules/large?of=draft")
    page.locator("button[value='line:c']").press("Enter")
    expect(page.locator("[id='c.1.field']")).to_be_focused()

    page.locator("button[value='remove:c.1']").press("Enter")

    expect(page.locator("[id='c.1.field']")).to_have_count(0)
    expect(page.locator("[id='c.0.field']")).to_be_focused()
    assert admin.violations() == []
