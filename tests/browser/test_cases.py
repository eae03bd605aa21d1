"""A case with eyes of whom it concerns, of the lead who judges, of the auditor; and a number that is copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site, Visitor
from tests.browser.test_looks import looked_at
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signalled.conftest import Place, place_with
from tests.webadmin.signalled.test_cases import with_facts
from tests.webadmin.signing import signed_in
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock, today
from webadmin.roster.quarters import Quarter
from webadmin.store.logins import Role

WHO = {Role.ACCOUNT_MANAGER: "am-03", Role.MANAGER: "am-01", Role.AUDITOR: None}
SAID = "客户自己搬迁，我有往来邮件和拜访记录，可以请客户联系人王女士证明。The customer moved away by itself. "


@dataclass(frozen=True, slots=True)
class Told:
    """A site with a signal and its case, to whose signal something was said before."""

    site: Site
    place: Place
    signal: str
    passwords: Mapping[Role, str]

    def enter(self, role: Role, language: str, width: int = WIDE) -> Visitor:
        return self.site.enter(f"is-{role}", self.passwords[role], language, width=width)

    def says(self, sort: str, of: str, statement: str) -> None:
        person = signed_in(self.place.app, Role.ACCOUNT_MANAGER, f"is-{Role.ACCOUNT_MANAGER}")
        sent = {"sort": sort, "object": of, "statement": statement}
        assert person.post("/me/contest", data=sent).status_code == 303


@pytest.fixture
def told(rules: Path, make_app: MakeApp, serve: ServeApp) -> Told:
    place = place_with(make_app(rules=rules))
    lost = ("customer_lost", {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}, "reason": "搬迁"})
    report = {"manager": {"id": "am-03"}, "reporter": "somebody", "about": "outside-order"}
    names = place.tell(lost, lost, lost, ("report_received", report))
    site = serve(place.app)
    passwords = {role: site.login(f"is-{role}", role, person) for role, person in WHO.items()}
    found = Told(site, place, place.raised(("manager.id", "am-03"), names), passwords)
    found.says("signal", found.signal, SAID * 3)
    other = signed_in(place.app, Role.ADMIN, "opens-it")  # whoever opened it does not answer what is said to it
    sent = {"event": [*names[:-1], "report-1"], "note": "四周内流失三个客户，需要了解经过。"}
    assert other.post(f"/signals/{found.signal}/case", data=sent).status_code == 303
    return found


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("zh", PHONE)])
def test_whom_a_case_concerns_answers_it_and_the_lead_reads_all_of_it(told: Told, language: str, width: int) -> None:
    person, lead = told.enter(Role.ACCOUNT_MANAGER, language, width), told.enter(Role.MANAGER, language, width)
    person.go("/")
    person.page.get_by_role("link", name=person.say("Read what it is about, and answer it")).click()
    case = person.page.locator(".inquiry:target")
    expect(case).to_contain_text("四周内流失三个客户")
    case.get_by_text(person.say("Answer the case")).first.click()
    case.get_by_role("textbox").fill("我当时在休假")
    case.get_by_role("button", name=person.say("Give this answer")).click()
    person.reads("我当时在休假", "我当时在休假")

    lead.go("/cases")
    row = lead.page.locator("tbody tr")
    expect(row).to_contain_text("我当时在休假")
    row.locator(f"a[href$='{told.signal}#said']").click()
    thread = lead.page.locator(".thread > li")
    expect(thread).to_have_count(2)
    expect(thread.first).to_contain_text(lead.say("said before the case was opened"))
    expect(thread.last).to_contain_text(lead.say("A case"))
    thread.last.get_by_role("link").last.click()
    lead.page.get_by_role("radio").nth(1).check()
    lead.page.fill("#statement", "已核对休假记录")
    lead.press("Answer")

    person.go("/me")
    person.reads("已核对休假记录", "已核对休假记录")
    assert person.violations() + lead.violations() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_of_a_case_are_sound_in_every_look(told: Told, language: str) -> None:
    for number in range(3):
        told.says("case", f"case-{told.signal}", f"{number} {SAID}")
    own, lead, auditor = (told.enter(role, language) for role in (Role.ACCOUNT_MANAGER, Role.MANAGER, Role.AUDITOR))

    decision = with_facts(told.place, f"case-{told.signal}")

    wrong = looked_at(own, "case own page", "/me", lambda: _unfold(own))
    for visitor in (lead, auditor):
        wrong += looked_at(visitor, "case signal", f"/signals/{told.signal}", lambda v=visitor: _unfold(v))  # type: ignore[misc]
        wrong += looked_at(visitor, "case list", "/cases")
        wrong += looked_at(visitor, "case decision", f"/decisions/{decision}", lambda v=visitor: _unfold(v))  # type: ignore[misc]

    assert wrong == []


def _unfold(visitor: Visitor) -> None:
    visitor.page.evaluate("document.querySelectorAll('main details').forEach((each) => (each.open = true))")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_number_of_a_decision_is_copied_and_that_is_said(told: Told, language: str) -> None:
    number = scored(told.place)
    person = told.enter(Role.ACCOUNT_MANAGER, language)
    person.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.go("/me")
    button = person.page.locator(f"button[data-copy='{number}']")
    expect(button).to_have_accessible_name(f"{person.say('Copy')} {number}")

    button.press("Enter")

    status = button.locator("xpath=following-sibling::*[@role='status']")
    expect(status).to_have_text(f"{person.say('Copied')} {number}")
    expect(button).to_be_focused()
    assert person.page.evaluate("navigator.clipboard.readText()") == number
    expect(button).to_have_accessible_name(f"{person.say('Copy')} {number}")
    expect(status).to_have_text("")
    assert person.violations() == []


def test_a_number_that_may_not_be_copied_is_selected_and_that_is_said(told: Told) -> None:
    number = scored(told.place)
    person = told.enter(Role.ACCOUNT_MANAGER, "en")
    person.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))")
    person.go("/me")

    person.page.locator(f"button[data-copy='{number}']").click()

    said = person.page.locator("[role='status']", has_text="It is selected: copy it with the keys of your browser.")
    expect(said).to_have_count(1)
    assert person.page.evaluate("getSelection().toString()") == number


def scored(place: Place) -> str:
    """Keep a score of the person's quarter; return the number of the decision."""
    review = {"sales": 1200000, "quota": 1000000, "customers_at_start": 20, "customers_lost": 1, "surveys": 8}
    review |= {"satisfaction": Decimal("4.9"), "problems": 0, "teamwork": Decimal("4.2"), "complaints_upheld": 1}
    facts = {"manager": {"id": "am-03", "duty": "hunter"}, "review": review}
    day = Quarter.of(today(clock())).since.isoformat()
    asked = Asked("scorecard.manager-performance", facts, day)
    with place.record.engine.connect() as connection:
        made = service.make(place.record, connection, asked, actor="client:hr", now=clock())
    service.keep(place.record, [made])
    return made.record.id
