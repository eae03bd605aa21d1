"""What people come for, done as they do it: with a mouse and a keyboard, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.site import Site, Visitor
from tests.webadmin.api.conftest import token_for
from webadmin.access.scopes import Scope
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock, today
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.publishing import service as publishing
from webadmin.rulesets import drafting
from webadmin.store import drafts
from webadmin.store.revisions import Act, Period

NAME = "scorecard.size"
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def cell(rule: str, column: int) -> str:
    """Return where a cell of the grid is."""
    return f"#c-{rule}-{column}"


def decided(site: Site, staff: int) -> None:
    """Have a decision in the record."""
    asked = Asked(NAME, {"customer": {"id": f"c{staff}", "staff": staff}})
    with site.record.engine.connect() as connection:
        made = service.make(site.record, connection, asked, actor="client:test", now=clock())
    service.keep(site.record, [made])


def ask(site: Site, staff: int) -> str:
    """Ask for a decision over HTTP, and return its id."""
    token = token_for(site.record, Scope.DECIDE)
    asking = site.visitor().page.request
    answer = asking.post(
        f"{site.base}/api/v1/policies/{NAME}/decisions",
        data={"facts": {"customer": {"id": "asked", "staff": staff}}},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.ok, answer.text()
    return str(answer.json()["id"])


@LANGUAGES
def test_from_the_first_login_to_the_first_decision_tried(site: Site, language: str) -> None:
    first = site.visitor(language)
    first.go("/")
    first.reads("There is no login yet. Whoever runs this server makes the first one in a terminal:")
    admin = site.enter("wang", site.login("wang"), language)
    admin.go("/policies")
    admin.page.get_by_role("link", name="规模" if language == "zh" else "Size", exact=True).click()
    admin.page.get_by_role("link", name=admin.say("Try it")).click()
    admin.page.fill("[name='customer.id']", "c1")
    admin.page.fill("[name='customer.staff']", "250")

    admin.page.press("[name='customer.staff']", "Enter")

    admin.reads("It has 250 people", "有 250 人")
    assert admin.violations() == []
    with site.record.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from decisions").scalar() == 0


@LANGUAGES
def test_a_wrong_cell_says_so_at_its_place_and_is_mended(site: Site, language: str) -> None:
    admin = site.enter("wang", site.login("wang"), language)
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    staff = cell("large", 1)
    expect(page.locator(staff)).to_have_value(">= 100")

    page.fill(staff, ">= many")
    page.press(staff, "Tab")
    expect(page.locator(staff)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"{staff}-said")).to_contain_text("many")
    expect(page.locator(cell("large", 2))).to_be_focused()

    page.press(cell("large", 2), "Shift+Tab")
    expect(page.locator(staff)).to_be_focused()
    page.fill(staff, ">= 120")
    page.press(staff, "Enter")
    expect(page.locator(staff)).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"{staff}-said")).to_have_count(0)
    expect(page.locator(cell("small", 1))).to_be_focused()

    page.keyboard.press("Control+z")
    expect(page.locator(staff)).to_have_value(">= many")
    page.keyboard.press("Control+z")
    expect(page.locator(staff)).to_have_value(">= 100")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(staff)).to_have_value(">= 120")
    assert admin.violations() == []


def test_a_block_is_pasted_from_a_spreadsheet_and_undone_as_one_step(site: Site) -> None:
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go(f"/policies/{NAME}")
    admin.press("Change it")
    page.focus(cell("large", 1))

    page.evaluate(
        """(text) => { const data = new DataTransfer(); data.setData("text", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste",
          {clipboardData: data, bubbles: true, cancelable: true})); }""",
        ">= 300\r\n< 300\r\n",
    )

    expect(page.locator(cell("small", 1))).to_have_value("< 300")
    expect(page.locator(cell("large", 1))).to_have_value(">= 300")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(cell("small", 1))).to_have_value("")
    expect(page.locator(cell("large", 1))).to_have_value(">= 100")
    assert admin.violations() == []


def approved(reviewer: Visitor, address: str) -> None:
    """Approve a proposal as a second person."""
    reviewer.go(address)
    reviewer.press("Approve")
    reviewer.reads("Approved")


def way(visitor: Visitor) -> str:
    """Return the path of the page looked at."""
    return visitor.page.url.removeprefix(visitor.base).partition("#")[0]


@LANGUAGES
def test_two_people_bring_a_change_into_effect_and_two_take_it_back(site: Site, language: str) -> None:  # noqa: PLR0915
    for staff in (50, 90, 150, 300):
        decided(site, staff)
    author = site.enter("wang", site.login("wang"), language)
    reviewer = site.enter("li", site.login("li"), language)
    author.go(f"/policies/{NAME}")
    author.press("Change it")
    author.page.fill(cell("large", 1), ">= 80")
    author.page.press(cell("large", 1), "Tab")
    expect(author.page.locator("#grid")).to_have_attribute("data-since", "2")
    author.press("Review and propose")

    author.press("Make the report")
    assert Worker(site.record, KINDS, Around(clock, Stop())).once()
    author.page.reload()
    author.reads("%(changed)s of %(total)s decisions would be different from what is decided now.", changed=1, total=4)
    author.page.fill("#note", "why")
    author.press("Propose it")
    author.reads("You proposed this, so somebody else has to approve it.")
    approved(reviewer, way(author))

    found = ask(site, 90)
    reviewer.go("/decisions")
    reviewer.page.locator(f"a[href*='{found}']").first.click()
    reviewer.reads("It has 90 people", "有 90 人")

    author.go(f"/history/{NAME}")
    author.page.select_option("#to", "1")
    author.press("Propose to roll back")
    approved(reviewer, way(author))
    assert ask(site, 90) != found
    reviewer.go("/decisions?outcome=size:small")
    reviewer.page.get_by_text("asked").first.wait_for()

    reviewer.go(f"/history/{NAME}")  # and that is undone the same way
    reviewer.page.select_option("#to", "2")
    reviewer.press("Propose to roll back")
    approved(author, way(reviewer))
    author.go(f"/policies/{NAME}/text")
    author.page.get_by_text(">= 80").first.wait_for()
    assert author.violations() + reviewer.violations() == []


@LANGUAGES
def test_the_report_of_a_proposal_fills_in_while_its_reviewer_looks(site: Site, language: str) -> None:
    for staff in (50, 150):
        decided(site, staff)
    act = Act("login:somebody", clock(), today(clock()))
    version = drafting.begin(site.record, NAME, act)
    with site.record.engine.connect() as connection:
        text = drafts.find(connection, NAME).text
    drafting.save(site.record, NAME, text.replace("staff: 100", "staff: 200").replace(">= 100", ">= 160"), version, act)
    with site.record.engine.connect() as connection:
        text = drafts.find(connection, NAME).text
    done = publishing.propose(site.record, {NAME: text}, Period(), "because", act)
    reviewer = site.enter("li", site.login("li"), language)
    reviewer.go(f"/review/{done.proposal}")
    reviewer.reads("%(done)s of %(total)s decisions so far", done=0, total=0)
    reviewer.page.fill("#remark", "half a thought")

    assert Worker(site.record, KINDS, Around(clock, Stop())).once()

    reviewer.reads(
        "%(changed)s of %(total)s decisions would be different from what is decided now.", changed=1, total=2
    )
    expect(reviewer.page.locator("#remark")).to_have_value("half a thought")
    expect(reviewer.page.locator("#since-impact")).to_be_visible()
    assert reviewer.violations() == []
