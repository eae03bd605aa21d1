"""Shows the policies in effect: what they take as JSON Schema, what they give, and who published them when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy
from policy.model.canonical import canonical_json
from policy.model.inputs import inputs_schema, plain_schema
from policy.model.ruleset import Output
from policy.values import Text
from webadmin.access.scopes import Scope
from webadmin.api.calls import Answer, Call
from webadmin.api.problems import ProblemError, policy_problem, retired_problem
from webadmin.api.registry import Example, operation
from webadmin.api.shapes import PolicyFull, PolicyList
from webadmin.decisions.service import today
from webadmin.store import published, revisions
from webadmin.store.revisions import Effective


@operation(
    "list-policies",
    "GET",
    "/api/v1/policies",
    title=Text("列出生效的策略", "List the policies in effect"),
    scopes=(Scope.DECIDE, Scope.READ),
    answer=PolicyList,
    examples=(Example("all of today"),),
)
def index(call: Call) -> Answer:
    """Return the policies in effect today with their active digests."""
    day = today(call.now)
    with call.record.engine.connect() as connection:
        effective = call.record.catalogue.in_effect(connection, day)
        policies = call.record.catalogue.policies(connection, day)
    items = [_brief(each, policies.get(name)) for name, each in sorted(effective.items()) if "." in name]
    return Answer(200, canonical_json({"items": items}))


@operation(
    "read-policy",
    "GET",
    "/api/v1/policies/{policy}",
    title=Text("查看一项策略", "Read a policy"),
    scopes=(Scope.DECIDE, Scope.READ),
    answer=PolicyFull,
    problems=("unknown-policy", "policy-retired", "policy-not-loading"),
    examples=(Example("what approval.order takes and gives", path={"policy": "approval.order"}),),
)
def read(call: Call) -> Answer:
    """Return a policy's inputs as JSON Schema, its outputs, and its publications."""
    name, day = call.path["policy"], today(call.now)
    with call.record.engine.connect() as connection:
        effective = call.record.catalogue.in_effect(connection, day)
        policies = call.record.catalogue.policies(connection, day)
        retired = revisions.retired(connection, day).get(name)
        if retired is not None:
            raise retired_problem(name, retired)
        if name not in effective or "." not in name:
            raise policy_problem(name, day, sorted(policies), call.record.catalogue.left.get(name, ()))
        if name not in policies:
            raise ProblemError("policy-not-loading", {"found": name})
        publications = _publications(connection, name)
    policy = policies[name]
    told = {
        **_brief(effective[name], policy),
        "closure": dict(policy.rule_set.closure),
        "inputs": inputs_schema(policy.rule_set.tree),
        "outputs": {output: _output(each) for output, each in policy.rule_set.outputs.items()},
        "publications": publications,
    }
    del told["loads"]
    return Answer(200, canonical_json(told))


def _brief(effective: Effective, policy: Policy | None) -> dict[str, Any]:
    title = {"zh": effective.document, "en": effective.document}
    if policy is not None:
        title = {"zh": policy.title.zh, "en": policy.title.en}
    return {
        "policy": effective.document,
        "kind": effective.document.partition(".")[0],
        "title": title,
        "digest": effective.digest,
        "revision": effective.number,
        "since": effective.since,
        "until": effective.until,
        "loads": policy is not None,
    }


def _output(output: Output) -> dict[str, Any]:
    """Return the JSON Schema of an output; it may always be null."""
    schema = plain_schema(output.type, output.of)
    if output.label is not None:
        schema |= {"title": output.label.en, "x-title": {"zh": output.label.zh, "en": output.label.en}}
    if output.one_of is not None:
        schema["x-values"] = list(output.one_of)
    if output.unit is not None:
        schema["x-unit"] = output.unit
    return schema


def _publications(connection: Connection, name: str) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "digest": row.digest,
            "since": row.since,
            "until": row.until,
            "retires": row.retires,
            "author": row.author,
            "approver": row.approver,
            "note": row.note,
            "published_at": row.published_at.isoformat(),
        }
        for row in published.history(connection, name)
    ]
