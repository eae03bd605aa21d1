"""Two people on one draft: what both have changed is chosen place by place, by keyboard and on a telephone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import PHONE, WIDE, Site
from tests.browser.test_looks import looked_at
from tests.browser.test_rule import draft, walk
from webadmin.decisions.service import clock, today
from webadmin.publishing import service as publishing
from webadmin.publishing.answers import Proposed
from webadmin.rulesets import drafting
from webadmin.store import drafts
from webadmin.store.revisions import Act, Period

NAME = "scorecard.size"


def save(site: Site, old: str, new: str) -> None:
    """Change the draft as somebody else does."""
    now = clock()
    act = Act("login:li", now, today(now))
    version = drafting.begin(site.record, NAME, act)
    drafting.save(site.record, NAME, draft(site).replace(old, new), version, act)


def clash(page: Page, text: str) -> None:
    """Send a whole text from the page of the text, without a script."""
    page.evaluate(
        """(text) => {
          const form = document.getElementById("typing");
          document.getElementById("text").value = text;
          HTMLFormElement.prototype.submit.call(form);
        }""",
        text,
    )
    page.locator("#merge").wait_for()


@pytest.mark.parametrize(("language", "width"), [("zh", WIDE), ("en", PHONE)])
def test_two_versions_are_put_together_by_keyboard(site: Site, language: str, width: int) -> None:
    admin = site.enter("wang", site.login("wang"), language, width=width)
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    base = draft(site)
    save(site, ">= 100", ">= 200")
    clash(page, base.replace(">= 100", ">= 300").replace("en: Size}", "en: Sizes}"))

    admin.reads("Taken over")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("fieldset.clash")).to_have_count(1)
    expect(page.locator("#text")).to_have_value(base.replace(">= 100", ">= 200").replace("en: Size}", "en: Sizes}"))

    walk(page, "theirs")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#text")).to_have_value(base.replace(">= 100", ">= 300").replace("en: Size}", "en: Sizes}"))
    admin.reads("Everything is chosen.")
    walk(page, "save")
    page.keyboard.press("Enter")

    admin.reads("Saved: both changes stand together.")
    assert draft(site) == base.replace(">= 100", ">= 300").replace("en: Size}", "en: Sizes}")
    assert not admin.violations()


def test_what_is_typed_by_hand_is_not_overwritten_by_a_choice(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    base = draft(site)
    save(site, ">= 100", ">= 200")
    clash(page, base.replace(">= 100", ">= 300"))

    by_hand = base.replace(">= 100", ">= 250")
    page.fill("#text", by_hand)
    page.locator("fieldset.clash [value=mine]").check()
    page.locator("button[value=save]").click()

    admin.reads("Saved: both changes stand together.")
    assert draft(site) == by_hand


def test_what_is_chosen_is_not_lost_where_a_session_has_ended(site: Site) -> None:
    password = site.login("wang")
    admin = site.enter("wang", password)
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    base = draft(site)
    save(site, ">= 100", ">= 200")
    clash(page, base.replace(">= 100", ">= 300"))
    page.locator("fieldset.clash [value=mine]").check()
    admin.reads("Everything is chosen.")
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.locator("button[value=save]").click()
    expect(page.locator("[data-status]")).to_contain_text("you are signed out")

    other = page.context.new_page()
    other.goto(f"{site.base}/login")
    other.fill("#name", "wang")
    other.fill("#password", password)
    other.press("#password", "Enter")
    other.wait_for_url(lambda address: "/login" not in address)
    other.close()
    page.locator("button[value=save]").click()

    admin.reads("Saved: both changes stand together.")
    assert draft(site) == base.replace(">= 100", ">= 300")


def give_up(site: Site) -> None:
    """Give the draft up as somebody else does."""
    act = Act("login:li", clock(), today(clock()))
    site.record.writer.write(lambda transaction: drafts.discard(transaction, NAME, act))


def test_what_is_put_together_outlives_the_draft(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    base = draft(site)
    save(site, ">= 100", ">= 200")
    clash(page, base.replace(">= 100", ">= 300"))
    page.locator("fieldset.clash [value=mine]").check()
    admin.reads("Everything is chosen.")
    give_up(site)

    page.locator("button[value=save]").click()
    admin.reads("The draft is gone")
    admin.press("Begin a new draft with this text")

    admin.reads("a new draft began with your text")
    assert draft(site) == base.replace(">= 100", ">= 300")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_a_draft_that_is_gone_or_to_be_given_up_are_sound_in_every_look(site: Site, language: str) -> None:
    visitor = site.enter(f"gone-{language}", site.login(f"gone-{language}"), language)
    page = visitor.page
    save(site, ">= 100", ">= 200")

    def discarded() -> None:
        page.locator("form[action$='/discard'] button").click()
        expect(page.locator("input[name=sure]")).to_be_attached()

    def lost() -> None:
        page.locator(".cm-content").click()
        give_up(site)
        page.keyboard.type("# mine")
        page.keyboard.press("Control+s")
        expect(page.locator("form[action$='/anew']")).to_be_visible()

    address = f"/policies/{NAME}/text?of=draft"
    assert looked_at(visitor, "discard", address, discarded) == []
    assert looked_at(visitor, "lost", address, lost) == []


def test_a_text_being_typed_outlives_the_draft(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    page.locator(".cm-content").wait_for()
    give_up(site)

    page.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("# mine")
    page.keyboard.press("Control+s")

    admin.reads("The draft is gone")
    admin.press("Begin a new draft with this text")
    admin.reads("a new draft began with your text")
    assert draft(site).startswith("# mine")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_two_texts_is_sound_in_every_look(site: Site, language: str) -> None:
    act = Act("login:li", clock(), today(clock()))
    save(site, "It has", "There are")
    proposed = publishing.propose(site.record, {NAME: draft(site)}, Period(), "because", act)
    assert isinstance(proposed, Proposed)
    save(site, "There are", "It counts")
    publishing.decline(site.record, str(proposed.proposal), replace(act, actor="login:wang"), "why?")
    visitor = site.enter("axe", site.login("axe"), language)

    assert looked_at(visitor, "merge", f"/drafts/{NAME}/with/{proposed.proposal}") == []
    expect(visitor.page.locator("fieldset.clash")).to_have_count(1)
    expect(visitor.page.locator("blockquote")).to_have_text("why?")
