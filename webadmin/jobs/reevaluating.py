"""`reevaluate`: what recorded decisions of one policy would be under another of its texts.

Each is decided again from its recorded facts and events, as of its recorded day. Nothing is logged as a decision. The
result says how many change, from what to what, and by which rules; it is bounded however many there are.

What was recorded may have been decided under an earlier revision than the one in effect. Such decisions are decided
under what is in effect, too, so that the result can say how many of all would differ from that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.engine import NamedText, Policy
from policy.engine import prepare as prepared
from policy.errors import Grade, PolicyError
from policy.model.canonical import canonical_json
from policy.values import Language, Text, plain
from webadmin.decisions.service import today
from webadmin.jobs.amounts import Amounts, amount_of
from webadmin.jobs.context import JobContext, ProblemError
from webadmin.jobs.recomputing import ERASED
from webadmin.jobs.selecting import pages, query_of, refused
from webadmin.store import decisions, published, revisions
from webadmin.store.decisions import Found, Query
from webadmin.store.recompute import parsed
from webadmin.store.refusing import RefusedError

MOST_CHANGES = 50
"""Changes from one outcome to another that are told apart; the rest are counted together."""

LONGEST_OUTCOME = 2000
"""Characters of an outcome's canonical text that is told; a longer one is told by its status and hits."""

MOST_CONCERNED = 200
"""People and customers a report names."""

TOLD = ("total", "counts", "rules", "others", "paid", "gains", "amounts", "earlier", "against")
"""Parts of the state that the result has as they are."""

EXAMPLES = 3
"""Decisions named for each change."""

NOT_IN_EFFECT = Text("策略“{policy}”目前没有生效的版本", "no revision of the policy `{policy}` is in effect")
NO_REVISION = Text("策略“{policy}”没有第 {number} 版", "the policy `{policy}` has no revision {number}")
UNSOUND = Text("策略文本有错误：{first}", "the text of the policy has errors: {first}")


def run(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Decide recorded decisions under another text.

    Args:
        context: The job.
        arguments: `policy`, and as `webadmin.jobs.selecting` describes them; `revision`, a number, or `text`, a draft,
            each in place of the revision in effect today; `beside`, document → digest of a text that is proposed
            together with it.

    Returns:
        `total`, `counts` (`same`, `changed`, `refused`, `erased`), `rules` (rule → changed decisions it hits on one
        side only), `changes` (`from`, `to`, `count`, `examples`, the most frequent first), `others` (changed decisions
        not among those), `concerned` (term such as `person=am-07` → changed decisions about it, the most frequent, up
        to 200), `paid` (currency → what is paid before and after, over all statements), `gains` (person → how much
        more is paid to them), `amount` (path of the amount that says how much a decision is about, None for none),
        `amounts` (currency → its sum over changed decisions), `revision` (digest of the text decided by),
        `standing` (digest of the text in effect when the job began, None for none), `earlier` (decisions recorded under
        another text than that), `against` (`same`, `changed`: decisions beside what is in effect decides of them).

    Raises:
        ProblemError: an argument cannot be read, or the text has errors.
    """
    query = query_of(arguments)
    if not query.policy:
        raise refused("policy")
    with context.record.engine.connect() as connection:
        state = context.resumed or _begun(context, connection, query, arguments.get("beside", {}))
        policy = _policy(connection, arguments, state["texts"])
        standing = context.record.catalogue.prepared(connection, state["effective"]).policies.get(query.policy)
    for page in pages(context.record.engine, query, state["before"]):
        state = _after((policy, standing), state, page)
        context.progress(sum(state["counts"].values()), state["total"])
        context.checkpoint(state)
    return {
        **{name: state[name] for name in TOLD},
        "standing": state["effective"].get(query.policy),
        "amount": None if (of := amount_of(policy)) is None else of.path,
        "concerned": dict(Counter(state["concerned"]).most_common(MOST_CONCERNED)),
        "revision": policy.digest,
        "changes": sorted(state["changes"].values(), key=lambda change: -change["count"]),
    }


def _begun(context: JobContext, connection: Connection, query: Query, beside: Mapping[str, str]) -> dict[str, Any]:
    """Return the state before the first page; the texts decided by are settled for the whole job."""
    effective = {
        each.document: each.digest
        for each in context.record.catalogue.in_effect(connection, today(context.now())).values()
    }
    return {
        "before": None,
        "total": decisions.count(connection, query),
        "effective": effective,
        "texts": {**effective, **beside},
        "counts": {},
        "rules": {},
        "changes": {},
        "others": 0,
        "concerned": {},
        "paid": {},
        "gains": {},
        "amounts": {},
        "earlier": 0,
        "against": {},
    }


def _policy(connection: Connection, arguments: Mapping[str, Any], digests: Mapping[str, str]) -> Policy:
    """Return the policy to decide by, with the other documents as they were in effect when the job began."""
    name = arguments["policy"]
    texts = revisions.texts(connection, digests)
    if arguments.get("text") is not None:
        texts[name] = arguments["text"]
    elif arguments.get("revision") is not None:
        texts[name] = _revision(connection, name, arguments["revision"])
    if name not in texts:
        raise ProblemError(_filled(NOT_IN_EFFECT, policy=name))
    made = prepared(NamedText(each, text) for each, text in sorted(texts.items()))
    policy = made.policies.get(name)
    if policy is None:
        errors = [each for each in made.findings if each.grade is Grade.ERROR and each.place.source == name]
        first = (errors or made.findings)[0]
        said = {each: f"{first.place}: {first.text(each)}" for each in Language}
        raise ProblemError(Text(UNSOUND.zh.format(first=said[Language.ZH]), UNSOUND.en.format(first=said[Language.EN])))
    return policy


def _revision(connection: Connection, name: str, number: int) -> str:
    try:
        return str(published.revision_of(connection, name, number).text)
    except RefusedError as error:
        raise ProblemError(_filled(NO_REVISION, policy=name, number=number)) from error


def _filled(text: Text, **values: object) -> Text:
    return Text(text.zh.format(**values), text.en.format(**values))


def _after(policies: tuple[Policy, Policy | None], state: Mapping[str, Any], page: list[Found]) -> dict[str, Any]:
    """Return the state after one more page, decided under a text and, where it was not, under what is in effect."""
    policy, standing = policies
    counts, rules = Counter(state["counts"]), Counter(state["rules"])
    changes: dict[str, dict[str, Any]] = dict(state["changes"])
    others = state["others"]
    money = _Money(dict(state["paid"]), dict(state["gains"]))
    amounts = Amounts(policy, dict(state["amounts"]))
    concerned = Counter(state["concerned"])
    beside = _Beside(standing, state["earlier"], dict(state["against"]))
    for each in page:
        body = None if each.body is None else parsed(each.body)
        verdict, change, of_rules, after = _compared(policy, body, money)
        counts[verdict] += 1
        if body is not None and after is not None:
            beside.add(body, after)
        if body is None or change is None:
            continue
        concerned.update(_about(policy, body))
        amounts.add(body["facts"])
        rules.update(of_rules)
        key = canonical_json(change)
        if key not in changes and len(changes) >= MOST_CHANGES:
            others += 1
            continue
        known = changes.get(key, {**change, "count": 0, "examples": []})
        examples = [*known["examples"], each.id][:EXAMPLES]
        changes[key] = {**known, "count": known["count"] + 1, "examples": examples}
    return {
        **state,
        "before": page[-1].id,
        "counts": dict(counts),
        "rules": dict(rules),
        "changes": changes,
        "others": others,
        "concerned": dict(concerned),
        "paid": money.paid,
        "gains": money.gains,
        "amounts": amounts.sums,
        "earlier": beside.earlier,
        "against": beside.against,
    }


@dataclass(slots=True)
class _Beside:
    """Decisions beside what is in effect.

    Attributes:
        policy: What is in effect; None where nothing is.
        earlier: Decisions that were recorded under another text of the policy.
        against: `same` or `changed` → decisions.
    """

    policy: Policy | None
    earlier: int
    against: dict[str, int]

    def add(self, body: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Count a decision as it would be beside what is in effect makes of it."""
        if self.policy is None:
            return
        self.earlier += body["decision"]["revision"] != self.policy.digest
        verdict = "same" if _is_same(self._decided(self.policy, body), after) else "changed"
        self.against[verdict] = self.against.get(verdict, 0) + 1

    def _decided(self, policy: Policy, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the decision under what is in effect, as it was recorded if that was so then; None: it refuses."""
        recorded: dict[str, Any] = body["decision"]
        if recorded["closure"] == dict(policy.rule_set.closure):
            return recorded
        return _decided(policy, body)


@dataclass(slots=True)
class _Money:
    """What statements pay, as plain data: currency → `before` and `after`, person → the difference."""

    paid: dict[str, dict[str, str]]
    gains: dict[str, str]

    def add(self, before: Any, after: Any, person: str) -> None:
        """Add a statement as it was and as it would be."""
        if not isinstance(before, Mapping) or not isinstance(after, Mapping) or "paid" not in before:
            return
        sums = self.paid.setdefault(str(after.get("currency") or ""), {"before": "0", "after": "0"})
        was, now = Decimal(str(before["paid"])), Decimal(str(after["paid"]))
        sums["before"], sums["after"] = plain(Decimal(sums["before"]) + was), plain(Decimal(sums["after"]) + now)
        if was != now:
            self.gains[person] = plain(Decimal(self.gains.get(person, "0")) + now - was)


def _about(policy: Policy, body: Mapping[str, Any]) -> set[str]:
    """Return the people and customers a decision is about, as terms; its subject where it names none."""
    terms = decisions.terms(policy.rule_set.document.subject, body["decision"], body["facts"])
    concerned = {each for each in terms if each.partition("=")[0] in ("person", "customer")}
    return concerned or {each for each in terms if each.startswith("subject=")}


def _compared(
    policy: Policy, body: Mapping[str, Any] | None, money: _Money
) -> tuple[str, dict[str, Any] | None, set[str], dict[str, Any] | None]:
    """Return what came of one decision: a word, the change if there is one, the rules behind it, and the decision."""
    if body is None:
        return ERASED, None, set(), None
    before, after = body["decision"], _decided(policy, body)
    if after is None:
        return "refused", None, set(), None
    person = next((each.partition("=")[2] for each in sorted(_about(policy, body)) if each.startswith("person=")), "")
    money.add(before["result"], after["result"], person)
    if _is_same(before, after):
        return "same", None, set(), after
    rules = set(_flat(before["hits"])) ^ set(_flat(after["hits"]))
    return "changed", {"from": _told(before), "to": _told(after)}, rules, after


def _decided(policy: Policy, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a policy decides of recorded facts, as plain data; None where it refuses them."""
    try:
        made = policy.decide(body["facts"], as_of=body["decision"]["as_of"], events=body["events"])
    except PolicyError:
        return None
    return parsed(made.to_json())


def _is_same(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
    return before is not None and all(before[name] == after[name] for name in ("status", "outcome", "result"))


def _told(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a decision what a report tells."""
    outcome = decision["outcome"]
    is_short = len(canonical_json(outcome)) <= LONGEST_OUTCOME
    return {"status": decision["status"], "outcome": outcome if is_short else None, "hits": decision["hits"]}


def _flat(hits: list[Any]) -> list[str]:
    """Return ids of rules, those of every item where there is a list of them for each."""
    return [rule for each in hits for rule in (_flat(each) if isinstance(each, list) else [each])]
