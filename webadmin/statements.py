"""What the lines of a statement, and what is contested, are called in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from policy.engine import Policies, Policy
from policy.kinds.incentive import IncentiveSection
from policy.kinds.labels import labels
from policy.kinds.money import STEADY
from policy.kinds.statement import IncentiveResult, Line, LineKind
from policy.model.fields import Field
from policy.runtime.adding import Adding
from policy.values import NUMBERS, Text, decimals, plain
from webadmin import filters, language
from webadmin.explaining import Explained
from webadmin.ids import is_id
from webadmin.roster.pay import STATEMENT
from webadmin.roster.points import SCORECARD
from webadmin.roster.refunds import INPUT as REFUNDS
from webadmin.roster.refunds import Refund
from webadmin.roster.statement import Facts
from webadmin.signals import cases
from webadmin.store import naming, signals
from webadmin.store.contests import Claimed, Contested, Sort
from webadmin.store.dated import Of

_LINE = re.compile(r"(?:credit-(?P<credit>[0-9]+))?-?(?:band-(?P<band>[0-9.]+))?", re.ASCII)

_VALUE = re.compile(r"\{[^{}]*\}")

QUARTER = re.compile(r"(?P<year>[0-9]{4})-Q(?P<number>[1-4])", re.ASCII)


def is_share(policy: Policy) -> bool:
    """Say whether the measure of a rate table is a share of something, as a quota, and no amount."""
    section = policy.rule_set.document.section
    return isinstance(section, IncentiveSection) and section.is_share


def measured(value: Decimal | None, policy: Policy) -> str:
    """Write a measure: as per cent where it is a share."""
    return filters.percent(value) if value is not None and is_share(policy) else filters.shown(value)


def line_called(name: str, policy: Policy | None) -> str:
    """Return what a line of a statement is called; its id where nothing else is known."""
    label = None if policy is None else labels(policy.rule_set.document.section).get(name)
    found = _LINE.fullmatch(name)
    if label is not None or found is None or policy is None:
        return filters.own(label) or name
    deal = None if found["credit"] is None else gettext("Deal %(number)s", number=int(found["credit"]) + 1)
    if found["band"] is None:
        return str(deal or name)
    band = gettext("Rate table from %(low)s", low=measured(Decimal(found["band"]), policy))
    return str(band if deal is None else gettext("%(deal)s: %(band)s", deal=deal, band=band))


def worth(line: Line) -> Decimal | None:
    """Return the amount a line takes its rate of, in currency units, unrounded; None for a line without a rate.

    A measure that is a quotient is exact to 34 digits only; the product is taken to 16 decimals, as the line's own is.
    """
    if line.kind is LineKind.HOLD or line.base is None or line.from_ is None or line.to is None:
        return line.base if line.rate is not None else None
    return NUMBERS.multiply(NUMBERS.subtract(line.to, line.from_), line.base).quantize(STEADY, context=NUMBERS)


def exactly(result: IncentiveResult, policy: Policy) -> list[tuple[str, str]]:
    """Return what a statement shows cut, in full: what it is called, and its digits; nothing twice."""
    found: dict[str, tuple[str, Decimal]] = {}
    if result.measure is not None:
        found[plain(result.measure)] = (gettext("Measure"), result.measure)
    for line in result.lines:
        called = line_called(line.id, policy)
        for value in (line.from_, line.to, line.rate, worth(line)):
            if value is not None:
                found.setdefault(plain(value), (called, value))
    return [(called, digits) for digits, (called, value) in found.items() if _is_cut(value)]


def _is_cut(value: Decimal) -> bool:
    return decimals(value) > filters.SHOWN + 2  # a share is shown in per cent; amounts have fewer decimals


def idle(line: Line, explained: Explained, told: Facts | None) -> str | None:
    """Return why a line of a statement comes to nothing; None where it comes to something, or its reason says it.

    Args:
        line: The line.
        explained: The statement.
        told: What it was made from; None where only the decision is at hand.
    """
    if line.amount:
        return None
    if line.kind is LineKind.AT_MOST:
        return str(gettext("not reached"))
    found = explained.additions.get(line.id)
    return None if found is None or found.is_met else _undue(found, explained.policy.rule_set.fields, told)


def reckoned(line: Line, explained: Explained, told: Facts | None) -> str | None:
    """Return what a line that was added was reckoned from: rate and sum, and each input; None where nothing is at hand.

    Args:
        line: The line.
        explained: The statement.
        told: What it was made from; None where only the decision is at hand.
    """
    found = explained.additions.get(line.id)
    if not line.amount or found is None:
        return None
    said = _of_inputs(found, explained, told) if told is not None else []
    if found.share is not None and found.of is not None:
        currency = None if explained.result is None else explained.result.currency
        said.insert(
            0,
            gettext(
                "%(rate)s of %(base)s", rate=filters.percent(found.share), base=filters.quantity(found.of, currency)
            ),
        )
    return str(gettext(", ")).join(map(str, said)) or None


def _of_inputs(found: Adding, explained: Explained, told: Facts) -> list[str]:
    """Return the inputs an addition reads, each with its value where it is one."""
    fields = explained.policy.rule_set.fields
    known = {path: told.value(path) for path in dict.fromkeys(found.reads) if path in fields and told.knows(path)}
    return [
        gettext("%(field)s %(value)s", field=filters.called(fields[path]), value=filters.fact(value, fields[path]))
        for path, value in known.items()
        if not isinstance(value, list | dict)
    ]


def _undue(found: Adding, fields: Mapping[str, Field], told: Facts | None) -> str:
    unknown = [path for path in found.missing if path in fields]
    if found.is_met is False and unknown:
        return str(gettext("Not known: %(list)s. Nothing is added.", list=_all(unknown, fields)))
    if found.is_met is False:
        return str(gettext("Not met: nothing is added."))
    read = dict.fromkeys(path if path in fields else path.partition(".")[0] for path in found.reads)
    silent = [path for path in read if path in fields and told is not None and not told.knows(path)]
    if told is not None and told.refunds and REFUNDS in silent:
        return _refunded(told.refunds, fields)
    if silent:
        return str(gettext("None known to the record: %(list)s.", list=_all(silent, fields)))
    return str(gettext("Nothing of this sort."))


def _refunded(found: Sequence[Refund], fields: Mapping[str, Field]) -> str:
    """Return which refunds are on record, and what is not known of them that a statement asks for."""
    lacking = [path for path, field in fields.items() if path.startswith(f"{REFUNDS}[].") and field.required]
    each, missing = str(gettext("; ")).join(map(_refund, found)), _all(lacking, fields)
    return str(
        ngettext(
            "%(num)s refund of this quarter is on record and not counted yet: %(list)s. Not known: %(missing)s.",
            "%(num)s refunds of this quarter are on record and not counted yet: %(list)s. Not known: %(missing)s.",
            len(found),
            list=each,
            missing=missing,
        )
    )


def _refund(found: Refund) -> str:
    amount = None if found.amount is None else filters.quantity(found.amount, found.unit)
    return str(gettext(", ")).join(each for each in (found.order, amount) if each) or str(gettext("number not known"))


def _all(paths: Sequence[str], fields: Mapping[str, Field]) -> str:
    return str(gettext(", ")).join(filters.called(fields[path]) for path in paths)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is contested: what it is called, and the address of its page where the reader may open one."""

    name: str
    endpoint: str
    of: str


def subjects(connection: Connection, policies: Policies, found: Sequence[Contested]) -> dict[tuple[str, str], Subject]:
    """Return what is contested by sort and which, as the policies of today call it."""
    chosen: dict[tuple[str, str], Contested] = {each.key: each for each in found}
    customers = naming.named(
        connection, Of.CUSTOMER, [each.of for each in chosen.values() if each.sort is Sort.CUSTOMER]
    )
    result: dict[tuple[str, str], Subject] = {}
    for key, each in chosen.items():
        match each.sort:
            case Sort.CUSTOMER:
                known = customers.get(each.of)
                result[key] = Subject(known.to(language.chosen()) if known else each.of, "customers.customer", each.of)
            case Sort.SIGNAL:
                result[key] = Subject(_signal(connection, policies, each.of), "signalled.signal", each.of)
            case Sort.CASE:
                opened = cases.find(connection, each.of)
                of = each.of if opened is None else opened.signal
                result[key] = Subject(_signal(connection, policies, of), "signalled.signal", of)
            case Sort.LINE | Sort.POINTS | Sort.DEAL | Sort.MISSING:
                result[key] = Subject(_of_quarter(policies, each), "people.person", each.person)
    return result


def _signal(connection: Connection, policies: Policies, name: str) -> str:
    kept = signals.find(connection, name) if is_id(name) else None
    if kept is None:
        return name
    policy = policies.get(kept.unit.policy)
    patterns = () if policy is None else policy.rule_set.patterns
    words: Text | None = next((each.because for each in patterns if each.id == kept.unit.pattern), None)
    return filters.own(words) or kept.unit.pattern


def _of_quarter(policies: Policies, contested: Contested) -> str:
    quarter, _, name = contested.of.partition(" ")
    if contested.sort is Sort.MISSING:
        name = _claimed(contested.claimed) or name
        if not name:
            return quarter_called(quarter)
    if contested.sort is Sort.LINE:
        name = line_called(name, policies.get(STATEMENT))
    if contested.sort is Sort.POINTS:
        name = points_called(name, policies.get(SCORECARD))
    return str(gettext("%(name)s, %(quarter)s", name=name, quarter=quarter_called(quarter)))


def _claimed(deal: Claimed | None) -> str:
    """Write which deal is missing: its number, its customer, what it is worth."""
    if deal is None:
        return ""
    amount = None if deal.amount is None else filters.quantity(deal.amount, deal.unit)
    return str(gettext(", ")).join(each for each in (deal.deal, deal.customer, amount) if each)


def points_called(name: str, policy: Policy | None) -> str:
    """Return what a rule of a scorecard, or an input of it, is called: its reason without values, or its label."""
    if policy is None:
        return name
    field = policy.rule_set.fields.get(name)
    if field is not None:
        return filters.called(field)
    because = next((each.because for each in policy.rule_set.document.rules if each.id == name), None)
    return _VALUE.sub("…", filters.own(because)) or name


def quarter_called(name: str) -> str:
    """Write a quarter: `2026-Q4` is “quarter 4 of 2026”."""
    found = QUARTER.fullmatch(name)
    return (
        name if found is None else gettext("quarter %(number)s of %(year)s", number=found["number"], year=found["year"])
    )


def init(app: Flask) -> None:
    """Give the templates of `app` these filters."""
    named: Mapping[str, Any] = {
        each.__name__: each for each in (measured, line_called, quarter_called, idle, reckoned, worth, exactly)
    }
    app.jinja_env.filters.update(named)
