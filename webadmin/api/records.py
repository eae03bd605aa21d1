"""Reads recorded decisions: one, those that fit, and what deciding once more comes to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policies, Policy
from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin.access.scopes import GUARDED, Scope
from webadmin.access.sight import sight_of
from webadmin.access.telling import Teller, policy_of
from webadmin.api import paging, searching
from webadmin.api.calls import Answer, Call
from webadmin.api.problems import ProblemError
from webadmin.api.registry import Example, operation
from webadmin.api.shapes import DecideQuery, Page, Recomputation, Recorded, SearchQuery
from webadmin.decisions.differing import differences
from webadmin.decisions.service import today
from webadmin.ids import is_id
from webadmin.store import decisions
from webadmin.store.decisions import Found
from webadmin.store.readings import note_listed, note_read, note_recomputed
from webadmin.store.recompute import Recomputed, parsed, recompute

MOST_DIFFERENCES = 200
"""Differences listed in one answer."""


@operation(
    "search-decisions",
    "GET",
    "/api/v1/decisions",
    title=Text("查找裁定", "Search decisions"),
    scopes=(Scope.READ,),
    query=SearchQuery,
    answer=Page,
    examples=(
        Example("orders that needed the director", query={"policy": "approval.order", "outcome": "stages:director"}),
        Example("the newest ten", query={"limit": "10"}),
    ),
)
def search(call: Call) -> Answer:
    """Find recorded decisions this token may see, the newest first, a page at a time.

    What was asked for and shown is kept, as of a decision read alone.
    """
    before = paging.beginning(call)
    teller = Teller(call.holder.classes, call.language, "none")
    with call.record.engine.connect() as connection:
        query = searching.query(connection, call.query)
        policies = _policies(call, connection)
        sought = searching.sought(connection, call.query)

        def tell(rows: Sequence[Found]) -> list[dict[str, Any] | None]:
            pairs = ((each, _policy(call, connection, each, policies)) for each in rows)
            return [teller.listed(*pair) if _may_be_found(call, *pair, sought) else None for pair in pairs]

        page = paging.page(
            call, before, lambda at, many: decisions.search(connection, replace(query, before=at), many), tell
        )
        if not page.items:
            searching.check_names(connection, call.query)
    if page.items or sought:
        note = partial(note_listed, act=call.act, of="decisions", filters=paging.asked(call), names=page.names)
        call.record.writer.write(note)
    return Answer(200, canonical_json({"items": page.items, "next": page.next}))


def _may_be_found(call: Call, found: Found, policy: Policy | None, sought: frozenset[str]) -> bool:
    """Say whether being found tells no more than the token may read: what is sought must be what it may see."""
    if sought and not call.holder.classes >= GUARDED:
        if policy is None or found.body is None:
            return False
        if sight_of(policy, call.holder.classes).hides(parsed(found.body)["facts"], sought):
            return False
    if call.query.outcome is None:
        return True
    name = call.query.outcome.partition(":")[0]
    return policy is not None and sight_of(policy, call.holder.classes).shows_output(name)


@operation(
    "read-decision",
    "GET",
    "/api/v1/decisions/{id}",
    title=Text("查看一项裁定", "Read a decision"),
    scopes=(Scope.READ,),
    query=DecideQuery,
    answer=Recorded,
    problems=("unknown-decision", "erased"),
    examples=(Example("with every reason", path={"id": "{decision}"}, query={"explain": "full"}),),
)
def read(call: Call) -> Answer:
    """Return a recorded decision with its facts; its explanation is computed again where it is asked for.

    That it was read is kept: "what did this person see" is answered from such entries.
    """
    with call.record.engine.connect() as connection:
        found = _found(call, connection)
        policies = _policies(call, connection)
        policy = _policy(call, connection, found, policies)
    told = Teller(call.holder.classes, call.language, call.query.explain).recorded(found, policy, policies)
    call.record.writer.write(lambda transaction: note_read(transaction, call.act, found.id, "decision"))
    return Answer(200, canonical_json(told))


@operation(
    "recompute-decision",
    "POST",
    "/api/v1/decisions/{id}/recompute",
    title=Text("重算一项裁定", "Decide once more what was decided"),
    scopes=(Scope.READ,),
    answer=Recomputation,
    problems=("unknown-decision", "erased"),
    examples=(Example("by the very texts it was decided by", path={"id": "{decision}"}),),
)
def recomputed(call: Call) -> Answer:
    """Decide a recorded decision again by the texts in its closure; only that it was asked is recorded."""
    with call.record.engine.connect() as connection:
        found = _found(call, connection)
        body = parsed(found.body or "")
        policy = _policy(call, connection, found, _policies(call, connection))
        again = recompute(call.record.catalogue, connection, body)
    verdict = str(again.verdict)
    call.record.writer.write(lambda transaction: note_recomputed(transaction, call.act, found.id, verdict))
    return Answer(200, canonical_json(_told(call, found, policy, body, again)))


def _told(
    call: Call, found: Found, policy: Policy | None, body: Mapping[str, Any], again: Recomputed
) -> dict[str, Any]:
    told: dict[str, Any] = {"id": found.id, "verdict": str(again.verdict), "reason": again.reason, "differences": []}
    sight = None if policy is None else sight_of(policy, call.holder.classes)
    before = after = None
    if sight is not None and sight.sees_all:
        before, after = again.recorded, again.now
    if sight is not None and again.now is not None and again.now != again.recorded:
        recorded, now = (sight.decision(_plain(each), body["facts"])[0] for each in (again.recorded, again.now))
        told["differences"] = list(differences(recorded, now))[:MOST_DIFFERENCES]
    return {**told, "recorded_digest": _digest(before), "now_digest": _digest(after)}


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return found


def _digest(text: str | None) -> str | None:
    return None if text is None else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _found(call: Call, connection: Connection) -> Found:
    """Return the decision in the address.

    Raises:
        ProblemError: there is none, or it was erased.
    """
    name = call.path["id"]
    found = decisions.find(connection, name) if is_id(name) else None
    if found is None:
        raise ProblemError("unknown-decision", {"found": name[:60]})
    if found.body is None:
        raise ProblemError("erased", {"found": found.erased_by or ""})
    return found


def _policies(call: Call, connection: Connection) -> Policies:
    return call.record.catalogue.policies(connection, today(call.now))


def _policy(call: Call, connection: Connection, found: Found, policies: Policies) -> Policy | None:
    if found.body is None:
        return None
    closure: Mapping[str, str] = parsed(found.body)["decision"]["closure"]
    return policy_of(call.record, connection, found, closure, policies)
