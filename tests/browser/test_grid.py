"""The table of a draft: nothing typed is lost, whatever the network, the session or somebody else does meanwhile."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site, Visitor
from tests.webadmin.conftest import MakeApp
from webadmin.decisions.service import clock, today
from webadmin.rulesets import drafting
from webadmin.store import drafts
from webadmin.store.revisions import Act

NAME = "scorecard.size"
STAFF, SIZE, ZH, EN = (f"#c-large-{column}" for column in (1, 2, 3, 4))
STATUS = "#grid [data-status]"
ASIDE = "(box) => [box.scrollWidth - box.clientWidth, box.scrollLeft]"
"""How much wider than its pane a table is, and how far it was pushed aside, pixels."""


@pytest.fixture
def password(site: Site) -> str:
    """Return the password of who edits."""
    return site.login("wang")


@pytest.fixture
def editor(site: Site, password: str) -> Visitor:
    """Return somebody before the table of a draft."""
    return begun(site, password)


def begun(site: Site, password: str) -> Visitor:
    """Begin a draft and stand before its table."""
    admin = site.enter("wang", password)
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    expect(admin.page.locator(STAFF)).to_be_visible()
    return admin


def draft(site: Site) -> str:
    """Return the text of the draft."""
    with site.record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    return "" if found is None else str(found.text)


def slow(page: Page) -> None:
    """Have every change take its time."""

    def wait(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route("**/change*", wait)


def paste(page: Page, cell: str, text: str) -> None:
    """Paste a text into a cell."""
    page.focus(cell)
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_what_is_typed_without_a_connection_is_saved_when_there_is_one(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.context.set_offline(True)
    page.fill(STAFF, ">= 120")
    page.press(STAFF, "Tab")
    expect(page.locator(STATUS)).to_contain_text("there is no connection")
    expect(page.locator(STAFF)).to_have_value(">= 120")

    page.context.set_offline(False)
    page.fill(EN, "Many people")
    page.press(EN, "Tab")

    expect(page.locator(STATUS)).to_contain_text("Saved, but 1 test fails: a hundred is large")
    assert '">= 120"' in draft(site)
    assert "Many people" in draft(site)
    assert editor.violations() == []


def test_leaving_the_table_saves_what_was_typed_first(site: Site, editor: Visitor) -> None:
    page = editor.page
    slow(page)
    for cell, text in ((STAFF, ">= 120"), (ZH, "人多"), (EN, "Many people")):
        page.fill(cell, text)
    expect(page.locator(STATUS)).to_have_text("Saving…")

    editor.press("Review and propose")
    page.wait_for_url(lambda address: "/review" in address or "/draft" in address)

    text = draft(site)
    assert all(each in text for each in ('">= 120"', "人多", "Many people"))


def test_who_closes_the_page_with_something_unsaved_is_asked(editor: Visitor) -> None:
    page = editor.page
    page.context.set_offline(True)
    page.click(STAFF)
    page.keyboard.press("End")
    page.keyboard.type("7")

    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)

    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(page.locator(STAFF)).to_have_value(">= 1007")


def test_a_draft_that_is_gone_is_brought_back_with_what_is_typed(site: Site, editor: Visitor) -> None:
    page, before = editor.page, draft(site)
    act = Act("login:li", clock(), today(clock()))
    site.record.writer.write(lambda transaction: drafts.discard(transaction, NAME, act))
    page.fill(STAFF, ">= 120")
    page.press(STAFF, "Tab")
    expect(page.locator(STATUS)).to_contain_text("the draft is gone")

    page.get_by_role("button", name="Bring the draft back and save").click()

    expect(page.locator(STATUS)).to_contain_text("Saved")
    assert draft(site) == before.replace(">= 100", ">= 120")


def test_a_session_that_ended_is_mended_in_another_tab(site: Site, password: str, editor: Visitor) -> None:
    page = editor.page
    page.context.clear_cookies()
    page.fill(STAFF, ">= 120")
    page.press(STAFF, "Tab")
    expect(page.locator(STATUS)).to_contain_text("you are signed out")
    expect(page.locator(STAFF)).to_have_value(">= 120")

    other = page.context.new_page()
    other.goto(f"{site.base}/login")
    other.fill("#name", "wang")
    other.fill("#password", password)
    other.press("#password", "Enter")
    other.wait_for_url(lambda address: "/login" not in address)

    page.fill(EN, "Many people")
    page.press(EN, "Tab")
    expect(page.locator(STATUS)).to_contain_text("Saved, but 1 test fails: a hundred is large")
    assert '">= 120"' in draft(site)
    assert "Many people" in draft(site)


def test_two_people_on_one_cell_see_both_values(site: Site, editor: Visitor) -> None:
    other = site.enter("li", site.login("li"))
    other.go(f"/policies/{NAME}?of=draft")
    editor.page.fill(STAFF, ">= 140")
    editor.page.press(STAFF, "Tab")
    expect(editor.page.locator("#grid")).to_have_attribute("data-since", "2")

    other.page.fill(STAFF, ">= 150")
    other.page.press(STAFF, "Tab")

    expect(other.page.locator(f"{STAFF}-said")).to_contain_text("It now says “>= 140”.")
    expect(other.page.locator(STAFF)).to_have_value(">= 150")
    other.page.fill(EN, "Many people")  # a change elsewhere keeps it
    other.page.press(EN, "Tab")
    expect(other.page.locator("#grid")).to_have_attribute("data-since", "3")
    expect(other.page.locator(STAFF)).to_have_value(">= 150")
    other.press("Put mine there")
    expect(other.page.locator(f"{STAFF}-said")).to_have_count(0)
    assert '">= 150"' in draft(site)


def test_a_name_that_cannot_be_taken_stays_typed(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.fill("#c-large-0", "大订单")
    page.press("#c-large-0", "Tab")

    expect(page.locator("#c-large-0-said")).to_contain_text("lower case letters")
    expect(page.locator("#c-large-0")).to_have_value("大订单")
    expect(page.locator(STATUS)).to_have_text("The marked cells are not saved; everything else is.")
    editor.press("Call it rule")
    expect(page.locator("#c-rule-0")).to_have_value("rule")
    assert "id: rule" in draft(site)


def test_escape_takes_back_what_cannot_be_taken(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.fill("#c-large-0", "大订单")
    page.press("#c-large-0", "Tab")
    expect(page.locator("#c-large-0-said")).to_contain_text("lower case letters")

    page.press("#c-large-0", "Escape")

    expect(page.locator("#c-large-0")).to_have_value("large")
    expect(page.locator("#c-large-0-said")).to_have_count(0)
    expect(page.locator(STATUS)).to_have_text("Saved. No errors.")
    page.press("#c-large-0", "Tab")
    assert "id: large" in draft(site)


def test_enter_and_arrows_pass_a_row_whose_cells_are_one(editor: Visitor) -> None:
    page = editor.page
    page.locator("#rule-large .acts summary").click()
    page.locator("#rule-large").get_by_role("button", name="Copy").click()
    expect(page.locator("#c-large-copy-0")).to_be_focused()
    editor.page.evaluate("document.activeElement.blur()")
    page.select_option("#new-column", "customer.kind")
    page.locator("form.inline").get_by_role("button", name="Add").click()
    page.wait_for_url("**column=*")

    page.focus("#c-large-2")
    page.keyboard.press("Enter")
    expect(page.locator("#c-large-copy-2")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#c-small-2")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#c-large-copy-1")).to_be_focused()


def test_what_the_policy_needs_follows_the_table(folder: Path, make_app: MakeApp, serve: ServeApp) -> None:
    vocabulary = "vocabulary: 1\nfields:\n  customer.region: {type: string}\n"
    (folder / "vocabulary.yaml").write_text(vocabulary, "utf-8")
    site = serve(make_app(rules=folder))
    admin = begun(site, site.login("wang"))
    page = admin.page
    needed = page.locator("#needs tbody tr").filter(has_text="customer.region")
    expect(needed).to_have_count(0)

    page.select_option("#new-column", "customer.region")
    page.locator("form.inline").get_by_role("button", name="Add").click()
    expect(needed).to_have_count(1)

    page.locator("#grid [data-key=z]").click()
    expect(needed).to_have_count(0)
    assert admin.violations() == []


def test_what_the_policy_gives_follows_the_table(site: Site, editor: Visitor) -> None:
    page = editor.page
    given = page.locator("#gives tbody th")
    expect(given).to_contain_text("Size")
    act = Act("login:li", clock(), today(clock()))
    text = draft(site).replace("label: {zh: 规模, en: Size}}\nhit", "label: {zh: 规模, en: How large}}\nhit")
    drafting.save(site.record, NAME, text, 1, act)

    page.fill(STAFF, ">= 120")
    page.press(STAFF, "Tab")

    expect(given).to_contain_text("How large")
    page.locator("#grid [data-key=z]").click()
    page.locator("#grid [data-key=z]").click()
    expect(given).not_to_contain_text("How large")
    assert editor.violations() == []


def test_the_focus_stays_where_a_rule_was_removed(editor: Visitor) -> None:
    page = editor.page
    page.locator("#rule-small .acts summary").click()
    page.locator("#rule-small").get_by_role("button", name="Remove").click()

    expect(page.locator("#rule-small")).to_have_count(0)
    expect(page.locator("#rule-large .acts summary")).to_be_focused()


def test_a_block_past_the_last_row_adds_rules(site: Site, editor: Visitor) -> None:
    page = editor.page

    paste(page, "#c-small-0", 'little\t< 10\tsmall\t小\t"not\nmany"\nnext\t< 1,000\tlarge\t大\tLarge\textra\n')

    expect(page.locator("#c-next-1")).to_have_value("< 1000")
    expect(page.locator("#c-little-4")).to_have_value("not many")
    expect(page.locator(STATUS)).to_have_text(
        "Saved, but cells that did not fit were left out: 1: line 2, column 6 (extra)"
    )
    assert "id: next" in draft(site)


def test_several_values_are_ticked_in_a_list(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.goto(f"{site.base}/policies/{NAME}?of=draft&column=customer.kind")
    page.focus("#c-large-2")
    page.keyboard.press("F2")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#c-large-2")).to_have_value("shop, plant")
    page.keyboard.press("Tab")

    expect(page.locator("#grid")).to_have_attribute("data-since", "2")
    assert "customer.kind: [shop, plant]" in draft(site)
    assert editor.violations() == []


def test_a_click_selects_what_stands_in_a_cell_and_a_second_one_puts_the_caret(editor: Visitor) -> None:
    page = editor.page
    page.click(STAFF)
    page.keyboard.type("> 5")
    expect(page.locator(STAFF)).to_have_value("> 5")

    page.click(STAFF)
    page.keyboard.press("End")
    page.keyboard.type("0")
    expect(page.locator(STAFF)).to_have_value("> 50")


def test_a_cell_shows_its_words_until_it_has_the_focus(site: Site, editor: Visitor) -> None:
    page = editor.page
    words = page.locator(f"{STAFF}-words")
    expect(words).to_have_text("is at least 100 people")
    expect(words).to_be_visible()
    expect(page.locator(STAFF)).to_have_accessible_description("is at least 100 people")
    page.click(STAFF)
    expect(words).to_be_hidden()

    page.keyboard.type("200-500")
    page.keyboard.press("Tab")

    expect(page.locator(f"{STAFF}-said")).to_contain_text("Read as the range [200..500]: both ends count.")
    expect(words).to_have_text("is between 200 people (included) and 500 people (included)")
    page.goto(f"{site.base}/policies/{NAME}?of=draft&as=written")
    expect(words).to_have_count(0)
    assert editor.violations() == []


def test_keys_add_copy_and_remove_a_rule_and_do_again_what_was_undone(site: Site, editor: Visitor) -> None:
    page, grid = editor.page, editor.page.locator("#grid")
    page.focus("#c-large-1")
    page.keyboard.press("Alt+Enter")
    expect(grid).to_have_attribute("data-since", "2")
    expect(page.locator("#rule-rule .always")).to_have_text("always holds")
    page.focus("#c-large-1")
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator("#rule-large-copy")).to_be_visible()
    page.focus("#c-rule-1")
    page.keyboard.press("Alt+Delete")
    expect(page.locator("#rule-rule")).to_have_count(0)

    page.focus("#c-large-1")
    page.keyboard.press("Control+z")
    expect(page.locator("#rule-rule")).to_be_visible()
    page.keyboard.press("Control+y")
    expect(page.locator("#rule-rule")).to_have_count(0)
    assert "large-copy" in draft(site)


def test_a_block_is_marked_copied_and_filled_down(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.focus("#c-large-1")
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator("#rule-large-copy")).to_be_visible()
    page.fill(STAFF, ">= 300")
    page.press(STAFF, "Tab")
    expect(page.locator("#grid")).to_have_attribute("data-since", "3")
    page.click(STAFF)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-ranged]")).to_have_count(4)
    copied = page.evaluate("""() => {
      const clipboardData = new DataTransfer();
      document.activeElement.dispatchEvent(
        new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true }));
      return clipboardData.getData("text/plain");
    }""")
    assert copied == ">= 300\tlarge\n>= 100\tlarge"

    page.keyboard.press("Control+d")

    expect(page.locator("#grid")).to_have_attribute("data-since", "4")
    expect(page.locator("#c-large-copy-1")).to_have_value(">= 300")
    page.focus("#c-small-1")
    page.keyboard.press("Control+d")
    expect(page.locator("#c-small-1")).to_have_value(">= 300")
    assert draft(site).count('">= 300"') == 3


def test_a_rule_taken_out_is_told_and_brought_back_beside_it(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.locator("#rule-small .acts summary").click()
    page.locator("#rule-small").get_by_role("button", name="Remove").click()

    told = page.locator("#grid .flash")
    expect(told).to_contain_text("The rule “small” is gone from the draft.")
    told.get_by_role("button", name="Undo").click()
    expect(page.locator("#rule-small")).to_be_visible()
    assert "id: small" in draft(site)


def test_a_pasted_name_that_cannot_stay_is_told(editor: Visitor) -> None:
    paste(editor.page, "#c-small-0", "small\t< 10\n第三 规则\t< 5\n")

    expect(editor.page.locator("#grid .flash")).to_contain_text("“第三 规则” is called “rule”")


def test_a_new_column_is_in_sight_and_has_the_focus(editor: Visitor) -> None:
    page = editor.page
    page.set_viewport_size({"width": WIDE, "height": 1400})
    page.select_option("#new-column", "customer.kind")
    page.locator("form.inline").get_by_role("button", name="Add").click()
    expect(page.locator("#c-large-2")).to_be_focused()
    page.keyboard.type("shop")
    page.keyboard.press("Tab")
    expect(page.locator("#c-large-2-words")).to_have_text("is shop")
    assert page.url.endswith("column=customer.kind")

    page.locator('[data-key="column-customer.kind"]').click()
    page.get_by_role("button", name="Move left").click()
    expect(page.locator("#c-large-1-words")).to_have_text("is shop")
    page.locator('[data-key="column-customer.kind"]').click()
    page.locator("thead").get_by_role("button", name="Take the column out").locator("visible=true").click()
    expect(page.locator("#c-large-1-words")).to_have_text("is at least 100 people")
    assert "column" not in page.url
    assert editor.violations() == []


def test_what_is_saved_stays_in_sight_while_the_table_is_scrolled(editor: Visitor) -> None:
    page = editor.page
    page.set_viewport_size({"width": 1280, "height": 500})
    page.evaluate("window.scrollTo(0, document.querySelector('#grid .scroll').getBoundingClientRect().top + scrollY)")

    expect(page.locator(STATUS)).to_be_in_viewport(ratio=1)
    seen = page.evaluate("""() => {
      const { x, y } = document.querySelector("#grid [data-status]").getBoundingClientRect();
      return document.elementFromPoint(x + 5, y + 5).closest(".grid-head") !== null;
    }""")
    assert seen


def test_each_row_of_the_first_column_has_its_line(editor: Visitor) -> None:
    page = editor.page
    page.focus("#c-large-1")
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator("#rule-large-copy")).to_be_visible()
    page.evaluate("document.activeElement.blur()")

    head = page.locator("#rule-large-copy > th")
    line, borders = head.evaluate("""(each) =>
      [getComputedStyle(each).borderTopWidth, getComputedStyle(each.closest("table")).borderCollapse]""")
    assert (line, borders) == ("1px", "separate"), "borders that cells share do not move with a cell that sticks"


def ids(page: Page) -> list[str]:
    """Return the rules in the order they stand in."""
    return [
        str(each) for each in page.evaluate("[...document.querySelectorAll('#grid tbody tr')].map((row) => row.id)")
    ]


def middle(page: Page, place: str) -> tuple[float, float]:
    """Return where the middle of something is."""
    box = page.locator(place).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def grip(rule: str) -> str:
    return f"#rule-{rule} .grip"


def three(editor: Visitor) -> list[str]:
    """Add a rule, so that there are enough to be put in another order, on a screen that shows them all."""
    editor.page.set_viewport_size({"width": WIDE, "height": 1400})
    editor.press("Add a rule at the end")
    expect(editor.page.locator("#grid tbody tr")).to_have_count(3)
    return [each.removeprefix("rule-") for each in ids(editor.page)]


def test_a_rule_is_dragged_to_another_place_and_brought_back(site: Site, editor: Visitor) -> None:
    page, (first, second, third) = editor.page, three(editor)
    page.mouse.move(*middle(page, grip(third)))
    page.mouse.down()
    page.mouse.move(*middle(page, f"#rule-{second} .grip"))
    page.mouse.move(*middle(page, f"#rule-{first} .grip"))
    expect(page.locator(f"#rule-{first}")).to_have_attribute("data-drop", "before")
    page.mouse.up()

    expect(page.locator("#grid tbody tr").first).to_have_id(f"rule-{third}")
    assert draft(site).index(f"id: {third}") < draft(site).index(f"id: {first}")
    editor.press("Undo")
    expect(page.locator("#grid tbody tr").first).to_have_id(f"rule-{first}")
    assert editor.violations() == []


def test_escape_leaves_a_dragged_rule_where_it_was(site: Site, editor: Visitor) -> None:
    page, (first, _, third) = editor.page, three(editor)
    before = draft(site)
    page.mouse.move(*middle(page, grip(third)))
    page.mouse.down()
    page.mouse.move(*middle(page, grip(first)))
    expect(page.locator("[data-drop]")).to_have_count(1)

    page.keyboard.press("Escape")

    expect(page.locator("[data-drop]")).to_have_count(0)
    page.mouse.up()
    page.wait_for_timeout(200)
    assert draft(site) == before


def test_a_finger_drags_a_rule(editor: Visitor) -> None:
    page, (first, _, third) = editor.page, three(editor)
    finger = page.context.new_cdp_session(page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    (x, y), (_, top) = middle(page, grip(third)), middle(page, grip(first))
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x, y + (top - y) * step / 5))
    touch("touchEnd")

    expect(page.locator("#grid tbody tr").first).to_have_id(f"rule-{third}")


def test_a_column_is_dragged_to_another_place(site: Site, editor: Visitor) -> None:
    page = editor.page
    page.set_viewport_size({"width": WIDE, "height": 1400})
    page.select_option("#new-column", "customer.kind")
    page.locator("#grid").get_by_role("button", name="Add", exact=True).click()
    page.locator("[id='c-large-2'][list], [id='c-large-2'][data-list]").fill("shop")
    page.keyboard.press("Enter")
    expect(page.locator(STATUS)).to_contain_text("Saved")
    order = page.locator("#grid thead th[data-part]")
    before = [each.get_attribute("data-part") for each in order.all()]
    begin, end = (f'#grid th[data-part="{each}"] .grip' for each in (before[1], before[0]))

    page.mouse.move(*middle(page, begin))
    page.mouse.down()
    page.mouse.move(*middle(page, end))
    expect(page.locator("#grid th[data-drop=before]")).to_have_count(1)
    page.mouse.up()

    expect(order.first).to_have_attribute("data-part", str(before[1]))
    text = draft(site).partition("inputs:")[2]
    assert text.index(str(before[1])) < text.index(str(before[0]))


def held_up(page: Page, milliseconds: int) -> list[str]:
    """Have every change take its time without holding the page; return what is sent, as it is sent."""
    page.evaluate(
        """(milliseconds) => {
          const plain = window.fetch;
          window.fetch = async (address, options) => {
            const answer = await plain(address, options);
            await new Promise((done) => setTimeout(done, milliseconds));
            return answer;
          };
        }""",
        milliseconds,
    )
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/change" in request.url else None)
    return sent


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((3, "中文理由"), (4, "English reason")),
        ((4, "English reason"), (3, "中文理由")),
        ((3, "VIP"), (4, "VIP customer")),
    ],
)
@pytest.mark.parametrize("pause", [0, 500])
def test_a_reason_is_typed_while_its_other_language_is_saved(
    site: Site, editor: Visitor, first: tuple[int, str], second: tuple[int, str], pause: int
) -> None:
    page = editor.page
    editor.press("Add a rule at the end")
    expect(page.locator("#grid")).to_have_attribute("data-since", "2")
    sent = held_up(page, 300)
    one, other = (page.locator(f"#c-rule-{column}") for column, _ in (first, second))
    one.focus()
    page.keyboard.insert_text(first[1])
    other.focus()
    page.wait_for_timeout(pause)
    page.keyboard.type(second[1], delay=40)
    expect(other).to_have_value(second[1])
    other.blur()

    expect(page.locator("#grid")).to_have_attribute("data-since", "4")
    expect(one).to_have_value(first[1])
    expect(other).to_have_value(second[1])
    texts = dict((first, second))
    assert f"because: {{zh: {texts[3]}, en: {texts[4]}}}" in draft(site)
    assert len(sent) == 2
    assert editor.violations() == []


def test_a_syllable_being_made_is_not_cut_by_an_answer(site: Site, editor: Visitor) -> None:
    page = editor.page
    held_up(page, 200)
    page.fill(EN, "Many people")
    page.locator(ZH).select_text()
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "ren", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(600)
    expect(page.locator("#grid")).to_have_attribute("data-since", "1")
    method.send("Input.insertText", {"text": "人多"})

    expect(page.locator("#grid")).to_have_attribute("data-since", "2")
    expect(page.locator(ZH)).to_have_value("人多")
    page.keyboard.press("Tab")
    expect(page.locator("#grid")).to_have_attribute("data-since", "3")
    assert "because: {zh: 人多, en: Many people}" in draft(site)


def test_what_somebody_else_put_under_what_is_being_typed_is_told(site: Site, editor: Visitor) -> None:
    other, page = site.enter("li", site.login("li")), editor.page
    other.go(f"/policies/{NAME}?of=draft")
    other.page.fill(STAFF, ">= 150")
    other.page.press(STAFF, "Tab")
    expect(other.page.locator("#grid")).to_have_attribute("data-since", "2")
    held_up(page, 200)
    page.fill(EN, "Many people")
    page.locator(STAFF).select_text()
    page.keyboard.type(">= 140")
    expect(page.locator("#grid")).to_have_attribute("data-since", "3")
    expect(page.locator(STAFF)).to_have_value(">= 140")
    page.keyboard.press("Tab")

    expect(page.locator(f"{STAFF}-said")).to_contain_text("It now says “>= 150”.")
    assert '">= 150"' in draft(site)


def test_a_reason_in_one_language_is_said_to_stand_for_both(site: Site, editor: Visitor) -> None:
    page = editor.page
    editor.press("Add a rule at the end")
    zh, en = page.locator("#c-rule-3"), page.locator("#c-rule-4")
    for text in ("大客户", "特大客户"):
        zh.fill(text)
        zh.press("Enter")
        expect(en).to_have_attribute("placeholder", f"Empty: “{text}” is shown in both languages.")
        expect(en).to_have_accessible_description(f"Empty: “{text}” is shown in both languages.")
        expect(en).to_have_value("")
        assert f"because: {text}" in draft(site)


def test_undo_works_where_no_cell_has_the_focus(editor: Visitor) -> None:
    page, rules = editor.page, editor.page.locator("#grid tbody tr")
    editor.press("Add a rule at the end")
    expect(rules).to_have_count(3)
    page.evaluate("document.activeElement.blur()")

    page.keyboard.press("Control+z")
    expect(rules).to_have_count(2)
    page.keyboard.press("Control+y")
    expect(rules).to_have_count(3)
    page.locator("#grid .acts summary").first.focus()
    page.keyboard.press("Control+z")
    expect(rules).to_have_count(2)
    page.keyboard.press("Control+Shift+z")
    expect(rules).to_have_count(3)
    page.locator("input[type=search]").first.focus()
    page.keyboard.press("Control+z")
    page.wait_for_timeout(200)
    expect(rules).to_have_count(3)


def many(editor: Visitor, count: int) -> None:
    """Add rules, so that there is something to scroll."""
    editor.page.focus("#c-small-1")
    paste(
        editor.page,
        "#c-small-0",
        "\n".join(["small\t< 10", *(f"more-{number}\t< {number}" for number in range(count))]),
    )
    expect(editor.page.locator("#grid tbody tr")).to_have_count(count + 2)


COVERED = """(each) => {
  const { left, top, right, bottom } = each.getBoundingClientRect();
  const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const edge = document.elementFromPoint((left + right) / 2, top + 2);
  return ![seen, edge].every((on) => on && (each.contains(on) || on.contains(each)));
}"""


def test_the_heads_of_the_columns_and_the_cell_with_the_focus_are_never_covered(editor: Visitor) -> None:
    page = editor.page
    many(editor, 40)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        "window.scrollTo(0, document.querySelector('#grid .scroll').getBoundingClientRect().top + scrollY + 40)"
    )
    page.wait_for_timeout(200)
    assert not page.locator("#grid thead tr:last-child th:nth-child(2)").evaluate(COVERED)

    page.locator("#grid .scroll").evaluate("(box) => { box.scrollTop = box.scrollHeight }")
    for row in range(40, -1, -1):
        cell = page.locator(f"#grid [data-row='{row + 1}'][data-column='1']")
        cell.focus()
        page.wait_for_timeout(60)
        assert not cell.evaluate(COVERED), row
    assert editor.violations() == []


@pytest.mark.parametrize("width", [WIDE, 360])
def test_the_menu_of_the_last_rule_is_shown_whole(editor: Visitor, width: int) -> None:
    page = editor.page
    page.set_viewport_size({"width": width, "height": 700})
    menu = page.locator("#rule-small .acts")
    menu.locator("summary").click()
    for button in menu.get_by_role("button").all():
        expect(button).to_be_in_viewport(ratio=1)
        if button.is_enabled():
            button.click(trial=True, timeout=2000)
    assert editor.violations() == []


def test_a_click_in_the_lower_part_of_a_high_cell_has_its_field(editor: Visitor) -> None:
    page = editor.page
    page.locator("#rule-large > th").evaluate("(each) => { each.style.height = '12rem' }")
    box = page.locator("#rule-large > td").first.bounding_box()
    assert box is not None

    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)

    expect(page.locator(STAFF)).to_be_focused()


@pytest.mark.parametrize("delay", [0, 200])
def test_a_double_click_adds_one_rule_and_its_first_condition_has_the_focus(editor: Visitor, delay: int) -> None:
    page = editor.page
    held_up(page, delay)
    page.get_by_role("button", name="Add a rule at the end").dblclick(delay=20)

    expect(page.locator("#c-rule-1")).to_be_focused()
    page.wait_for_timeout(2 * delay + 200)
    expect(page.locator("#grid tbody tr")).to_have_count(3)
    expect(page.locator("#c-rule-1")).to_be_focused()


def test_a_cell_of_a_card_is_typed_into_without_moving_the_table(
    rules: Path, make_app: MakeApp, serve: ServeApp
) -> None:
    site = serve(make_app(rules=rules))
    wang = site.enter("wang", site.login("wang"), "zh", width=PHONE)
    wang.go("/policies/approval.special-terms")
    wang.press("Change it")
    page, row, pane = wang.page, wang.page.locator("#rule-price-lock"), wang.page.locator("#grid .scroll")
    row.locator(".opens > summary").click()

    for cell in row.locator("td:visible [data-row]").all():
        cell.click()
        assert pane.evaluate(ASIDE) == [0, 0], cell.get_attribute("id")
    cell = row.locator("[data-row]").first
    cell.fill("锁价")
    cell.press("Enter")
    expect(page.locator(STATUS)).to_have_text(re.compile(r"\S"))
    assert pane.evaluate(ASIDE) == [0, 0]
    assert wang.violations() == []
