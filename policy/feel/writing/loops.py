"""Writes filters, `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.typerules import items_of
from policy.feel.values import FEW_STEPS, MANY
from policy.feel.writing.code import Code
from policy.feel.writing.weights import round_weight

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

# `_b` is the budget of a loop that takes more than a few rounds

_FILTERED = """\
def {name}(_b, _x{outside}):
 if _x.__class__ is not list:
  if _x is None: return {missing}
  _x = [_x]
"""
_ITERATED = """\
def {name}(_b, _x{outside}):
 if _x.__class__ is not list:
  _x = _source(_x)
  if _x is None: return None
"""
_COUNTED = """\
 if len(_x) > {few}:
  if _b is None: return _alone({name}, _x{outside})
  _b.spend(len(_x) * {weight})
"""
_FOR = f"""\
{_ITERATED}{_COUNTED} return [{{body}} for {{variable}} in _x]
"""
_QUANTIFIED = f"""\
{_ITERATED}{_COUNTED} _o = {{otherwise}}
 for {{variable}} in _x:
  _r = {{body}}
  if _r is {{decisive}}: return {{decisive}}
  if _r is None: _o = None
 return _o
"""
_FILTER = f"""\
{_FILTERED}{_COUNTED}{{begin}}
 for {{variable}} in _x:
  _r = {{body}}
  if _r is True:
   {{use}}
{{other}}{{end}}
"""


@dataclass(frozen=True, slots=True)
class _Use:
    """What the only loop of an expression, a filter, makes of the items it keeps; lines of Python.

    Attributes:
        begin: Before all.
        use: With `item`, of which `field` may be asked.
        end: After all.
        null: What is given where the filter gives null, for a reason noted by `why`.
        empty: What is given of nothing.
    """

    begin: str
    use: str
    end: str
    null: str
    empty: str


_ITSELF = _Use(" _o = []", "_o.append({item})", " return _o", "{why}", "[]")
_FIELD = _Use(
    " _o = []",
    "_o.append(None if {item} is None else {item}.get({field!r}))",
    f" if len(_o) > {MANY}:\n  if _b is not None: _b.done(None)\n  _charge(len(_o))\n return _o",
    "({why}, _fail('feel-null-path', found={field!r}))[1]",
    "[]",
)
_SUM = _Use(
    " _o = None; _n = _nulls = 0",
    "_n += 1\n"
    "   if {item} is None or (_a := {item}.get({field!r})) is None: _nulls = 1\n"
    "   else: _o = _a if _o is None else _o + _a",
    f" if _n > {MANY}:\n  if _b is not None: _b.done(None)\n  _charge(_n); _charge(_n)\n"
    " if _nulls or _o is None: return _total([None] * _nulls)\n"
    " return _o if _o.is_finite() else _overflown('sum')",
    f"_total({_FIELD.null})",
    "_total([])",
)


def loops_of(node: n.Node) -> int:
    """Count the loops in an expression, one inside the other as two; a function definition may run any number."""
    found = 0
    for each in n.walk(node):
        if isinstance(each, n.Filter):
            found += 1
        elif isinstance(each, n.For | n.Quantified):
            found += len(each.each) + _reads_partial(each)
        elif isinstance(each, n.FunctionLiteral):
            found += 2
    return found


def _reads_partial(node: n.For | n.Quantified) -> bool:
    return isinstance(node, n.For) and any(
        isinstance(each, n.Name) and each.name == "partial" for each in n.walk(node.result)
    )


def write_filter(emitter: Emitter, node: n.Filter) -> Code:
    """Write a filter, by position where the test is known to be a number."""
    if isinstance(emitter.type_of(node.test), t.NumberType):
        return Code(f"_position({emitter.emit(node.source).source}, {emitter.emit(node.test).source})")
    if emitter.loops == 1 and isinstance(emitter.type_of(node.test), t.BooleanType):
        return _only_filter(emitter, node, _ITSELF)
    items = emitter.emit(node.source)
    scope, variable = emitter.item(items_of(emitter.type_of(node.source)))
    budget = f"{emitter.spending()}, {round_weight(node.test)}"
    body = emitter.inside(scope, node.test).source
    known = "_known" if emitter.missing == "unknown" else ""
    name = "_kept" if isinstance(emitter.type_of(node.test), t.BooleanType) else "_selected"
    return Code(f"{name}{known}({budget}, {items.source}, lambda {variable}: {body})")


def write_filtered_field(emitter: Emitter, node: n.Node) -> Code | None:
    """Write a field of what the only loop of an expression, a filter, keeps; None for anything else."""
    found = _filter_of(emitter, node)
    return None if found is None else _only_filter(emitter, found[0], _FIELD, found[1])


def write_filtered_sum(emitter: Emitter, node: n.Node) -> Code | None:
    """Write the sum of such a field, known to hold numbers; None for anything else."""
    of, found = emitter.type_of(node), _filter_of(emitter, node)
    if found is None or not isinstance(of, t.ListType) or not isinstance(of.of, t.NumberType):
        return None
    emitter.reckons = True
    return _only_filter(emitter, found[0], _SUM, found[1])


def _filter_of(emitter: Emitter, node: n.Node) -> tuple[n.Filter, str] | None:
    """Return the filter, and the field of its items that is asked for."""
    if emitter.loops > 1 or not isinstance(node, n.Path) or not isinstance(node.source, n.Filter):
        return None
    of = emitter.type_of(node.source)
    is_field = isinstance(of, t.ListType) and isinstance(of.of, t.ContextType) and node.name in of.of.fields
    is_truth = isinstance(emitter.type_of(node.source.test), t.BooleanType)
    return (node.source, node.name) if is_field and is_truth else None


def _only_filter(emitter: Emitter, node: n.Filter, use: _Use, field: str = "") -> Code:
    items = emitter.emit(node.source)
    scope, variable = emitter.item(items_of(emitter.type_of(node.source)))
    missing, unknown = (
        use.null.format(why=why, field=field)
        for why in ("_fail('feel-null-operand', sign='[…]')", "_truth(_r) and None")
    )
    other = f"  elif _r is not False: return {unknown}\n"
    if emitter.missing == "null":
        missing, other = use.empty, ""
    used = use.use.format(item=variable, field=field)
    parts = {"begin": use.begin, "use": used, "end": use.end, "missing": missing, "other": other}
    parts |= _counted(node.test)
    return emitter.loop(_FILTER, items, variable, lambda: emitter.inside(scope, node.test), **parts)


def _counted(*repeated: n.Node) -> dict[str, str]:
    weight = round_weight(*repeated)
    return {"weight": str(weight), "few": str(max(FEW_STEPS // weight, 1))}


def _iterated(emitter: Emitter, each: n.Each) -> str:
    source = emitter.emit(each.source).source
    return source if each.to is None else f"_steps({source}, {emitter.emit(each.to).source})"


def write_for(emitter: Emitter, node: n.For) -> Code:
    """Write `for`."""
    budget = f"{emitter.spending()}, {round_weight(node.result)}"
    if _reads_partial(node):
        return _for_partial(emitter, node, budget)
    if emitter.loops == 1:
        return _only(emitter, _FOR, node.each[0], lambda: emitter.emit(node.result), **_counted(node.result))
    opened = []
    for number, each in enumerate(node.each):
        source = _iterated(emitter, each)
        scope, (variable,) = emitter.bind(each.name)
        name = "_loop" if number == len(node.each) - 1 else "_loop_joined"
        opened.append(f"{name}({budget}, {source}, lambda {variable}: ")
        emitter.scopes.append(scope)
    result = emitter.emit(node.result).source
    del emitter.scopes[len(emitter.scopes) - len(node.each) :]
    return Code("".join(opened) + result + ")" * len(node.each))


def _only(emitter: Emitter, shape: str, each: n.Each, write: Callable[[], Code], **named: str) -> Code:
    """Write the only loop of an expression."""
    source = _iterated(emitter, each)
    scope, (variable,) = emitter.bind(each.name)
    emitter.scopes.append(scope)
    code = emitter.loop(shape, Code(source), variable, write, **named)
    emitter.scopes.pop()
    return code


def _for_partial(emitter: Emitter, node: n.For, budget: str) -> Code:
    partial, (found,) = emitter.bind("partial")
    emitter.scopes.append(partial)
    opened = []
    for number, each in enumerate(node.each):
        source = _iterated(emitter, each)
        scope, (variable,) = emitter.bind(each.name)
        last = number == len(node.each) - 1
        name = f"_loop_partial({budget}, {source}, {found}, " if last else f"_loop_nested({budget}, {source}, "
        opened.append(f"{name}lambda {variable}: ")
        emitter.scopes.append(scope)
    read = emitter.fresh("_v")
    partial.names["partial"] = read
    result = f"(lambda {read}: {emitter.emit(node.result).source})({found}[:])"
    del emitter.scopes[len(emitter.scopes) - len(node.each) - 1 :]
    loops = "".join(opened) + result + ")" * len(node.each)
    return Code(f"(lambda {found}: {found} if {loops} is not None else None)([])")


def write_quantified(emitter: Emitter, node: n.Quantified) -> Code:
    """Write `some` or `every`."""
    if emitter.loops == 1:
        found = {"decisive": str(not node.every), "otherwise": str(node.every), **_counted(node.test)}
        return _only(emitter, _QUANTIFIED, node.each[0], lambda: emitter.truth(node.test), **found)
    name = "_every" if node.every else "_some"
    budget = f"{emitter.spending()}, {round_weight(node.test)}"
    opened = []
    for each in node.each:
        source = _iterated(emitter, each)
        scope, (variable,) = emitter.bind(each.name)
        opened.append(f"{name}({budget}, {source}, lambda {variable}: ")
        emitter.scopes.append(scope)
    test = emitter.truth(node.test).source
    del emitter.scopes[len(emitter.scopes) - len(node.each) :]
    return Code("".join(opened) + test + ")" * len(node.each))
