"""What somebody needs is in sight, on a phone as on a screen: messages, heads of columns, figures."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site, Visitor
from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import Place
from tests.webadmin.reassigning import crew
from webadmin.decisions.service import clock, today
from webadmin.reassigning.whatif import WhatIf
from webadmin.store.revisions import Act

LEAVES = WhatIf(leave=("am-1",))
SMALL, GRID = "scorecard.size", "scorecard.customer-value"


class Box(TypedDict):
    """Where something stands, in pixels from the corner of what is seen."""

    top: float
    bottom: float
    left: float
    right: float


def box(where: Locator) -> Box:
    """Return where something stands."""
    found: Box = where.evaluate(
        """(each) => {
          const { top, bottom, left, right } = each.getBoundingClientRect();
          return { top, bottom, left, right };
        }"""
    )
    return found


def meet(one: Box, other: Box) -> bool:
    """Say whether two boxes share more than an edge."""
    across = one["left"] < other["right"] - 0.5 and other["left"] < one["right"] - 0.5
    return across and one["top"] < other["bottom"] - 0.5 and other["top"] < one["bottom"] - 0.5


def settled(page: Page) -> None:
    """Wait until the page has stopped scrolling."""
    page.evaluate(
        """() => new Promise((done) => {
          let last = -1;
          const look = () => { if (scrollY === last) done(); else { last = scrollY; setTimeout(look, 120); } };
          look();
        })"""
    )


def act() -> Act:
    return Act("login:wang", clock(), today(clock()))


@pytest.fixture
def plans(serve: ServeApp, make_app: MakeApp, rules: Path) -> Site:
    """Return a site over the shipped policies with a small team."""
    site = serve(make_app(rules=rules))
    crew.fill(site.record, act())
    return site


@pytest.fixture
def password(plans: Site) -> str:
    """Return the password of whose the plans are."""
    return plans.login("wang")


@pytest.fixture
def small(serve: ServeApp, make_app: MakeApp, folder: Path) -> Site:
    """Return a site with one small policy."""
    return serve(make_app(rules=folder))


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_message_is_in_sight_where_a_page_is_entered_and_can_be_closed(
    plans: Site, password: str, width: int
) -> None:
    plan = crew.planned(plans.record, act(), LEAVES)
    wang = plans.enter("wang", password, width=width)
    page = wang.page
    page.set_viewport_size({"width": width, "height": 600})
    wang.go(f"/simulations/plans/{plan.id}/customers/c-2")
    page.check("[name=to][value=stay]")
    page.fill("#reason", "they know each other")
    wang.press("Take this choice")
    settled(page)

    message, row = page.locator(".flash"), page.locator("#move-c-2")
    assert page.url.endswith("#move-c-2")
    assert page.evaluate("scrollY") > 0
    assert 0 <= box(message)["top"] < box(message)["bottom"] < 600
    assert not meet(box(message), box(row))
    for key in ["Tab"] * 6 + ["Shift+Tab"] * 12:
        page.keyboard.press(key)
        settled(page)
        focus = page.locator("main :focus")
        assert (
            focus.count() == 0
            or focus.evaluate("(each) => Boolean(each.closest('.flash'))")
            or not meet(box(message), box(focus))
        ), focus.evaluate("(each) => each.outerHTML")
    message.get_by_role("button", name="Close this message").click()
    expect(page.locator(".flashes")).to_have_count(0)
    assert wang.violations() == []


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_figures_of_a_plan_stand_inside_the_drawing_and_on_nothing(plans: Site, password: str, width: int) -> None:
    plan = crew.planned(plans.record, act(), LEAVES)
    wang = plans.enter("wang", password, width=width)
    wang.go(f"/simulations/plans/{plan.id}")

    for chart in wang.page.locator("svg.bars").all():
        around = box(chart)
        assert 0 <= around["left"] < around["right"] <= width
        drawn = [box(each) for each in chart.locator("rect, line").all()]
        figures = [box(each) for each in chart.locator(".figure").all()]
        assert len(figures) >= 4
        for figure in figures:
            assert around["left"] <= figure["left"] < figure["right"] <= around["right"] + 0.5
            assert not any(meet(figure, each) for each in drawn)


def test_a_plan_shows_what_it_comes_to_before_the_moves(plans: Site, password: str) -> None:
    plan = crew.planned(plans.record, act(), LEAVES)
    wang = plans.enter("wang", password, width=PHONE)
    wang.go(f"/simulations/plans/{plan.id}")

    assert box(wang.page.locator("#loads"))["top"] < box(wang.page.locator("#moves"))["top"]
    wang.page.locator("main").get_by_role("link", name="Carry it out").click()
    settled(wang.page)
    assert box(wang.page.get_by_role("button", name="Hand over"))["bottom"] <= 900


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_days_and_capacity_are_asked_only_of_those_for_whom_something_is_chosen(
    plans: Site, password: str, width: int
) -> None:
    wang = plans.enter("wang", password, width=width)
    page = wang.page
    wang.go("/simulations/plans/new")
    since, until, capacity = (page.locator(f"#{part}-am-1") for part in ("since", "until", "capacity"))

    for chosen, days, amount in (("", 0, 0), ("leaves", 0, 0), ("cover", 1, 1), ("move", 1, 1), ("capacity", 0, 1)):
        page.select_option("#what-am-1", chosen)
        expect(since).to_be_visible(visible=bool(days))
        expect(until).to_be_visible(visible=bool(days))
        expect(capacity).to_be_visible(visible=bool(amount))
    page.fill("#name", "less")
    wang.press("Propose")
    expect(page.locator("#capacity-am-1-error")).to_be_visible()
    page.fill("#capacity-am-1", "4")
    page.select_option("#what-am-1", "")
    expect(capacity).to_be_visible()


@pytest.mark.parametrize(("width", "is_open"), [(PHONE, False), (WIDE, True)])
def test_ways_to_narrow_down_stand_before_the_list_or_beside_it(
    place: Place, serve: ServeApp, width: int, *, is_open: bool
) -> None:
    site = serve(place.app)
    name = f"narrow-{width}"
    visitor = site.enter(name, site.login(name), width=width)
    visitor.go("/decisions")
    facets, listed = visitor.page.locator(".facets"), visitor.page.locator("table.decisions")

    expect(facets.get_by_role("link").first).to_be_visible(visible=is_open)
    if is_open:
        assert box(facets)["right"] <= box(listed)["left"]
    else:
        visitor.page.locator(".sifted summary").click()
        expect(facets.get_by_role("link").first).to_be_visible()
        assert box(facets)["bottom"] <= box(listed)["top"]


def grid(site: Site, name: str, width: int = WIDE) -> Visitor:
    """Return somebody before the table of a new draft."""
    who = site.enter("wang", site.login("wang"), width=width)
    who.go(f"/policies/{name}")
    who.press("Change it")
    expect(who.page.locator("#grid tbody tr").first).to_be_visible()
    return who


def test_heads_of_columns_stay_while_one_scrolls_down_a_draft(plans: Site) -> None:
    page = grid(plans, GRID).page
    table, head = page.locator("#grid .scroll"), page.locator("#grid thead")
    last = page.locator("#grid tbody tr").last.locator("[data-row]").first
    last.focus()
    settled(page)
    assert table.evaluate("(each) => each.scrollTop") > 0
    toolbar = box(page.locator("#grid .grid-head"))
    assert abs(box(head)["top"] - max(box(table)["top"], toolbar["bottom"])) <= 2
    assert not meet(box(head), box(last))

    for _ in range(8):
        page.keyboard.press("Shift+Enter")
        settled(page)
        assert not meet(box(head), box(page.locator(":focus")))


@pytest.mark.parametrize(("width", "said"), [(PHONE, "1"), (WIDE, "1 fail")])
def test_tests_that_fail_are_counted_beside_the_views(small: Site, width: int, said: str) -> None:
    page = grid(small, SMALL, width).page
    if width == PHONE:
        page.locator("#rule-large .opens > summary").click()
    page.fill("#c-large-1", ">= 500")
    page.press("#c-large-1", "Tab")
    badge = page.locator("nav.tabs .count.bad")
    expect(badge).to_be_visible()
    settled(page)

    shown = badge.locator(".short" if width == PHONE else ".long")
    expect(shown).to_have_text(said)
    assert box(shown)["right"] <= width
    expect(page.get_by_role("link", name="Tests 1 fail")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_wrong_cell_does_not_push_the_table_away(small: Site, width: int) -> None:
    page = grid(small, SMALL, width).page
    cell, row = page.locator("#c-large-1"), page.locator("#rule-large")
    if width == PHONE:
        row.get_by_text("Change its cells").click()
    cell.focus()
    settled(page)
    before = box(row)["top"]
    cell.fill("> )")
    cell.dispatch_event("change")
    page.keyboard.press("Tab")
    expect(page.locator("#c-large-1")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#grid")).to_contain_text("1 error keeps this text from loading.")
    settled(page)

    assert abs(box(row)["top"] - before) < 2


def test_what_can_be_done_with_a_rule_stands_on_one_line_each(small: Site) -> None:
    page = grid(small, SMALL).page
    page.locator(".acts summary").first.click()
    buttons = page.locator(".acts[open] button").all()

    assert len({round(box(each)["left"]) for each in buttons}) == 1
    assert {each.evaluate("(each) => getComputedStyle(each).textAlign") for each in buttons} == {"left"}
    assert all(box(each)["bottom"] - box(each)["top"] < 50 for each in buttons)


def test_a_rule_is_read_whole_on_a_phone_and_its_cells_are_opened_to_change_it(small: Site) -> None:
    page = grid(small, SMALL, PHONE).page
    row, cell, reason = page.locator("#rule-large"), page.locator("#c-large-1"), page.locator("#c-large-4")
    long = "A company with very many people, all of whom want to be served by somebody who knows them"

    expect(cell).to_be_hidden()
    row.get_by_text("Change its cells").click()
    expect(cell).to_be_visible()
    reason.fill(long)
    reason.press("Tab")
    expect(row.locator(".in-short")).to_contain_text(long)
    expect(cell).to_be_visible()
    shown = reason.evaluate("(each) => getComputedStyle(each.form, '::after').content")
    assert long in shown
    assert box(reason)["bottom"] - box(reason)["top"] > 60, "the cell is as high as the lines of what it holds"

    page.get_by_role("button", name="Add a rule at the end").click()
    added = page.locator("#grid tbody tr").last
    expect(added.locator(".opens")).to_have_attribute("open", "")
    expect(added.locator("[data-row]").last).to_be_visible()


def test_candidates_stand_beside_the_form_with_nothing_out_of_sight(plans: Site, password: str) -> None:
    wang = plans.enter("wang", password)
    wang.go("/policies/assignment.new-customer/try?test=1")

    tables = wang.page.locator(".result .scroll")
    assert tables.count() > 0
    for each in tables.all():
        assert each.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 1
    expect(wang.page.locator(".result .term").first).to_contain_text("weight 30")
    expect(wang.page.locator(".result .term .unit").first).to_be_visible()


@pytest.mark.parametrize(("width", "is_there"), [(PHONE, True), (WIDE, False)])
def test_the_answer_in_short_stays_above_a_long_form(plans: Site, password: str, width: int, *, is_there: bool) -> None:
    wang = plans.enter("wang", password, width=width)
    page = wang.page
    wang.go("/policies/approval.order/try?test=1")
    page.evaluate("scrollTo(0, 0)")
    short = page.locator(".to-answer")
    assert short.is_visible() == is_there
    if not is_there:
        return

    page.locator("[name='order.payment_days']").scroll_into_view_if_needed()
    settled(page)
    assert page.evaluate("scrollY") > 0
    assert box(short)["top"] >= 0
    page.select_option("[name='customer.tier']", "B")
    expect(short).to_contain_text("no approval")
    short.get_by_role("link").click()
    settled(page)
    assert not meet(box(short), box(page.locator("#decision .answer")))


def test_items_that_are_filled_in_are_folded(plans: Site, password: str) -> None:
    wang = plans.enter("wang", password)
    wang.go("/policies/assignment.new-customer/try?test=1")

    rows = wang.page.locator("details.row")
    assert rows.count() == 2
    assert rows.evaluate_all("(all) => all.filter((each) => each.open).length") == 0
    wang.page.get_by_role("button", name="Add an item to Candidates").click()
    expect(rows).to_have_count(3)
    expect(rows.last).to_have_attribute("open", "")
