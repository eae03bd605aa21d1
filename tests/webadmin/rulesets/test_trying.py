"""Trying beside a view: what fills the form, who may see what, the text as it is being typed, and what is marked."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from policy.model.canonical import canonical_json
from tests.webadmin.conftest import POLICY
from tests.webadmin.decided.conftest import Place, place
from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.store import audit, deals
from webadmin.store.deals import Deal
from webadmin.store.logins import Role
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT

__all__ = ["place"]

ORDER = "/policies/approval.order/beside"
SIZE = "/policies/scorecard.size/beside"
FIT = {"as_of": "2026-03-01", "customer.id": "c1", "customer.staff": "250"}


@pytest.fixture(scope="module")
def dealt(place: Place) -> Place:
    """Return the place with a deal of either team."""
    act = Act("cli:test", clock(), today(clock()))
    told = [
        Deal(
            f"d-{customer}",
            customer,
            owner,
            "open",
            None,
            None,
            canonical_json(
                {
                    "order": {"id": f"d-{customer}", "amount": 600_000, "discount": "0.12"},
                    "customer": {"id": customer, "tier": "B"},
                    "requester": {"id": owner, "team": "t-x"},
                }
            ).replace('"0.12"', "0.12"),
        )
        for customer, owner in (("c-1", "am-03"), ("c-2", "am-02"))
    ]
    place.record.writer.write(lambda transaction: deals.put(transaction, told, act))
    return place


def own(place: Place, role: Role) -> FlaskClient:
    """Return the lead of the eastern team, or an account manager in it."""
    person = {Role.MANAGER: "am-01", Role.ACCOUNT_MANAGER: "am-03"}[role]
    return signed_in(place.app, role, f"tries-{role}", person)


def ask(client: FlaskClient, address: str = ORDER, **typed: str) -> Any:
    data = {name.replace("__", "."): text for name, text in typed.items() if not name.startswith("at_")}
    data |= {f"@{name[3:]}": text for name, text in typed.items() if name.startswith("at_")}
    return client.post(address, data=data, headers={"Accept-Language": "en"})


def verdicts(page: str) -> dict[str, str]:
    found = re.search(r'data-verdicts="([^"]*)"', page)
    return json.loads(html.unescape(found[1])) if found else {}


def offered(page: str) -> set[str]:
    return set(re.findall(r'name="@fill" value="([^"]+)"', page))


def value(page: str, name: str) -> str:
    found = re.search(rf'id="{re.escape(name)}"[^>]* value="([^"]*)"', page)
    return found[1] if found else ""


def test_a_customer_is_found_by_name_and_fills_what_the_policy_asks(dealt: Place) -> None:
    admin = signed_in(dealt.app)

    found = ask(admin, at_find="customer c-1", look="1").text
    filled = ask(admin, at_fill="customer:c-1").text

    assert {"customer:c-1", "deal:d-c-1", f"decision:{dealt.east}"} <= offered(found)
    assert "customer:c-2" not in offered(found)
    assert value(filled, "customer.id") == "c-1"
    assert '<option value="B" selected>' in filled
    assert "Filled from the customer 客户c-1." in filled


def test_a_deal_and_a_decision_are_decided_at_once(dealt: Place) -> None:
    admin = signed_in(dealt.app)

    for fill in ("deal:d-c-1", f"decision:{dealt.east}"):
        page = ask(admin, at_fill=fill).text

        assert verdicts(page)["key-account"] == "hit"
        assert value(page, "order.discount") in ("0.12", "0.1200")


def test_reading_a_customer_to_try_with_leaves_an_audit_entry(dealt: Place) -> None:
    ask(signed_in(dealt.app), at_fill="customer:c-2")

    with dealt.record.engine.connect() as connection:
        entry = connection.execute(AUDIT.select().order_by(AUDIT.c.id.desc()).limit(1)).one()
    assert (entry.action, entry.object) == (audit.Action.READ, "c-2")
    assert json.loads(entry.body)["what"] == {"of": "customer", "for": "trial"}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNT_MANAGER], ids=str)
def test_one_finds_and_fills_only_what_one_may_see(dealt: Place, role: Role) -> None:
    client = own(dealt, role)

    assert {"customer:c-1", "deal:d-c-1"} <= offered(ask(client, at_find="c-1", look="1").text)
    assert offered(ask(client, at_find="c-2", look="1").text) == set()
    assert not {"deal:d-c-2", f"decision:{dealt.west}"} & offered(ask(client, look="1", at_find="").text)
    for fill in ("customer:c-2", "deal:d-c-2", f"decision:{dealt.west}", "customer:nobody", "person:am-01"):
        assert ask(client, at_fill=fill).status_code == 404
    assert client.get(f"/policies/approval.order/try?decision={dealt.west}").status_code == 404
    assert ask(client, at_fill="deal:d-c-1").status_code == 200


def test_recorded_decisions_are_for_those_who_may_read_them(dealt: Place) -> None:
    account_manager, manager = own(dealt, Role.ACCOUNT_MANAGER), own(dealt, Role.MANAGER)

    assert ask(account_manager, at_fill=f"decision:{dealt.east}").status_code == 404
    assert ask(manager, at_fill=f"decision:{dealt.east}").status_code == 200


def test_what_may_not_be_read_stays_empty_and_is_named(dealt: Place) -> None:
    page = ask(own(dealt, Role.ACCOUNT_MANAGER), at_fill="deal:d-c-1").text

    assert value(page, "requester.id") == ""
    assert re.search(r"Left empty, because your login may not read them:[^<]*Requester", page)
    assert 'value="am-03"' not in page


def test_a_decision_is_tried_again_from_its_own_page(dealt: Place) -> None:
    admin = signed_in(dealt.app)
    page = admin.get(f"/decisions/{dealt.east}", headers={"Accept-Language": "en"}).text
    link = re.search(r'href="(/policies/approval\.order/try\?[^"]+)"', page)
    assert link is not None

    tried = admin.get(html.unescape(link[1]), headers={"Accept-Language": "en"}).text

    assert f"Filled from the decision {dealt.east}." in tried
    assert verdicts(tried)["key-account"] == "hit"


def test_a_rule_is_filled_from_a_decision_it_hit_or_from_what_it_asks_for(dealt: Place) -> None:
    admin = signed_in(dealt.app)

    hit = ask(admin, at_fill="rule:key-account").text
    unhit = ask(admin, at_fill="rule:very-large").text
    short = ask(admin, at_fill="rule:hidden-discount-slight").text

    assert verdicts(hit)["key-account"] == "hit"
    assert "Filled from the condition of the rule." in unhit
    assert verdicts(unhit)["very-large"] == "hit"
    assert "do not hit the rule yet" not in unhit
    assert "These facts do not hit the rule yet: change them until they do" in short
    assert '<ul class="still-missing"><li>' in short
    assert ask(admin, at_fill="rule:nothing").status_code == 404


def test_a_decision_that_hits_the_rule_no_more_fills_nothing(dealt: Place) -> None:
    admin = signed_in(dealt.app)
    written = 'order.net_cny >= 500000 or customer.tier = "A"'
    admin.post("/drafts/approval.order/begin")
    text = drafted(dealt.app, "approval.order")[0]
    assert written in text, "the rule key-account is written otherwise"

    def with_rule(when: str) -> str:
        changed = text.replace(written, f"{{{when}}}", 1)
        return ask(admin, f"{ORDER}?of=draft", at_fill="rule:key-account", at_text=changed).text

    other, never = with_rule('order.net_cny: ">= 90000000"'), with_rule('order.discount: "> 5"')

    assert "Filled from the condition of the rule." in other
    assert verdicts(other)["key-account"] == "hit"
    assert "Filled from" not in never
    assert "No facts can hit the rule as it is" in never
    assert "key-account" not in verdicts(never)


def test_the_text_as_it_is_being_typed_decides(small: FlaskClient) -> None:
    small.post("/drafts/scorecard.size/begin")
    typed = POLICY.replace('">= 100"', '">= 300"')

    page = ask(small, f"{SIZE}?of=draft", at_text=typed, **dict(FIT)).text

    assert verdicts(page) == {"small": "hit"}
    assert verdicts(ask(small, f"{SIZE}?of=draft", **dict(FIT)).text) == {"large": "hit"}


def test_a_text_that_does_not_load_says_where(small: FlaskClient) -> None:
    small.post("/drafts/scorecard.size/begin")
    typed = POLICY.replace('">= 100"', '">= lots"')

    page = ask(small, f"{SIZE}?of=draft", at_text=typed, **dict(FIT)).text

    assert "data-broken" in page
    line = typed[: typed.index(">= lots")].count("\n") + 1
    assert f'data-line="{line}"' in page


def test_who_may_not_change_a_draft_cannot_try_another_text(small: FlaskClient) -> None:
    small.post("/drafts/scorecard.size/begin")
    manager = signed_in(small.application, Role.MANAGER, "reads")
    typed = POLICY.replace('">= 100"', '">= 300"')

    assert verdicts(ask(manager, f"{SIZE}?of=draft", at_text=typed, **dict(FIT)).text) == {"large": "hit"}


def test_a_rule_one_condition_short_says_which(small: FlaskClient) -> None:
    small.post("/drafts/scorecard.size/begin")
    typed = POLICY.replace('{customer.staff: ">= 100"}', '{customer.staff: ">= 100", customer.kind: plant}')

    short = ask(small, f"{SIZE}?of=draft", at_text=typed, **{**FIT, "customer.kind": "shop"}).text
    missing = ask(small, f"{SIZE}?of=draft", at_text=typed, **dict(FIT)).text

    assert verdicts(short) == {"large": "near", "small": "hit"}
    assert "one condition short:" in short
    near = short.partition('<ul class="near">')[2].partition("</ul>")[0]
    assert '<span class="in-words" title="customer.kind: &#34;plant&#34;">' in near
    assert '<span class="saw" title="customer.kind">customer.kind: <b>shop</b></span>' in near
    assert '<code class="path">customer' not in near
    assert verdicts(missing)["large"] == "open"
    assert "one thing is missing:" in missing
    assert "status-undetermined" in missing


@pytest.mark.parametrize("view", ["", "/text", "/tests"])
@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_view_brings_the_panel_and_names_nobody_in_its_address(
    small: FlaskClient, view: str, tongue: str
) -> None:
    page = small.get(f"/policies/scorecard.size{view}", headers={"Accept-Language": tongue}).text

    assert page.count('data-try="/policies/scorecard.size/beside') == 1
    assert page.count("trying.js") == 1
    assert ("Try it here" in page) == (tongue == "en")


def test_without_a_script_the_page_finds_and_fills(dealt: Place) -> None:
    admin = signed_in(dealt.app)
    address = "/policies/approval.order/try"

    found = ask(admin, address, at_find="c-1", look="1", order__id="kept").text
    filled = ask(admin, address, at_fill="customer:c-1").text

    assert "customer:c-1" in offered(found)
    assert value(found, "order.id") == "kept"
    assert value(filled, "customer.id") == "c-1"


@pytest.mark.parametrize("typed", ["五十万", "1万2千", "50k", "1,200.5 万"])
def test_numbers_in_words_are_read_as_in_a_table(place: Place, typed: str) -> None:
    data = {"as_of": "2026-03-01", "order.id": "o", "order.amount": typed, "order.discount": "三成五"}
    rest = {"customer.id": "c", "customer.tier": "A", "requester.id": "am-01", "requester.team": "t"}

    answer = signed_in(place.app).post("/policies/approval.order/decision.json", data={**data, **rest})

    facts = html.unescape(answer.text)
    assert "is not a number" not in facts
    assert "不是数字" not in facts


@pytest.mark.parametrize("typed", ["五十多万", "大约", "五十万以上"])
def test_words_without_one_number_are_refused_where_they_stand(place: Place, typed: str) -> None:
    data = {"as_of": "2026-03-01", "customer.id": "c1", "customer.staff": typed, "order.amount": typed}

    answer = signed_in(place.app).post("/policies/approval.order/decision.json", data=data)

    assert answer.status_code == 422
    assert "order.amount" in answer.text
    assert typed in html.unescape(answer.text)
