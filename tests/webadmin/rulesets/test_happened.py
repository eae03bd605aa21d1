"""What happened before, typed as rows: the kinds of events a policy's patterns look for, and the signals they raise."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.rulesets.test_hostile import HOSTILE
from tests.webadmin.signing import signed_in
from tests.webadmin.test_hostile import Tags

NAME = "penalty.order-diversion"
TRY = f"/policies/{NAME}/try"
COMPARE = f"/simulations/compare?policy={NAME}&one=draft&other=draft"
EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
LOST, SALE = "happened.customer_lost.0", "happened.competitor_sale.0"
ROWS = {
    LOST: "",
    f"{LOST}.time": "2026-01-10",
    f"{LOST}.data.customer.id": "c-1",
    f"{LOST}.data.manager.id": "am-01",
    SALE: "",
    f"{SALE}.time": "2026-01-20 09:30",
    f"{SALE}.data.customer.id": "c-1",
}
SIGNAL = "Lost and sold elsewhere within thirty days"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return signed_in(app)


def post(client: FlaskClient, address: str, **more: str) -> str:
    answer = client.post(address, data={**ROWS, "as_of": "2026-03-01", **more}, headers=EN)
    assert answer.status_code == 200
    return answer.text


def test_only_the_kinds_its_patterns_look_for_are_offered_by_name(client: FlaskClient) -> None:
    english, chinese = (client.get(TRY, headers=each).text for each in (EN, ZH))

    offered = re.findall(r'name="add" value="happened\.(\w+)"', english)
    assert offered == ["customer_lost", "competitor_sale", "transfer", "contacts_exported"]
    assert "Add an item to Customer lost" in english
    assert "客户流失" in chinese
    assert 'name="events"' in english, "JSON stays possible"
    assert 'value="happened.' not in client.get("/policies/scorecard.customer-value/try").text


def test_a_row_is_added_and_taken_away_without_a_script(client: FlaskClient) -> None:
    more = post(client, TRY, add="happened.transfer")
    assert 'name="happened.transfer.0.data.approved"' in more
    assert f'name="{LOST}.data.customer.id" value="c-1"' in more or 'value="c-1"' in more

    less = post(client, TRY, remove=SALE)
    assert f'name="{SALE}.time"' not in less
    assert f'name="{LOST}.time"' in less


@pytest.mark.parametrize("address", [TRY, COMPARE])
def test_the_signals_these_events_raise_are_told(client: FlaskClient, address: str) -> None:
    assert SIGNAL in post(client, address)
    assert "to act on" in post(client, address)
    none = post(client, address, **{f"{SALE}.time": "2026-03-20"})
    assert SIGNAL not in none
    assert "These events raise no signal." in none


@pytest.mark.parametrize("address", [TRY, COMPARE])
def test_what_is_wrong_with_an_event_stands_beside_its_input(client: FlaskClient, address: str) -> None:
    text = post(client, address, **{f"{SALE}.time": "soon", f"{LOST}.data.manager.id": ""})

    assert f'href="#{SALE}.time"' in text
    assert f'href="#{LOST}.data.manager.id"' in text
    assert f'id="{SALE}.time-error"' in text


def test_events_as_text_count_with_the_rows(client: FlaskClient) -> None:
    told = '[{"id": "t", "source": "crm", "type": "transfer", "time": "2026-01-15T00:00:00+08:00", "data": '
    told += '{"customer": {"id": "c-1"}, "manager": {"id": "am-01"}, "approved": true}}]'

    assert SIGNAL not in post(client, TRY, events=told), "handed over with approval between the two"
    assert "happened" in post(client, TRY, events='[{"id": "t", "type": "nothing"}]')


@pytest.mark.parametrize("address", [TRY, COMPARE])
@pytest.mark.parametrize("name", [f"{LOST}.time", f"{LOST}.data.customer.id", f"{LOST}.data.reason", "add", "remove"])
def test_what_is_typed_of_events_stays_text(client: FlaskClient, address: str, name: str) -> None:
    for text in HOSTILE:
        assert Tags(post(client, address, **{name: text})).bad == [], text
