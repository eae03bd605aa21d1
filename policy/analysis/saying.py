"""Says a box in words, in both languages, as the cells of a row, and by one example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from policy.analysis.boxes import Box
from policy.analysis.dimensions import OTHER, Dimension
from policy.currency import is_currency
from policy.feel.extents import EXACT
from policy.messages import sentence
from policy.model.document import FieldType
from policy.values import Language, Text, readable, shortest

Written = str | list[str]
"""A cell as it stands in a row: a text, or a list of values."""


def both(code: str, **values: Text | str) -> Text:
    """Return a sentence of the catalogue in both languages."""
    return Text(sentence(code, values, Language.ZH), sentence(code, values, Language.EN))


def joined(parts: Iterable[Text], code: str) -> Text:
    """Join texts by a word of the catalogue, such as "and"."""
    found: Text | None = None
    for each in parts:
        found = each if found is None else both(code, left=found, right=each)
    return found or both("box-anything")


def said(box: Box, dimensions: Sequence[Dimension]) -> Text:
    """Say a box: `net amount ≥ 500,000 and customer tier = B`."""
    parts = [_said(of, mask) for number, mask in sorted(box.items()) if (of := dimensions[number]).path]
    several = len(parts) > 1
    return joined((_either(each, bracketed=several) for each in parts), "box-and")


def _either(parts: Sequence[Text], *, bracketed: bool) -> Text:
    """Say that one of some parts is so, of many the first few."""
    told = joined(parts[:_MOST_PARTS], "box-or")
    if len(parts) > _MOST_PARTS:
        told = both("box-and-others", values=told)
    return both("box-bracketed", values=told) if bracketed and len(parts) > 1 else told


_MOST_PARTS = 4
"""Stretches of one field that are said."""


def _said(of: Dimension, mask: int) -> list[Text]:
    name = label(of)
    missing = [both("box-missing", name=name)] if mask & of.missing else []
    given = mask & of.given
    if not given:
        return missing
    if given == of.given:
        return [both("box-given", name=name), *missing]
    if of.is_ordered:
        return [*(_stretch(of, name, low, high) for low, high in of.runs(given)), *missing]
    if OTHER in of.values(given):
        named = [value(of, each) for each in of.values(of.given & ~given)]
        return [both("box-none-of", name=name, values=_listed(named)), *missing]
    return [both("box-one-of", name=name, values=_listed(value(of, each) for each in of.values(given))), *missing]


def _listed(values: Iterable[Text]) -> Text:
    return joined(values, "box-or-value")


def _stretch(of: Dimension, name: Text, low: Any, high: Any) -> Text:
    """Say one stretch of an order by its ends."""
    ends = [(sign, value(of, end)) for sign, end in _ends(of, low, high)]
    if not ends:
        return both("box-given", name=name)
    first = Text(*(f"{name.to(each)} {ends[0][0]} {ends[0][1].to(each)}" for each in (Language.ZH, Language.EN)))
    if len(ends) == 1:
        return first
    second = Text(*(f"{ends[1][0]} {ends[1][1].to(each)}" for each in (Language.ZH, Language.EN)))
    return both("box-and", left=first, right=second)


_SHOWN = {"<=": "≤", ">=": "≥"}


def _ends(of: Dimension, low: Any, high: Any) -> Iterator[tuple[str, Any]]:
    """Yield the ends of a stretch within the field's bounds, each with its sign, by the shorter number."""
    yield from ((_SHOWN.get(sign, sign), end) for sign, end in _signed(of, low, high))


def _signed(of: Dimension, low: Any, high: Any) -> Iterator[tuple[str, Any]]:
    least, most = of.ends
    if low is not None and high is not None and of.has_steps and high == low + 1:
        yield "=", of.value(low)
        return
    if not of.has_steps and low is not None and high is not None and low[0] == high[0]:
        yield "=", low[0]
        return
    if low is not None and low != least:
        yield _shorter(of, (">=", low), (">", low - 1)) if of.has_steps else (">" if low[1] else ">=", low[0])
    if high is not None and high != most:
        yield _shorter(of, ("<", high), ("<=", high - 1)) if of.has_steps else ("<=" if high[1] else "<", high[0])


def _shorter(of: Dimension, *choices: tuple[str, int]) -> tuple[str, Any]:
    """Return a sign and a step as a value, of the choices the one with fewer digits."""
    made = [(sign, of.value(step)) for sign, step in choices]
    return min(made, key=lambda each: len(shortest(each[1]).rstrip("0")) if isinstance(each[1], Decimal) else 0)


def label(of: Dimension) -> Text:
    """Return what a dimension is called."""
    return of.of.label or Text(of.path, of.path)


def value(of: Dimension, what: Any) -> Text:
    """Write a value as people read it, with its unit."""
    if what is None:
        return both("says-missing")
    if isinstance(what, bool):
        return both("says-true" if what else "says-false")
    if isinstance(what, Decimal):
        if of.of.is_share:
            return both("says-percent", value=readable(EXACT.scaleb(what, 2)))
        unit = f" {of.of.unit}" if is_currency(of.of.unit) else ""
        return Text(f"{readable(what)}{unit}", f"{readable(what)}{unit}")
    return of.of.called(what) or Text(str(what), str(what))


def example(box: Box, dimensions: Sequence[Dimension]) -> dict[str, Any]:
    """Return one value for each field of a box, by path.

    Raises:
        NoValueError: in some dimension no value lies there.
    """
    of = ((dimensions[number], mask) for number, mask in sorted(box.items()))
    found = {each: each.example(mask) for each, mask in of}
    return {each.path: given for each, given in found.items() if each.path}


def exemplified(given: Mapping[str, Any], dimensions: Iterable[Dimension]) -> Text:
    """Say an example: `net amount = 500,000, customer tier = B`."""
    by_path = {each.path: each for each in dimensions if each.path}
    parts = [
        both("box-is", name=label(by_path[path]), value=value(by_path[path], what)) for path, what in given.items()
    ]
    return joined(parts, "box-and")


def cells(box: Box, dimensions: Sequence[Dimension]) -> dict[str, Written]:
    """Return a box as the cells of a row; only where every dimension of it has a path."""
    return {dimensions[number].path: _cell(dimensions[number], mask) for number, mask in sorted(box.items())}


def _cell(of: Dimension, mask: int) -> Written:
    missing, given = bool(mask & of.missing), mask & of.given
    if not given:
        return "null"
    if given == of.given and not missing:
        return "not(null)"
    tests = list(_ordered_tests(of, given) if of.is_ordered else _listed_tests(of, given))
    plain = not of.is_ordered and not missing and OTHER not in of.values(given)
    if plain and of.of.one_of is not None and of.of.type is FieldType.STRING:
        names = [str(each) for each in of.values(given)]
        return names[0] if len(names) == 1 else names
    return ", ".join([*(["null"] if missing else []), *tests])


def _ordered_tests(of: Dimension, given: int) -> Iterator[str]:
    for low, high in of.runs(given):
        ends = [(sign, _feel(end)) for sign, end in _signed(of, low, high)]
        if not ends:
            yield "not(null)"
        elif len(ends) == 1:
            sign, end = ends[0]
            yield end if sign == "=" else f"{sign} {end}"
        else:
            (first, start), (last, end) = ends
            yield f"{'[' if first == '>=' else '('}{start}..{end}{']' if last == '<=' else ')'}"


def _listed_tests(of: Dimension, given: int) -> Iterator[str]:
    if OTHER in of.values(given):
        yield f"not({', '.join(_feel(each) for each in of.values(of.given & ~given))})"
    else:
        yield from (_feel(each) for each in of.values(given))


def _feel(what: Any) -> str:
    if isinstance(what, bool):
        return "true" if what else "false"
    if isinstance(what, Decimal):
        return shortest(what)
    if isinstance(what, date):
        return f'date("{what.isoformat()}")'
    return '"' + str(what).replace("\\", "\\\\").replace('"', '\\"') + '"'
