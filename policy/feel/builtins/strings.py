"""Built-in functions on texts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from policy.feel.builtins import patterns
from policy.feel.builtins.registry import function
from policy.feel.problems import fail
from policy.feel.values import price, price_text, sized, sized_text


@function("substring(string: string, start position: number, length?: number) -> string")
def _substring(text: str, start: Decimal, length: Decimal | None = None) -> Any:
    price_text(text)
    at = int(start) if start.adjusted() < 10 else 10**10
    if at == 0 or abs(at) > max(len(text), 1):
        return "" if at > 0 else fail("feel-position", function="substring", found=str(start))
    begin = at - 1 if at > 0 else len(text) + at
    if length is None:
        return text[begin:]
    if length < 1:
        return fail("feel-position", function="substring", found=str(length))
    return text[begin : begin + (int(length) if length.adjusted() < 10 else 10**10)]


@function("string length(string: string) -> number")
def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


@function("upper case(string: string) -> string")
def _upper_case(text: str) -> str:
    price(len(text) // 10)
    return text.upper()


@function("lower case(string: string) -> string")
def _lower_case(text: str) -> str:
    price(len(text) // 10)
    return text.lower()


function("starts with(string: string, match: string) -> boolean")(str.startswith)
function("ends with(string: string, match: string) -> boolean")(str.endswith)


@function("substring before(string: string, match: string) -> string")
def _substring_before(text: str, match: str) -> str:
    price_text(text)
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@function("substring after(string: string, match: string) -> string")
def _substring_after(text: str, match: str) -> str:
    price_text(text)
    return text.partition(match)[2] if match else text


@function("contains(string: string, match: string) -> boolean")
def _contains(text: str, match: str) -> bool:
    price_text(text)
    return match in text


@function("matches(input: string, pattern: string, flags?: string|null) -> boolean")
def _matches(text: str, pattern: str, flags: str | None = None) -> Any:
    search = patterns.searching(pattern, flags or "", text)
    return None if search is None else search(text.encode("utf-8", "replace"))


@function("replace(input: string, pattern: string, replacement: string, flags?: string|null) -> string")
def _replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> Any:
    compiled = patterns.compiled(pattern, flags or "", text)
    if compiled is None:
        return None
    written = patterns.replacement(replacement, compiled.groups, literal="q" in (flags or ""))
    return None if written is None else sized_text(patterns.replaced(compiled, written, patterns.encodable(text)))


@function("split(string: string, delimiter: string) -> list<string>")
def _split(text: str, delimiter: str) -> Any:
    compiled = patterns.compiled(delimiter, "", text)
    return None if compiled is None else sized(patterns.parts(compiled, patterns.encodable(text)))
