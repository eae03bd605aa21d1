"""Built-in functions on contexts."""

from __future__ import annotations

from typing import Any

from policy.feel.builtins.registry import function
from policy.feel.problems import fail
from policy.feel.values import charge, kind, price


@function("get value(m: context, key: string) -> any")
def _get_value(context: dict[str, Any], key: str) -> Any:
    if key not in context:
        return fail("feel-no-entry", found=key)
    return context[key]


@function("get value(m: context, keys: list) -> any")
def _get_value_deep(context: dict[str, Any], keys: list[Any]) -> Any:
    value: Any = context if keys else fail("feel-no-entry", found="[]")
    for key in keys:
        if key.__class__ is not str or value.__class__ is not dict or key not in value:
            return fail("feel-no-entry", found=str(key))
        value = value[key]
    return value


@function("get entries(m: context) -> list<any>")
def _get_entries(context: dict[str, Any]) -> list[Any]:
    price(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@function("context(entries: list) -> any")
def _context(entries: list[Any]) -> Any:
    made: dict[str, Any] = {}
    for entry in entries:
        if entry.__class__ is not dict or entry.get("key").__class__ is not str or "value" not in entry:
            return fail("feel-not-an-entry")
        if entry["key"] in made:
            return fail("feel-duplicate-entry", found=entry["key"])
        made[entry["key"]] = entry["value"]
    return made


@function("context put(context: context, key: string, value: any) -> any")
def _context_put(context: dict[str, Any], key: str, value: Any) -> Any:
    charge(len(context))
    return {**context, key: value}


@function("context put(context: context, keys: list, value: any) -> any")
def _context_put_deep(context: dict[str, Any], keys: list[Any], value: Any) -> Any:
    if not keys or any(key.__class__ is not str for key in keys):
        return fail("feel-no-entry", found=", ".join(map(str, keys)))
    return _put(context, keys, value)


def _put(context: dict[str, Any], keys: list[str], value: Any) -> Any:
    key, *rest = keys
    charge(len(context))
    if not rest:
        return {**context, key: value}
    inner = context.get(key)
    if inner.__class__ is not dict:
        return fail("feel-wrong-operand", sign="context put", found=kind(inner))
    inside = _put(inner, rest, value)
    return None if inside is None else {**context, key: inside}


@function("context merge(contexts: list) -> any")
def _context_merge(contexts: list[Any]) -> Any:
    made: dict[str, Any] = {}
    for each in contexts:
        if each.__class__ is not dict:
            return fail("feel-wrong-operand", sign="context merge", found=kind(each))
        charge(len(each))
        made.update(each)
    return made
