"""What an impact report comes to: outcomes by their names, equal changes together, and whom they concern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from policy.engine import Policy
from policy.model.canonical import canonical_json
from policy.model.ruleset import Output
from policy.values import Language
from webadmin import filters, words
from webadmin.store import naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.wording import naming as rule_names

Sides = tuple[Policy | None, Policy | None]
"""The policy that decides now and the one proposed; None where one is none or does not load."""

EXAMPLES = 3
"""Decisions named for each change."""

NAMED = 20
"""People, and customers, that are named."""


@dataclass(slots=True)
class Change:
    """Decisions that change alike.

    Attributes:
        before: Their answer, in words; `after` the one under the proposed text.
        rules: Rules that hit on one side only, each with the side it hits on: 0 before, 1 after.
        examples: Ids of some of them.
    """

    before: str
    after: str
    count: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody or something that changed decisions are about; `who` is an id where no name is known."""

    of: str
    who: Named | str
    count: int


def comparisons(result: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what a report compares with, the main comparison first: `now`, what is in effect, then `recorded`.

    Where all was recorded under what is in effect the two are one; where nothing is, there is only what was recorded.
    """
    recorded = {name: each for name, each in result.items() if name != "now"}
    now = result["now"]
    if now is None:
        return [("recorded", recorded)]
    main = ("now", {**recorded, **now})
    return [main, ("recorded", recorded)] if result["earlier"] else [main]


def changes(found: Mapping[str, Any], sides: Sides) -> list[Change]:
    """Return the changes of a report, those with the same two answers together, the most frequent first."""
    old, new = ({} if each is None else each.rule_set.outputs for each in sides)
    merged: dict[tuple[str, str], Change] = {}
    for each in found["changes"]:
        answers = _in_words(each["from"], old or new), _in_words(each["to"], new or old)
        change = merged.setdefault(answers, Change(*answers))
        change.count += each["count"]
        change.rules |= _one_sided(each)
        change.examples += each["examples"][: EXAMPLES - len(change.examples)]
    return sorted(merged.values(), key=lambda change: -change.count)


def called(sides: Sides, language: Language) -> tuple[dict[str, str], dict[str, str]]:
    """Return what rules are called before and after: what one side does not have is called as on the other.

    A text that is proposed may mend the reason of a rule together with the rule. What hits under it is called as it
    says there; what hit before and does so no more, as it was said then.
    """
    old, new = ({} if each is None else rule_names.called(each, language) for each in sides)
    return {**new, **old}, {**old, **new}


def behind(found: Mapping[str, Any]) -> dict[str, int]:
    """Return the rules behind the changes of a report with the side each is named by: 1 wherever it hits after."""
    return {rule: side for side in (0, 1) for each in found["changes"] for rule in _on(each, side)}


def about(found: Mapping[str, Any], policy: Policy | None) -> tuple[str, list[str]] | None:
    """Return how much money the decisions that change are about: what the amount is called, and its sums.

    None where the policy has no such amount.
    """
    path, sums = found.get("amount"), found.get("amounts")  # reports made earlier have none
    if path is None or not sums:
        return None
    field = None if policy is None else policy.rule_set.fields.get(path)
    called = path if field is None or field.label is None else filters.own(field.label)
    return called, [_cash(amount, currency) for currency, amount in sorted(sums.items())]


def paid(found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return each currency with what is paid in it before and after, as money is written."""
    sides: Mapping[str, Mapping[str, str]] = found["paid"]
    return [(name, _cash(sums["before"], name), _cash(sums["after"], name)) for name, sums in sides.items()]


def _cash(amount: str, currency: str) -> str:
    return filters.cash(Decimal(amount), currency or None)


def concerned(connection: Connection, comparison: Mapping[str, Any]) -> list[Concerned]:
    """Return whom the changes of a report concern, people first, the most frequent first, some of each sort."""
    counts: Mapping[str, int] = comparison.get("concerned", {})
    found: list[Concerned] = []
    for of in (Of.PERSON, Of.CUSTOMER, "subject"):
        about = {term.partition("=")[2]: count for term, count in counts.items() if term.startswith(f"{of}=")}
        most = sorted(about, key=lambda name: (-about[name], name))[:NAMED]
        known = naming.named(connection, of, most) if isinstance(of, Of) else {}
        found += [Concerned(str(of), known.get(name, name), about[name]) for name in most]
    return found


def _in_words(told: Mapping[str, Any], outputs: Mapping[str, Output]) -> str:
    """Return one side of a change as a reader says it."""
    if told["status"] == "refused":
        return str(gettext("does not take these facts"))
    status = str(words.STATUSES.get(told["status"], told["status"]))
    outcome = told["outcome"]
    if not outcome:
        return status
    if not isinstance(outcome, Mapping):
        return canonical_json(outcome)
    return str(gettext("; ")).join(_given(name, value, outputs.get(name)) for name, value in outcome.items())


def _given(name: str, value: Any, output: Output | None) -> str:
    called = filters.own(output.label) if output is not None and output.label else name
    said = filters.worded(value, output)
    colon, none = gettext(": "), gettext("none")
    return f"{called}{colon}{none if said in ([], None) else filters.shown(said)}"


def _one_sided(change: Mapping[str, Any]) -> dict[str, int]:
    """Return the rules that hit on one side only, by their ids, each with that side."""
    return dict(sorted({rule: side for side in (0, 1) for rule in _on(change, side)}.items()))


def _on(change: Mapping[str, Any], side: int) -> set[str]:
    """Return the rules that hit on this side of a change and not on the other."""
    hits = set(_flat(change["from"]["hits"])), set(_flat(change["to"]["hits"]))
    return hits[side] - hits[1 - side]


def _flat(hits: Sequence[Any]) -> list[str]:
    return [rule for each in hits for rule in (_flat(each) if isinstance(each, list) else [each])]
