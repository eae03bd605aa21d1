"""How pages look once people live in them: signals and cases, contests and answers, reports, one's own page.

The record is the demonstration's; each page is looked at as the role that comes to it.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.browser.conftest import ServeApp
from tests.browser.site import Site
from tests.browser.test_looks import looked_at
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.access import making
from webadmin.app import close
from webadmin.decisions.deals import DealRun
from webadmin.decisions.service import clock, today
from webadmin.demo import deciding
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.rulesets import drafting
from webadmin.store import drafts, logins
from webadmin.store.logins import Reach, Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act

ERROR = re.compile(r'class="error"[^>]*>([^<]*)')
WRONG = re.compile(r'class="error"[^>]*>([^<]*)')
ORDERS, ALLOCATION = "approval.order", "assignment.new-customer"
TERMS = ('payment_days: "> ', "payment_days: ")
"""What stands before the term of payment that needs an approval, in its rule and in its test."""
DECIDED = (ORDERS, ALLOCATION, "assignment.reclaim", "incentive.quarterly", "scorecard.manager-performance")
PERSONS = {Role.MANAGER: "lead-1", Role.ACCOUNT_MANAGER: "am-01"}

SEEN: Mapping[Role, Mapping[str, str]] = {
    Role.ACCOUNT_MANAGER: {
        "am home": "/",
        "am own page": "/me",
        "am earlier quarter": "/me?quarter={quarter}",
        "am policies": "/policies",
        "am trial": f"/policies/{ORDERS}/try?test=1",
        "am help": "/help/mine",
    },
    Role.MANAGER: {
        "lead home": "/",
        "lead own page": "/me",
        "lead people": "/people",
        "lead person": "/people/am-01",
        "lead customers": "/customers",
        "lead customer": "{customer}",
        "lead contests": "/contests?state=all",
        "lead contest": "/contests/{waiting}",
        "lead contest answered": "/contests/{answered}",
        "lead signals": "/signals",
        "lead cases": "/cases",
        "lead decisions": "/decisions",
        "lead plans": "/simulations",
        "lead new plan": "/simulations/plans/new",
        "lead plan": "/simulations/plans/{plan}",
        "lead plan changed": "/simulations/plans/{plan}/edit",
    },
    Role.ADMIN: {
        "admin home": "/",
        "admin login": "/logins/{login}",
        "admin signals": "/signals",
        "admin signal": "/signals/{signal}",
        "admin signal with case": "/signals/{opened}",
        "admin cases": "/cases",
        "admin person": "/people/{person}",
        "admin decisions": "/decisions",
        "admin impact": f"/review/draft/{ORDERS}",
        "admin proposal": "/review/{proposal}",
        "admin two revisions": f"/history/{ORDERS}?before=1&after=2",
        "admin comparison waits": "/simulations/many/{comparison}",
        "admin import waits": "/imports/{upload}/progress",
    },
    Role.AUDITOR: {
        "auditor home": "/",
        "auditor plan": "/simulations/plans/{plan}",
        "auditor order": "{approval_order}",
        "auditor assignment": "{assignment_new_customer}",
        "auditor reclaim": "{assignment_reclaim}",
        "auditor pay": "{incentive_quarterly}",
        "auditor grade": "{scorecard_manager_performance}",
    },
}
"""Role → name → address: what somebody of it comes to; ids are filled in."""


@dataclass(frozen=True, slots=True)
class Lived:
    """The demonstration after some days: an application, what fills ids into addresses, and a password by role."""

    app: Flask
    ids: Mapping[str, str]
    passwords: Mapping[Role, str]

    def address(self, text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self.ids[found[1]], text)


def sent(client: FlaskClient, address: str, **data: object) -> str:
    """Send a form as somebody does; return where it leads."""
    answer = client.post(address, data=data)
    assert answer.status_code == 303, f"{address}: {answer.status_code} {WRONG.findall(answer.text)}"
    return str(answer.location)


def offered(page: str, name: str) -> list[str]:
    """Return the values of fields of a name that a page holds."""
    return [unescape(each) for each in re.findall(rf'name="{name}" value="([^"]*)"', page)]


def links(client: FlaskClient, address: str, kind: str) -> list[str]:
    """Return where the links of a page lead that begin alike, each once."""
    return list(dict.fromkeys(re.findall(rf'href="({kind}[^"#?]+)"', client.get(address).text)))


def worked(record: Record) -> None:
    """Do what waits for a worker."""
    while Worker(record, KINDS, Around(clock, Stop())).once():
        pass


def contested(person: FlaskClient, lead: FlaskClient) -> dict[str, str]:
    """Contest two things and have one answered."""
    page = person.get("/me").text
    for sort, each in list(zip(offered(page, "sort"), offered(page, "object"), strict=True))[:2]:
        sent(person, "/me/contest", sort=sort, object=each, statement="与事实不符，请核对")
    first, second = links(lead, "/contests", "/contests/")[:2]
    sent(lead, f"{first}/answer", verdict="upheld", statement="属实，已更正")
    return {"answered": first.rpartition("/")[2], "waiting": second.rpartition("/")[2]}


def changed(record: Record, *pairs: tuple[str, str]) -> None:
    """Change the draft of the orders' policy."""
    now = clock()
    act = Act("login:admin", now, today(now))
    version = drafting.begin(record, ORDERS, act)
    with record.engine.connect() as connection:
        text = drafts.find(connection, ORDERS).text
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    drafting.save(record, ORDERS, text, version, act)


def proposed(client: FlaskClient, record: Record) -> str:
    """Propose the draft; return where the proposal is."""
    with record.engine.connect() as connection:
        version = drafts.find(connection, ORDERS).version
    return sent(client, f"/review/draft/{ORDERS}/propose", version=version, note="门槛过低")


def reviewed(record: Record, admin: FlaskClient, other: FlaskClient) -> dict[str, str]:
    """Publish one change, propose another, and leave a third as a draft, each with the report of its impact."""
    impact = f"/review/draft/{ORDERS}/impact"
    changed(record, (">= 2000000", ">= 1000000"))
    sent(other, f"{proposed(admin, record)}/approve")
    changed(record, *((f"{before}60", f"{before}45") for before in TERMS))
    waiting = proposed(admin, record)
    sent(other, impact, proposal=waiting.rpartition("/")[2])
    changed(record, *((f"{before}60", f"{before}30") for before in TERMS))
    sent(admin, impact)
    worked(record)
    return {"proposal": waiting.rpartition("/")[2]}


def signalled(admin: FlaskClient) -> dict[str, str]:
    """Open a case in one of the signals."""
    first, second = links(admin, "/signals", "/signals/")[:2]
    sent(admin, f"{first}/case", event=offered(admin.get(first).text, "event"), note="三次流失，需要了解情况")
    about = links(admin, first, "/people/")[0]
    return {"opened": first.rpartition("/")[2], "signal": second.rpartition("/")[2], "person": about.rpartition("/")[2]}


def begun(admin: FlaskClient) -> dict[str, str]:
    """Ask for a comparison and an import, which no worker takes."""
    sides = {"side-policy": ORDERS, "side-one": "live", "side-other": "draft", "source": "recorded"}
    asked = sent(admin, "/simulations/many", **sides)
    file = (io.BytesIO("工号,姓名,状态\nz1,王芳,在职\n".encode()), "人员.csv")
    upload = sent(admin, "/imports", kind="people", file=file)
    sent(admin, f"{upload}/start", seen=offered(admin.get(f"{upload}/preview").text, "seen")[0])
    return {"comparison": asked.rpartition("/")[2], "upload": upload.rpartition("/")[2]}


@pytest.fixture(scope="module")
def lived(
    demonstrated: Path, make_app: MakeApp, rules: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    """Return the demonstration with everything in it that people come to."""
    folder = tmp_path_factory.mktemp("lived")
    shutil.copytree(demonstrated, folder, dirs_exist_ok=True)
    app = make_app(rules=rules, database=f"sqlite:///{folder}/record.db", heads=folder / "heads.json")
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = app.extensions["record"]
    now = clock()
    act = Act("cli:test", now, today(now))
    for _ in islice(DealRun(record, ORDERS, act), 60):
        pass
    deciding.decide(record, act, act.today)
    words = {
        role: making.make(record, f"lives-{role}", Reach(role), act, person=PERSONS.get(role), must_change=False)
        for role in Role
    }
    admin, other = signed_in(app, name=f"lives-{Role.ADMIN}"), signed_in(app, name="another")
    person, lead = (signed_in(app, role, f"lives-{role}") for role in (Role.ACCOUNT_MANAGER, Role.MANAGER))
    given = {"name": "am-01 离职", "day": today(now).isoformat(), "policy": ALLOCATION, "what-am-01": "leaves"}
    plan = sent(lead, "/simulations/plans", **given)
    sent(lead, f"{plan}/settings", name=given["name"], shared="all")
    with record.engine.connect() as connection:
        login = logins.find(connection, f"lives-{Role.ACCOUNT_MANAGER}")
    ids = {"plan": plan.rpartition("/")[2], "login": login.id, "quarter": "2026-Q2"}
    ids["customer"] = links(lead, "/people/am-01", "/customers/")[0]
    for policy in DECIDED:
        ids[re.sub("[.-]", "_", policy)] = links(admin, f"/decisions?policy={policy}", "/decisions/")[0]
    ids |= contested(person, lead) | reviewed(record, admin, other) | signalled(admin) | begun(admin)
    yield Lived(app, ids, words)
    close(app)


@pytest.fixture
def site(lived: Lived, serve: ServeApp) -> Site:
    """Return the demonstration as it is lived in."""
    return serve(lived.app)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_that_is_lived_in_is_sound(site: Site, lived: Lived, role: Role, language: str) -> None:
    visitor = site.enter(f"lives-{role}", lived.passwords[role], language)

    wrong = [each for key, address in SEEN[role].items() for each in looked_at(visitor, key, lived.address(address))]

    assert wrong == []
