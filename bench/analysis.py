"""What comparing rules with one another costs: `python -m bench.analysis`.

Generated tables of six columns are prepared whole, and analysed alone; beside the analysis stands what the naive
way takes for the same table: every pair of rows compared cell by cell. Each time is the processor's, the least of the
rounds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from random import Random
from time import process_time

from policy.analysis import analysed
from policy.analysis.boxes import meeting
from policy.analysis.rules import compare
from policy.engine import NamedText, load, prepare

HEAD = """\
policy: scorecard.bench
title: Bench
subject: {{id: id}}
inputs:
  - id: {{type: string}}
  - amount: {{type: number, scale: 2, min: 0, max: 1000000000}}
  - discount: {{type: number, scale: 4, min: 0, max: 1}}
  - days: {{type: number, scale: 0, optional: true}}
  - tier: {{type: string, one_of: [A, B, C, D, E]}}
  - region: {{type: string}}
  - since: {{type: date, optional: true}}
outputs: {{points: {{type: number, scale: 0}}}}
hit_policy: {hit_policy}
rules:
"""


def partition(rows: int) -> list[str]:
    """Return rows that leave no gap and do not overlap: tiers by amounts, all other columns wide."""
    each = max(1, rows // 5)
    found = []
    for tier in "ABCDE":
        for at in range(each):
            high = f"{(at + 1) * 1000}" if at < each - 1 else ""
            amount = f"[{at * 1000}..{high})" if high else f">= {at * 1000}"
            found.append(f"{{amount: '{amount}', tier: {tier}, discount: '<= 1'}}")
    return found


def scattered(rows: int) -> list[str]:
    """Return rows at random, every column with a cell."""
    random = Random(rows)  # noqa: S311 - rows, no secrets
    found = []
    for _ in range(rows):
        low = random.randrange(0, 10_000_000)
        share = random.randrange(0, 9_000)
        day = f"20{random.randrange(10, 30)}-0{random.randrange(1, 10)}-1{random.randrange(10)}"
        found.append(
            f"{{amount: '[{low}..{low + random.randrange(1, 500_000)})', discount: '>= 0.{share:04}',"
            f" days: '< {random.randrange(1, 400)}', tier: [{random.choice('ABC')}, {random.choice('DE')}],"
            f" region: '\"r{random.randrange(30)}\"', since: '>= @\"{day}\"'}}"
        )
    return found


def text(rows: list[str], hit_policy: str) -> str:
    """Return a policy with such rows."""
    rules = "".join(f"  - {{id: r{at}, when: {when}, then: {{points: 1}}}}\n" for at, when in enumerate(rows))
    return HEAD.format(hit_policy=hit_policy) + rules


def least(work: Callable[[int], object], rounds: int) -> float:
    """Return the seconds of the fastest round."""
    found = []
    for at in range(rounds):
        begin = process_time()
        work(at)
        found.append(process_time() - begin)
    return min(found)


def pairwise(written: str) -> float:
    """Return the seconds it takes to compare every pair of rows."""
    boxes = [box for each in compare(load(written).rule_set).boxes for box in each or ()]
    begin = process_time()
    sum(meeting(one, other) is not None for at, one in enumerate(boxes) for other in boxes[:at])
    return process_time() - begin


def main() -> None:
    """Print a table of times in milliseconds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="*", default=[200, 1_000, 2_000, 5_000])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--naive", type=int, default=2_000, help="rows up to which all pairs are compared")
    chosen = options.parse_args()
    print("| table | rows | hit policy | prepare, ms | analysis, ms | all pairs, ms | findings |")
    print("|---|---|---|---|---|---|---|")
    for name, make in (("partition", partition), ("scattered", scattered)):
        for rows in chosen.rows:
            for hit_policy in ("unique", "first", "collect"):
                written = text(make(rows), hit_policy)
                rule_set = load(written).rule_set
                alone = least(lambda _, of=rule_set: analysed(of), chosen.rounds)
                whole = least(lambda at, of=written: prepare([NamedText(f"{at}", f"{of}# {at}\n")]), 1)
                naive = f"{pairwise(written) * 1000:,.0f}" if rows <= chosen.naive and hit_policy == "unique" else "–"
                times = f"{whole * 1000:,.0f} | {alone * 1000:,.0f} | {naive}"
                codes = ", ".join(sorted({each.finding.code for each in analysed(rule_set).issues})) or "none"
                print(f"| {name} | {rows:,} | {hit_policy} | {times} | {codes} |")


if __name__ == "__main__":
    main()
