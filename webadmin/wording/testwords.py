"""A test in words: the facts it is given, and what it expects of the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policy.engine import Policy
from policy.model.fields import Field
from policy.model.ruleset import Case
from policy.runtime.cases import plain


@dataclass(frozen=True, slots=True)
class Given:
    """One value a test is given.

    Attributes:
        path: `customer.tier`, of an item `managers[0].level`.
        item: Number of the item it belongs to, from 1; None for none.
        field: As the policy declares it; None where it does not.
    """

    path: str
    item: int | None
    field: Field | None
    value: Any


def given(policy: Policy, case: Case) -> list[Given]:
    """Return the facts a test is given, one by one in their order, without what the policy takes for others."""
    facts = list(_below(policy, policy.reader.plain(case.given), "", "", None))
    item = next((each for each in policy.rule_set.document.tests if each.name == case.name), None)
    if item is None:
        return facts
    written = {each.path for each in _below(policy, plain(item.given), "", "", None)}
    return [each for each in facts if each.path in written]


def expected(case: Case) -> list[tuple[str, Any]]:
    """Return what a test expects: part of the decision, such as `outcome.stages` → what is to stand there."""
    expect = case.expect
    found: list[tuple[str, Any]] = [] if expect.status is None else [("status", expect.status)]
    found += [] if expect.hits is None else [("hits", plain(expect.hits))]
    found += [] if expect.missing is None else [("missing", list(expect.missing))]
    for name, raw in (("outcome", expect.outcome), ("result", expect.result)):
        if raw is not None:
            value = _typed(plain(raw))
            is_open = isinstance(value, Mapping)
            found += [(f"{name}.{key}", each) for key, each in value.items()] if is_open else [(name, value)]
    return found


def _typed(value: Any) -> Any:
    """Return what a test expects with yes and no as such: it writes everything as text."""
    if isinstance(value, Mapping):
        return {name: _typed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    return {"true": True, "false": False}.get(value, value)


def _below(policy: Policy, value: Any, path: str, declared: str, item: int | None) -> Iterator[Given]:
    """Yield the values below a place: its path, and the path as fields have it."""
    if isinstance(value, Mapping) and declared not in policy.rule_set.fields:
        for name, each in value.items():
            dot = "." if path else ""
            yield from _below(policy, each, f"{path}{dot}{name}", f"{declared}{dot}{name}", item)
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for at, each in enumerate(value):
            yield from _below(policy, each, f"{path}[{at}]", f"{declared}[]", at + 1)
    else:
        yield Given(path, item, policy.rule_set.fields.get(declared), value)
