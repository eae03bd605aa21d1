"""Takes bodies apart: quickly where they are as they should be, else slowly, with everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from policy.errors import FactsError, did_you_mean
from policy.model import decoding
from policy.model.events import read_events
from policy.model.facts import LARGEST
from policy.model.reading import pointed
from policy.values import Text
from webadmin.api.parsing import check_size, parsed
from webadmin.api.problems import Fault, ProblemError, events_problem
from webadmin.api.shapes import BatchBody, DecideBody
from webadmin.decisions.service import Asked

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value of JSON that has been parsed strictly."""

    value: Any


_DECIDE = msgspec.json.Decoder(DecideBody)
_BATCH = msgspec.json.Decoder(BatchBody)
_FAILURES = (msgspec.MsgspecError, UnicodeError, RecursionError)


def asked(policy: str, body: bytes | Parsed, *, explain: bool) -> Asked:
    """Read what is asked of a policy.

    Args:
        policy: Its id.
        body: JSON, or what `items` parsed already.
        explain: Whether the explanation is wanted.

    Raises:
        ProblemError: the body cannot be read; carries everything that is wrong with it, facts aside.
    """
    if isinstance(body, Parsed):
        return _slowly(policy, body.value, explain=explain)
    check_size(body)
    try:
        read = _DECIDE.decode(body)
        facts = bytes(read.facts)
        events = b"" if isinstance(read.events, msgspec.UnsetType) else bytes(read.events)
        quick = len(facts) > LARGEST or (  # the engine refuses such facts without looking into them
            decoding.members(body) == _top(read) + decoding.members(facts) + decoding.members(events)
        )
    except _FAILURES:
        return _slowly(policy, parsed(body), explain=explain)
    if not quick:
        return _slowly(policy, parsed(body), explain=explain)
    return Asked(policy, facts, read.as_of, _events(parsed(events)) if events else (), explain)


def _top(read: DecideBody) -> int:
    """Return how many members of the body itself were decoded, were each there once.

    What is null counts as not there, so such a body is read slowly.
    """
    return 1 + (read.as_of is not None) + (not isinstance(read.events, msgspec.UnsetType))


def _slowly(policy: str, value: Any, *, explain: bool) -> Asked:
    shaped = fitted(value, DecideBody)
    return Asked(policy, value["facts"], shaped.as_of, _events(value.get("events")), explain)


def _events(given: Any) -> Sequence[Mapping[str, Any]]:
    """Return the subject's events, checked."""
    if given is None:
        return ()
    if not isinstance(given, list):
        text = Text("应为事件列表", "expected a list of events")
        raise ProblemError("body", faults=(Fault("body-form", text, pointer="/events"),))
    try:
        return read_events(given)
    except FactsError as error:
        raise events_problem(error) from error


def items(body: bytes) -> Sequence[bytes | Parsed]:
    """Return the items of a batch: as they stand in the body, or parsed where it had to be read slowly.

    Raises:
        ProblemError: the batch as a whole cannot be read.
    """
    check_size(body)
    try:
        read = [bytes(each) for each in _BATCH.decode(body).items]
        if decoding.members(body) == 1 + sum(map(decoding.members, read)):
            return read
    except _FAILURES:
        pass
    whole = parsed(body)
    fitted(whole, BatchBody)
    return [Parsed(each) for each in whole["items"]]


def fitted(value: Any, form: type[T]) -> T:
    """Return a parsed value in a form.

    Raises:
        ProblemError: it does not fit; says where.
    """
    try:
        return msgspec.convert(_raw(value, form), form)
    except msgspec.ValidationError as error:
        raise ProblemError("body", faults=(_fault(str(error), form),)) from None


def _raw(value: Any, form: type[Any]) -> Any:
    """Return a value whose members that are not looked into stand as raw JSON."""
    if not isinstance(value, Mapping):
        return value
    if form is BatchBody and isinstance(value.get("items"), list):
        return {**value, "items": [msgspec.Raw(b"0")] * len(value["items"])}
    return {
        name: msgspec.Raw(b"0") if name in ("facts", "events") and form is DecideBody else each
        for name, each in value.items()
    }


_AT = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")


def _fault(said: str, form: type[Any]) -> Fault:
    place = _AT.search(said)
    pointer = ""
    for name, index in _STEP.findall((place[1] if place else "").partition("[...]")[0]):  # which member is not said
        pointer = pointed(pointer, name or index)
    plain = _AT.sub("", said)
    unknown = _UNKNOWN.search(plain)
    if unknown:
        fields = form.__struct_fields__
        suggestion = did_you_mean(unknown[1], fields).get("suggestion")
        known = "、".join(f"`{each}`" for each in fields)
        text = Text(
            f"未知字段 `{unknown[1]}`，应为：{known}",
            f"unknown field `{unknown[1]}`, expected one of {known.replace('、', ', ')}",
        )
        said_near = None if suggestion is None else str(suggestion)
        return Fault("body-unknown", text, pointer=pointed(pointer, unknown[1]), suggestion=said_near)
    return Fault("body-form", Text(f"形式不对（{plain}）", _lowered(plain)), pointer=pointer)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
