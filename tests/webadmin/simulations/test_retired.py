"""A plan whose policy was retired since says so, and what to do; it is not calculated into nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.webadmin.reassigning.crew import POLICY
from tests.webadmin.simulations.test_plans import DAY, EN, ZH, made, page, post
from webadmin.decisions.service import clock
from webadmin.publishing import retiring, service
from webadmin.publishing.answers import Approved, Proposed
from webadmin.store.record import Record
from webadmin.store.revisions import Act


@pytest.fixture
def plan(client: FlaskClient, record: Record) -> str:
    """Return a plan made before its policy was retired."""
    address = made(client)
    asked = retiring.propose(record, POLICY, None, "nobody needs it", Act("login:a", clock(), DAY))
    assert isinstance(asked, Proposed), asked
    assert isinstance(service.approve(record, str(asked.proposal), Act("login:b", clock(), DAY)), Approved)
    return address


def notice(text: str) -> str:
    return text.partition('id="drifted"')[2].partition("</section>")[0]


def test_it_says_so_and_leads_to_where_another_is_chosen(client: FlaskClient, plan: str) -> None:
    english, chinese = (notice(page(client, plan, each)) for each in (EN, ZH))

    assert "its policy has been retired" in english
    assert f'href="{plan}/edit"' in english
    assert f'action="{plan}/again"' not in english
    assert "策略已停用" in chinese
    assert f'<option value="{POLICY}"' not in page(client, f"{plan}/edit"), "what is retired is not offered"


def test_calculated_again_it_says_why_nothing_is_proposed_and_can_be_undone(client: FlaskClient, plan: str) -> None:
    assert client.get(f"{plan}/customers/c-2", headers=EN).location == plan, "nobody can be ranked by it any more"
    assert "choose another one, revision or day" in page(client, plan)

    post(client, f"{plan}/again")
    assert "choose another one, revision or day" in page(client, plan)
    post(client, f"{plan}/back")
    assert "its policy has been retired" in notice(page(client, plan))
