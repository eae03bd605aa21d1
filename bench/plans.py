"""Measures plans of a reassignment in a large organisation: `python -m bench.plans`.

Seconds, by the clock and of the processor, to calculate who takes over when one manager leaves, when a whole team
leaves, and when a team is rebalanced, in a record of 300 managers in 20 teams who hold 30,000 customers. Beside each,
in the same run, what the policy itself takes for one customer with all 300 as candidates, times the customers that
move: what asking it for each of them would cost.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time

from webadmin.decisions import service
from webadmin.reassigning import calculating
from webadmin.reassigning.keeping import Plan, new
from webadmin.reassigning.whatif import WhatIf
from webadmin.roster import facts
from webadmin.store import roster, shipped
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction
from webadmin.telemetry import logs

RULES = Path(__file__).resolve().parent.parent / "rules"
POLICY = "assignment.new-customer"
TEAMS = 20
REGIONS = ("north", "east", "south", "west", "central")
INDUSTRIES = ("technology", "manufacturing", "retail", "energy")
"""Of no certificate, so that most managers may take most customers."""


def organisation(record: Record, managers: int, customers: int, act: Act) -> None:
    """Put teams, managers and their customers into the record."""
    chance, since = random.Random(7), act.today - timedelta(days=400)  # noqa: S311 - repeatable, not secret

    def put(batch: roster.Batch) -> None:
        for number in range(TEAMS):
            batch.put(Thing(Of.TEAM, f"t-{number:02}", f"Team {number}"), {}, since)
        for number in range(managers):
            region = REGIONS[number % TEAMS % len(REGIONS)]
            batch.put(
                Thing(Of.PERSON, f"am-{number:03}", f"Person {number}"),
                {
                    "team": f"t-{number % TEAMS:02}",
                    "role": "account-manager",
                    "status": "active",
                    "region": region,
                    "regions": [region],
                    "level": Decimal(1 + number % 4),
                    "hired_on": date(2020, 1, 1),
                    "capacity": Decimal(900),
                    "industries": list(INDUSTRIES),
                },
                since,
            )
        for number in range(customers):
            owner = number % managers
            batch.put(
                Thing(Of.CUSTOMER, f"c-{number:05}", f"Customer {number}"),
                {
                    "owner": f"am-{owner:03}",
                    "tier": chance.choice("ABCD"),
                    "status": "active",
                    "region": REGIONS[owner % TEAMS % len(REGIONS)],
                    "industry": chance.choice(INDUSTRIES),
                    "customer.expected_revenue": Decimal(chance.randrange(10_000, 900_000)),
                },
                since,
            )

    def write(transaction: Transaction) -> None:
        batch = roster.Batch(transaction, act)
        put(batch)
        batch.finish()

    record.writer.write(write)


def plans(act: Act, managers: int) -> dict[str, Plan]:
    """Return what is calculated."""
    team = tuple(f"am-{number:03}" for number in range(managers) if number % TEAMS == 3)
    asked = {
        "one manager leaves": WhatIf(leave=("am-003",)),
        "a whole team leaves": WhatIf(leave=team),
        "a team is rebalanced": WhatIf(team="t-03", capacity={team[0]: Decimal(50)}),
    }
    return {name: new(name, act.today, POLICY, None, each, act) for name, each in asked.items()}


def alone(record: Record, act: Act) -> float:
    """Return the seconds the policy takes for one customer with everybody as candidates."""
    with record.engine.connect() as connection:
        policies = calculating.policies_on(connection, record.catalogue, act.today, POLICY, None)
        policy = policies[POLICY]
        found = facts.candidates(connection, act.today, {})
        known = facts.facts_of_customers(connection, act.today, ["c-00003"], contacts=False)["c-00003"]
    asked = facts.declared(policy.reader.group, {**known, "managers": list(found.managers)})
    taken = []
    for _ in range(5):
        begin = process_time()
        policy.decide(asked, as_of=act.today)
        taken.append(process_time() - begin)
    return min(taken)


def measure(folder: str, managers: int, customers: int) -> None:
    """Fill a record and print a line for each plan."""
    logs.set_up(as_json=True)
    record = Record.open(f"sqlite:///{folder}/record.db")
    now = service.clock()
    act = Act(SYSTEM, now, service.today(now))
    shipped.publish_folder(record, RULES, act)
    organisation(record, managers, customers, act)
    one = alone(record, act)
    print(f"{managers} managers, {customers:,} customers; the policy alone takes {one * 1e3:.1f} ms for one customer")
    print(f"{'seconds':<24}{'moves':>8}{'open':>8}{'clock':>8}{'processor':>11}{'one by one':>12}")
    for name, plan in plans(act, managers).items():
        with record.engine.connect() as connection:
            begin, used = perf_counter(), process_time()
            made = calculating.calculate(connection, record.catalogue, plan, None).moves
            clock, processor = perf_counter() - begin, process_time() - used
        moves = len(made)
        unsaid = sum(each.taker is None for each in made)
        print(f"{name:<24}{moves:>8,}{unsaid:>8,}{clock:>8.1f}{processor:>11.1f}{one * moves:>12.1f}")
    record.close()


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.plans", description=__doc__)
    parser.add_argument("--managers", type=int, default=300)
    parser.add_argument("--customers", type=int, default=30_000)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        measure(folder, asked.managers, asked.customers)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
