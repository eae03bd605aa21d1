"""Whom a decision is about stands by name, where the reader sees them; the one that is decided about stands first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import organisation
from tests.webadmin.signing import signed_in
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock, today
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def site(rules: Path, make_app: MakeApp) -> Flask:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    act = Act("cli:test", clock(), today(clock()))
    app.extensions["record"].writer.write(lambda transaction: organisation(transaction, act))
    return app


def reclaimed(site: Flask, owner: str) -> str:
    """Decide whether c-1 goes back to the pool; return the id of the decision."""
    record: Record = site.extensions["record"]
    customer = {"id": "c-1", "owner": owner, "tier": "A", "last_contact_on": "2026-01-01"}
    facts = {"customer": customer, "owner": {"active": True, "absent": False}}
    with record.engine.connect() as connection:
        asked = Asked("assignment.reclaim", facts, "2026-03-01")
        made = service.make(record, connection, asked, actor="client:crm", now=clock())
    service.keep(record, [made])
    return made.record.id


def test_of_a_customer_and_its_owner_the_customer_comes_first_and_both_by_name(site: Flask) -> None:
    name = reclaimed(site, "am-03")
    admin, lead = signed_in(site), signed_in(site, Role.MANAGER, "lead", "am-01")

    page = admin.get(f"/decisions/{name}", headers=ENGLISH).text
    row = admin.get("/decisions?policy=assignment.reclaim", headers=ENGLISH).text.partition("<tbody")[2]
    told = admin.get("/decisions.csv?policy=assignment.reclaim").text

    assert re.search(r"<h1>[^<]*: *\s*<a href=\"/customers/c-1\">Customer c-1</a>", page)
    assert row.index("Customer c-1") < row.index("Mei Han")
    assert "韩梅 (am-03)" in told
    assert "Mei Han" in lead.get(f"/decisions/{name}", headers=ENGLISH).text


def test_whom_one_does_not_see_stays_an_id_in_lists_and_tables(site: Flask) -> None:
    name = reclaimed(site, "am-02")
    lead = signed_in(site, Role.MANAGER, "lead", "am-01")

    for address in (f"/decisions/{name}", "/decisions?policy=assignment.reclaim", "/decisions.csv"):
        said = lead.get(address, headers=ENGLISH).text
        assert "am-02" in said, address
        assert "Lei Li" not in said, address
        assert "李雷" not in said, address
