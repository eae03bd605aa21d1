"""A rule is made with the builder of conditions, by keyboard alone, and saved by itself: nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import PHONE, WIDE, Site, Visitor
from webadmin.decisions.service import clock, today
from webadmin.rulesets import drafting
from webadmin.store import drafts
from webadmin.store.revisions import Act

NAME = "scorecard.size"


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
    page.locator(".toolbar .more > summary").focus()
    page.keyboard.press("Enter")
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


STATE = "#rule-state"


@pytest.fixture
def password(site: Site) -> str:
    """Return the password of who edits."""
    return site.login("wang")


def form_of(
    site: Site, password: str, language: str = "en", address: str = "rules/large?of=draft", **more: int
) -> Visitor:
    """Return somebody before the form of a rule in a draft."""
    admin = site.enter("wang", password, language, **more)
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/{address}")
    return admin


@pytest.mark.parametrize(("language", "width"), [("zh", WIDE), ("en", PHONE)])
def test_a_rule_is_saved_by_itself_and_undone_and_redone(site: Site, password: str, language: str, width: int) -> None:
    admin = form_of(site, password, language, width=width)
    page = admin.page
    page.fill("[id='c.0.value-0']", "250")

    expect(page.locator(STATE)).to_contain_text(admin.say("Saved."))
    assert draft(site).count(">= 250") == 1
    page.fill("[id='c.0.value-0']", "260")
    admin.press("Undo")  # what is typed is saved first

    expect(page.locator("[id='c.0.value-0']")).to_have_value("250")
    assert ">= 250" in draft(site)
    admin.press("Redo")
    expect(page.locator("[id='c.0.value-0']")).to_have_value("260")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert admin.violations() == []


def test_a_link_is_followed_when_all_is_saved(site: Site, password: str) -> None:
    admin = form_of(site, password)
    admin.page.fill("[id='c.0.value-0']", "250")

    admin.page.get_by_role("link", name="All rules").click()
    admin.page.wait_for_url(f"**/policies/{NAME}?of=draft*")

    assert ">= 250" in draft(site)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_typed_offline_is_saved_when_that_is_over(site: Site, password: str, language: str) -> None:
    admin = form_of(site, password, language)
    page = admin.page
    page.context.set_offline(True)
    page.fill("[id='because.en']", "Very many")
    failed = "Not saved: there is no connection. It is tried again; what you typed stays here."
    expect(page.locator(STATE)).to_contain_text(admin.say(failed))

    page.context.set_offline(False)

    expect(page.locator(STATE)).to_contain_text(admin.say("Saved."))
    assert "Very many" in draft(site)


def test_a_draft_that_is_gone_is_brought_back_with_what_is_typed(site: Site, password: str) -> None:
    page = form_of(site, password).page
    act = Act("login:li", clock(), today(clock()))
    site.record.writer.write(lambda transaction: drafts.discard(transaction, NAME, act))
    page.fill("[id='because.en']", "Very many")
    expect(page.locator(STATE)).to_contain_text("the draft is gone")

    page.get_by_role("button", name="Bring the draft back and save").click()

    expect(page.locator(STATE)).to_contain_text("Saved.")
    assert "Very many" in draft(site)


def test_a_session_that_ended_is_told_and_mended_in_another_tab(site: Site, password: str) -> None:
    page = form_of(site, password).page
    page.wait_for_load_state("networkidle")  # an answer on its way would bring the cookie back
    page.context.clear_cookies()
    page.fill("[id='because.en']", "Very many")
    expect(page.locator(STATE)).to_contain_text("you are signed out")

    other = page.context.new_page()
    other.goto(f"{site.base}/login")
    other.fill("#name", "wang")
    other.fill("#password", password)
    other.press("#password", "Enter")
    other.wait_for_url(lambda address: "/login" not in address)
    other.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page.locator(STATE)).to_contain_text("Saved.")
    assert "Very many" in draft(site)


def test_nobody_leaves_what_cannot_be_saved_without_being_asked(site: Site, password: str) -> None:
    page = form_of(site, password).page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("[id='c.0.value-0']").click()
    page.keyboard.type("many")
    expect(page.locator("[data-said='c.0']")).to_contain_text("many")

    page.get_by_role("link", name="All rules").click()

    expect(page.locator(STATE)).to_contain_text("look at what is marked")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert "many" not in draft(site).partition("rules:")[2].partition("tests:")[0].replace("people", "")
    expect(page.locator("[id='c.0.value-0']")).to_have_value("100many")


def test_a_name_is_saved_when_its_field_is_left(site: Site, password: str) -> None:
    page = form_of(site, password).page
    page.fill("#id", "enormous")
    page.keyboard.press("Tab")

    expect(page.locator("#rule-name")).to_have_text("It has [Staff] people enormous")
    assert page.url.endswith(f"/policies/{NAME}/rules/enormous?of=draft")
    page.fill("[id='c.0.value-0']", "250")
    expect(page.locator(STATE)).to_contain_text("Saved.")
    assert "id: enormous" in draft(site)
    assert ">= 250" in draft(site)


def test_what_somebody_else_has_changed_in_the_rule_is_put_into_the_form(site: Site, password: str) -> None:
    page = form_of(site, password).page
    now = clock()
    act = Act("login:li", now, today(now))
    drafting.save(site.record, NAME, draft(site).replace("It has", "There are"), 1, act)

    page.fill("[id='c.0.value-0']", "250")

    expect(page.locator("[id='because.en']")).to_have_value("There are {customer.staff} people")
    expect(page.locator("[id='c.0.value-0']")).to_have_value("250")
    page.fill("[id='c.0.value-0']", "260")
    expect(page.locator(STATE)).to_contain_text("Saved.")
    assert ">= 260" in draft(site)
    assert "There are" in draft(site)


def test_the_same_changed_by_two_leads_to_the_page_that_puts_both_together(site: Site, password: str) -> None:
    page = form_of(site, password).page
    now = clock()
    act = Act("login:li", now, today(now))
    drafting.save(site.record, NAME, draft(site).replace(">= 100", ">= 200"), 1, act)

    page.fill("[id='c.0.value-0']", "300")

    page.locator("#merge").wait_for()
    expect(page.locator("fieldset.clash")).to_contain_text(">= 300")
    assert ">= 200" in draft(site)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rule_that_says_nothing_is_refused_at_its_fields(site: Site, password: str, language: str) -> None:
    admin = form_of(site, password, language, "new-rule?of=draft")
    page = admin.page
    page.fill("#id", "rest")
    page.locator(".sticky button[value=save]").click()
    expect(page.locator(STATE)).to_contain_text(admin.say("Not saved: look at what is marked."))
    said = "Say when the rule holds, or what it gives: it says neither yet."
    expect(page.locator("[data-said='then.size']")).to_contain_text(admin.say(said))
    assert "id: rest" not in draft(site)
    page.select_option("[id='then.size']", "small")

    expect(page.locator(STATE)).to_contain_text(admin.say("Saved."))
    assert "{id: rest, then: {size: small}}" in draft(site)
    assert page.url.endswith("/rules/rest?of=draft")
