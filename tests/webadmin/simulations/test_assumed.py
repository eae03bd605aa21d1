"""Two plans compared say first what they assume differently, then what they come to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.webadmin.reassigning.crew import change
from tests.webadmin.simulations.test_plans import ACT, DAY, LEAVES, made, page
from webadmin.store.dated import Of
from webadmin.store.record import Record
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
    assert "Calculate both again" in text


def test_nothing_assumed_differently_is_said(client: FlaskClient) -> None:
    assert "Nothing: day, policy, people and what is supposed of them are the same." in compared(
        client, made(client), made(client)
    )
