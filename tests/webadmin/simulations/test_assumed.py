"""Two plans compared say first what they assume differently, then what they come to."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from tests.webadmin.reassigning.crew import change
from tests.webadmin.simulations.test_plans import ACT, DAY, EN, LEAVES, made, page
from webadmin.store.audit import Action
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.tables import AUDIT
from webadmin.store.things import Change

JOINS = {
    "join-name": "Neu",
    "join-team": "t-1",
    "join-region": "Shanghai",
    "join-capacity": "20",
    "join-hired": "2020-01-01",
    "join-level": "5",
}
SOON, LATER = (str(DAY + timedelta(days=each)) for each in (1, 30))
COVER = {"what-am-1": "cover", "since-am-1": SOON, "until-am-1": LATER}


def compared(client: FlaskClient, first: str, second: str) -> str:
    return page(client, f"{first}/compare?with={second.rpartition('/')[2]}")


def assumed(text: str) -> list[str]:
    """Return the rows of what is assumed differently, each as its words."""
    rows = text.partition('id="assumed"')[2].partition("</section>")[0].split('<tr class="assumed">')[1:]
    return [" ".join(_words(each.partition("</tr>")[0])) for each in rows]


def _words(markup: str) -> list[str]:
    return " ".join(each.partition(">")[2] for each in f">{markup}".split("<")).split()


@pytest.mark.parametrize(
    ("first", "second", "row"),
    [
        (LEAVES, {"what-am-2": "leaves"}, "Leaves: &lt;b&gt;am-1&lt;/b&gt; yes no"),
        (LEAVES, {**LEAVES, "what-am-2": "leaves"}, "Leaves: &lt;b&gt;am-2&lt;/b&gt; no yes"),
        (LEAVES, {**LEAVES, **JOINS}, "Joins: Neu no yes new, capacity 20"),
        ({**LEAVES, **JOINS}, {**LEAVES, **JOINS, "join-capacity": "5"}, "Joins: Neu, Capacity 20 5"),
        (
            LEAVES,
            {**LEAVES, "what-am-2": "capacity", "capacity-am-2": "3"},
            "Capacity: &lt;b&gt;am-2&lt;/b&gt; as the record has it 3",
        ),
        (LEAVES, {**LEAVES, "team": "t-1", "aim": "spread", "spread": "1.2"}, "Rebalance a team no"),
        (LEAVES, {**LEAVES, "keeps-lost": "1"}, "Lost customers are handed over as well stay where they are"),
    ],
    ids=["who leaves", "one more leaves", "joins", "joins with less", "capacity", "rebalance", "lost"],
)
def test_what_is_assumed_differently_stands_first(
    client: FlaskClient, first: dict[str, str], second: dict[str, str], row: str
) -> None:
    text = compared(client, made(client, first), made(client, second))

    told = assumed(text)
    assert any(each.startswith(row) for each in told), told
    assert text.index("Assumed differently") < text.index("What they come to")


def test_another_day_and_another_absence_are_told(client: FlaskClient) -> None:
    one = made(client, COVER)
    other = made(client, {**COVER, "what-am-1": "move"}, day=SOON)

    told = assumed(compared(client, one, other))

    assert any(each.startswith("Calculated for the day") for each in told), told
    assert any("customers covered and given back" in each and "customers moved for good" in each for each in told)


def test_the_same_for_good_and_for_a_time_is_not_the_same(client: FlaskClient) -> None:
    text = compared(client, made(client, COVER), made(client, {**COVER, "what-am-1": "move"}))

    assert "2 customers go elsewhere" in text


def test_plans_calculated_from_different_records_say_so(client: FlaskClient, record: Record) -> None:
    first = made(client)
    change(record, ACT, Change(Of.CUSTOMER, "c-2", "owner", "am-2", DAY))

    text = compared(client, first, made(client))

    assert "The record had other loads for 2 people when each was calculated" in text
    called = re.findall(r'<th scope="col"[^>]*><a href="/simulations/plans/[^"]+">([^<]+)</a>', text)
    assert len(set(called)) == 2, "two plans of one name are told apart"
    assert "Calculate both again" in text


def test_nothing_assumed_differently_is_said(client: FlaskClient) -> None:
    assert "Nothing: day, policy, people and what is supposed of them are the same." in compared(
        client, made(client), made(client)
    )


def test_what_both_come_to_has_its_difference(client: FlaskClient) -> None:
    text = compared(client, made(client), made(client, {**LEAVES, "what-am-2": "leaves"}))

    alone = text.partition('<th scope="row">Nobody is found')[2].partition("</tr>")[0]
    one, other, difference = (value for _, value in re.findall(r'data-label="([^"]*)">([^<]*)<', alone))
    assert int(other) > int(one)
    assert difference == f"+{int(other) - int(one)}"


def test_every_customer_of_both_can_be_taken_along(client: FlaskClient, record: Record) -> None:
    first, second = made(client, name="one"), made(client, COVER, name="=other")
    query = f"?with={second.rpartition('/')[2]}"

    answer = client.get(f"{first}/compare.csv{query}", headers=EN)
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert [each["Customer"] for each in rows] == ["c-1", "c-2", "c-3"]
    assert rows[1]["A (one): taken by"] == rows[1]["B (=other): taken by"] == "<b>am-2</b>"
    assert (rows[1]["A (one): until"], rows[1]["B (=other): until"]) == ("", LATER)
    assert (rows[1]["Different?"], rows[2]["Different?"]) == ("yes", "no")
    assert rows[2]["A (one): taken by"] == "nobody"
    assert load_workbook(io.BytesIO(client.get(f"{first}/compare.xlsx{query}").data)).active is not None
    assert client.get(f"{first}/compare.pdf{query}").status_code == 404
    with record.engine.connect() as connection:
        noted = connection.execute(select(AUDIT.c.object).where(AUDIT.c.action == Action.READ)).scalars().all()
    assert {each.rpartition("/")[2] for each in (first, second)} <= set(noted)
