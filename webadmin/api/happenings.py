"""Takes events (CloudEvents 1.0, JSON): each is told once, whenever and however often it comes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from policy.errors import FactsError, Problem
from policy.model.canonical import canonical_json
from policy.model.events import read_events
from policy.model.reading import pointed
from policy.model.words import kind_of, shown
from policy.values import Text
from webadmin.access.comparing import comparable
from webadmin.access.scopes import Scope
from webadmin.access.telling import class_of
from webadmin.api.calls import Answer, Call
from webadmin.api.fitting import unfit
from webadmin.api.parsing import parsed
from webadmin.api.problems import Fault, ProblemError, body_problem, fault_of, meant, most_told
from webadmin.api.registry import Example, operation
from webadmin.api.shapes import MOST_ITEMS, CloudEvent, EventsAnswer
from webadmin.decisions.service import today
from webadmin.store import events
from webadmin.store.changes import OWN_TYPES, SOURCE
from webadmin.store.events import Told
from webadmin.store.writer import Transaction

_REQUIRED = frozenset({"specversion", "id", "source", "type", "time"})
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
class _Allowed:
    """What events can be: the types the vocabulary declares, and the last instant."""

    sorts: Mapping[str, EventSort]
    latest: datetime


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
    """Record up to a thousand events; one told before under the same source and id is not recorded again.

    What somebody else told is held against what this token may read, so that nobody finds out the rest by guessing.
    """
    given = _list(parsed(call.body))
    with call.record.engine.connect() as connection:
        policies = call.record.catalogue.policies(connection, today(call.now))
    sorts, class_of_ = getattr(policies, "events", {}), class_of(policies)
    read = _all_read(given, sorts, events.latest(call.now))

    good = [each for each in read if not isinstance(each, Refused)]

    def seen(event: Mapping[str, Any]) -> Mapping[str, Any]:
        return comparable(event, call.holder.classes, class_of_)

    def work(transaction: Transaction) -> list[Told]:
        return events.append_all(transaction, good, actor=call.holder.actor, now=call.now, comparable=seen)

    told = iter(call.record.writer.write(work) if good else ())
    found = [each if isinstance(each, Refused) else next(told) for each in read]
    return Answer(200, canonical_json(_told(call, found)))


def _list(given: Any) -> list[Any]:
    """Return the events of a body: a list of them, or one by itself.

    Raises:
        ProblemError: it is neither, or there are too many.
    """
    if isinstance(given, Mapping):
        names = [name for name, value in given.items() if isinstance(value, list) and name != "data"]
        if not names or given.keys() & _REQUIRED:
            return [given]
        text = Text(
            f'此处的列表应去掉外层对象：正文本身就是事件列表，请发送 […]，不要写 {{"{shown(names[0])}": […]}}',
            "found the list inside an object, expected it alone: the body itself is the list of events; send […], not "
            f'{{"{shown(names[0])}": […]}}',
        )
        raise body_problem([Fault("body-list", text, pointer=pointed("", names[0]))])
    if isinstance(given, list) and 1 <= len(given) <= MOST_ITEMS:
        return given
    found = kind_of(given)
    if isinstance(given, list):
        found = Text(f"{len(given)} 项的列表", f"a list of {len(given)} items")
    text = Text(
        f"此处是{found.zh}，应为含 1 至 {MOST_ITEMS} 个事件的列表，或一个事件",
        f"found {found.en}, expected a list of 1 to {MOST_ITEMS} events, or one event",
    )
    raise body_problem([Fault("body-length" if isinstance(given, list) else "body-type", text, pointer="")])


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


def _all_read(given: list[Any], sorts: Mapping[str, EventSort], latest: datetime) -> list[dict[str, Any] | Refused]:
    told = 0
    read: list[dict[str, Any] | Refused] = []
    for index, each in enumerate(given):
        found = _read(each, index, _Allowed(sorts, latest), most_told(told))
        told += len(found.problem.faults) if isinstance(found, Refused) else 0
        read.append(found)
    return read


def _read(given: Any, index: int, allowed: _Allowed, most: int) -> dict[str, Any] | Refused:
    """Return an event as it is recorded, or what is wrong with it: `most` faults, and that there are more."""
    faults, more = unfit(given, CloudEvent)
    if isinstance(given, Mapping):
        wrong = frozenset(str(each.pointer).split("/")[1] for each in faults)
        faults += islice(_beside(given, wrong, allowed), most + 1)
    faults, more = faults[:most], more + len(faults[most:])
    event: dict[str, Any] = {}
    if not faults:
        try:
            event = read_events([given])[0]
        except FactsError as error:
            faults += [_inside(each) for each in error.problems]
    if faults:
        return Refused(
            ProblemError("events", {"count": str(len(faults) + more)}, tuple(faults), more=more).within(f"/{index}")
        )
    if event.get("type") in allowed.sorts and isinstance(event.get("data"), Mapping):
        event["data"] = allowed.sorts[event["type"]].read(event["data"])
    return {name: value for name, value in event.items() if value is not None}


def _inside(problem: Problem) -> Fault:
    fault = fault_of(problem, "")
    return replace(fault, pointer=str(fault.pointer).removeprefix("/events/0"))


def _beside(given: Mapping[str, Any], wrong: frozenset[str], allowed: _Allowed) -> Iterator[Fault]:
    """Yield what is wrong with the attributes that have the form they should; `wrong` names those that have not."""
    yield from _attributes(given, wrong)
    if "source" not in wrong:
        yield from _reserved(given, "source", (SOURCE,))
    if "type" not in wrong:
        yield from _reserved(given, "type", OWN_TYPES)
        yield from _data(given, allowed.sorts, is_whole="data" not in wrong)
    if "time" not in wrong:
        yield from _ahead(given["time"], allowed.latest)


def _ahead(time: str, latest: datetime) -> Iterator[Fault]:
    """Yield that an event has not happened yet."""
    if datetime.fromisoformat(time) > latest:
        until = latest.isoformat(timespec="seconds")
        zh = f"时刻 `{time}` 尚未到来，应不晚于 `{until}`：事件是已经发生的事"
        en = f"found the instant `{time}`, which is still to come, expected none after `{until}`: events have happened"
        yield Fault("event-future", Text(zh, en), "/time")


def _reserved(given: Mapping[str, Any], name: str, reserved: Collection[str]) -> Iterator[Fault]:
    """Yield what only the product itself may tell: its source, changes of its roster, cases opened on its pages."""
    if given[name] in reserved:
        zh = f"`{given[name]}` 保留给本系统自身的记录；请用导入或页面登记这类变动"
        en = f"`{given[name]}` is kept for what the product records itself: import or enter such a change"
        yield Fault("event-reserved", Text(zh, en), f"/{name}")


def _attributes(given: Mapping[str, Any], wrong: frozenset[str]) -> Iterator[Fault]:
    known = CloudEvent.__struct_fields__
    for name, value in given.items():
        pointer = pointed("", name)
        if isinstance(value, str) and not value.isprintable() and name not in wrong:
            found = shown(value.encode("unicode_escape").decode())
            zh, en = (
                f"文本 `{found}` 含有控制字符，应去掉",
                f"the text `{found}` holds control characters, expected none",
            )
            yield Fault("event-control", Text(zh, en), pointer)
        if name not in known and not _EXTENSION.fullmatch(name):
            zh = f"扩展属性名 `{shown(name)}` 应由 1 至 20 个小写字母和数字组成"
            en = f"the extension attribute `{shown(name)}` needs a name of 1 to 20 lower case letters and digits"
            yield meant(Fault("event-attribute", Text(zh, en), pointer), name, known)
        elif name not in known and (isinstance(value, Mapping | list) or value is None):
            found_kind = kind_of(value)
            zh = f"扩展属性 `{name}` 是{found_kind.zh}，应为文本、整数或布尔值"
            en = f"the extension attribute `{name}` is {found_kind.en}, expected a text, an integer or a boolean"
            yield meant(Fault("event-attribute", Text(zh, en), pointer), name, known)


def _data(given: Mapping[str, Any], sorts: Mapping[str, EventSort], *, is_whole: bool) -> Iterator[Fault]:
    """Yield what is wrong with the type, and with the data by what the vocabulary declares of it."""
    kind = given["type"]
    if sorts and kind not in sorts:
        zh, en = (
            f"词汇表中没有事件类型 `{shown(kind)}`",
            f"the vocabulary declares no events of the type `{shown(kind)}`",
        )
        yield meant(Fault("event-unknown", Text(zh, en), "/type"), kind, sorts)
    elif sorts and is_whole:
        try:
            sorts[kind].read(given.get("data") or {})
        except FactsError as error:
            yield from (fault_of(each, "/data") for each in error.problems)
