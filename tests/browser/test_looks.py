"""How every page looks: nothing wider than the screen, nothing axe finds grave, nothing against the pages' own policy.

`FAIRLEAD_SHOTS=FOLDER` keeps a picture of each.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from policy.values import Text
from tests.browser.conftest import ServeApp
from tests.browser.site import PHONE, WIDE, Site, Visitor
from tests.webadmin.decided.conftest import Place
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import login, signed_in
from webadmin.comparison import sides
from webadmin.decisions.service import clock, today
from webadmin.jobs import service as jobs
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.publishing import retiring
from webadmin.publishing import service as publishing
from webadmin.reassigning import applying, keeping
from webadmin.reassigning.keeping import Shared
from webadmin.reassigning.whatif import WhatIf
from webadmin.rulesets import drafting, making
from webadmin.rulesets.making import Wanted
from webadmin.store import logins
from webadmin.store.logins import Role
from webadmin.store.revisions import Act, Period
from webadmin.store.things import FACT

DRAFTED = "penalty.order-diversion"
EDITED = "scorecard.customer-value"
PROPOSED = "approval.order"
STAGED = "approval.special-terms"
NEW, GONE = "scorecard.new", "scorecard.gone"
TABLE = "reference/minimum-wage"

PAGES = {
    "home": "/",
    "first steps": "/first-steps",
    "policies": "/policies",
    "policies retired": "/policies?show=retired",
    "new policy": "/policies/new",
    "copy of a policy": "/policies/new?copy=approval.order@live",
    "never published": f"/policies/{NEW}?of=draft",
    "never published history": f"/history/{NEW}",
    "never published review": f"/review/draft/{NEW}",
    "retire": f"/policies/{EDITED}/retire",
    "retire another": "/policies/approval.order/retire",
    "retiring": "/review/{retiring}",
    "retired": f"/policies/{GONE}",
    "retired history": f"/history/{GONE}",
    "rules": "/policies/approval.order",
    "rules of allocation": "/policies/assignment.new-customer",
    "rules of pay": "/policies/incentive.quarterly",
    "rules of penalties": f"/policies/{DRAFTED}?of=draft",
    "grid": f"/policies/{EDITED}?of=draft",
    "rule": "/policies/approval.order/rules/key-account",
    "rule form": f"/policies/{EDITED}/rules/potential?of=draft",
    "new rule": f"/policies/{EDITED}/new-rule?of=draft",
    "stages": f"/policies/{STAGED}/stages?of=draft",
    "read": "/policies/approval.order/read",
    "read allocation": "/policies/assignment.new-customer/read",
    "read pay": "/policies/incentive.quarterly/read",
    "read penalties": f"/policies/{DRAFTED}/read?of=draft",
    "text": "/policies/approval.order/text",
    "draft's text": f"/policies/{EDITED}/text?of=draft",
    "tests": "/policies/approval.order/tests",
    "trial": "/policies/approval.order/try",
    "tried approval": "/policies/approval.order/try?test=1",
    "tried allocation": "/policies/assignment.new-customer/try?test=1",
    "tried pay": "/policies/incentive.quarterly/try?test=1",
    "tried penalty": f"/policies/{DRAFTED}/try?test=1",
    "tried score": "/policies/scorecard.customer-value/try?test=1",
    "vocabulary": "/documents/vocabulary",
    "fields": "/tables/vocabulary",
    "table": "/tables/reference/exchange-rate",
    "table as a grid": f"/tables/{TABLE}?of=draft",
    "table's text": f"/documents/{TABLE}?of=draft",
    "review": "/review",
    "draft": f"/review/draft/{EDITED}",
    "proposal": "/review/{proposal}",
    "history": "/history/approval.order",
    "history of a table": "/history/reference/exchange-rate",
    "decisions": "/decisions",
    "decisions filtered": "/decisions?status=decided&hit=any-discount&since=2020-01-01",
    "decision": "/decisions/{decision}",
    "decision hostile": "/decisions/{hostile}",
    "compared nothing": "/simulations/compare",
    "compared": f"/simulations/compare?policy={PROPOSED}&one=live&other=draft&decision={{decision}}",
    "compared many": f"/simulations/many?policy={PROPOSED}&one=live&other=draft",
    "comparison": "/simulations/many/{comparison}?show=all",
    "imports": "/imports",
    "import mapping": "/imports/{upload}",
    "import preview": "/imports/{upload}/preview",
    "import refused": "/imports/{refused}/preview",
    "import refused late": "/imports/{late}/progress",
    "import report": "/imports/done/{imported}",
    "people": "/people",
    "person": "/people/am-03",
    "team": "/teams/t-east",
    "customers": "/customers",
    "customer": "/customers/c-1",
    "own page": "/me",
    "signals": "/signals",
    "cases": "/cases",
    "contested": "/contests?state=all",
    "search": "/search?q=am-0",
    "search a table": "/search?q=rate",
    "search inside": "/search?q=amount",
    "search nothing": "/search?q=zzzz",
    "api": "/api",
    "help": "/help",
    "help start": "/help/start",
    "help functions": "/help/functions",
    "help codes": "/help/codes",
    "account": "/account",
    "logins": "/logins",
    "new login": "/logins/new",
    "tokens": "/logins/tokens",
    "plans": "/simulations",
    "new plan": "/simulations/plans/new",
    "plan": "/simulations/plans/{plan}",
    "plan by hand": "/simulations/plans/{other}?by=hand",
    "move": "/simulations/plans/{plan}/customers/c-8",
    "move by hand": "/simulations/plans/{other}/customers/c-9",
    "plans compared": "/simulations/plans/{plan}/compare?with={other}",
    "plan carried out": "/simulations/plans/{done}",
    "nowhere": "/nowhere",
}
"""Name → address: every page at least once."""

PARTS = 8
"""In how many tests they are looked at, so that several processes can share them."""

FIRST, LAST = 10, 2
"""How many things of one kind beside each other are looked at: rows, items, paragraphs; those between are the same."""

GRAVE = {"serious", "critical"}
BY_LOOK = ["color-contrast", "link-in-text-block", "target-size"]
"""What axe finds by colours alone; all the rest is the same by day and by night."""

Look = tuple[int, Literal["light", "dark"]]
ALL_LOOKS: tuple[Look, ...] = ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark"))
LOOKS: Mapping[str, tuple[Look, ...]] = {"zh": (ALL_LOOKS[0], ALL_LOOKS[3]), "en": (ALL_LOOKS[2], ALL_LOOKS[1])}
"""Each width by day and by night, over both languages: colours and sizes are the same in either, texts are not.

`FAIRLEAD_LOOKS=all` looks at each page in every way.
"""

IS_WHOLE = os.environ.get("FAIRLEAD_LOOKS") == "all"

WATCHED = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  return wide > 0 ? [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 5)
    .map((each) => `${each.tagName}.${each.className} ${Math.round(each.getBoundingClientRect().right)}`) : [];
}"""


CUT = """() => [...document.querySelectorAll("main .scroll:not(:has(.matrix))")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.getAttribute("aria-label") || each.id} ${each.scrollWidth} of ${each.clientWidth}`)"""
"""Tables of which a part lies outside their box; one that is read along both its sides may."""

SHORTEN = f"""() => {{
  const long = document.querySelectorAll("main, main :not(tr, select, datalist, svg, svg *, .cm-editor, .cm-editor *)");
  for (const each of long) {{
    const kinds = new Map();
    for (const child of each.children) {{
      const kind = `${{child.tagName}} ${{child.className}}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), child]);
    }}
    for (const some of kinds.values()) some.slice({FIRST}, -{LAST}).forEach((more) => more.remove());
  }}
}}"""
"""Takes out what is between; cells of a row stay, or a table would not hang together."""


@pytest.fixture(scope="module")
def addresses(place: Place) -> Callable[[str], str]:
    """Return what fills ids into an address, with a draft and a proposal in the record."""
    now = clock()
    act = Act("login:wang", now, today(now))
    record = place.record
    drafting.begin(record, EDITED, act)
    drafting.begin(record, PROPOSED, act)
    drafting.begin(record, STAGED, act)
    drafting.begin(record, TABLE, act)
    with record.engine.connect() as connection:
        text = drafting.drafts.find(connection, PROPOSED).text
    changed = text.replace("title: {zh: ", "title: {zh: 新", 1)
    assert changed != text
    done = publishing.propose(record, {PROPOSED: changed}, Period(), "a better title", act)
    ids = {"proposal": done.proposal, "decision": place.east, "hostile": place.hostile}
    ids |= {"comparison": comparison(place), "retiring": retired(place)} | plans(place) | imports(place)
    return lambda address: re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), address)


def retired(place: Place) -> str:
    """Make one policy that is never published, and one that is retired; return the proposal to retire another."""
    now = clock()
    wang, li = (Act(f"login:{name}", now, today(now)) for name in ("wang", "li"))
    for name in (NEW, GONE):
        making.make(place.record, Wanted(name, Text("一项策略", "A policy"), inputs=("customer.tier",)), wang)
    with place.record.engine.connect() as connection:
        text = drafting.drafts.find(connection, GONE).text
    new = publishing.propose(place.record, {GONE: text}, Period(), "new", wang)
    publishing.approve(place.record, str(new.proposal), li)
    gone = retiring.propose(place.record, GONE, None, "nobody needs it", wang)
    publishing.approve(place.record, str(gone.proposal), li)
    waiting = retiring.propose(place.record, "assignment.reclaim", None, "the pool is closed", li)
    return str(waiting.proposal)


def comparison(place: Place) -> str:
    """Compare the recorded orders under a draft that asks for less, and return the id of the job."""
    act = Act("login:wang", clock(), today(clock()))
    login(place.record, Role.ADMIN, "wang")
    with place.record.engine.connect() as connection:
        draft = drafting.drafts.find(connection, PROPOSED)
    text = draft.text.replace("order.net_cny >= 500000", "order.net_cny >= 700000")
    place.record.writer.write(lambda each: drafting.drafts.save(each, PROPOSED, text, act, since=draft.version))
    with place.record.engine.connect() as connection:
        who = logins.find(connection, "wang")
        one, other = (
            sides.side(place.record, connection, PROPOSED, each, None, act.today).to_data()
            for each in ("live", "draft")
        )
    arguments = {"policy": PROPOSED, "one": one, "other": other, "login": who.id}
    name = jobs.start_comparison(place.record, arguments, None, {}, act)
    Worker(place.record, KINDS, Around(clock, Stop())).once(name)
    return name


def plans(place: Place) -> dict[str, str]:
    """Propose who takes over from somebody who leaves: as the policy says, changed by hand, and carried out."""
    act = Act("login:wang", clock(), today(clock()))
    customer = {**crew.CUSTOMER, "owner": "am-1", f"{FACT}expected_revenue": Decimal(50_000)}
    crew.fill(place.record, act, {"c-8": customer, "c-9": {**customer, f"{FACT}strategic": True}})
    whatif = WhatIf(leave=("am-1",))
    made = [crew.planned(place.record, act, whatif) for _ in range(3)]
    crew.chosen(place.record, act, made[1], c_9=None)
    for each in made:
        shared = replace(crew.read(place.record, each.id), shared=Shared.ALL)
        place.record.writer.write(partial(keeping.save, plan=shared, now=act.now))
    last = crew.read(place.record, made[2].id)
    place.record.writer.write(partial(applying.apply, plan=last, act=act, reason="agreed"))
    return {"plan": made[0].id, "other": made[1].id, "done": made[2].id}


def imports(place: Place) -> dict[str, str]:
    """Hand in a sound file, one with a wrong row, one that is imported, and one that is refused only then."""
    client = signed_in(place.app, name="importer")

    def begun(rows: str, heads: str = "工号,姓名,状态,入职日期", kind: str = "people") -> str:
        file = (io.BytesIO(f"{heads}\n{rows}".encode("gb18030")), f"{kind}.csv")
        answer = client.post("/imports", data={"kind": kind, "file": file})
        return str(answer.location).removeprefix("/imports/")

    def started(name: str) -> str:
        seen = client.get(f"/imports/{name}/preview").text.partition('name="seen" value="')[2].partition('"')[0]
        client.post(f"/imports/{name}/start", data={"seen": seen})
        return name

    def worked() -> None:
        while Worker(place.record, KINDS, Around(clock, Stop())).once():
            pass

    ids = {"upload": begun("z1,王芳,在职,2024-03-04\n"), "refused": begun("z2,李娜,奇怪,2024-03-04\n")}
    name = started(begun("z3,<b>王芳</b>,在职,2024-03-04\n"))
    started(begun("late-1,同名部\n", "编号,名称", "teams"))
    worked()
    started(begun("late-2,同名部\n", "编号,名称", "teams"))
    late = started(begun("".join(f"y{number},张三,同名部\n" for number in range(60)), "工号,姓名,部门"))
    worked()
    led = client.get(f"/imports/{name}/progress").location
    return {**ids, "late": late, "imported": str(led).removeprefix("/imports/done/")}


@pytest.fixture
def site(place: Place, serve: ServeApp) -> Site:
    """Return a site over the shipped policies, with people, customers and decisions."""
    return serve(place.app)


OUTSIDE = {"exclude": [[".cm-scroller"]]}
"""The editor's frame: the text inside it takes the focus, which axe does not see of an editable element."""


def grave(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds serious or critical."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate("([outside, options]) => axe.run(outside, options)", [OUTSIDE, options])["violations"]
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]


def prepare(page: Page) -> None:
    """Bring axe into a page, and shorten what is long, unless all is looked at: what is taken out is the same again."""
    if not IS_WHOLE:
        page.evaluate(SHORTEN)
    page.evaluate(Axe().axe_script)


def wider(page: Page, width: int) -> list[str]:
    """Return what reaches over the edge of a screen."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = page.evaluate(WATCHED)
    return found


def keep(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look."""
    folder = os.environ.get("FAIRLEAD_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.screenshot(path=f"{folder}/{re.sub(r'[^a-z]+', '_', name)}.png", full_page=tall < 6000)


def looked_at(visitor: Visitor, name: str, address: str, then: Callable[[], None] = lambda: None) -> list[str]:
    """Look at one page by day and by night, on a screen and on a phone; return what is wrong with it.

    Args:
        visitor: Who looks.
        name: What the page is called.
        address: Where it is.
        then: What is done on it first.
    """
    page, wrong = visitor.page, []
    answer = page.goto(visitor.base + address)
    assert answer is not None
    assert answer.status == (404 if address == "/nowhere" else 200), address
    then()
    wrong += [f"{name} {visitor.language}: against its own policy: {each}" for each in visitor.violations()]
    overflowing = {width: wider(page, width) for width in (PHONE, WIDE)}
    wrong += [f"{name} {visitor.language} {at}: wider: {each}" for at, some in overflowing.items() for each in some]
    page.set_viewport_size({"width": PHONE, "height": 900})
    wrong += [f"{name} {visitor.language} {PHONE}: cut: {each}" for each in page.evaluate(CUT)]
    prepare(page)
    for width, scheme in ALL_LOOKS if IS_WHOLE else LOOKS[visitor.language]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        at = f"{name} {visitor.language} {scheme} {width}"
        wrong += [f"{at}: {each}" for each in grave(page, None if scheme == "light" else BY_LOOK)]
        keep(page, f"{name} {visitor.language} {scheme} {'wide' if width == WIDE else 'phone'}")
    return wrong


BESIDE = {
    "beside rules": "/policies/approval.order",
    "beside grid": f"/policies/{EDITED}?of=draft",
    "beside text": f"/policies/{EDITED}/text?of=draft",
    "beside tests": "/policies/approval.order/tests",
}
"""Name → address: pages on which the panel is opened and a decision tried."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_sound_with_the_panel_open(site: Site, addresses: Callable[[str], str], language: str) -> None:
    visitor = site.enter(f"beside-{language}", site.login(f"beside-{language}"), language)
    page = visitor.page
    page.goto(f"{site.base}/policies/approval.order/try?test=1")

    def opened() -> None:
        if not page.locator(".try-panel").is_visible():
            page.click("[data-open]")
        page.wait_for_selector(".try-panel [name='customer.id']")

    wrong = [each for name, address in BESIDE.items() for each in looked_at(visitor, name, addresses(address), opened)]

    assert wrong == []


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_sound_in_every_look(
    site: Site, addresses: Callable[[str], str], language: str, part: int
) -> None:
    name = f"axe-{language}-{part}"
    visitor = site.enter(name, site.login(name), language)

    pages = list(PAGES.items())[part::PARTS]
    assert [each for name, address in pages for each in looked_at(visitor, name, addresses(address))] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_way_in_is_sound_in_every_look(site: Site, language: str) -> None:
    assert looked_at(site.visitor(language), "login", "/login") == []


@pytest.mark.parametrize(
    ("language", "width", "lines"), [("zh", WIDE, {1}), ("en", WIDE, {1}), ("zh", PHONE, {1, 2}), ("en", PHONE, {2})]
)
def test_the_navigation_fits(site: Site, language: str, width: int, lines: set[int]) -> None:
    visitor = site.enter(f"nav-{language}-{width}", site.login(f"nav-{language}-{width}"), language, width=width)
    for address in ("/policies", "/simulations", "/contests", "/imports", "/api"):
        visitor.go(address)
        tops = "(each) => Math.round(each.getBoundingClientRect().top)"
        parts = visitor.page.locator("header nav > a, header nav > details")
        assert parts.count() > 6, address
        found = len({each.evaluate(tops) for each in parts.all()})
        assert found in lines, address
        assert found == min(lines) or address == "/api", "only the longest name needs one more"
        assert visitor.page.locator("header nav [aria-current]").count() == 1, address


def test_the_open_tab_is_in_sight_on_a_phone(site: Site, addresses: Callable[[str], str]) -> None:
    visitor = site.enter("tabs", site.login("tabs"), width=PHONE)
    visitor.go(addresses("/simulations/many/{comparison}?show=all"))

    tabs = visitor.page.locator("main .tabs")
    assert tabs.evaluate("(each) => each.scrollWidth > each.clientWidth"), "there are more than fit"
    assert tabs.locator("[aria-current]").evaluate("(each) => each.getBoundingClientRect().right") <= PHONE


def test_what_opens_the_panel_stands_in_the_line_of_tabs_and_covers_none(site: Site) -> None:
    visitor = site.enter("opens", site.login("opens"))
    visitor.go("/policies/approval.order")

    opens = visitor.page.locator("[data-open]").bounding_box()
    last = visitor.page.locator("main .tabs > a").last.bounding_box()
    assert opens is not None
    assert last is not None
    assert opens["x"] >= last["x"] + last["width"]
    assert last["y"] - 4 <= opens["y"] <= last["y"] + last["height"]


def test_filters_leave_room_for_the_list_on_a_phone(site: Site) -> None:
    visitor = site.enter("filters", site.login("filters"), width=PHONE)
    visitor.go("/decisions")

    tops = visitor.page.locator(".filters > .fields > .field > :is(input, select)").evaluate_all(
        "(all) => all.map((each) => Math.round(each.getBoundingClientRect().bottom))"
    )
    assert len(tops) == 6
    assert len(set(tops)) == 3


def test_the_way_in_says_where_one_is_on_a_phone(site: Site) -> None:
    visitor = site.visitor(width=PHONE)
    visitor.go("/login")
    before = visitor.page.locator(".mark span").bounding_box()
    assert before is not None
    assert before["width"] > 40

    name = site.login("mark")
    after = site.enter("mark", name, width=PHONE).page.locator(".mark span").bounding_box()
    assert after is not None
    assert after["width"] <= 1, "there the search needs the room"


def test_what_violates_the_policy_is_heard(site: Site) -> None:
    visitor = site.enter("heard", site.login("heard"))
    visitor.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")

    assert len(visitor.violations()) >= 1
