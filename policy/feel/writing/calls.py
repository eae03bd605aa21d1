"""Writes calls of built-in and defined functions, function definitions and `instance of`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.builtins import patterns, plainpatterns
from policy.feel.builtins.registry import BUILTINS, KNOWN, Parameter, Signature, chosen
from policy.feel.typerules import CLASSES, resolved
from policy.feel.writing.code import NULL, Code
from policy.feel.writing.figures import are_numbers, guarded, is_variable, write_figure
from policy.feel.writing.folding import can_fold, folded, pay_folding
from policy.feel.writing.loops import write_filtered_sum
from policy.feel.writing.operators import contained
from policy.feel.writing.rounding import write_rounded
from policy.feel.writing.weights import round_weight

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter


def write_call(emitter: Emitter, node: n.Call) -> Code:
    """Write a call."""
    function = node.function
    if isinstance(function, n.Name) and not is_variable(emitter, function):
        special = _SPECIAL.get(function.name)
        if special is not None:
            return special(emitter, node)
        if function.name in BUILTINS:
            return _built_in(emitter, node, function.name)
    arguments = ", ".join(emitter.emit(argument).source for argument in node.arguments)
    given = f"({arguments},)" if arguments else "()"
    if node.names is None:
        return Code(f"_call({emitter.emit(function).source}, {given})")
    return Code(f"_call_named({emitter.emit(function).source}, {given}, {node.names!r})")


def _built_in(emitter: Emitter, node: n.Call, name: str) -> Code:
    if node.names is not None:
        return _named(emitter, node, name)
    known = _is_known(emitter, node, name)
    function, signature = chosen(name, len(node.arguments), known=known)
    if signature is None:
        return Code(f"_fail('feel-argument-count-of', function={name!r}, found={len(node.arguments)})")
    if name in ("min", "max") and len(node.arguments) == 2 and are_numbers(emitter, *node.arguments):
        return write_figure(emitter, node)
    summed = write_filtered_sum(emitter, node.arguments[0]) if name == "sum" and len(node.arguments) == 1 else None
    if summed is not None:
        return summed
    rounded = write_rounded(emitter, name, node.arguments)
    if rounded is not None:
        return rounded
    codes = [emitter.emit(argument) for argument in node.arguments]
    if function is signature.call and not all(code.is_constant for code in codes):
        types = tuple(emitter.type_of(argument) for argument in node.arguments)
        direct = _direct(emitter, signature, codes, types)
        if direct is not None:
            return direct
    if name in ("min", "max") and len(codes) == 2:
        return Code(f"{'_smaller' if name == 'min' else '_larger'}({codes[0].source}, {codes[1].source})")
    before = len(signature.parameters) - 1
    if signature.many and not signature.takes_whole(len(codes)):
        rest = "[" + ", ".join(code.source for code in codes[before:]) + "]"
        codes = [*codes[:before], Code(rest)]
    if name == "list contains" and codes[1].constant is not None:
        of_items, of = (emitter.type_of(argument) for argument in node.arguments)
        inline = contained(emitter, codes[0], codes[1], of_items, of)
        if inline is not None:
            return inline
        if emitter.missing == "unknown":
            return Code(f"_list_contains({codes[0].source}, {codes[1].source})")
    key = f"known {name}" if known else name
    return folded(emitter, _function_name(emitter, key, len(node.arguments), function), function, *codes)


def _is_known(emitter: Emitter, node: n.Call, name: str) -> bool:
    """Say whether what is missing is unknown to the function; not where the call asks for `null` in so many words."""
    asks = any(isinstance(each, n.Literal) and each.value is None for each in node.arguments)
    return emitter.missing == "unknown" and name in KNOWN and not asks


def _direct(emitter: Emitter, signature: Signature, codes: list[Code], types: tuple[t.Type, ...]) -> Code | None:
    """Write a call whose arguments are known to be of the kinds it takes; None for any other."""
    if signature.name == "sum" and len(types) == 1:
        of = types[0]
        known = isinstance(of, t.ListType) and isinstance(of.of, t.NumberType)
        if known:
            emitter.reckons = True
        return Code(f"_total({codes[0].source})") if known else None
    guards, sources = [], []
    for code, of, parameter in zip(codes, types, signature.parameters, strict=False):
        if not _is_taken(of, parameter):
            return None
        first, again = (code.source, code.source) if code.definite else emitter.twice(code)
        sources.append(again)
        if not code.definite:
            null = f"_fail('feel-null-argument', function={signature.name!r}, parameter={parameter.name!r})"
            guards.append((f"{first} is None", null))
    return Code(guarded(tuple(guards), _plain(emitter, signature, codes, sources)).source)


def _plain(emitter: Emitter, signature: Signature, codes: list[Code], sources: list[str]) -> str:
    """Write a call whose arguments are of the kinds it takes."""
    if signature.name in _METHODS and not (emitter.loops and signature.name in _LONG):
        return _METHODS[signature.name].format(*sources)
    if signature.name == "matches" and all(code.constant.__class__ is str for code in codes[1:]):
        pattern, flags = codes[1].constant, codes[2].constant if len(codes) > 2 else ""
        if emitter.loops == 0 and can_fold(emitter) and patterns.refusal(pattern, flags) is None:
            pay_folding(emitter, patterns.weight(pattern, flags))
            plain = plainpatterns.matching(pattern) if not flags else None
            if plain is not None:
                return f"({emitter.bound(plain)}({sources[0]}) is not None)"
            return f"{emitter.bound(patterns.searching(pattern, flags))}({patterns.ENCODED.format(sources[0])})"
    name = f"_plain_{signature.name.replace(' ', '_')}_{BUILTINS[signature.name].index(signature)}"
    emitter.namespace[name] = signature.plain
    return f"{name}({', '.join(sources)})"


_METHODS = {
    "string length": "_whole[len({})]",
    "upper case": "({}).upper()",
    "lower case": "({}).lower()",
    "starts with": "({}).startswith({})",
    "ends with": "({}).endswith({})",
}
"""Functions on texts that are methods of Python's."""

_LONG = ("upper case", "lower case")
_A_CALL = 3


def _is_taken(of: t.Type, parameter: Parameter) -> bool:
    classes = parameter.classes
    if parameter.many or classes is None or list in classes or type(None) in classes:
        return False
    return CLASSES.get(type(of)) in classes


def _named(emitter: Emitter, node: n.Call, name: str) -> Code:
    names = node.names or ()
    known = _is_known(emitter, node, name)
    signatures = (KNOWN if known else BUILTINS)[name]
    for signature in signatures:
        order = signature.order(names)
        if order is not None:
            given = [emitter.emit(argument) for argument in node.arguments]
            codes = [NULL if place is None else given[place] for place in order]
            if name == "list contains" and emitter.missing == "unknown" and codes[1].constant is not None:
                return Code(f"_list_contains({codes[0].source}, {codes[1].source})")
            key = f"{'known ' * known}{name} {signatures.index(signature)}"
            return folded(emitter, _function_name(emitter, key, len(order), signature.call), signature.call, *codes)
    return Code(f"_fail('feel-argument-names', found={names!r})")


def _function_name(emitter: Emitter, name: str, count: int, function: Callable[..., Any]) -> str:
    written = f"_{name.replace(' ', '_')}_{count}"
    emitter.namespace[written] = function
    return written


def _not(emitter: Emitter, node: n.Call) -> Code:
    if len(node.arguments) != 1 or node.names not in (None, ("negand",)):
        return Code(f"_fail('feel-argument-count-of', function='not', found={len(node.arguments)})")
    if isinstance(emitter.type_of(node.arguments[0]), t.BooleanType):
        return emitter.opposite(emitter.emit(node.arguments[0]))
    return Code(f"_no({emitter.emit(node.arguments[0]).source})")


def _today(_emitter: Emitter, node: n.Call) -> Code:
    return _surroundings("today", "env.today", node)


def _now(_emitter: Emitter, node: n.Call) -> Code:
    return _surroundings("now", "_now(env)", node)


def _surroundings(name: str, source: str, node: n.Call) -> Code:
    if node.arguments:
        return Code(f"_fail('feel-argument-count-of', function={name!r}, found={len(node.arguments)})")
    return Code(source, definite=True)


def _lookup(emitter: Emitter, node: n.Call) -> Code:
    if not node.arguments or node.names is not None:
        return Code(f"_fail('feel-argument-count-of', function='lookup', found={len(node.arguments)})")
    name, *keys = (emitter.emit(argument).source for argument in node.arguments)
    return Code(f"_lookup(env, {name}, ({''.join(key + ', ' for key in keys)}))")


_SPECIAL: dict[str, Callable[[Emitter, n.Call], Code]] = {
    "not": _not,
    "today": _today,
    "now": _now,
    "lookup": _lookup,
}


def write_function(emitter: Emitter, node: n.FunctionLiteral) -> Code:
    """Write a function definition."""
    names = tuple(parameter.name for parameter in node.parameters)
    if node.external or len(set(names)) != len(names):
        return Code("_fail('feel-external-function')")
    types = tuple((resolved(each.type)[0] or t.ANY) if each.type is not None else t.ANY for each in node.parameters)
    of = t.FunctionType(types, emitter.type_of(node.body))
    scope, variables = emitter.bind(*names)
    budget = emitter.spending()
    body = emitter.inside(scope, node.body).source
    site, weight = emitter.fresh(""), _A_CALL + round_weight(node.body)
    return Code(
        f"_define({budget}, {weight}, {site}, {names!r}, {emitter.bound(of)}, lambda {', '.join(variables)}: {body})"
    )


def write_instance_of(emitter: Emitter, node: n.InstanceOf) -> Code:
    """Write `instance of`."""
    value = emitter.emit(node.value)
    of, unknown = resolved(node.type)
    if of is None:
        return Code(f"_fail('feel-type-unknown', found={unknown!r})")
    return Code(f"_instance({value.source}, {emitter.bound(of)})", definite=True)
