"""What decisions come to under two texts, as plain data a job keeps between pages: how many change, how, about whom.

Every decision that is added counts as one of `same`, `changed`, `refused` and `erased`, so that these add up to all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from policy.engine import Policy
from policy.model.canonical import canonical_json
from policy.values import plain
from webadmin.jobs.amounts import Amounts
from webadmin.store import decisions

MOST_CHANGES = 50
"""Changes from one outcome to another that are told apart; the rest are counted together."""

LONGEST_OUTCOME = 2000
"""Characters of an outcome's canonical text that is told; a longer one is told by its status and hits."""

MOST_CONCERNED = 200
"""People and customers a report names."""

EXAMPLES = 3
"""Decisions named for each change."""

REFUSED: Mapping[str, Any] = {"status": "refused", "outcome": None, "hits": []}
"""What is told where a text does not take the facts."""


def empty() -> dict[str, Any]:
    """Return the tally of no decision."""
    return {
        "counts": {},
        "rules": {},
        "changes": {},
        "others": 0,
        "concerned": {},
        "paid": {},
        "gains": {},
        "amounts": {},
    }


def result(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tally as a report has it: the most frequent first."""
    return {
        **told,
        "concerned": dict(Counter(told["concerned"]).most_common(MOST_CONCERNED)),
        "changes": sorted(told["changes"].values(), key=lambda change: -change["count"]),
    }


class Tally:
    """Adds decisions to what some have come to so far.

    Args:
        policy: The text decided by.
        before: What there is so far, which is not changed.
    """

    def __init__(self, policy: Policy, before: Mapping[str, Any]) -> None:
        self._policy = policy
        self._counts, self._rules = Counter(before["counts"]), Counter(before["rules"])
        self._changes: dict[str, dict[str, Any]] = dict(before["changes"])
        self._others: int = before["others"]
        self._concerned = Counter(before["concerned"])
        self._paid: dict[str, dict[str, str]] = {each: dict(sums) for each, sums in before["paid"].items()}
        self._gains: dict[str, str] = dict(before["gains"])
        self._amounts = Amounts(policy, dict(before["amounts"]))

    def data(self) -> dict[str, Any]:
        """Return what all come to."""
        return {
            "counts": dict(self._counts),
            "rules": dict(self._rules),
            "changes": self._changes,
            "others": self._others,
            "concerned": dict(self._concerned),
            "paid": self._paid,
            "gains": self._gains,
            "amounts": self._amounts.sums,
        }

    def erased(self) -> None:
        """Count a decision whose facts are kept no more."""
        self._counts["erased"] += 1

    def add(
        self, name: str, body: Mapping[str, Any], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        """Count a decision.

        Args:
            name: Its id.
            body: What was recorded of it.
            before: It on the one side; None where the facts are refused there.
            after: The same under the text decided by.
        """
        if after is None:
            self._counts["refused"] += 1
            return
        self._pay(body, before, after)
        if before is not None and all(before[each] == after[each] for each in ("status", "outcome", "result")):
            self._counts["same"] += 1
            return
        self._counts["changed"] += 1
        self._concerned.update(_about(self._policy, body))
        self._amounts.add(body["facts"])
        told = REFUSED if before is None else _told(before)
        self._rules.update(set(flat(told["hits"])) ^ set(flat(after["hits"])))
        self._change({"from": dict(told), "to": _told(after)}, name)

    def _change(self, change: dict[str, Any], name: str) -> None:
        key = canonical_json(change)
        if key not in self._changes and len(self._changes) >= MOST_CHANGES:
            self._others += 1
            return
        known = self._changes.get(key, {**change, "count": 0, "examples": []})
        examples = [*known["examples"], name][:EXAMPLES]
        self._changes[key] = {**known, "count": known["count"] + 1, "examples": examples}

    def _pay(self, body: Mapping[str, Any], before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
        """Add what a statement pays on both sides: by currency, and the difference to whom it is paid."""
        old, new = None if before is None else before["result"], after["result"]
        if not isinstance(old, Mapping) or not isinstance(new, Mapping) or "paid" not in old:
            return
        sums = self._paid.setdefault(str(new.get("currency") or ""), {"before": "0", "after": "0"})
        was, now = Decimal(str(old["paid"])), Decimal(str(new["paid"]))
        sums["before"], sums["after"] = plain(Decimal(sums["before"]) + was), plain(Decimal(sums["after"]) + now)
        if was != now:
            terms = (each for each in sorted(_about(self._policy, body)) if each.startswith("person="))
            person = next((each.partition("=")[2] for each in terms), "")
            self._gains[person] = plain(Decimal(self._gains.get(person, "0")) + now - was)


def _about(policy: Policy, body: Mapping[str, Any]) -> set[str]:
    """Return the people and customers a decision is about, as terms; its subject where it names none."""
    terms = decisions.terms(policy.rule_set.document.subject, body["decision"], body["facts"])
    concerned = {each for each in terms if each.partition("=")[0] in ("person", "customer")}
    return concerned or {each for each in terms if each.startswith("subject=")}


def _told(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a decision what a report tells."""
    outcome = decision["outcome"]
    is_short = len(canonical_json(outcome)) <= LONGEST_OUTCOME
    return {"status": decision["status"], "outcome": outcome if is_short else None, "hits": decision["hits"]}


def flat(hits: list[Any]) -> list[str]:
    """Return ids of rules, those of every item where there is a list of them for each."""
    return [rule for each in hits for rule in (flat(each) if isinstance(each, list) else [each])]
