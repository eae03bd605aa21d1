"""The expressions that are timed: twenty typical conditions, cells and formulas of policies, and the facts they read.

Each stands as a policy has it, and once more in the language of every peer that can say the same. A peer's text is
never easier than ours: it is what its own documentation would have one write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

DAY = date(2026, 11, 21)
"""The day all of them are for: `today()` here, the variable `as_of` in a peer's text."""

_CREDITS = [
    {"owner": "am-07", "amount": Decimal("70000.00"), "status": "valid"},
    {"owner": "am-07", "amount": Decimal("8200.50"), "status": "valid"},
    {"owner": "am-07", "amount": Decimal("5000.00"), "status": "cancelled"},
    {"owner": "am-07", "amount": Decimal("16800.25"), "status": "valid"},
]

FACTS: Mapping[str, Any] = {
    "order.id": "o-1",
    "order.amount": Decimal("250000.00"),
    "order.discount": Decimal("0.25"),
    "order.paid": Decimal("237500.00"),
    "order.refund": Decimal("12500.00"),
    "order.payment_days": Decimal(45),
    "order.prepaid": False,
    "order.payer_name": "ACME Éclair SA",
    "order.payer_account": "6222021234567890123",
    "customer.id": "c-1",
    "customer.tier": "B",
    "customer.name": "Acme éclair SA",
    "customer.industry": "finance",
    "customer.needs": ["erp", "cloud"],
    "customer.protected_until": date(2026, 12, 31),
    "customer.last_order_on": date(2026, 9, 1),
    "manager.id": "am-07",
    "manager.skills": ["cloud", "erp", "finance"],
    "manager.load": Decimal(10),
    "manager.base_pay": Decimal("36500.00"),
    "manager.hired_on": date(2026, 1, 1),
    "credits": _CREDITS,
}
"""Path → value: the facts of one decision."""

INPUTS: Mapping[str, str] = {
    "order.id": "type: string, optional: true",
    "order.amount": "type: number, scale: 2, min: 0, max: 100000000, optional: true",
    "order.discount": "type: number, scale: 4, min: 0, max: 1, optional: true",
    "order.paid": "type: number, scale: 2, min: 0, max: 100000000, optional: true",
    "order.refund": "type: number, scale: 2, min: 0, max: 100000000, optional: true",
    "order.payment_days": "type: number, scale: 0, min: 0, max: 720, optional: true",
    "order.prepaid": "type: boolean, optional: true",
    "order.payer_name": "type: string, optional: true",
    "order.payer_account": "type: string, optional: true",
    "customer.id": "type: string, optional: true",
    "customer.tier": "type: string, one_of: [A, B, C, D], optional: true",
    "customer.name": "type: string, optional: true",
    "customer.industry": "type: string, optional: true",
    "customer.needs": "type: list, of: string, optional: true",
    "customer.protected_until": "type: date, optional: true",
    "customer.last_order_on": "type: date, optional: true",
    "manager.id": "type: string, optional: true",
    "manager.skills": "type: list, of: string, optional: true",
    "manager.load": "type: number, scale: 1, min: 0, max: 10000, optional: true",
    "manager.base_pay": "type: number, scale: 2, min: 0, max: 10000000, optional: true",
    "manager.hired_on": "type: date, optional: true",
    "credits": "type: list, optional: true",
    "credits[].owner": "type: string",
    "credits[].amount": "type: number, scale: 2, min: 0, max: 100000000",
    "credits[].status": "type: string, one_of: [valid, cancelled]",
}
"""How a policy declares them; all optional, so that the price of missing data is in our figures."""


@dataclass(frozen=True, slots=True)
class Line:
    """One expression.

    Attributes:
        name: Short name, an identifier of a rule set.
        kind: "condition", "cell" or "formula".
        text: As a policy has it; a cell as `path: cell`.
        given: Facts that differ from `FACTS`, once for each way through the expression that is timed.
        expected: The answers, in the same order.
        zen: In zen-engine's language; None where it has no way to say it. So are the others.
        cel: In CEL, without extensions.
        cel_expr: In CEL with the extensions cel-expr-python brings, where that differs.
        bkflow: In bkflow-feel's FEEL.
        pysfeel: In pySFeel's S-FEEL.
    """

    name: str
    kind: str
    text: str
    given: tuple[Mapping[str, Any], ...]
    expected: tuple[Any, ...]
    zen: str | None = None
    cel: str | None = None
    cel_expr: str | None = None
    bkflow: str | None = None
    pysfeel: str | None = None

    @property
    def asks_time(self) -> bool:
        """Say whether it reads the day."""
        return "today()" in self.text


def _number(text: str) -> Decimal:
    return Decimal(text)


LINES: tuple[Line, ...] = (
    Line(
        name="large-or-key",
        kind="condition",
        text='order.amount >= 500000 or customer.tier = "A"',
        given=({}, {"order.amount": _number("750000.00")}, {"customer.tier": "A"}),
        expected=(False, True, True),
        zen="order.amount >= 500000 or customer.tier == 'A'",
        cel="order.amount >= 500000.0 || customer.tier == 'A'",
        bkflow='order.amount >= 500000.0 or customer.tier = "A"',
        pysfeel='(order.amount >= 500000) or (customer.tier = "A")',
    ),
    Line(
        name="steep-discount",
        kind="condition",
        text='order.discount > 0.2 and customer.tier in ("B", "C")',
        given=({}, {"order.discount": _number("0.05")}, {"customer.tier": "D"}),
        expected=(True, False, False),
        zen="order.discount > 0.2 and customer.tier in ['B', 'C']",
        cel="order.discount > 0.2 && customer.tier in ['B', 'C']",
        bkflow='order.discount > 0.2 and (customer.tier = "B" or customer.tier = "C")',
        pysfeel='(order.discount > 0.2) and (customer.tier in ("B", "C"))',
    ),
    Line(
        name="late-payment",
        kind="condition",
        text="order.payment_days between 31 and 60 and not(order.prepaid)",
        given=({}, {"order.payment_days": _number("30")}, {"order.prepaid": True}),
        expected=(True, False, False),
        zen="order.payment_days in [31..60] and not order.prepaid",
        cel="order.payment_days >= 31.0 && order.payment_days <= 60.0 && !order.prepaid",
        bkflow="order.payment_days between 31.0 and 60.0 and not(order.prepaid)",
        pysfeel="(order.payment_days between 31 and 60) and not(order.prepaid)",
    ),
    Line(
        name="paid-in-full",
        kind="condition",
        text="order.paid >= order.amount - order.refund",
        given=({}, {"order.paid": _number("237499.99")}),
        expected=(True, False),
        zen="order.paid >= order.amount - order.refund",
        cel="order.paid >= order.amount - order.refund",
        bkflow="order.paid >= order.amount - order.refund",
        pysfeel="order.paid >= order.amount - order.refund",
    ),
    Line(
        name="protected",
        kind="condition",
        text="customer.protected_until != null and customer.protected_until >= today()",
        given=({}, {"customer.protected_until": date(2026, 11, 20)}),
        expected=(True, False),
        zen="customer.protected_until != null and date(customer.protected_until) >= date(as_of)",
        cel="customer.protected_until != null && customer.protected_until >= as_of",
        cel_expr="dyn(customer.protected_until) != null && customer.protected_until >= as_of",
        bkflow="customer.protected_until != null and customer.protected_until >= as_of",
        pysfeel="(customer.protected_until != null) and (customer.protected_until >= as_of)",
    ),
    Line(
        name="bought-lately",
        kind="condition",
        text='customer.last_order_on != null and customer.last_order_on >= today() - duration("P90D")',
        given=({}, {"customer.last_order_on": date(2026, 8, 22)}),
        expected=(True, False),
        zen="customer.last_order_on != null and date(customer.last_order_on) >= date(as_of) - duration('90d')",
        cel="customer.last_order_on != null && customer.last_order_on >= as_of - duration('2160h')",
        cel_expr="dyn(customer.last_order_on) != null && customer.last_order_on >= as_of - duration('2160h')",
        pysfeel='(customer.last_order_on != null) and (customer.last_order_on >= as_of - duration("P90D"))',
    ),
    Line(
        name="same-name",
        kind="condition",
        text="lower case(customer.name) = lower case(order.payer_name)",
        given=({}, {"customer.name": "Other SA"}),
        expected=(True, False),
        zen="lower(customer.name) == lower(order.payer_name)",
        pysfeel="lower case(customer.name) = lower case(order.payer_name)",
    ),
    Line(
        name="account-number",
        kind="condition",
        text='string length(order.payer_account) = 19 and matches(order.payer_account, "^[0-9]+$")',
        given=({}, {"order.payer_account": "622202123456789012X"}),
        expected=(True, False),
        zen="len(order.payer_account) == 19 and matches(order.payer_account, '^[0-9]+$')",
        cel="order.payer_account.size() == 19 && order.payer_account.matches('^[0-9]+$')",
        pysfeel='(string length(order.payer_account) = 19) and (matches(order.payer_account, "^[0-9]+$"))',
    ),
    Line(
        name="knows-industry",
        kind="condition",
        text="list contains(manager.skills, customer.industry)",
        given=({}, {"customer.industry": "retail"}),
        expected=(True, False),
        zen="customer.industry in manager.skills",
        cel="customer.industry in manager.skills",
        bkflow="list contains(manager.skills, customer.industry)",
        pysfeel="list contains(manager.skills, customer.industry)",
    ),
    Line(
        name="meets-every-need",
        kind="condition",
        text="every need in customer.needs satisfies list contains(manager.skills, need)",
        given=({}, {"customer.needs": ["cloud", "audit"]}),
        expected=(True, False),
        zen="all(customer.needs, # in manager.skills)",
        cel="customer.needs.all(need, need in manager.skills)",
    ),
    Line(
        name="someone-elses-credit",
        kind="condition",
        text="some c in credits satisfies c.owner != manager.id and c.amount >= 10000",
        given=({}, {"manager.id": "am-01"}),
        expected=(False, True),
        zen="some(credits, #.owner != manager.id and #.amount >= 10000)",
        cel="credits.exists(c, c.owner != manager.id && c.amount >= 10000.0)",
    ),
    Line(
        name="amount-range",
        kind="cell",
        text="order.amount: '[100000..500000)'",
        given=({}, {"order.amount": _number("500000.00")}),
        expected=(True, False),
        zen="order.amount in [100000..500000)",
        cel="order.amount >= 100000.0 && order.amount < 500000.0",
        bkflow="order.amount >= 100000.0 and order.amount < 500000.0",
        pysfeel="order.amount in [100000..500000)",
    ),
    Line(
        name="tier-list",
        kind="cell",
        text="customer.tier: [A, B]",
        given=({}, {"customer.tier": "C"}),
        expected=(True, False),
        zen="customer.tier in ['A', 'B']",
        cel="customer.tier in ['A', 'B']",
        bkflow='customer.tier = "A" or customer.tier = "B"',
        pysfeel='customer.tier in ("A", "B")',
    ),
    Line(
        name="load-tests",
        kind="cell",
        text="manager.load: '[1..5], 10, >= 20'",
        given=({}, {"manager.load": _number("3.5")}, {"manager.load": _number("7")}),
        expected=(True, True, False),
        zen="manager.load in [1..5] or manager.load == 10 or manager.load >= 20",
        cel="manager.load >= 1.0 && manager.load <= 5.0 || manager.load == 10.0 || manager.load >= 20.0",
        bkflow="(manager.load >= 1.0 and manager.load <= 5.0) or manager.load = 10.0 or manager.load >= 20.0",
        pysfeel="(manager.load in [1..5]) or (manager.load = 10) or (manager.load >= 20)",
    ),
    Line(
        name="net-amount",
        kind="formula",
        text="order.amount * (1 - order.discount)",
        given=({}, {"order.amount": _number("199999.99"), "order.discount": _number("0.0333")}),
        expected=(_number("187500"), _number("193339.990333")),
        zen="order.amount * (1 - order.discount)",
        cel="order.amount * (1.0 - order.discount)",
        bkflow="order.amount * (1.0 - order.discount)",
        pysfeel="order.amount * (1 - order.discount)",
    ),
    Line(
        name="commission",
        kind="formula",
        text="round half up(order.amount * 0.0333, 2)",
        given=({}, {"order.amount": _number("123456.78")}, {"order.amount": _number("50.00")}),  # the last is a tie
        expected=(_number("8325.00"), _number("4111.11"), _number("1.67")),
        zen="round(order.amount * 0.0333, 2)",
        cel_expr="math.round(order.amount * 0.0333 * 100.0) / 100.0",
    ),
    Line(
        name="tiered-commission",
        kind="formula",
        text="round half up(min(order.amount, 100000) * 0.05 + max(min(order.amount, 500000) - 100000, 0) * 0.07"
        " + max(order.amount - 500000, 0) * 0.1, 2)",
        given=({}, {"order.amount": _number("650000.00")}, {"order.amount": _number("1234.56")}),
        expected=(_number("15500.00"), _number("48000.00"), _number("61.73")),
        zen="round(min([order.amount, 100000]) * 0.05 + max([min([order.amount, 500000]) - 100000, 0]) * 0.07"
        " + max([order.amount - 500000, 0]) * 0.1, 2)",
        cel_expr="math.round((math.least(order.amount, 100000.0) * 0.05"
        " + math.greatest(math.least(order.amount, 500000.0) - 100000.0, 0.0) * 0.07"
        " + math.greatest(order.amount - 500000.0, 0.0) * 0.1) * 100.0) / 100.0",
    ),
    Line(
        name="sum-of-valid",
        kind="formula",
        text='sum(credits[status = "valid"].amount) * 0.02',
        given=({},),
        expected=(_number("1900.015"),),
        zen="sum(map(filter(credits, #.status == 'valid'), #.amount)) * 0.02",
        pysfeel='sum((credits[item status = "valid"]).amount) * 0.02',
    ),
    Line(
        name="pay-by-days",
        kind="formula",
        text="round half up(manager.base_pay * (today() - manager.hired_on).days / 365, 2)",
        given=({}, {"manager.hired_on": date(2026, 11, 20)}),
        expected=(_number("32400.00"), _number("100.00")),
        zen="round(manager.base_pay * ((date(as_of) - date(manager.hired_on)) / 86400) / 365, 2)",
        cel_expr="math.round(manager.base_pay * (double((as_of - manager.hired_on).getHours()) / 24.0) / 365.0 * 100.0)"
        " / 100.0",
    ),
    Line(
        name="who-approves",
        kind="formula",
        text='if order.discount > 0.2 then "director" else if order.discount > 0.05 then "lead" else "none"',
        given=({}, {"order.discount": _number("0.1")}, {"order.discount": _number("0.05")}),
        expected=("director", "lead", "none"),
        zen="order.discount > 0.2 ? 'director' : order.discount > 0.05 ? 'lead' : 'none'",
        cel="order.discount > 0.2 ? 'director' : order.discount > 0.05 ? 'lead' : 'none'",
    ),
)
"""All that is timed, in the order it is printed."""
