"""Forms about an assignment say when not everybody is filled in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.decided.conftest import SINCE
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.filling import candidates
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
PERSON = {
    "role": "account-manager",
    "region": "Shanghai",
    "regions": ["Shanghai"],
    "level": 3,
    "hired_on": SINCE,
    "capacity": 20,
}


@pytest.fixture
def peopled(app: Flask) -> Flask:
    record: Record = app.extensions["record"]
    act = Act("cli:test", clock(), today(clock()))

    def told(transaction: Transaction) -> None:
        batch = roster.Batch(transaction, act)
        for name in ("am-1", "am-2", "am-3"):
            batch.put(Thing(Of.PERSON, name, name), PERSON, SINCE)
        batch.put(Thing(Of.CUSTOMER, "c-1", "One"), {"region": "Shanghai", "owner": "am-1", "tier": "A"}, SINCE)
        batch.finish()

    record.writer.write(told)
    return app


def tried(client: FlaskClient, headers: dict[str, str]) -> str:
    """Return the form of a trial, filled from the customer."""
    form = {"@fill": "customer:c-1"}
    return client.post("/policies/assignment.new-customer/try", data=form, headers=headers).text


def compared(client: FlaskClient, headers: dict[str, str]) -> str:
    """Return the form of a comparison, filled from the customer."""
    asked = {"policy": "assignment.new-customer", "customer": "c-1"}
    return client.get("/simulations/compare", query_string=asked, headers=headers).text


@pytest.mark.parametrize("filled", [tried, compared])
def test_it_is_said_that_not_everybody_is_filled_in(
    peopled: Flask, filled: Callable[[FlaskClient, dict[str, str]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(peopled)
    whole = filled(client, EN)
    assert "am-3" in whole
    assert "a form takes" not in whole

    monkeypatch.setattr(candidates, "MOST_ROWS", 2)

    cut = filled(client, EN)
    assert "There are 3 account managers; a form takes 2." in cut
    assert "am-1" not in cut  # who carries most
    assert "共有 3 位客户经理，表单最多容纳 2 位" in filled(client, ZH)
