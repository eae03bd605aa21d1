"""Asks for decisions: one, or up to a thousand at once, each on disk before it is answered."""

from __future__ import annotations

from collections.abc import Iterable

from policy.values import Text
from webadmin.access.scopes import Scope
from webadmin.access.telling import Teller
from webadmin.api import bodies
from webadmin.api.bodies import Parsed
from webadmin.api.calls import Answer, Call, key_of
from webadmin.api.once import Draft
from webadmin.api.problems import ProblemError, most_told, problem_of
from webadmin.api.registry import Example, operation
from webadmin.api.shapes import BatchAnswer, BatchBody, DecideBody, Decided, DecideQuery
from webadmin.decisions import service
from webadmin.decisions.service import Made
from webadmin.store.writer import Transaction

_ORDER = {
    "order": {"id": "o-1001", "amount": 600000, "discount": 0.12},
    "customer": {"id": "c-77", "tier": "B"},
    "requester": {"id": "am-07", "team": "east-1"},
}
_CASE: tuple[str, ...] = (
    "unknown-policy",
    "policy-retired",
    "policy-not-loading",
    "json",
    "body",
    "facts",
    "events",
    "as-of",
    "evaluation",
)


@operation(
    "decide",
    "POST",
    "/api/v1/policies/{policy}/decisions",
    title=Text("请求一项裁定", "Ask for a decision"),
    scopes=(Scope.DECIDE,),
    query=DecideQuery,
    body=DecideBody,
    answer=Decided,
    status=201,
    problems=_CASE,
    once=True,
    examples=(
        Example(
            "an order that needs approval",
            {"facts": _ORDER, "as_of": "2026-03-01"},
            {"policy": "approval.order"},
            {"explain": "reasons"},
        ),
    ),
)
def decide(call: Call) -> Answer:
    """Decide one set of facts by the revision in effect; on return the decision is on disk."""
    teller = Teller(call.holder.classes, call.language, call.query.explain)
    counted: list[tuple[str, str]] = []

    def make() -> Draft:
        made = _made(call, call.body)
        counted.append(_counted(made))
        return Draft(201, teller.made(made), lambda transaction: service.put(transaction, [made]))

    given = call.once.answer(key_of(call), call.now, make)
    return Answer(given.status, given.body, _replayed(again=given.again), () if given.again else tuple(counted))


@operation(
    "decide-batch",
    "POST",
    "/api/v1/policies/{policy}/decisions/batch",
    title=Text("一次请求多项裁定", "Ask for many decisions at once"),
    scopes=(Scope.DECIDE,),
    query=DecideQuery,
    body=BatchBody,
    answer=BatchAnswer,
    problems=("unknown-policy", "policy-retired", "policy-not-loading", "json", "body"),
    once=True,
    examples=(
        Example(
            "two orders, one of which lacks its amount",
            {"items": [{"facts": _ORDER}, {"facts": {"order": {"id": "o-1002"}}}]},
            {"policy": "approval.order"},
        ),
    ),
)
def decide_batch(call: Call) -> Answer:
    """Decide up to a thousand sets of facts; all decisions are kept in one write."""
    teller = Teller(call.holder.classes, call.language, call.query.explain)
    counted: list[tuple[str, str]] = []

    def make() -> Draft:
        found = list(_each(call, bodies.items(call.body)))
        made = [each for each in found if isinstance(each, Made)]
        counted.extend(map(_counted, made))
        body = _batch(teller, call, found, len(made))
        return Draft(200, body, lambda transaction: _put(transaction, made))

    given = call.once.answer(key_of(call), call.now, make)
    return Answer(given.status, given.body, _replayed(again=given.again), () if given.again else tuple(counted))


def _put(transaction: Transaction, made: list[Made]) -> None:
    if made:
        service.put(transaction, made)


def _made(call: Call, body: bytes | Parsed) -> Made:
    asked = bodies.asked(call.path["policy"], body, explain=call.query.explain != "none")
    with call.record.engine.connect() as connection:
        return service.make(call.record, connection, asked, actor=call.holder.actor, now=call.now)


def _each(call: Call, items: Iterable[bytes | Parsed]) -> Iterable[Made | ProblemError]:
    """Yield what becomes of each item.

    Raises:
        UnknownPolicyError: the policy is not in effect now, so no item can be meant for today.
    """
    told = 0
    with call.record.engine.connect() as connection:
        for index, item in enumerate(items):
            try:
                asked = bodies.asked(call.path["policy"], item, explain=call.query.explain != "none")
                yield service.make(call.record, connection, asked, actor=call.holder.actor, now=call.now)
            except Exception as error:
                problem = problem_of(error, most_told(told))
                if problem is None:
                    raise
                told += len(problem.faults)
                yield problem.within(f"/items/{index}")


def _batch(teller: Teller, call: Call, found: list[Made | ProblemError], kept: int) -> str:
    items = ",".join(
        f'{{"decided":{teller.made(each)},"index":{index}}}'
        if isinstance(each, Made)
        else f'{{"index":{index},"problem":{each.body(call.language)}}}'
        for index, each in enumerate(found)
    )
    return f'{{"items":[{items}],"kept":{kept},"refused":{len(found) - kept}}}'


def _counted(made: Made) -> tuple[str, str]:
    return made.decision.policy, str(made.decision.status)


def _replayed(*, again: bool) -> dict[str, str]:
    return {"Idempotent-Replayed": "true"} if again else {}
