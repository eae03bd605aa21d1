"""One call of the API as its operation sees it, and what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec import inspect

from policy.errors import did_you_mean
from policy.model.canonical import canonical_json
from policy.values import Language, Text
from webadmin.access.tokens import Holder
from webadmin.api.once import Once
from webadmin.api.problems import Fault, ProblemError
from webadmin.decisions.service import today
from webadmin.store.idempotency import Key
from webadmin.store.record import Record
from webadmin.store.revisions import Act


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        holder: Who calls.
        now: The instant.
        path: Values in the address, by name.
        query: The parameters, in the form the operation declares.
        body: As it came.
        address: Method, path and query as they came.
        key: The Idempotency-Key; None where none was sent.
    """

    record: Record
    once: Once
    holder: Holder
    language: Language
    now: datetime
    path: Mapping[str, str]
    query: Any
    body: bytes
    address: str
    key: str | None = None

    @property
    def act(self) -> Act:
        """Return who calls, when, and on which day."""
        return Act(self.holder.actor, self.now, today(self.now))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered.

    Attributes:
        body: JSON.
        headers: Further header fields.
        counted: What was decided: policy and status, for the metrics.
    """

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    counted: tuple[tuple[str, str], ...] = ()


def key_of(call: Call) -> Key | None:
    """Return what the call is known by; the same key must come with the same of everything that shapes the answer."""
    if call.key is None:
        return None
    classes = canonical_json(sorted(call.holder.classes))
    digest = hashlib.sha256(f"{call.address}\n{classes}\n".encode() + call.body).digest()
    return Key(call.holder.client_id, call.key, digest)


Handler = Callable[[Call], Answer]


def query_of(form: type[Any] | None, given: Mapping[str, str]) -> Any:
    """Read the parameters of an address.

    Args:
        form: The struct that declares them; None: there are none.
        given: As they came.

    Raises:
        ProblemError: one is unknown or does not fit.
    """
    fields = () if form is None else form.__struct_fields__
    faults = [_unknown(name, fields) for name in given if name not in fields]
    if faults:
        raise ProblemError("parameter", faults=tuple(faults))
    if form is None:
        return None
    values = {name: value for name, value in given.items() if name not in _TEXTS_ONLY or value}
    faults = [fault for name, value in values.items() for fault in _fault(form, name, value)]
    if faults:
        raise ProblemError("parameter", faults=tuple(faults))
    return msgspec.convert(values, form, strict=False)


_TEXTS_ONLY = frozenset({"cursor"})
"""Parameters that count as left out where they are empty."""


def _unknown(name: str, fields: tuple[str, ...]) -> Fault:
    shown = name[:60]
    suggestion = did_you_mean(shown, fields).get("suggestion")
    known = ", ".join(fields)
    zh = f"未知参数 `{shown}`" + (f"，可用：{known}" if known else "")
    en = f"unknown parameter `{shown}`" + (f", expected one of {known}" if known else "")
    return Fault(
        "parameter-unknown", Text(zh, en), parameter=shown, suggestion=None if suggestion is None else str(suggestion)
    )


def _fault(form: type[Any], name: str, value: str) -> list[Fault]:
    kind = msgspec.structs.fields(form)[form.__struct_fields__.index(name)].type
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        shown = value[:60]
        known = _words(kind)
        near = did_you_mean(shown, known).get("suggestion") if known else None
        zh, en = _expected(kind, known)
        text = Text(f"`{shown}` 不能使用：应为{zh}", f"`{shown}` does not fit: expected {en}")
        suggestion = None if near is None else str(near)
        return [Fault("parameter-form", text, parameter=name, suggestion=suggestion)]
    return []


def _types(kind: Any) -> list[inspect.Type]:
    """Return what a parameter may be, each by itself."""
    found = inspect.type_info(kind)
    found = found.type if isinstance(found, inspect.Metadata) else found
    return list(found.types) if isinstance(found, inspect.UnionType) else [found]


def _words(kind: Any) -> tuple[str, ...]:
    """Return the words a parameter may be, none where it is no choice."""
    words: list[str] = []
    for each in _types(kind):
        if isinstance(each, inspect.LiteralType):
            words += map(str, each.values)
        elif isinstance(each, inspect.EnumType):
            words += [str(word.value) for word in each.cls]
    return tuple(words)


def _expected(kind: Any, known: tuple[str, ...]) -> tuple[str, str]:
    """Say in zh and en what a parameter may be."""
    if known:
        words = ", ".join(f"`{word}`" for word in known)
        return f" {words} 之一", f"one of {words}"
    for each in _types(kind):
        if isinstance(each, inspect.IntType):
            return f" {each.ge} 至 {each.le} 的整数", f"a whole number from {each.ge} to {each.le}"
        if isinstance(each, inspect.StrType) and each.pattern is not None:
            return f"符合 `{each.pattern}` 的文本", f"a text that fits `{each.pattern}`"
        if isinstance(each, inspect.StrType) and each.max_length is not None:
            return f"至多 {each.max_length} 个字符的文本", f"a text of at most {each.max_length} characters"
    return "另一种值", "another value"
