"""The text of a draft as an editor: what cannot be saved says why, stays, and is saved when that is over."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.dates import format_time
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as Nothing

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site
from tests.patience import until
from tests.webadmin.conftest import MakeApp
from webadmin.decisions.service import clock
from webadmin.filters import zone
from webadmin.store import drafts
from webadmin.store.days import TIME_ZONE
from webadmin.store.revisions import Act

NAME = "scorecard.size"
STATUS = "#saved"


@pytest.fixture
def password(site: Site) -> str:
    """Return the password of who edits."""
    return site.login("wang")


@pytest.fixture
def page(site: Site, password: str) -> Page:
    """Return the text of a draft, the caret at its end."""
    admin = site.enter("wang", password)
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    admin.go(f"/policies/{NAME}/text?of=draft")
    admin.page.click(".cm-content")
    admin.page.keyboard.press("Control+End")
    return admin.page


def draft(site: Site) -> str:
    """Return the text of the draft."""
    with site.record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    return "" if found is None else str(found.text)


def version(site: Site) -> int:
    """Return the number of the state of the draft."""
    with site.record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    assert found is not None
    return int(found.version)


def test_a_session_that_ended_is_told_and_mended_in_another_tab(site: Site, password: str, page: Page) -> None:
    page.context.clear_cookies()
    page.keyboard.type("# kept\n")
    page.keyboard.press("Control+s")
    expect(page.locator(STATUS)).to_contain_text("you are signed out")

    other = page.context.new_page()
    other.goto(f"{site.base}/login")
    other.fill("#name", "wang")
    other.fill("#password", password)
    other.press("#password", "Enter")
    other.wait_for_url(lambda address: "/login" not in address)
    other.close()
    page.keyboard.press("Control+s")

    expect(page.locator(STATUS)).to_contain_text("saved ")
    assert draft(site).endswith("# kept\n")


def test_a_link_is_followed_when_all_is_saved(site: Site, page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.keyboard.type("# a last line\n")

    page.locator("nav.tabs").get_by_role("link", name="Tests").click()
    page.wait_for_url(f"**/policies/{NAME}/tests?of=draft")

    assert draft(site).endswith("# a last line\n")
    assert asked == []


def test_whoever_leaves_though_the_browser_asks_loses_nothing_typed(site: Site, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.keyboard.type("# a last line\n")

    with page.expect_request(lambda request: request.url.endswith(f"/drafts/{NAME}/text")):
        page.goto(f"{site.base}/policies")

    expect(page).to_have_url(f"{site.base}/policies")
    assert until(lambda: draft(site).endswith("# a last line\n"))


@pytest.mark.parametrize("why", ["large", "conflict"])
def test_a_link_is_not_followed_over_what_could_not_be_saved(site: Site, page: Page, why: str) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    if why == "large":
        page.keyboard.insert_text("# " + "x" * 3_000_000)
    else:
        first = draft(site)
        act = Act("cli:test", clock(), clock().date())
        since = version(site)
        site.record.writer.write(lambda work: drafts.save(work, NAME, f"{first}# theirs\n", act, since=since))
        page.keyboard.type("# mine\n")

    page.locator("nav.tabs").get_by_role("link", name="Tests").click()

    if why == "large":
        expect(page.locator(STATUS)).to_contain_text("1 MB at most")
        page.wait_for_timeout(300)
        assert asked == ["beforeunload"]
    else:
        expect(page.get_by_text("# theirs").first).to_be_visible()
        expect(page.get_by_text("# mine").first).to_be_visible()
        assert asked == []


def test_a_text_that_is_too_large_is_told_as_that(site: Site, page: Page) -> None:
    before = draft(site)

    page.keyboard.insert_text("# " + "x" * 3_000_000)
    page.keyboard.press("Control+s")

    expect(page.locator(STATUS)).to_contain_text("1 MB at most")
    assert draft(site) == before


def test_what_is_undone_to_the_saved_text_is_saved(page: Page) -> None:
    page.keyboard.type("#")
    expect(page.locator(STATUS)).to_have_text("not saved yet")

    page.keyboard.press("Control+z")

    expect(page.locator(STATUS)).to_have_text("saved")


def test_the_views_above_the_text_count_what_is_typed(page: Page) -> None:
    tabs = page.locator("nav.tabs")
    expect(tabs.get_by_role("link", name="Rules")).to_have_text(re.compile(r"Rules\s+2"))
    page.evaluate("window.scrollTo(0, 0)")
    top = page.locator("#editor").evaluate("(each) => each.getBoundingClientRect().top + scrollY")

    page.keyboard.type("  - {name: a hundred is small, as_of: 2026-03-01, given: {customer: {id: a, staff: 100}}, ")
    page.keyboard.type("expect: {outcome: {size: small}}}")
    expect(tabs.get_by_role("link", name="Tests")).to_have_text(re.compile("1 fail"))
    expect(tabs.locator("[aria-current=page]")).to_have_text(re.compile("Text"))

    page.keyboard.type("\n}")
    expect(tabs.locator(".off").filter(has_text="Tests")).to_have_count(1)
    assert page.locator("#editor").evaluate("(each) => each.getBoundingClientRect().top + scrollY") == top
    page.keyboard.press("Backspace")
    expect(tabs.get_by_role("link", name="Tests")).to_have_count(1)


def test_what_kept_a_text_from_loading_is_not_said_once_it_loads(page: Page) -> None:
    page.keyboard.type("}")
    page.keyboard.press("Control+s")
    expect(page.locator(STATUS)).to_contain_text("saved ")
    page.reload()
    notice = page.locator("#around > .notice.bad")
    expect(notice).to_contain_text("keeps this text from loading")

    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.press("Backspace")

    expect(notice).to_be_hidden()
    page.keyboard.type("}")
    expect(notice).to_contain_text("keeps this text from loading")


def test_when_it_was_saved_is_told_by_the_clocks_of_the_organisation(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    page.keyboard.type("# late\n")
    page.keyboard.press("Control+s")
    expect(page.locator(STATUS)).to_contain_text("saved ")

    told = page.locator(STATUS).inner_text().removeprefix("saved ")
    there = [clock() - timedelta(seconds=each) for each in range(120)]
    assert plain(told) in {plain(format_time(each, "medium", tzinfo=zone(TIME_ZONE), locale="en")) for each in there}


def plain(text: str) -> str:
    """Return a text with every space as the plain one."""
    return " ".join(text.split())


ORDER = "approval.order"

OFFERED = [
    ("rules:\n  - {id: a, then: {stages: [", ["team-lead", "finance"], "销售主管"),
    ("rules:\n  - {id: a, then: {stages: ", ["team-lead"], "销售主管"),
    ("rules:\n  - {id: a, when: {customer.tier: ", ["A", "B"], ""),
    ("rules:\n  - {id: a, when: {order.prepaid: ", ["true", "false"], ""),
    ('rules:\n  - {id: a, because: {zh: "金额 {order.am', ["order.amount"], "订单金额"),
    ("outputs:\n  stages: {type: list, of: stages, default: [", ["team-lead"], "销售主管"),
    ("outputs:\n  stages: {type: list, of: ", ["stages", "string"], ""),
    ("inputs:\n  - order.prepaid: {default: ", ["true", "false"], ""),
    ("inputs:\n  - customer.tier: {default: ", ["A", "B"], ""),
    ("inputs:\n  - order.amount: {unit: ", ["CNY", "days"], ""),
    ("derived:\n  x: {policy: ", ["scorecard.customer-value"], ""),
    ("derived:\n  x: {policy: scorecard.customer-value, take: ", ["grade"], ""),
    ('derived:\n  x: lookup("', ["exchange-rate"], ""),
    ("derived:\n  x: {policy: a, with: {", ["customer.tier"], "客户等级"),
    ("stages:\n  - {id: a, late: ", ["director"], "销售总监"),
    ("subject: {id: ", ["order.id"], ""),
    ("on_unknown: ", ["stop", "skip"], ""),
    ("time_zone: ", ["Asia/Shanghai"], ""),
    ("tests:\n  - {name: a, expect: {hits: [", ["key-account", "list-price"], ""),
    ("tests:\n  - {name: a, expect: {hits: [key-account, li", ["list-price"], ""),
    ("tests:\n  - {name: a, expect: {status: ", ["decided", "no_hit"], ""),
    ("tests:\n  - {name: a, expect: {outcome: {", ["stages"], ""),
    ("tests:\n  - {name: a, expect: {outcome: {stages: [", ["team-lead"], "销售主管"),
    ("tests:\n  - {name: a, given: {", ["order", "customer"], ""),
    ("tests:\n  - {name: a, given: {customer: {", ["tier", "since"], ""),
    ("tests:\n  - {name: a, given: {customer: {tier: ", ["A", "B"], ""),
]


def test_every_value_that_is_known_is_offered_where_it_is_typed(
    rules: Path, make_app: MakeApp, serve: ServeApp
) -> None:
    site = serve(make_app(rules=rules))
    admin = site.enter("wang", site.login("wang"), "zh")
    admin.go(f"/policies/{ORDER}")
    admin.press("Change it")
    admin.go(f"/policies/{ORDER}/text?of=draft")
    page, missing = admin.page, []
    with page.expect_response(lambda answer: answer.url.endswith("words.json")):
        page.reload()
    options = page.locator(".cm-tooltip-autocomplete li")
    page.click(".cm-content")
    for typed, wanted, named in OFFERED:
        page.keyboard.press("Control+End")
        page.keyboard.insert_text(f"\n{typed}")
        page.keyboard.press("Control+Space")
        try:
            options.first.wait_for(timeout=3000)
        except Nothing:
            missing.append((typed, "nothing"))
        said = [each.replace("\n", " ") for each in options.all_inner_texts()]
        labels = [each.split("\t")[0] for each in page.locator(".cm-completionLabel").all_inner_texts()]
        if not set(wanted) <= set(labels) or not any(named in each for each in said):
            missing.append((typed, str(said)))
        page.keyboard.press("Escape")
        page.keyboard.press("Control+z")
    assert missing == []
    assert admin.violations() == []


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_link_to_a_line_ends_at_it(rules: Path, make_app: MakeApp, serve: ServeApp, width: int) -> None:
    site = serve(make_app(rules=rules))
    admin = site.enter("wang", site.login("wang"), width=width)
    admin.go(f"/policies/{ORDER}")
    admin.press("Change it")

    admin.go(f"/policies/{ORDER}/text?of=draft#L120")

    expect(admin.page.locator(".cm-lineNumbers .cm-activeLineGutter")).to_have_text("120")
    line = admin.page.locator(".cm-activeLine")
    expect(line).to_be_in_viewport()
    admin.page.wait_for_function(
        """() => { const { top } = document.querySelector(".cm-activeLine").getBoundingClientRect();
                   return top > innerHeight * 0.3 && top < innerHeight * 0.7; }"""
    )


def test_the_list_of_keys_names_those_of_the_editor_and_they_work(site: Site, page: Page) -> None:
    page.keyboard.type("# typed\n")
    page.keyboard.press("Control+s")
    expect(page.locator(STATUS)).to_contain_text("saved ")
    page.keyboard.press("Control+f")
    expect(page.locator(".cm-search input[name=search]")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.press("?")

    said = page.locator("#keys dl").inner_text()
    for each in ("text: save", "text: try it", "text: what may stand here", "text: search in it", "text: leave it"):
        assert each in said
    assert "# typed" in draft(site)
