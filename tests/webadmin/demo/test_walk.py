"""Every page of the made-up organisation that links lead to: it is there, and says nothing that nobody translated."""

from __future__ import annotations

import io
import re
import shutil
from calendar import month_name
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.webadmin.conftest import MakeApp
from tests.webadmin.demo.walking import Said, Visited, walk
from tests.webadmin.sharing import for_all
from tests.webadmin.signing import signed_in
from webadmin.app import close
from webadmin.decisions.deals import DealRun
from webadmin.decisions.service import clock, today
from webadmin.demo import loading
from webadmin.publishing import service as publishing
from webadmin.publishing.answers import Proposed
from webadmin.reassigning import calculating, keeping
from webadmin.reassigning.keeping import Shared
from webadmin.reassigning.whatif import WhatIf
from webadmin.rulesets import drafting
from webadmin.store import drafts
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period
from webadmin.store.tables import CUSTOMERS, PEOPLE

CATALOGUE = Path(__file__).parents[3] / "webadmin" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"

NAMES = {
    *(
        "Fairlead",
        "FEEL",
        "YAML",
        "JSON",
        "HTTP",
        "API",
        "CSV",
        "XLSX",
        "English",
        "Excel",
        "GBK",
        "OpenAPI",
        "SHA",
        "UTC",
        "UUID",
    ),
    *(
        "CloudEvents",
        "Excel",
        "GBK",
        "DMN",
        "MiB",
        "RFC",
        "Schema",
        "admin",
        "auditor",
        "cli",
        "cloud",
        "demo",
        "Demonstration",
        "consultation",
        "record",
        "took",
        "fairlead",
        "integration",
    ),
    *("Ctrl", "Tab", "Enter", "Escape", "Shift", "Alt", "Esc"),
}
"""Words that are the same in every language, and those of the organisation's own data."""

BILINGUAL = {"/help/functions", "/help/glossary"}
"""Pages about words, in both languages at once."""

BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
PLAIN = re.compile(r"#.*|\\b(?:en|note|basis): .*")
WORD = re.compile(r"(?<![\w@./:#{-])[A-Za-z][A-Za-z']{2,}(?![\w@/}-]|\.csv)")


@pytest.fixture(scope="module")
def organised(make_app: MakeApp, rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a record with the organisation as of today; all processes share it."""

    def fill(folder: Path) -> None:
        app = make_app(rules=rules, database=f"sqlite:///{folder}/record.db", heads=folder / "heads.json")
        _fill(app.extensions["record"])
        close(app)

    return for_all(tmp_path_factory, "organised", fill)


@pytest.fixture(scope="module")
def pseudo(
    organised: Path, make_app: MakeApp, rules: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Return the organisation's website in a language that puts every translated text in brackets."""
    folder = tmp_path_factory.mktemp("pseudo")
    shutil.copytree(organised, folder, dirs_exist_ok=True)
    app = make_app(rules=rules, database=f"sqlite:///{folder}/record.db", heads=folder / "heads.json")
    place = folder / "zh" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, "zh")
    for message in catalogue:
        if message.id:
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            told = tuple(f"⟦{text}⟧" for text in texts)
            message.string = told[-1:] if message.pluralizable else told[0]
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["babel"].translation_directories[:] = [str(folder)]
    with app.app_context():
        known = app.extensions["babel"].instance.domain_instance.cache  # all applications of a process share it
    known.clear()
    yield app
    known.clear()


def _fill(record: Record) -> None:
    now = clock()
    act = Act("cli:demo", now, today(now))
    loading.load(record, act, act.today)
    for _ in islice(DealRun(record, "approval.order", act), 40):
        pass
    for name in ("scorecard.customer-value", "approval.order"):
        drafting.begin(record, name, act)
    with record.engine.connect() as connection:
        draft = drafts.find(connection, "approval.order")
    assert draft is not None
    changed = draft.text.replace("title: {zh: ", "title: {zh: 新", 1)
    assert isinstance(publishing.propose(record, {"approval.order": changed}, Period(), "新标题", act), Proposed)
    _plan(record, act)


def _plan(record: Record, act: Act) -> None:
    """Propose twice who takes over from somebody: their pages lead to each customer, and to the two compared."""
    for _ in range(2):
        plan = keeping.new("王伟离职", act.today, "assignment.new-customer", None, WhatIf(leave=("am-01",)), act)
        with record.reading() as connection:
            found = calculating.calculate(connection, record.catalogue, plan, None)
        made = replace(found, shared=Shared.ALL)
        record.writer.write(partial(keeping.add, plan=made))


def _begin(client: FlaskClient) -> str:
    """Hand in a file of which one row is wrong, and return where its columns are."""
    file = (io.BytesIO("工号,姓名,状态\nz1,王芳,在职\nz2,李娜,奇怪\n".encode()), "人员.csv")
    answer = client.post("/imports", data={"kind": "people", "file": file})
    assert answer.status_code == 303
    return str(answer.location)


def _ids(rules: Path) -> set[str]:
    """Return the words that documents themselves are made of: names of fields, values, rules and sections."""
    texts = [PLAIN.sub(" ", each.read_text("utf-8")) for each in sorted(rules.rglob("*.yaml"))]
    return {word for text in texts for word in WORD.findall(text)}


def leaks(page: Visited, names: set[str]) -> list[str]:
    """Return what a page says that is neither bracketed, nor Chinese, nor a name."""
    assert page.said is not None
    found = []
    for text in page.said.texts:
        bare = text
        while (shorter := BRACKETS.sub(" ", bare)) != bare:
            bare = shorter
        words = [each for each in WORD.findall(bare) if each not in NAMES and each not in names]
        if words:
            found.append(f"{page.address}: {' '.join(words)!r} in {text.strip()[:80]!r}")
    return found


@pytest.fixture(scope="module")
def admin(pseudo: Flask) -> FlaskClient:
    """Return who sees everything."""
    return signed_in(pseudo)


@pytest.fixture(scope="module")
def upload(admin: FlaskClient) -> str:
    """Return where the columns of a file are that was handed in and not imported."""
    return _begin(admin)


@pytest.fixture(scope="module")
def walked(pseudo: Flask, admin: FlaskClient, upload: str) -> Callable[[Role], list[Visited]]:
    """Return what tells every page somebody of a role comes to, walked once; `upload` is one of them."""
    assert upload

    @cache
    def pages(role: Role) -> list[Visited]:
        person = {Role.MANAGER: "lead-1", Role.ACCOUNT_MANAGER: "am-01"}.get(role)
        client = admin if role is Role.ADMIN else signed_in(pseudo, role, person=person)
        return list(walk(pseudo, client, {"Accept-Language": "zh"}))

    return pages


def _visited(client: FlaskClient, address: str) -> Visited:
    """Return a page no link leads to, because a form does."""
    answer = client.get(address, headers={"Accept-Language": "zh"})
    assert answer.status_code == 200, address
    said = Said()
    said.feed(answer.text)
    return Visited(address, "", 200, said)


@pytest.mark.parametrize("role", Role)
def test_every_link_leads_somewhere(walked: Callable[[Role], list[Visited]], role: Role) -> None:
    dead = [
        f"{each.status} {each.address} from {each.before}"
        for each in walked(role)
        if each.status not in (200, 302, 303)
    ]
    assert dead == []


def test_nothing_is_left_untranslated(
    walked: Callable[[Role], list[Visited]], admin: FlaskClient, upload: str, pseudo: Flask, rules: Path
) -> None:
    with pseudo.extensions["record"].engine.connect() as connection:
        told = [*connection.execute(select(PEOPLE.c.name_en)), *connection.execute(select(CUSTOMERS.c.name_en))]
    names = {word for (name,) in told if name for word in WORD.findall(name)} | _ids(rules)

    pages = [each for each in walked(Role.ADMIN) if each.said]
    plans = [each.address for each in pages if re.fullmatch(r"/simulations/plans/[0-9a-f-]{36}", each.address)]
    asked = f"{plans[0]}/compare?with={plans[1].rpartition('/')[2]}"
    pages += [_visited(admin, address) for address in (f"{upload}/preview", asked)]

    assert len(pages) > 40
    assert any("/customers/c-" in each.address and "/plans/" in each.address for each in pages)
    assert upload in {each.address for each in pages}
    found = [leak for page in pages if page.address not in BILINGUAL for leak in leaks(page, names)]
    assert found == []


def test_english_has_one_way_of_writing_days_and_says_yes_and_no(
    walked: Callable[[Role], list[Visited]], admin: FlaskClient
) -> None:
    other = re.compile(rf"\b\d{{1,2}} (?:{'|'.join(month_name[1:])}) \d{{4}}\b|= (?:true|false)\b")
    found = []
    for each in walked(Role.ADMIN):
        answer = admin.get(each.address, headers={"Accept-Language": "en"}) if each.said else None
        if answer is not None and answer.mimetype == "text/html":
            said = Said()
            said.feed(answer.text)
            found += [f"{each.address}: {text.strip()}" for text in said.texts if other.search(text)]
    assert found == []
