"""The made-up organisation: its sizes, its planted situations, and that the shipped policies decide on it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from policy.model.canonical import canonical_json
from policy.model.decision import Status
from policy.model.events import read_typed
from policy.runtime.patterns import matches, signals
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.decisions.deals import DealRun
from webadmin.demo import deciding, files, loading, planted
from webadmin.demo.files import DAY
from webadmin.roster import facts
from webadmin.store import dated, deals, revisions, standing
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import DECISIONS, EVENTS, PEOPLE

ACT = Act("cli:demo", NOW, TODAY)
QUARTER = (date(2026, 4, 1), date(2026, 7, 1))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, demonstrated: Path) -> Iterator[Record]:
    """Return a record with the made-up organisation."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(demonstrated, folder, dirs_exist_ok=True)
    record = Record.open(f"sqlite:///{folder}/record.db")
    yield record
    record.close()


@pytest.fixture
def connection(loaded: Record) -> Iterator[Connection]:
    with loaded.engine.connect() as made:
        yield made


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files.texts()[f"{name}.csv"])))


def day(before: int) -> date:
    return DAY - timedelta(before)


def happened(connection: Connection, sort: str) -> list[dict[str, Any]]:
    chosen = select(EVENTS.c.body).where(EVENTS.c.type == sort, EVENTS.c.source == "demo").order_by(EVENTS.c.time)
    return [json.loads(body)["event"] for body in connection.execute(chosen).scalars()]


def test_the_same_day_gives_the_same_bytes() -> None:
    assert files.texts() == files.texts()
    assert files.texts(date(2026, 11, 30)) != files.texts()


def test_nothing_happens_after_the_day() -> None:
    assert max(row["time"] for row in rows("events"))[:10] <= DAY.isoformat()
    assert max(row["closed_on"] for row in rows("deals")) <= DAY.isoformat()


def test_sizes(connection: Connection) -> None:
    roles = Counter(held["role"] for held in dated.values_on(connection, Of.PERSON, DAY, ["role"]).values())
    teams = {each["id"]: each["region"] for each in rows("teams") if each["region"]}
    found = list(deals.every(connection))

    assert roles == {
        "account-manager": 40,
        "lead": 6,
        "director": 2,
        "finance": 2,
        "legal": 1,
        "general-manager": 1,
        "auditor": 1,
    }
    assert (len(teams), len(set(teams.values()))) == (6, 5)
    assert len(rows("customers")) == 1200
    assert len(found) == 2166
    assert Counter(each["type"] for each in rows("events")) == {
        "contact": 10561,
        "complaint": 90,
        "refund": 60,
        "customer_lost": 41,
        "competitor_sale": 19,
        "transfer": 63,
        "contacts_exported": 6,
        "report_received": 1,
    }
    assert min(each.opened_on for each in found if each.opened_on) >= day(366)


def test_people_and_customers_are_told_apart_by_name() -> None:
    people = [row["name"] for row in rows("people")]
    customers = [row["name"] for row in rows("customers")]

    assert len(set(people)) == len(people)
    assert len(set(customers)) > 1190
    assert all(row["name_en"].isascii() for row in (*rows("people"), *rows("customers")))


def test_one_manager_is_overloaded_and_nobody_else(connection: Connection) -> None:
    loads = standing.loads(connection, DAY)
    capacity = dated.values_on(connection, Of.PERSON, DAY, ["capacity"])

    over = {
        name: loads[name] / capacity[name]["capacity"] for name in loads if loads[name] > capacity[name]["capacity"]
    }

    assert list(over) == [planted.OVERLOADED]
    assert over[planted.OVERLOADED] >= Decimal("1.3")


def test_one_is_about_to_leave(connection: Connection) -> None:
    held = dated.values_on(connection, Of.PERSON, DAY, ["status", "leaves_on"])
    before = dated.values_on(connection, Of.PERSON, day(11), ["status"])

    assert [name for name, each in held.items() if each.get("status") != "active"] == [planted.LEAVING]
    assert held[planted.LEAVING]["leaves_on"] == (DAY + timedelta(30)).isoformat()
    assert before[planted.LEAVING]["status"] == "active"
    assert len(standing.customers_of(connection, [planted.LEAVING], DAY)) > 10


def test_patterns_find_what_was_planted_and_nothing_else(loaded: Record, connection: Connection) -> None:
    policy = loaded.catalogue.policy(connection, loading.PENALTY, DAY)
    assert policy is not None
    policies = loaded.catalogue.policies(connection, DAY)
    kinds = ("customer_lost", "competitor_sale", "transfer", "contacts_exported")
    history = read_typed([event for sort in kinds for event in happened(connection, sort)], policies.events)

    found = signals(matches(policy.patterns, history))

    assert sorted((each.pattern, each.severity, each.key) for each in found) == [
        ("contacts-exported-before-loss", "watch", planted.EXPORTING),
        ("lost-then-sold-elsewhere", "act", planted.DIVERTED),
        ("lost-then-sold-elsewhere", "act", planted.ORDERED_OUTSIDE),
        ("three-losses", "warn", planted.LOSING),
    ]
    assert standing.owner_of(connection, planted.DIVERTED, day(planted.LOST_BEFORE)) == planted.DIVERTING
    assert standing.owner_of(connection, planted.ORDERED_OUTSIDE, DAY) == planted.ORDERING_OUTSIDE
    assert standing.owner_of(connection, planted.LEFT, DAY) == planted.EXPORTING
    assert standing.owner_of(connection, planted.HANDED_OVER, day(100)) == planted.EXPORTING
    assert standing.owner_of(connection, planted.HANDED_OVER, DAY) != planted.EXPORTING


def test_one_key_account_is_neglected_and_would_go_back(loaded: Record, connection: Connection) -> None:
    policy = loaded.catalogue.policy(connection, "assignment.reclaim", DAY)
    assert policy is not None
    known = facts.facts_of_customers(connection, DAY)
    neglected = known[planted.NEGLECTED]["customer"]

    decision = policy.decide(facts.declared(policy.reader.group, known[planted.NEGLECTED]), as_of=DAY)

    assert (neglected["tier"], neglected["last_contact_on"]) == ("A", day(planted.NEGLECTED_FOR))
    assert (decision.hits[0], decision.outcome) == ("idle-a", {"action": "reclaim", "pool": "team"})
    states = dated.values_on(connection, Of.CUSTOMER, DAY, ["status"])
    active = [name for name in known if states[name]["status"] == "active"]
    assert [name for name in active if _silence(known[name]) > 150] == [planted.NEGLECTED]


def _silence(known: dict[str, Any]) -> int:
    last: date = known["customer"].get("last_contact_on", DAY)
    return (DAY - last).days


def test_a_report_names_who_reported_and_only_in_the_field_kept_apart(connection: Connection) -> None:
    report = happened(connection, "report_received")

    assert [each["id"] for each in report] == [planted.REPORT]
    assert report[0]["data"] == {
        "manager": {"id": planted.DIVERTING},
        "customer": {"id": planted.DIVERTED},
        "reporter": planted.REPORTER,
        "about": "outside-order",
    }


def test_the_penalty_policy_is_in_effect_and_its_consultation_says_that_it_is_made_up(connection: Connection) -> None:
    effective = revisions.in_effect(connection, DAY)[loading.PENALTY]
    text = revisions.texts(connection, {loading.PENALTY: effective.digest})[loading.PENALTY]

    assert "Demonstration only" in text
    assert "演示数据" in text


def test_every_closed_deal_is_decided(loaded: Record) -> None:
    run = DealRun(loaded, "approval.order", ACT, is_dry=True)
    statuses = Counter(None if each.made is None else each.made.decision.status for each in run)

    assert statuses == {Status.DECIDED: 1977, None: 189}


def test_a_new_customer_finds_a_manager_in_every_region(loaded: Record, connection: Connection) -> None:
    policy = loaded.catalogue.policy(connection, "assignment.new-customer", DAY)
    assert policy is not None
    found = facts.candidates(connection, DAY, {})
    assert (len(found.managers), found.incomplete) == (40, {})

    for region in ("Shanghai", "Beijing", "Shenzhen", "Hangzhou", "Chengdu"):
        new = {"id": "c-new", "region": region, "industry": "retail", "expected_revenue": 300_000}
        decision = policy.decide({"customer": new, "managers": list(found.managers)}, as_of=DAY)
        assert decision.status is Status.DECIDED
        assert "am-" in decision.to_json()


def test_every_customer_is_graded(loaded: Record, connection: Connection) -> None:
    policy = loaded.catalogue.policy(connection, "scorecard.customer-value", DAY)
    assert policy is not None
    known = facts.facts_of_customers(connection, DAY)

    grades = Counter(
        (policy.decide(facts.declared(policy.reader.group, each), as_of=DAY).outcome or {}).get("grade")
        for each in known.values()
    )

    assert set(grades) == {"A", "B", "C", "D"}
    assert sum(grades.values()) == 1200


def test_every_manager_is_paid_and_scored(loaded: Record, connection: Connection) -> None:
    pay = loaded.catalogue.policy(connection, "incentive.quarterly", DAY)
    score = loaded.catalogue.policy(connection, "scorecard.manager-performance", DAY)
    assert pay is not None
    assert score is not None
    credits_of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in deals.every(connection):
        order = facts.read_facts(each.facts)["order"]
        if each.stage == "won" and each.owner and each.closed_on and QUARTER[0] <= each.closed_on < QUARTER[1]:
            credits_of[each.owner].append({name: order[name] for name in ("id", "amount", "discount")})
    held = dated.values_on(connection, Of.PERSON, DAY, ["role", "quota"])
    managers = {name: each["quota"] for name, each in held.items() if each["role"] == "account-manager"}

    attained = []
    for name, quota in managers.items():
        sold = sum((each["amount"] for each in credits_of[name]), Decimal())
        paid = pay.decide({"person": {"id": name, "quota": quota}, "credits": credits_of[name]}, as_of=DAY)
        review = {"sales": sold, "quota": quota, "customers_at_start": 30, "teamwork": 4}
        graded = score.decide({"manager": {"id": name, "duty": "farmer"}, "review": review}, as_of=DAY)
        assert (paid.status, graded.status) == (Status.DECIDED, Status.DECIDED), name
        attained.append(sold / quota)

    assert min(attained) < Decimal("0.7")
    assert max(attained) > Decimal("1.2")


def test_decisions_of_every_shipped_policy_but_the_penalties_are_kept(loaded: Record) -> None:
    """The facets, the impact reports and the pages of people have something to show."""
    count = deciding.decide(loaded, ACT, DAY)
    with loaded.engine.connect() as connection:
        kept = connection.execute(select(DECISIONS.c.policy, DECISIONS.c.status, DECISIONS.c.body)).all()
        held = dated.values_on(connection, Of.CUSTOMER, DAY, ["owner"])

    assert len(kept) == count
    assert {policy: status for policy, status, _ in kept} == dict.fromkeys(OTHERS, "decided")
    assert Counter(policy for policy, *_ in kept)["incentive.quarterly"] == 40
    given = [json.loads(body) for policy, _, body in kept if policy == "assignment.new-customer"]
    assert len(given) > 9
    for each in given:  # what was decided was done
        assert each["decision"]["result"]["assigned"] == held[each["facts"]["customer"]["id"]]["owner"]


OTHERS = (
    *("approval.special-terms", "assignment.new-customer", "assignment.reclaim", "incentive.quarterly"),
    *("scorecard.customer-value", "scorecard.manager-performance"),
)


def test_the_same_day_gives_the_same_decisions(loaded: Record) -> None:
    def told() -> set[str]:
        with loaded.engine.connect() as connection:
            bodies = connection.execute(select(DECISIONS.c.body)).scalars().all()
        read = [json.loads(each, parse_float=Decimal) for each in bodies]
        return {canonical_json([each["facts"], each["decision"]]) for each in read}

    deciding.decide(loaded, ACT, DAY)
    first = told()
    deciding.decide(loaded, ACT, DAY)

    assert told() == first


def test_what_is_there_is_left_alone(loaded: Record) -> None:
    with pytest.raises(loading.NotEmptyError):
        loading.load(loaded, ACT)

    again = loading.load(loaded, ACT, force=True)

    assert {(each.new, each.is_refused) for each in again} == {(0, False)}
    with loaded.engine.connect() as connection:
        assert len(connection.execute(select(PEOPLE.c.id)).all()) == 53
