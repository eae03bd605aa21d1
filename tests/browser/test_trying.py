"""Trying beside the views: the outcome while one types, facts that stay from view to view, a test made of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import PHONE, WIDE, Site, Visitor

NAME = "scorecard.size"
FIELD = ".try-panel [name='customer.staff']"
STATUS = ".try-panel [data-status]"


def opened(site: Site, language: str = "en", width: int = WIDE) -> Visitor:
    """Return somebody who has a draft of the small policy before them, and the panel beside it."""
    admin = site.enter("wang", site.login("wang"), language, width=width)
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.page.click("[data-open]")
    admin.page.wait_for_selector(FIELD)
    return admin


def fill(page: Page, staff: str) -> None:
    page.fill(".try-panel [name='customer.id']", "c1")
    page.fill(FIELD, staff)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_facts_are_decided_as_they_are_typed_and_mark_the_rule(site: Site, language: str) -> None:
    admin = opened(site, language)

    fill(admin.page, "250")

    expect(admin.page.locator("tr#rule-large")).to_have_class("rule-hit")
    fill(admin.page, "5")
    expect(admin.page.locator("tr#rule-small")).to_have_class("rule-hit")
    fill(admin.page, "many")
    expect(admin.page.locator(".try-panel .field.wrong .error")).to_contain_text("many")
    assert admin.page.input_value(FIELD) == "many"
    assert admin.violations() == []


def test_a_cell_that_is_saved_decides_anew(site: Site) -> None:
    admin = opened(site)
    fill(admin.page, "250")
    expect(admin.page.locator("tr#rule-large")).to_have_class("rule-hit")

    admin.page.fill("#c-large-1", ">= 300")
    admin.page.press("#c-large-1", "Enter")

    expect(admin.page.locator("tr#rule-small")).to_have_class("rule-hit")


def test_a_panel_opened_over_a_broken_text_decides_once_it_is_mended(site: Site) -> None:
    admin = opened(site)
    admin.page.click(".try-panel [data-close]")
    admin.page.fill("#c-large-1", ">= abc def")
    with admin.page.expect_response(lambda answer: answer.request.method == "POST"):
        admin.page.press("#c-large-1", "Enter")
    admin.page.reload()
    admin.page.click("[data-open]")
    expect(admin.page.locator(".try-panel [data-broken]")).to_contain_text("1 error")
    expect(admin.page.locator(".try-panel")).not_to_contain_text("What stands below")

    admin.page.fill("#c-large-1", ">= 300")
    admin.page.press("#c-large-1", "Enter")

    admin.page.wait_for_selector(FIELD)
    expect(admin.page.locator(".try-panel [data-broken]")).to_have_count(0)
    fill(admin.page, "301")
    expect(admin.page.locator("tr#rule-large")).to_have_class("rule-hit")


def test_facts_stay_from_view_to_view_and_end_with_the_session(site: Site) -> None:
    admin = opened(site)
    fill(admin.page, "250")
    expect(admin.page.locator("tr#rule-large")).to_have_class("rule-hit")

    for view in ("text?of=draft", "tests", "tests?of=draft"):
        admin.go(f"/policies/{NAME}/{view}")
        expect(admin.page.locator(FIELD)).to_have_value("250")
    admin.go(f"/policies/{NAME}/try")
    expect(admin.page.locator("[name='customer.staff']")).to_have_value("250")
    expect(admin.page.locator(".answer-side .decision")).to_be_visible()
    assert "c1" not in admin.page.url

    admin.page.locator(".menu > summary", has_text="wang").click()
    admin.page.get_by_role("button", name="Sign out").click()
    admin.page.wait_for_url(lambda address: "/login" in address)
    assert admin.page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('fairlead:try'))") == []


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_test_is_made_beside_the_rules_and_undone(site: Site, width: int) -> None:
    admin = opened(site, width=width)
    fill(admin.page, "250")
    admin.page.click(".try-panel .make-test > summary")
    admin.page.fill(".try-panel [name='@name']", "two hundred and fifty")

    admin.page.locator(".try-panel").get_by_role("button", name="Add the test").click()

    admin.reads("2 of 2 tests pass", "2 of 2 tests pass")
    admin.page.locator(".flash").get_by_role("button", name="Undo").click()
    admin.reads("1 of 1 tests pass", "1 of 1 tests pass")
    assert admin.violations() == []


def test_the_panel_is_closed_by_its_key_and_gives_the_focus_back(site: Site) -> None:
    admin = opened(site)

    admin.page.press(FIELD, "Escape")

    expect(admin.page.locator(".try-panel")).to_be_hidden()
    expect(admin.page.locator("[data-open]")).to_be_focused()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_called_wrong_before_somebody_has_filled_in_anything(site: Site, language: str) -> None:
    admin = opened(site, language)
    page = admin.page
    wrong = page.locator(".try-panel .field.wrong")
    calm = page.locator(".try-panel .lacking")
    expect(wrong).to_have_count(0)
    expect(calm).to_contain_text({"zh": "还需填写：", "en": "Still needed: Customer, Staff"}[language])

    for close in (True, False):
        if close:
            page.click(".try-panel [data-close]")
        with page.expect_response(lambda answer: answer.url.endswith("/beside?of=draft")):
            if close:
                page.click("[data-open]")
            else:
                page.fill("#c-large-1", ">= 300")
                page.press("#c-large-1", "Enter")
        expect(page.locator(".try-panel")).not_to_have_attribute("aria-busy", "true")
        expect(wrong).to_have_count(0)
        expect(calm).to_contain_text({"zh": "还需填写：", "en": "Still needed: Customer, Staff"}[language])

    page.fill(FIELD, "many")
    expect(wrong).not_to_have_count(0)
    expect(calm).to_have_count(0)
    assert admin.violations() == []


def test_an_empty_form_says_what_is_missing_once_it_is_to_be_decided(site: Site) -> None:
    page = opened(site).page

    page.locator(".try-panel form").get_by_role("button", name="Decide", exact=True).click()

    expect(page.locator(".try-panel .field.wrong")).not_to_have_count(0)
