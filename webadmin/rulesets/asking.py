"""What the form of a trial asks for: to be filled, to find what it can be filled from, or to decide.

Names that begin with `@` are no inputs of a policy: no path can begin so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from policy.engine import Policy
from policy.errors import Finding
from webadmin import guard, language, library, noting
from webadmin.access.circle import circle_of
from webadmin.library import Look
from webadmin.rulesets import sources, together, trying
from webadmin.rulesets.service import hit_rules
from webadmin.rulesets.sources import Facts, Offer, Reader
from webadmin.rulesets.trying import Given, Source, Trial

Thing = TypeVar("Thing")

FILL, FIND, TEXT = "@fill", "@find", "@text"

ADDRESSED = ("test", "decision", "rule", "example")
"""What an address may name to fill the form from; customers and deals are named in the form only."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it.

    Attributes:
        sought: What was looked for; None where nothing was.
        offers: What of the record fits it.
    """

    trial: Trial
    sought: str | None = None
    offers: Sequence[Offer] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """The policy that is tried; None where its text does not load, with the findings that say why."""

    policy: Policy | None
    errors: Sequence[Finding] = ()


def tried(look: Look, typed: str | None) -> Tried:
    """Return the policy to try: of a draft the text as it is being typed, else as it is looked at."""
    if typed is None:
        return Tried(look.policy, look.errors)
    text = typed.replace("\r\n", "\n")
    with guard.record().engine.connect() as connection:
        made = library.draft_with(connection, look.name, text, guard.act().today)
    return Tried(made.policy, made.errors)


def asked(policy: Policy, form: MultiDict[str, str]) -> Asked | None:
    """Do what a form asks for; None where it names something that is not there for its reader."""
    if FILL in form:
        found = _filled(policy, *form[FILL].partition(":")[::2])
        return None if found is None else Asked(found)
    act, chosen = guard.act(), language.chosen()
    blank = trying.is_blank(policy, form) and not {"add", "remove", "keep"} & form.keys()
    trial = trying.empty(policy, act) if blank and FIND in form else trying.from_form(policy, form, act, chosen)
    if FIND not in form or not (form.get("look") or form[FIND].strip()):
        return Asked(trial)
    sought = sources.cleaned(form[FIND])
    return Asked(trial, sought, _reading(lambda reader: sources.offers(reader, policy.id, sought)))


def _filled(policy: Policy, sort: str, name: str) -> Trial | None:
    """Return a filled form, None where there is nothing of that name for its reader."""
    act, chosen, name = guard.act(), language.chosen(), sources.cleaned(name)
    if sort == "empty":
        return trying.empty(policy, act)
    if sort == "test":
        cases = policy.rule_set.cases
        known = name.isascii() and name.isdecimal() and len(name) < 6 and 0 < int(name) <= len(cases)
        return trying.from_case(policy, cases[int(name) - 1], act, chosen) if known else None
    if sort == "rule":
        return _for_rule(policy, name)
    if sort == "example":
        return _example(policy, name)
    found = _reading(lambda reader: _SORTS[sort](reader, policy, name)) if sort in _SORTS else None
    return None if found is None else _from(policy, found)


def _example(policy: Policy, number: str) -> Trial | None:
    """Return the form filled with the facts a remark on the rules rests on."""
    facts = together.example(policy, number)
    if facts is None:
        return None
    given = Given(facts, None, (), Source(gettext("the example of a remark on the rules")))
    return trying.filled(policy, given, guard.act(), language.chosen())


def _for_rule(policy: Policy, name: str) -> Trial | None:
    """Return the form filled so that a rule hits: from a decision in which it did, else from what it asks for.

    A decision counts only where it hits the rule as that is now. The form is empty where nothing can be told from the
    condition of the rule.
    """
    if not any(each.id == name for each in policy.rule_set.rules):
        return None
    found = _reading(lambda reader: sources.hitting(reader, policy, name))
    if found is not None:
        hit = _shown(policy, found, name)
        if name in hit_rules(hit.decision):
            return _noted(hit, found)
    act = guard.act()
    proposed = together.proposed(policy, name, trying.today(policy, act))
    if proposed is None:
        never = together.never(policy, name)
        return trying.empty(policy, act, Source("", wanted=name, is_hit=never is None, never=never))
    source = Source(gettext("the condition of the rule"), wanted=name, is_hit=proposed.is_hit)
    return trying.filled(policy, Given(proposed.facts, None, (), source), act, language.chosen())


def _from(policy: Policy, found: Facts) -> Trial:
    return _noted(_shown(policy, found), found)


def _shown(policy: Policy, found: Facts, wanted: str = "") -> Trial:
    given = replace(found.given, source=replace(found.given.source, wanted=wanted))
    return trying.filled(policy, given, guard.act(), language.chosen())


def _noted(trial: Trial, found: Facts) -> Trial:
    """Return a form that is shown, and leave the audit entry of whose facts are in it."""
    act = guard.act()
    noting.keep(lambda transaction: sources.note_read(transaction, act, found.of))
    return trial


_SORTS: Mapping[str, Callable[[Reader, Policy, str], Facts | None]] = {
    sources.CUSTOMER: sources.from_customer,
    sources.DEAL: sources.from_deal,
    sources.DECISION: sources.from_decision,
}


def _reading(work: Callable[[Reader], Thing]) -> Thing:
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        return work(Reader(record, connection, member, act, circle_of(connection, member, act.today)))
