"""Takes events (CloudEvents 1.0, JSON): each is told once, whenever and however often it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from policy.errors import FactsError, did_you_mean
from policy.model.canonical import canonical_json
from policy.model.events import read_events
from policy.values import Text
from webadmin.access.scopes import Scope
from webadmin.api.bodies import fitted
from webadmin.api.calls import Answer, Call
from webadmin.api.parsing import parsed
from webadmin.api.problems import Fault, ProblemError, fault_of
from webadmin.api.registry import Example, operation
from webadmin.api.searching import is_instant
from webadmin.api.shapes import MOST_ITEMS, CloudEvent, EventsAnswer
from webadmin.decisions.service import today
from webadmin.store import events
from webadmin.store.changes import OWN_TYPES, SOURCE
from webadmin.store.events import Told
from webadmin.store.writer import Transaction

_EXTENSION = re.compile(r"[a-z0-9]{1,20}")
_LOST = {
    "specversion": "1.0",
    "id": "crm-2026-000123",
    "source": "crm",
    "type": "customer_lost",
    "time": "2026-03-02T09:30:00+08:00",
    "subject": "c-77",
    "data": {"customer": {"id": "c-77"}, "manager": {"id": "am-07"}},
}


class EventSort(Protocol):
    """A type of events as the vocabulary declares it."""

    def read(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return checked data; raises FactsError where they do not fit."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that is not taken, and why."""

    problem: ProblemError


@operation(
    "tell-events",
    "POST",
    "/api/v1/events",
    title=Text("上报事件", "Tell events"),
    scopes=(Scope.EVENTS,),
    body=list[CloudEvent],
    media_types=("application/json", "application/cloudevents-batch+json", "application/cloudevents+json"),
    answer=EventsAnswer,
    problems=("json", "body"),
    examples=(Example("a customer was lost", [_LOST]),),
)
def tell(call: Call) -> Answer:
    """Record up to a thousand events; one told before under the same source and id is not recorded again."""
    given = parsed(call.body)
    given = [given] if isinstance(given, Mapping) else given
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ITEMS:
        text = Text(f"应为 1 至 {MOST_ITEMS} 个事件的列表", f"expected a list of 1 to {MOST_ITEMS} events")
        raise ProblemError("body", faults=(Fault("body-form", text, pointer=""),))
    with call.record.engine.connect() as connection:
        sorts = getattr(call.record.catalogue.policies(connection, today(call.now)), "events", {})
    read = [_read(each, index, sorts) for index, each in enumerate(given)]

    good = [each for each in read if not isinstance(each, Refused)]

    def work(transaction: Transaction) -> list[Told]:
        return events.append_all(transaction, good, actor=call.holder.actor, now=call.now)

    told = iter(call.record.writer.write(work) if good else ())
    found = [each if isinstance(each, Refused) else next(told) for each in read]
    return Answer(200, canonical_json(_told(call, found)))


def _told(call: Call, found: list[Told | Refused]) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for index, each in enumerate(found):
        if isinstance(each, Refused):
            items.append({"index": index, "fate": "refused", "problem": each.problem.to_data(call.language)})
        else:
            fate = "differs" if each.differs else "known" if each.known else "recorded"
            items.append({"index": index, "fate": fate, "id": each.id})
    fates = [item["fate"] for item in items]
    return {"items": items, **{fate: fates.count(fate) for fate in ("recorded", "known", "differs", "refused")}}


def _read(given: Any, index: int, sorts: Mapping[str, EventSort]) -> dict[str, Any] | Refused:
    pointer = f"/{index}"
    try:
        fitted(given, CloudEvent)
        faults = [*_reserved(given, pointer), *_attributes(given, pointer), *_data(given, pointer, sorts)]
        if faults:
            return Refused(ProblemError("events", {"count": str(len(faults))}, tuple(faults)))
        event: dict[str, Any] = read_events([given])[0]
    except ProblemError as problem:
        return Refused(problem.within(pointer))
    except FactsError as error:
        faults = [fault_of(each, "") for each in error.problems]
        inside = [Fault(each.code, each.detail, f"{pointer}{(each.pointer or '')[9:]}") for each in faults]
        return Refused(ProblemError("events", {"count": str(len(inside))}, tuple(inside)))
    if event.get("type") in sorts and isinstance(event.get("data"), Mapping):
        event["data"] = sorts[event["type"]].read(event["data"])
    return {name: value for name, value in event.items() if value is not None}


def _reserved(given: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """Yield what only the product itself may tell: its source, changes of its roster, cases opened on its pages."""
    for name, reserved in (("source", (SOURCE,)), ("type", OWN_TYPES)):
        if given[name] in reserved:
            zh = f"`{given[name]}` 保留给本系统自身的记录；请用导入或页面登记这类变动"
            en = f"`{given[name]}` is kept for what the product records itself: import or enter such a change"
            yield Fault("event-reserved", Text(zh, en), f"{pointer}/{name}")


def _attributes(given: Mapping[str, Any], pointer: str) -> list[Fault]:
    """Return what is wrong with the attributes."""
    faults = []
    if not is_instant(given["time"]):
        text = Text(
            "应为带时区的时刻，例如 2026-03-02T09:30:00+08:00",
            "expected an instant with offset such as 2026-03-02T09:30:00+08:00",
        )
        faults.append(Fault("event-time", text, f"{pointer}/time"))
    for name, value in given.items():
        if isinstance(value, str) and not value.isprintable():
            text = Text("含有控制字符", "it holds control characters")
            faults.append(Fault("event-control", text, f"{pointer}/{name}"))
        if name not in CloudEvent.__struct_fields__ and not _is_extension(name, value):
            text = Text(
                f"扩展属性 `{name[:40]}` 应由小写字母和数字组成，值为文本、整数或布尔值",
                f"the extension attribute `{name[:40]}` needs a name of lower case letters and digits, and a text, "
                "an integer or a boolean",
            )
            near = did_you_mean(name, CloudEvent.__struct_fields__).get("suggestion")
            faults.append(Fault("event-attribute", text, pointer, suggestion=None if near is None else str(near)))
    return faults


def _is_extension(name: str, value: Any) -> bool:
    return _EXTENSION.fullmatch(name) is not None and not isinstance(value, Mapping | list) and value is not None


def _data(given: Mapping[str, Any], pointer: str, sorts: Mapping[str, EventSort]) -> list[Fault]:
    """Return what is wrong with the type, and with the data by what the vocabulary declares of it."""
    if not sorts:
        return []
    kind = given["type"]
    if kind not in sorts:
        near = did_you_mean(kind, sorts).get("suggestion")
        text = Text(
            f"词汇表中没有事件类型 `{kind[:60]}`", f"the vocabulary declares no events of the type `{kind[:60]}`"
        )
        return [Fault("event-unknown", text, f"{pointer}/type", suggestion=None if near is None else str(near))]
    try:
        sorts[kind].read(given.get("data") or {})
    except FactsError as error:
        return [fault_of(each, f"{pointer}/data") for each in error.problems]
    return []
