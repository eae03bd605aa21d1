"""One call of the API as its operation sees it, and what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from policy.model.canonical import canonical_json
from policy.model.words import named, shown
from policy.values import Language, Text
from webadmin.access.tokens import Holder
from webadmin.api import expecting
from webadmin.api.once import Once
from webadmin.api.problems import Fault, ProblemError, meant
from webadmin.api.sealing import Seal
from webadmin.decisions.service import today
from webadmin.store.idempotency import Key
from webadmin.store.record import Record
from webadmin.store.revisions import Act


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        seal: Seals cursors.
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
    seal: Seal
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


def query_of(form: type[Any] | None, given: Mapping[str, Sequence[str]]) -> Any:
    """Read the parameters of an address.

    Args:
        form: The struct that declares them; None: there are none.
        given: As they came, every value of each.

    Raises:
        ProblemError: some are unknown, occur twice or do not fit.
    """
    fields = () if form is None else form.__struct_fields__
    values = {name: all_of[0] for name, all_of in given.items() if name not in _TEXTS_ONLY or all_of[0]}
    unknown = [name for name in given if name not in fields]
    faults = [_unknown(name, fields) for name in unknown[:MOST_NAMED]]
    faults += [_twice(name, all_of) for name, all_of in given.items() if name in fields and len(all_of) > 1]
    faults += [fault for name, value in values.items() if name in fields for fault in _fault(form, name, value)]
    if faults:
        raise ProblemError("parameter", faults=tuple(faults), more=len(unknown[MOST_NAMED:]))
    return None if form is None else msgspec.convert(values, form, strict=False)


MOST_NAMED = 20
"""Unknown parameters that are named; the others are counted."""

_TEXTS_ONLY = frozenset({"cursor"})
"""Parameters that count as left out where they are empty."""


def _unknown(name: str, fields: tuple[str, ...]) -> Fault:
    found, known = shown(name), expecting.one_of(fields)
    text = Text(f"未知参数 `{found}`，此地址没有参数", f"unknown parameter `{found}`, expected none here")
    if fields:
        text = Text(f"未知参数 `{found}`，应为{known.zh}", f"unknown parameter `{found}`, expected {known.en}")
    return meant(Fault("parameter-unknown", text, parameter=found), name, fields)


def _twice(name: str, values: Sequence[str]) -> Fault:
    found = named([shown(each) for each in values])
    text = Text(
        f"参数 `{name}` 出现了 {len(values)} 次（{'、'.join(found)}），应只出现一次",
        f"the parameter `{name}` occurs {len(values)} times ({', '.join(found)}), expected once",
    )
    return Fault("parameter-twice", text, parameter=name)


@cache
def _declared(form: Any) -> dict[str, Any]:
    """Return the type of each parameter; msgspec works them out anew whenever it is asked."""
    return {each.name: each.type for each in msgspec.structs.fields(form)}


def _fault(form: Any, name: str, value: str) -> list[Fault]:
    declared = _declared(form)[name]
    try:
        msgspec.convert(value, declared, strict=False)
    except msgspec.ValidationError:
        kind = expecting.kind_of(declared)
        wanted, found = expecting.expected(kind), shown(value)
        text = Text(f"此处是 `{found}`，应为{wanted.zh}", f"found `{found}`, expected {wanted.en}")
        return [meant(Fault("parameter-form", text, parameter=name), value, expecting.words(kind))]
    return []
