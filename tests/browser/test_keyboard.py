"""By keyboard alone: the focus is always seen and never lost, nothing holds it, and a rule is changed and published."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import PHONE, WIDE, Site, Visitor

NAME = "scorecard.size"
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])

MOST_STOPS = 200

STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const ring = at.closest(".cm-editor") || at;
  const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const seen = outlined || getComputedStyle(ring).outlineStyle !== "none";
  const { width, height, top, bottom, left, right } = at.getBoundingClientRect();
  const shown = width > 1 && height > 1 && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  const said = `${at.tagName.toLowerCase()} ${at.id || at.textContent.trim().slice(0, 30)}`;
  return seen && shown ? said : `${said}: not seen`;
}"""
"""What has the focus, and whether somebody who looks can tell; empty where nothing has it."""


def tab(page: Page, to: Locator, back: bool = False) -> None:
    """Press Tab until something has the focus."""
    to.wait_for()
    for _ in range(MOST_STOPS):
        if to.evaluate("(each) => each === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"Tab never reaches {to}; the focus is on {page.evaluate(STOP)}")


def enter(page: Page, what: Locator) -> None:
    """Go to something with Tab and press Enter on it."""
    tab(page, what)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def named(visitor: Visitor, text: str, role: str = "button", where: str = "main") -> Locator:
    """Return the one button or link of a name."""
    found = visitor.page.locator(where).get_by_role(role, name=visitor.say(text), exact=True)  # type: ignore[arg-type]
    return found.first


def stops(page: Page) -> list[str]:
    """Return where Tab stops on a page, from its beginning until it leaves it."""
    page.evaluate("document.activeElement.blur()")
    page.evaluate("window.getSelection().removeAllRanges()")
    found: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if not stop:
            break
        found.append(stop)
    else:
        pytest.fail(f"Tab does not get out of the page: {found[-6:]}")
    return found


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_skip_link_is_first_and_leads_to_the_content(site: Site, width: int) -> None:
    admin = site.enter("wang", site.login("wang"), width=width)
    page = admin.page
    admin.go("/policies")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()

    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_stop_is_seen_and_none_holds_the_focus(site: Site, width: int) -> None:
    admin = site.enter("wang", site.login("wang"), width=width)
    admin.page.emulate_media(reduced_motion="reduce")  # what has the focus is scrolled to at once
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    for path in (
        *("/", "/policies", f"/policies/{NAME}?of=draft", f"/policies/{NAME}/rules/large?of=draft", "/decisions"),
        *(f"/policies/{NAME}/try", f"/review/draft/{NAME}", "/simulations", "/imports", "/logins/new", "/account"),
    ):
        admin.go(path)
        found = stops(admin.page)
        assert len(found) > 10, path
        assert [each for each in found if each.endswith("not seen")] == [], path


def test_the_list_of_keys_opens_closes_and_gives_the_focus_back(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go("/policies")
    link = page.locator("main a").first
    link.focus()

    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.getElementById('keys').contains(document.activeElement)")
    expect(dialog.locator("kbd", has_text="?")).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !document.activeElement.closest('main')")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/decisions")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_menu_of_the_rest_leads_on_and_closes_by_escape(site: Site, width: int) -> None:
    admin = site.enter("wang", site.login("wang"), width=width)
    page = admin.page
    admin.go("/policies")
    menu = page.locator(".rest > summary")
    enter(page, menu)
    logins = named(admin, "Logins", "link", "nav .rest")
    expect(logins).to_be_in_viewport(ratio=1)

    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(logins).to_be_hidden()
    expect(menu).to_be_focused()

    page.keyboard.press("Enter")
    tab(page, logins)
    tab(page, page.locator("#search-box"))
    expect(logins).to_be_hidden()  # who goes on leaves no open menu behind
    tab(page, menu, back=True)
    page.keyboard.press("Enter")
    enter(page, logins)
    expect(page.locator("h1")).to_have_text("Logins")
    expect(menu).to_contain_text("Logins")


@LANGUAGES
def test_what_went_wrong_takes_the_focus(site: Site, language: str) -> None:
    visitor = site.visitor(language)
    site.login("wang")
    visitor.go("/login")
    visitor.page.fill("#name", "wang")
    visitor.page.fill("#password", "wrong")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("[role=alert]")).to_be_focused()

    admin = site.enter("li", site.login("li"), language)
    admin.go("/account")
    admin.page.fill("#old", "wrong")
    admin.page.fill("#new", "short")
    admin.page.keyboard.press("Enter")
    expect(admin.page.locator(".field.wrong input").first).to_be_focused()

    admin.go(f"/policies/{NAME}/try")
    admin.page.fill("[name='customer.staff']", "many")
    admin.page.keyboard.press("Enter")
    expect(admin.page.locator(".mistakes")).to_be_focused()
    assert visitor.violations() + admin.violations() == []


def test_the_focus_outlives_each_change_of_the_grid(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    since = page.locator("#grid")

    def done(version: int) -> None:
        expect(since).to_have_attribute("data-since", str(version))

    enter(page, named(admin, "Add a rule at the end"))
    done(2)
    expect(page.locator("#grid tbody tr").last.locator("[data-column='1']")).to_be_focused()

    menu = page.locator("#rule-large .acts > summary")
    tab(page, menu, back=True)
    page.keyboard.press("Enter")
    enter(page, page.locator("#rule-large").get_by_role("button", name="Move down"))
    done(3)
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    enter(page, page.locator("#rule-large").get_by_role("button", name="Remove"))
    done(4)
    expect(page.locator("#rule-large")).to_have_count(0)
    expect(page.locator("#grid tbody tr").nth(1).locator(".acts > summary")).to_be_focused()

    undo = page.locator("[data-key=z]")
    tab(page, undo, back=True)
    for version in (3, 2, 1):
        page.keyboard.press("Enter")
        done(version)
        assert page.evaluate("document.getElementById('grid').contains(document.activeElement)")
    expect(undo).to_be_disabled()
    assert admin.violations() == []


@LANGUAGES
def test_the_text_lets_the_focus_out_and_says_how(site: Site, language: str) -> None:
    admin = site.enter("wang", site.login("wang"), language)
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    text = page.locator("#editor .cm-content")
    tab(page, text)
    before = text.inner_text()
    hint = page.locator(f"#{text.get_attribute('aria-describedby')}")
    expect(hint).to_contain_text("Esc")
    expect(hint).to_contain_text("Tab")

    for key in ("Tab", "Shift+Tab"):
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        expect(text).not_to_be_focused()
        tab(page, text, back=True)
    assert text.inner_text() == before


@LANGUAGES
def test_a_cell_is_changed_and_published_without_a_mouse(site: Site, language: str) -> None:
    author = site.enter("wang", site.login("wang"), language)
    page = author.page
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/policies")
    enter(page, page.get_by_role("link", name="规模" if language == "zh" else "Size", exact=True))
    enter(page, named(author, "Change it"))
    cell = page.locator("#c-large-1")
    tab(page, cell)
    page.keyboard.press("Control+a")
    page.keyboard.type(">= 80")
    page.keyboard.press("Tab")
    expect(page.locator("#grid")).to_have_attribute("data-since", "2")
    enter_back = named(author, "Review and propose", "link")
    tab(page, enter_back, back=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/draft/**")
    tab(page, page.locator("#note"))
    page.keyboard.type("why")
    enter(page, named(author, "Propose it"))
    author.reads("You proposed this, so somebody else has to approve it.")

    reviewer = site.enter("li", site.login("li"), language)
    page = reviewer.page
    enter(page, named(reviewer, "Review", "link", "header nav"))
    enter(page, page.locator("main").get_by_role("link", name="规模" if language == "zh" else "Size", exact=True))
    enter(page, named(reviewer, "Approve"))
    reviewer.reads("Approved")
    reviewer.go(f"/policies/{NAME}/text")
    page.get_by_text(">= 80").first.wait_for()
    assert author.violations() + reviewer.violations() == []


@LANGUAGES
def test_what_a_search_finds_inside_a_policy_takes_the_focus(site: Site, language: str) -> None:
    visitor = site.enter("ada", site.login("ada"), language)
    page = visitor.page
    page.keyboard.press("/")
    page.keyboard.type("large")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=large")
    enter(page, page.locator("#found-parts + ul a").first)
    page.wait_for_url("**#rule-large")

    expect(page.locator("#rule-large")).to_be_focused()
    assert not page.evaluate(STOP).endswith("not seen")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#rule-large') !== null")
