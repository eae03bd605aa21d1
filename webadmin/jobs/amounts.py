"""How much money decisions are about: the sum of an amount of what is decided about, told apart by currencies.

Which amount is chosen by the policy: the first of its inputs that stands beside the id of its subject (`order.amount`
beside `order.id`), counts a currency, and that everybody may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from policy.currency import is_currency
from policy.engine import Policy
from policy.model.document import FieldClass, FieldType
from policy.model.events import value_at
from policy.model.fields import Field
from policy.values import plain


def amount_of(policy: Policy) -> Field | None:
    """Return the amount that says how much a decision of a policy is about; None where it has none."""
    fields = policy.rule_set.fields
    group = policy.rule_set.document.subject.id.rpartition(".")[0]
    for each in fields.values():
        stands_beside = bool(group) and each.path.rpartition(".")[0] == group
        is_money = is_currency(each.unit) or (each.unit is not None and each.unit in fields)
        if stands_beside and is_money and each.type is FieldType.NUMBER and each.class_ is FieldClass.OPEN:
            return each
    return None


@dataclass(slots=True)
class Amounts:
    """Sums of amounts, as plain data: currency, empty where it is not known → sum."""

    policy: Policy
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, facts: Mapping[str, Any]) -> None:
        """Add what a decision was about."""
        of = amount_of(self.policy)
        amount = None if of is None else self._value(facts, of)
        if of is None or not isinstance(amount, Decimal):
            return
        holder = self.policy.rule_set.fields.get(of.unit or "")
        currency = of.unit if holder is None else self._value(facts, holder)
        key = str(currency or "")
        self.sums[key] = plain(Decimal(self.sums.get(key, "0")) + amount)

    def _value(self, facts: Mapping[str, Any], of: Field) -> Any:
        value = value_at(facts, of.path)
        return of.default if value is None and of.has_default else value
