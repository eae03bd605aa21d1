"""A policy's whole life in the pages, as the ten-minute article tells it.

Made, changed, tried, tested, published by a second person, asked over HTTP, retired, refused, and brought back.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, Site, Visitor
from tests.webadmin.api.conftest import token_for
from tests.webadmin.conftest import MakeApp
from webadmin.access.scopes import Scope
from webadmin.help.service import HERE

NAME = "approval.gift"
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
FACTS = {"offer": {"id": "r-1", "cost": 800}, "requester": {"id": "am-07"}}


@pytest.fixture
def site(rules: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site with the shipped policies and their vocabulary."""
    return serve(make_app(rules=rules))


@pytest.fixture
def small(folder: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site with one small policy."""
    return serve(make_app(rules=folder))


def ask(site: Site, token: str) -> tuple[int, Any]:
    """Ask for a decision over HTTP; return status and answer."""
    answer = site.visitor().page.request.post(
        f"{site.base}/api/v1/policies/{NAME}/decisions",
        data={"facts": FACTS},
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status, answer.json()


def typed(author: Visitor, rule: str, column: int, text: str) -> None:
    """Type into a cell of the table, and wait until it is saved."""
    cell = f"#c-{rule}-{column}"
    saved = author.page.locator("#grid").get_attribute("data-since")
    author.page.fill(cell, text)
    author.page.press(cell, "Tab")
    expect(author.page.locator("#grid")).not_to_have_attribute("data-since", saved or "")


def address(visitor: Visitor) -> str:
    """Return the path of the page looked at."""
    return visitor.page.url.removeprefix(visitor.base).partition("#")[0]


def approved(reviewer: Visitor, path: str) -> None:
    """Approve a proposal as a second person."""
    reviewer.go(path)
    reviewer.press("Approve")
    expect(reviewer.page.locator(".flash-good")).to_be_visible()


def made(author: Visitor) -> None:
    """Make the draft as the article says."""
    author.go("/policies")
    author.press("New policy")
    author.page.fill("#id", "gift")
    author.reads("%(name)s is free.", name=NAME)
    author.page.fill("#title-zh", "客户礼品审批")
    author.page.fill("#title-en", "Approval of gifts to customers")
    author.page.select_option("#subject", "offer.id")
    author.page.locator("details.new-policy-fields", has_text="offer").locator("summary").click()
    author.page.check("[value='offer.cost']")
    author.press("Make the draft")
    expect(author.page.locator(".flash-good")).to_contain_text(NAME)


def with_two_rules(author: Visitor) -> None:
    """Change the rule there is, and add another."""
    author.page.select_option("#new-column", "offer.cost")
    author.press("Add")
    expect(author.page.locator('[data-key="column-offer.cost"]')).to_be_visible()
    typed(author, "otherwise", 1, "> 500")
    typed(author, "otherwise", 3, "花费 {offer.cost}，超过五百元")
    typed(author, "otherwise", 4, "It costs {offer.cost}, above 500")
    typed(author, "otherwise", 0, "expensive")
    author.page.get_by_role("button", name=author.say("Add a rule at the end")).click()
    expect(author.page.locator("#c-rule-1")).to_be_visible()
    typed(author, "rule", 1, "<= 500")
    typed(author, "rule", 0, "small")


def tried_and_tested(author: Visitor) -> None:
    """Try it, make a test of that, and have the first test expect what comes out now."""
    author.page.locator("nav.tabs a", has_text=author.say("Try it")).click()
    for name, value in (("offer.id", "r-1"), ("offer.cost", "800"), ("requester.id", "am-07")):
        author.page.fill(f"[name='{name}']", value)
    author.press("Decide")
    author.reads("It costs 800, above 500", "花费 800，超过五百元")
    author.page.locator("details.make-test summary").click()
    author.page.fill("#test-name", "above 500")
    author.press("Add the test")
    author.page.get_by_role("button", name=author.say("Expect this instead")).click()
    author.reads("%(passed)s of %(tests)s tests pass", passed=2, tests=2)


def proposed(author: Visitor) -> str:
    """Propose the draft; return where the proposal is."""
    author.press("Review and propose")
    author.reads(
        "This policy was never published. It decides nothing until somebody else approves what you propose here."
    )
    author.page.fill("#note", "why")
    author.press("Propose it")
    author.reads("You proposed this, so somebody else has to approve it.")
    return address(author)


def proposed_to_retire(author: Visitor) -> str:
    """Propose to retire the policy; return where the proposal is."""
    author.go(f"/policies/{NAME}")
    author.press("Retire")
    author.page.fill("#note", "nobody needs it")
    author.press("Propose to retire it")
    author.reads("You proposed this, so somebody else has to approve it.")
    return address(author)


def proposed_to_bring_back(author: Visitor) -> str:
    """Find the policy among those that are retired, and propose to bring it back; return where the proposal is."""
    author.go("/policies")
    expect(author.page.get_by_text(NAME, exact=True)).to_have_count(0)
    author.page.locator("nav.tabs a", has_text=author.say("Retired")).click()
    author.page.locator("h3 a").first.click()
    author.press("Propose to bring it back")
    return address(author)


def shown(language: str) -> str:
    """Return the text the article ends with."""
    written = re.findall(r"```yaml\n(.*?)```", (HERE / language / "start.md").read_text("utf-8"), re.DOTALL)
    return str(written[0])


@LANGUAGES
def test_the_life_of_a_policy_from_a_blank_rule_set_to_being_brought_back(site: Site, language: str) -> None:
    token = token_for(site.record, Scope.DECIDE)
    author = site.enter("wang", site.login("wang"), language)
    reviewer = site.enter("li", site.login("li"), language)

    made(author)
    with_two_rules(author)
    tried_and_tested(author)
    assert ask(site, token)[0] == 404
    author.page.locator("nav.tabs a", has_text=author.say("Text")).click()
    text = author.page.locator("#text").input_value()
    text = re.sub(r"as_of: \S+", "as_of: 2026-03-01", text)
    assert text.replace("{id: x1}", "{id: p1}") == shown(language), "the record knows no people here"

    approved(reviewer, proposed(author))
    status, answer = ask(site, token)
    assert (status, answer["decision"]["outcome"]) == (201, {"stages": ["team-lead"]})

    waiting = proposed_to_retire(author)
    assert ask(site, token)[0] == 201
    approved(reviewer, waiting)
    status, answer = ask(site, token)
    assert (status, answer["code"]) == (410, "policy-retired")
    assert "nobody needs it" in answer["detail"]

    approved(reviewer, proposed_to_bring_back(author))
    assert ask(site, token)[0] == 201
    assert author.violations() + reviewer.violations() == []


@LANGUAGES
def test_a_copy_is_made_from_the_page_of_a_policy_and_undone(small: Site, language: str) -> None:
    author = small.enter("wang", small.login("wang"), language, width=PHONE)
    author.go("/policies/scorecard.size")
    author.press("Copy")
    page = author.page
    expect(page.locator("#id")).to_have_value("size-2")
    expect(page.locator("#subject")).to_be_hidden()
    page.fill("#id", "size")
    author.reads("%(name)s is taken. Free is: %(nearest)s", name="scorecard.size", nearest="scorecard.size-2")
    author.press("Make the draft")
    expect(page.locator("#id")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id-error")).to_contain_text("scorecard.size-2")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE

    page.fill("#id", "size-2")
    author.press("Make the draft")

    expect(page.locator("#c-large-1")).to_have_value(">= 100")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.locator(".flash").get_by_role("button", name=author.say("Discard the draft")).click()
    author.go("/policies")
    expect(page.get_by_text("scorecard.size-2")).to_have_count(0)
    assert author.violations() == []


def test_a_new_draft_is_given_up_by_one_press_until_it_is_changed(small: Site) -> None:
    author = small.enter("wang", small.login("wang"), "zh")
    author.go("/policies/scorecard.size")
    author.press("Copy")
    author.press("Make the draft")
    page = author.page
    flash = page.locator(".flash")
    expect(flash.get_by_role("button", name="放弃草稿")).to_be_visible()
    expect(flash.get_by_role("button", name="撤销")).to_have_count(0)

    page.fill("#c-large-1", ">= 120")
    page.keyboard.press("Enter")

    expect(page.locator(".flashes")).to_have_count(0)
    expect(page.locator("#c-large-1")).to_have_value(">= 120")
    assert author.violations() == []


def test_the_form_shows_what_belongs_to_the_choices_made(site: Site) -> None:
    author = site.enter("wang", site.login("wang"))
    author.go("/policies/new")
    page = author.page
    expect(page.locator("#copy")).to_be_hidden()
    page.check("[name=start][value=copy]")
    expect(page.locator("#subject")).to_be_hidden()

    page.select_option("#copy", "scorecard.customer-value@live")

    expect(page.locator("#kind")).to_have_value("scorecard")
    expect(page.locator("#id-kind")).to_have_text("scorecard.")
    assert author.violations() == []
