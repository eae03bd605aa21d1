"""The search from anywhere finds what the reader may see, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter

import pytest
from sqlalchemy import select

from policy.model.document import PolicyDocument
from policy.reader import read
from tests.webadmin.decided.conftest import Place
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock
from webadmin.search import inside
from webadmin.search.views import address_of
from webadmin.store.logins import Role
from webadmin.store.tables import AUDIT


def found(place: Place, text: str, role: Role = Role.ADMIN, person: str | None = None) -> str:
    client = signed_in(place.app, role, f"{role}-{person}", person)
    answer = client.get("/search", query_string={"q": text}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mei h", "Mei Han"),
        ("han  MEI", "Mei Han"),
        ("han am-03", "Mei Han"),
        ("韩", "am-03"),
        ("am-0", "Fang Wang"),
        ("CUSTOMER C-2", "c-2"),
        ("tiered", "approval.order"),
        ("订单", "/policies/approval.order"),
        ("order APPROVAL", "/policies/approval.order"),
        ("order 审批", "/policies/approval.order"),
        ("dingdan", "/policies/approval.order"),
        ("fenji", "/policies/approval.order"),
        ("ddfj", "/policies/approval.order"),
        ("o-2", "/decisions?subject=o-2"),
    ],
)
def test_it_finds_by_part_of_name_or_number(place: Place, text: str, part: str) -> None:
    assert part in found(place, text)


def test_it_finds_decisions_by_beginning_and_subject(place: Place) -> None:
    assert place.east in found(place, place.east)
    assert place.east in found(place, place.east[:13])
    assert place.west in found(place, "o-2")
    assert place.west in found(place, "o-")


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\0", "x" * 10_000, "' OR 1=1 --", "\u202e"])
def test_it_finds_nothing_by_nothing(place: Place, text: str) -> None:
    assert "am-01" not in found(place, text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("meihan", "Mei Han"),  # as one word, the way English names are written
        ("fw", "Fang Wang"),
        ("Fnag Wang", "Fang Wang"),
        ("custmer c-2", "Customer c-2"),
        ("aproval.order", "/policies/approval.order"),
        ("tired order aproval", "/policies/approval.order"),
    ],
)
def test_where_nothing_has_it_what_may_have_been_meant_is_offered(place: Place, typed: str, meant: str) -> None:
    page = found(place, typed)

    assert meant in page.partition("Did you mean")[2]
    assert ("Nothing found" in page) == ("Inside the policies" not in page)  # 服务 begins with f and w, too
    assert ('href="/customers"' in page) == ("Nothing found" in page)


@pytest.mark.parametrize("typed", ["wangf", "wangfang", "wf", "wang fang", "WangFang"])
def test_people_are_found_by_the_pinyin_of_their_names(place: Place, typed: str) -> None:
    page = found(place, typed)

    assert "Nothing found" not in page
    assert "Fang Wang" in page


def test_nobody_out_of_sight_is_offered(place: Place) -> None:
    assert "Lei Li" in found(place, "leili")
    assert "Lei Li" not in found(place, "leili", Role.MANAGER, "am-01")
    assert "Lei Li" not in found(place, "leili", Role.ACCOUNT_MANAGER, "am-03")
    assert 'href="/me"' in found(place, "leili", Role.ACCOUNT_MANAGER, "am-03")


def test_what_is_near_nothing_is_said_to_be_nothing(place: Place) -> None:
    assert "Did you mean" not in found(place, "qqqqqqqq")


def test_a_manager_finds_the_own_team_only(place: Place) -> None:
    assert "am-03" in found(place, "am-", Role.MANAGER, "am-01")
    assert "am-02" not in found(place, "am-", Role.MANAGER, "am-01")
    assert "c-2" not in found(place, "customer", Role.MANAGER, "am-01")
    assert place.east in found(place, place.east, Role.MANAGER, "am-01")
    assert place.west not in found(place, place.west[:14], Role.MANAGER, "am-01")
    assert "/decisions/" not in found(place, "o-2", Role.MANAGER, "am-01")


def test_an_account_manager_finds_the_own_customers_and_no_decisions(place: Place) -> None:
    assert "Customer c-1" in found(place, "customer", Role.ACCOUNT_MANAGER, "am-03")
    assert "Customer c-2" not in found(place, "customer", Role.ACCOUNT_MANAGER, "am-03")
    assert "am-01" not in found(place, "am-", Role.ACCOUNT_MANAGER, "am-03")
    assert place.east not in found(place, "o-1", Role.ACCOUNT_MANAGER, "am-03")
    assert 'href="/me?customer=c-1#customer-c-1"' in found(place, "customer", Role.ACCOUNT_MANAGER, "am-03")
    assert 'href="/me"' in found(place, "am-03", Role.ACCOUNT_MANAGER, "am-03")


def test_every_page_offers_it_to_whoever_is_signed_in(place: Place) -> None:
    assert 'id="search-box"' in signed_in(place.app).get("/help").text
    assert 'data-key="d"' in signed_in(place.app).get("/help").text
    assert (
        'data-key="d"'
        not in signed_in(place.app, Role.ACCOUNT_MANAGER, "account-manager-am-03", "am-03").get("/help").text
    )
    assert 'id="search-box"' not in place.app.test_client().get("/login").text


def offered(place: Place, of: str, text: str, role: Role = Role.ADMIN, person: str | None = None) -> list[str]:
    client = signed_in(place.app, role, f"{role}-{person}", person)
    answer = client.get("/search/names.json", query_string={"of": of, "q": text}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer.json is not None
    return [f"{each['id']} {each['name']}" for each in answer.json["names"]]


def test_a_filter_is_offered_names_while_part_of_one_is_typed(place: Place) -> None:
    assert offered(place, "person", "mei") == ["am-03 Mei Han"]
    assert offered(place, "person", "芳") == ["am-01 Fang Wang"]
    assert offered(place, "customer", "c-") == ["c-1 Customer c-1", "c-2 Customer c-2"]
    assert offered(place, "customer", "%") == offered(place, "customer", "") == []
    assert offered(place, "person", "am-", Role.MANAGER, "am-01") == ["am-01 Fang Wang", "am-03 Mei Han"]
    assert signed_in(place.app).get("/search/names.json?of=team&q=t").status_code == 404


def test_what_a_search_showed_stands_in_the_audit_entries(place: Place) -> None:
    found(place, "mei han")

    with place.app.extensions["record"].engine.connect() as connection:
        chosen = select(AUDIT.c.body).where(AUDIT.c.object == "search").order_by(AUDIT.c.id.desc()).limit(1)
        body = connection.execute(chosen).scalar_one()
    assert '"shown":["am-03"]' in body
    assert '"text":"mei han"' in body


@pytest.mark.parametrize(("address", "of", "one"), [("/people", "people", "am-03"), ("/customers", "customers", "c-1")])
def test_what_a_list_showed_stands_there_too(place: Place, address: str, of: str, one: str) -> None:
    assert signed_in(place.app).get(f"{address}?status=active").status_code == 200

    with place.app.extensions["record"].engine.connect() as connection:
        chosen = select(AUDIT.c.body).where(AUDIT.c.object == of).order_by(AUDIT.c.id.desc()).limit(1)
        body = connection.execute(chosen).scalar_one()
    assert f'"{one}"' in body
    assert '"status":"active"' in body


def leads(place: Place, text: str, role: Role = Role.ADMIN, person: str | None = None) -> list[str]:
    """Return where what was found inside the policies leads to."""
    page = found(place, text, role, person).partition('id="found-parts"')[2].partition("</section")[0]
    return re.findall(r'</span> <a href="([^"]+)"', page)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("账期", "/tables/vocabulary#order.payment_days"),
        ("zhangqi", "/tables/vocabulary#order.payment_days"),
        ("payment days", "/tables/vocabulary#order.payment_days"),
        ("payment_days", "/tables/vocabulary#order.payment_days"),
        ("long-credit", "/policies/approval.order#rule-long-credit"),
        ("more than 60", "/policies/approval.order#rule-long-credit"),
        ("sixty days of credit", "/policies/approval.order/tests#test-28"),
        ("order.net", "/policies/approval.order#derived-order.net"),
        ("shenpihuanjie", "/policies/approval.order#output-stages"),
        ("general-manager", "/policies/approval.order#stages-general-manager"),
        ("monthly minimum wage", "/tables/reference/minimum-wage#rows"),
        ("customer_lost", "/tables/vocabulary#event-customer_lost"),
    ],
)
def test_it_finds_what_stands_inside_the_policies_and_leads_there(place: Place, text: str, page: str) -> None:
    links = leads(place, text)

    assert page in links
    address, _, anchor = page.partition("#")
    assert f'id="{anchor}"' in signed_in(place.app).get(address).text


def test_everything_inside_leads_to_a_place_that_is_there(place: Place) -> None:
    with place.record.engine.connect() as connection:
        policies = place.record.catalogue.policies(connection, clock().date())
    client, pages, missing = signed_in(place.app), dict[str, str](), []
    with place.app.test_request_context():
        for document in policies.documents:
            for part in inside.parts(document):
                address = address_of(part)
                page = pages.get(address) or pages.setdefault(address, client.get(address).text)
                missing += [] if f'id="{part.anchor}"' in page else [f"{address}#{part.anchor}"]

    assert len(pages) > 10
    assert missing == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("order.net_cny", {"key-account", "large", "very-large", "young-customer"}),
        ("Net amount in CNY", {"key-account", "large", "very-large", "young-customer"}),
        ("客户等级", {"key-account", "steep-discount", "steep-discount-small", "hidden-discount-margin"}),
        ("2,000,000", {"very-large"}),
    ],
)
def test_every_rule_that_names_a_field_or_a_number_is_found(place: Place, text: str, named: set[str]) -> None:
    links = leads(place, text)

    assert {f"/policies/approval.order#rule-{each}" for each in named} <= set(links)
    assert len(links) == len(set(links))


def test_what_only_names_a_field_says_so(place: Place) -> None:
    page = found(place, "Net amount in CNY")

    assert " · names Net amount in CNY" in page


def test_a_field_all_share_leads_to_the_policies_that_read_it(place: Place) -> None:
    assert 'href="/policies/approval.order#field-order.payment_days"' in found(place, "payment days")
    assert 'id="field-order.payment_days"' in signed_in(place.app).get("/policies/approval.order").text


def test_the_name_of_a_rule_says_fields_as_people_call_them(place: Place) -> None:
    page = found(place, "long-credit")

    assert "Payment term of [<em>Payment term in days</em>] days, more than 60" in page


def test_what_was_never_in_effect_is_not_looked_into(place: Place) -> None:
    assert leads(place, "order-diversion") == []


def test_thousands_of_rules_are_looked_through_in_a_moment() -> None:
    rows = "".join(
        f"  - {{id: r{number}, then: {{points: 1}}, because: {{zh: 第{number}档加分, en: step {number}}}}}\n"
        for number in range(2000)
    )
    head = "policy: scorecard.long\ntitle: long\nsubject: {id: a}\ninputs: [a: {type: string}]\n"
    text = f"{head}outputs: {{points: {{type: number, combine: sum}}}}\nhit_policy: collect\nrules:\n{rows}"
    document = read(text, name="scorecard.long").document
    assert isinstance(document, PolicyDocument)
    many = [replace(document, digest=f"sha256:{number}") for number in range(20)]
    inside.found(many, "r1999")  # each text is laid out once

    began = perf_counter()
    for typed in ("r1999", "jiafen", "nothing like it", "step 1999"):
        inside.found(many, typed)

    assert perf_counter() - began < 4  # 40,000 rules, four times: 0.3 s where nothing else runs
