"""Reads signals: what patterns of events ask somebody to look at, and what each engine found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from policy.model.canonical import canonical_json
from policy.model.document import FieldClass
from policy.values import Language, Text
from webadmin.access.scopes import READABLE, Scope
from webadmin.access.sight import ClassOf
from webadmin.access.telling import class_of, secret
from webadmin.api import paging
from webadmin.api.calls import Answer, Call
from webadmin.api.problems import ProblemError
from webadmin.api.registry import Example, operation
from webadmin.api.searching import policy_of, whole
from webadmin.api.shapes import SignalPage, SignalQuery, SignalWhole
from webadmin.decisions.service import today
from webadmin.ids import is_id
from webadmin.signals.telling import Teller
from webadmin.store import signals
from webadmin.store.readings import note_listed, note_read
from webadmin.store.signals import Kept, Query


@operation(
    "search-signals",
    "GET",
    "/api/v1/signals",
    title=Text("查找信号", "Search signals"),
    scopes=(Scope.READ,),
    query=SignalQuery,
    answer=SignalPage,
    examples=(
        Example("what waits for a person", query={"state": "under-review"}),
        Example("the newest ten", query={"limit": "10"}),
    ),
)
def search(call: Call) -> Answer:
    """Find signals, the newest first, a page at a time. One found by a key this token may not read is left out.

    What was asked for and shown is kept, as of a signal read alone.
    """
    asked, before = call.query, paging.beginning(call)
    words = {name: whole(name, getattr(asked, name)) for name in ("pattern", "key")}
    with call.record.engine.connect() as connection:
        query = Query(asked.state, policy=policy_of(connection, asked.policy), **words)
        class_of_, hidden = _classes(call, connection), _hidden(call, connection)

        def tell(rows: Sequence[Kept]) -> list[dict[str, Any] | None]:
            teller = Teller(connection, rows, hidden)
            told = [_seen(call, teller.listed(each), each, teller, class_of_) for each in rows]
            return [each if asked.key is None or not each["hidden"] else None for each in told]

        page = paging.page(
            call, before, lambda at, many: signals.search(connection, replace(query, before=at), many), tell
        )
    if page.items or asked.key is not None:
        note = partial(note_listed, act=call.act, of="signals", filters=paging.asked(call), names=page.names)
        call.record.writer.write(note)
    return Answer(200, canonical_json({"items": page.items, "next": page.next}))


@operation(
    "read-signal",
    "GET",
    "/api/v1/signals/{id}",
    title=Text("查看一个信号", "Read a signal"),
    scopes=(Scope.READ,),
    answer=SignalWhole,
    problems=("unknown-signal",),
    examples=(Example("with every state it has had", path={"id": "{signal}"}),),
)
def read(call: Call) -> Answer:
    """Return a signal with its events, what each engine found, and every state it has had.

    That it was read is kept, as of a decision.
    """
    name = call.path["id"]
    with call.record.engine.connect() as connection:
        kept = signals.find(connection, name) if is_id(name) else None
        if kept is None:
            raise ProblemError("unknown-signal", {"found": name[:60]})
        teller = Teller(connection, [kept], _hidden(call, connection))
        told = _seen(call, teller.whole(kept), kept, teller, _classes(call, connection))
    told["history"] = [_said(each, call.language) for each in told["history"]]
    call.record.writer.write(lambda transaction: note_read(transaction, call.act, name, "signal"))
    return Answer(200, canonical_json(told))


def _classes(call: Call, connection: Connection) -> ClassOf:
    return class_of(call.record.catalogue.policies(connection, today(call.now)))


def _hidden(call: Call, connection: Connection) -> list[str]:
    """Return the types of events that tell of a report: no application reads that there was one."""
    return secret(call.record.catalogue.policies(connection, today(call.now)), READABLE)


def _seen(call: Call, told: dict[str, Any], kept: Kept, teller: Teller, class_of_: ClassOf) -> dict[str, Any]:
    """Return a signal as this token may see it: its key is a value of its events."""
    told = {**_said(told, call.language), "hidden": []}
    classes = call.holder.classes | {FieldClass.OPEN}
    if any(class_of_(kind, kept.unit.key_path) not in classes for kind in teller.types(kept)):
        return {**told, "key": None, "hidden": ["/key"]}
    return told


def _said(told: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return it with its reason in one language."""
    reason = told["reason"]
    return {**told, "reason": None if reason is None else reason[str(language)]}
