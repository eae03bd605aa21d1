"""The columns of a draft's table: no word of a head is broken, and what a rule gives is seen beside its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site, Visitor
from tests.webadmin.conftest import MakeApp

KINDS = Path(__file__).parents[2].joinpath("rules").glob("[!r]*/*.yaml")
SHIPPED = sorted(f"{each.parent.name}.{each.stem}" for each in KINDS)
WIDEST = "penalty.order-diversion"

BROKEN = """(pane) => [...pane.querySelectorAll("thead th, tbody .cell-words")].flatMap((each) => {
  const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (text.parentElement.closest(".hidden, details > div")) continue;
    for (const word of text.data.matchAll(/[\\p{Script=Latin}\\d']+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
})"""
"""Words that stand on more than one line."""

SLIVERS = """(pane) => {
  const edge = pane.querySelector("thead .edge").getBoundingClientRect().left;
  const heads = [...pane.querySelectorAll("thead th[data-part]")].map((each) => each.getBoundingClientRect());
  const seen = heads.filter(({ right }) => right > edge).map(({ left }) => edge - left);
  return seen.filter((each) => each > 0.5 && each < 24);
}"""
"""How much is seen of columns of which too little is left to be pressed."""

COVERED = """(each) => {
  const [box, pane] = [each.getBoundingClientRect(), each.closest(".scroll").getBoundingClientRect()];
  return [[box.left + 6, box.top + 6], [Math.min(box.right, box.left + 80) - 6, box.top + 6]].flatMap(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    const isOwn = each.closest("td, th").contains(top);
    return isOwn ? [] : [top ? top.outerHTML.slice(0, 200) : `out of sight at ${x}, ${y}`];
  });
}"""
"""What lies over a cell."""


@pytest.fixture
def site(rules: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site over the shipped policies."""
    return serve(make_app(rules=rules))


def table(site: Site, name: str, width: int = WIDE, language: str = "en") -> Visitor:
    """Return somebody before the table of a draft."""
    who = site.enter("wang", site.login("wang"), language, width=width)
    begin(who, name)
    return who


def begin(who: Visitor, name: str) -> None:
    """Stand before the table of a draft; penalties ship as one."""
    if name == WIDEST:
        who.go(f"/policies/{name}?of=draft")
    else:
        who.go(f"/policies/{name}")
        who.press("Change it")
    expect(who.page.locator("#grid tbody tr").first).to_be_visible()


def left(where: Locator) -> float:
    return float(where.evaluate("(each) => each.getBoundingClientRect().left"))


def right(where: Locator) -> float:
    return float(where.evaluate("(each) => each.getBoundingClientRect().right"))


def test_no_word_of_a_shipped_table_is_broken_and_outcomes_stand_beside_the_name(site: Site) -> None:
    who = site.enter("wang", site.login("wang"))
    page = who.page
    for name in SHIPPED:
        begin(who, name)
        pane = page.locator("#grid .scroll")
        expect(pane).to_have_class("scroll keeps")
        assert pane.evaluate(BROKEN) == [], name
        assert pane.evaluate(SLIVERS) == [], name
        for row in page.locator("#grid tbody tr").all():
            assert right(row.locator("th")) - left(row.locator("th")) <= 218, name
            assert all(right(each) <= right(pane) + 1 for each in row.locator(".then").all()), name
            assert all(left(each) >= right(row.locator("th")) - 1 for each in row.locator(".then").all()), name
    assert who.violations() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_stays_at_the_sides_covers_no_cell_that_takes_the_focus(site: Site, language: str) -> None:
    page = table(site, WIDEST, language=language).page
    page.emulate_media(reduced_motion="reduce")
    row = page.locator("#grid tbody tr").nth(3)
    cells = row.locator("[data-row]").all()
    assert len(cells) > 12
    row.locator("[data-row]").first.focus()

    for cell in [*cells[1:], *reversed(cells[:-1])]:
        cell.focus()
        page.wait_for_timeout(30)
        assert cell.evaluate(COVERED) == [], cell.get_attribute("id")
    menu = row.locator(".acts summary")
    assert right(menu) <= right(page.locator("#grid .scroll")) + 1


def test_what_a_rule_gives_stays_in_sight_however_far_one_scrolls_until_its_reason_is_reached(site: Site) -> None:
    page = table(site, WIDEST).page
    pane, row = page.locator("#grid .scroll"), page.locator("#grid tbody tr").nth(3)
    for to in (0, 150, 300):
        pane.evaluate("(each, to) => { each.scrollLeft = to; }", to)
        assert left(row.locator("th")) <= left(pane) + 2
        assert all(left(pane) <= left(each) and right(each) <= right(pane) for each in row.locator(".then").all())
    pane.evaluate("(each) => { each.scrollLeft = each.scrollWidth; }")
    assert right(row.locator(".reason").last) <= left(row.locator("td").last) + 1
    row.locator("td").last.locator("summary").click()
    menu = row.locator("td").last.get_by_role("button", name="Copy")
    menu.click()
    expect(page.locator("#grid [data-status]")).not_to_have_text("Saving…")
    assert page.locator("#grid .scroll").evaluate("(each) => each.classList.contains('keeps')")


@pytest.mark.parametrize(("width", "keeps"), [(PHONE, False), (700, False), (WIDE, True)])
def test_where_too_little_would_be_left_between_only_the_name_stays(site: Site, width: int, *, keeps: bool) -> None:
    page = table(site, WIDEST, width).page

    assert page.locator("#grid .scroll").evaluate("(each) => each.classList.contains('keeps')") == keeps
    assert _wider(page) == 0


def test_what_stays_leaves_room_beside_the_open_panel(site: Site) -> None:
    who = table(site, WIDEST)
    pane = who.page.locator("#grid .scroll")
    expect(pane).to_have_class("scroll keeps")
    whole = right(pane) - left(pane)

    who.press("Try it here")
    expect(who.page.locator(".try-panel [name='case.id']")).to_be_visible()

    assert right(pane) - left(pane) < whole
    expect(pane).to_have_class("scroll")
    who.page.locator(".try-panel [data-close]").click()
    expect(pane).to_have_class("scroll keeps")
    assert who.violations() == []


def _wider(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))
