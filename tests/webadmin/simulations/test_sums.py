"""What a plan comes to adds up: before + taken over - handed over = afterwards, for everybody and together."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.webadmin.reassigning import crew
from tests.webadmin.simulations.test_plans import ACT, LEAVES, made, page
from webadmin.reassigning import keeping
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Cause, Move, Proposal, Standing
from webadmin.reassigning.totals import fair
from webadmin.reassigning.whatif import Away, WhatIf
from webadmin.simulations import drawing, service

DAY = date(2026, 3, 1)
PEOPLE = [f"am-{number}" for number in range(6)]
AMOUNTS = st.decimals(0, 10_000, places=2)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return a plan of customers that move, stay, are lost or find nobody; some people leave or are away."""
    gone = draw(st.sets(st.sampled_from(PEOPLE), max_size=3))
    leave, away = sorted(gone)[::2], sorted(gone)[1::2]
    moves = []
    for number in range(draw(st.integers(0, 8))):
        giver = draw(st.sampled_from(PEOPLE))
        takers = [None, *(each for each in PEOPLE if each not in {giver, *gone})]
        status = draw(st.sampled_from(("active", "lost")))
        load = draw(AMOUNTS) if status == "active" else Decimal()
        taker = draw(st.sampled_from(takers))
        cause = Cause.LEAVES if giver in gone else Cause.BALANCE
        moves.append(Move(f"c-{number}", cause, giver, taker, DAY, None, "A", load, draw(AMOUNTS), status=status))
    people = tuple(_standing(draw, name, [each for each in moves if each.giver == name], gone) for name in PEOPLE)
    whatif = WhatIf(leave=tuple(leave), away={each: Away(DAY, date(2026, 4, 1)) for each in away})
    plan = keeping.new("random", DAY, crew.POLICY, None, whatif, ACT)
    return replace(plan, proposal=Proposal("", "CNY", exact=True, moves=tuple(moves), people=people))


def _standing(draw: st.DrawFn, name: str, given: list[Move], gone: set[str]) -> Standing:
    load = draw(AMOUNTS) + sum((each.load for each in given), Decimal())
    value = draw(AMOUNTS) + sum((each.value for each in given if each.is_active), Decimal())
    count = draw(st.integers(0, 5)) + len(given)
    team = draw(st.sampled_from(("t-1", "t-2", "")))
    return Standing(name, team, load, count, value, Decimal(100), there=name not in gone)


@given(plan=plans())
def test_every_person_and_all_together_add_up(plan: Plan) -> None:
    shown = service.shown(plan)
    made_ = [each for each in plan.moves if each.taker is not None]
    total = shown.total

    for each in shown.people:
        got = sum((move.load for move in made_ if move.taker == each.before.person), Decimal())
        gave = sum((move.load for move in made_ if move.giver == each.before.person), Decimal())
        assert each.load == each.before.load + got - gave
        assert each.sums.after == each.sums.held + each.sums.taken - each.sums.given
    assert total.sums.after == total.sums.held + total.sums.taken - total.sums.given
    assert total.sums.after.load == sum((each.load for each in shown.people), Decimal())
    assert total.sums.after.count == sum(each.count for each in shown.people)
    assert total.sums.after.value == sum((each.value for each in shown.people), Decimal())
    # nothing is lost between two people: what is taken over is what is handed over, and what the tiles say moves
    assert total.sums.taken == total.sums.given
    moved = (total.moved, total.load, total.value, total.lost)
    assert moved == (*(getattr(total.sums.taken, each) for each in ("count", "load", "value", "lost")),)
    assert total.sums.after.count == total.sums.held.count
    assert total.unassigned == sum(each.taker is None for each in plan.moves)


@given(plan=plans())
def test_totals_table_and_charts_are_over_the_same_people(plan: Plan) -> None:
    shown = service.shown(plan)
    people = [each.before.person for each in shown.people]
    there = [each for each in shown.people if each.before.there]

    assert (shown.total.people, shown.total.there) == (len(people), len(there))
    assert {each for move in plan.moves if move.taker for each in (move.giver, move.taker)} <= set(people)
    assert [(each.person, each.was, each.now) for each in drawing.of_load(shown.people)] == [
        (each.before.person, each.before.load, each.load) for each in shown.people
    ]
    assert shown.total.before == fair([each.before.load for each in there])
    assert shown.total.after == fair([each.load for each in there])
    assert {*plan.whatif.leave, *plan.whatif.away}.isdisjoint(each.before.person for each in there)


def test_the_page_says_over_whom_it_counts_and_shows_the_sums(client: FlaskClient) -> None:
    shown = page(client, made(client, LEAVES))
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", _section(shown, "loads"), re.DOTALL)
    told = {_plain(name): _plain(cells) for name, cells in rows}

    assert "The figures are over 3 people" in shown
    assert "said of the 2 of them who can be given customers" in shown
    assert "8 - 7 = 1" in told["<b>am-1</b> takes none"]
    assert "6 + 1 = 7" in told["<b>am-2</b>"]
    assert told["Together, 3 people"].startswith("14 + 7 - 7 = 14 4 + 2 - 2 = 4 ")
    assert "are counted with who holds them, before and afterwards" in shown


def _section(markup: str, name: str) -> str:
    return markup.partition(f'<section aria-labelledby="{name}"')[2].partition("</section>")[0]


def _plain(markup: str) -> str:
    text = re.sub(r"<[^>]+>", " ", markup).replace("&lt;", "<").replace("&gt;", ">").replace("\N{MINUS SIGN}", "-")
    return " ".join(text.split())
