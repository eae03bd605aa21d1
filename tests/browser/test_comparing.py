"""Comparing many cases in a browser: a choice applies at once, names are offered, and files come when it has ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ServeApp
from tests.browser.site import Site, Visitor
from tests.webadmin.decided.conftest import Place
from webadmin.decisions.service import clock
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker

MANY = "/simulations/many"


@pytest.fixture
def site(place: Place, serve: ServeApp) -> Site:
    """Return a site with decisions of the shipped policies."""
    return serve(place.app)


@pytest.fixture
def admin(site: Site, request: pytest.FixtureRequest) -> Visitor:
    """Return somebody signed in; the record lasts longer than a test, so each has another name."""
    name = request.node.name[:40].replace("_", "-")
    return site.enter(name, site.login(name))


def test_a_choice_applies_at_once_and_what_was_typed_stays(admin: Visitor) -> None:
    page = admin.page
    admin.go(MANY)
    expect(page.get_by_role("button", name="Choose")).to_have_count(0)
    page.select_option("#policy", "approval.order")
    expect(page.locator(".versus")).to_contain_text("revision 1")
    page.fill("#customer", "c-1")
    page.set_input_files("#file", {"name": "facts.csv", "mimeType": "text/csv", "buffer": b"order.id\no-1\n"})
    expect(page.locator("#preview-title")).to_be_visible()

    page.select_option("#other", "day")
    expect(page.locator("#other-error")).to_be_visible()
    page.fill("#other_day", "2026-01-01")

    expect(page.locator(".versus")).to_contain_text("in effect on January 1, 2026")
    expect(page.locator("#customer")).to_have_value("c-1")
    expect(page.locator("#preview-title")).to_be_visible()
    assert page.evaluate("document.getElementById('file').files.length") == 1
    assert "other_day=2026-01-01" in page.url
    assert page.input_value("#upload [name=side-other_day]") == "2026-01-01"
    page.select_option("#policy", "scorecard.customer-value")
    expect(page.locator("#other")).not_to_have_value("day")
    assert admin.violations() == []


def test_names_are_offered_while_part_of_one_is_typed(admin: Visitor) -> None:
    page = admin.page
    admin.go(f"{MANY}?policy=approval.order&one=live&other=1")
    page.locator("#person").press_sequentially("mei")
    expect(page.locator("#person-names option")).to_have_attribute("value", "Mei Han")

    admin.go("/decisions")
    page.locator("#customer").press_sequentially("c-2")
    expect(page.locator("#customer-names option")).to_have_attribute("value", "Customer c-2")
    assert admin.violations() == []


def test_the_files_are_there_when_it_has_ended_without_loading_the_page_anew(site: Site, admin: Visitor) -> None:
    page = admin.page
    admin.go(f"{MANY}?policy=approval.order&one=live&other=1")
    page.get_by_role("button", name="Compare recorded decisions").click()
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    expect(page.get_by_role("link", name="as XLSX")).to_have_count(0)
    page.evaluate("window.isTheSame = true")

    while Worker(site.record, KINDS, Around(clock, Stop())).once():
        pass

    expect(page.get_by_role("link", name="as XLSX")).to_be_visible()
    expect(page.get_by_role("link", name="All rows as CSV")).to_be_visible()
    assert page.evaluate("window.isTheSame")
    assert admin.violations() == []


def test_without_a_script_the_button_chooses(site: Site) -> None:
    password = site.login("plain")
    context = site.browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site.base}/login")
    page.fill("#name", "plain")
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto(f"{site.base}{MANY}")
    page.select_option("#policy", "approval.order")
    page.get_by_role("button", name="Choose").click()
    expect(page.locator(".versus")).to_contain_text("revision 1")
    context.close()
