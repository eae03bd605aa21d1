"""How each kind of node is written as Python; `policy.feel.compiler.Emitter` holds what they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policy.feel import nodes as n
from policy.feel import operations as op
from policy.feel import running as run
from policy.feel import types as t
from policy.feel.builtins.lists import known_list_contains
from policy.feel.builtins.registry import BUILTINS, as_value, chosen
from policy.feel.problems import fail
from policy.feel.reading import static_path
from policy.feel.typing import items_of, resolved
from policy.feel.values import NO_BOUND, Budget, call, call_named

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

__all__ = ["FALSE", "NULL", "RUNTIME", "TRUE", "WRITERS", "Code", "as_value", "constant_code"]


class _Open:
    __slots__ = ()


_OPEN = _Open()


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of Python source.

    Attributes:
        source: A Python expression that needs no brackets around it as an argument.
        constant: Its value where that is known already.
        definite: Whether it is never None.
    """

    source: str
    constant: Any = _OPEN
    definite: bool = False

    @property
    def is_constant(self) -> bool:
        """Say whether its value is known already."""
        return self.constant is not _OPEN


TRUE = Code("True", True, definite=True)  # noqa: FBT003 - the value itself
FALSE = Code("False", False, definite=True)  # noqa: FBT003
NULL = Code("None", None)


def constant_code(value: Any) -> Code | None:
    """Return the code of a value Python can write; None where it needs a name."""
    if value is None:
        return NULL
    if value is True or value is False:
        return TRUE if value else FALSE
    return Code(repr(value), value, definite=True) if value.__class__ is str else None


RUNTIME: dict[str, object] = {
    "_add": op.add,
    "_subtract": op.subtract,
    "_multiply": op.multiply,
    "_divide": op.divide,
    "_power": op.power,
    "_negate": op.negate,
    "_less": op.less,
    "_at_most": op.at_most,
    "_more": op.more,
    "_at_least": op.at_least,
    "_equal": op.equal,
    "_unequal": op.unequal,
    "_known_equal": op.known_equal,
    "_known_unequal": op.known_unequal,
    "_passes": op.passes,
    "_known_passes": op.known_passes,
    "_member": op.member,
    "_known_member": op.known_member,
    "_within": op.within,
    "_truth": op.truth,
    "_no": op.no,
    "_range": op.make_range,
    "_NO_BOUND": NO_BOUND,
    "_path": run.path,
    "_position": run.position,
    "_kept": run.kept,
    "_kept_known": run.kept_known,
    "_selected": run.selected,
    "_selected_known": run.selected_known,
    "_steps": run.steps,
    "_loop": run.loop,
    "_loop_joined": run.loop_joined,
    "_loop_partial": run.loop_partial,
    "_loop_nested": run.loop_nested,
    "_some": run.some,
    "_every": run.every,
    "_define": run.define,
    "_instance": run.instance,
    "_now": run.now,
    "_lookup": run.lookup,
    "_call": call,
    "_call_named": call_named,
    "_list_contains": known_list_contains,
    "_fail": fail,
    "_Budget": Budget,
}
"""Functions the generated source calls, by their names in it."""

_OPERATIONS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "+": ("_add", op.add),
    "-": ("_subtract", op.subtract),
    "*": ("_multiply", op.multiply),
    "/": ("_divide", op.divide),
    "**": ("_power", op.power),
}
_ORDERS: dict[str, tuple[str, str]] = {
    "<": ("<", "_less"),
    "<=": ("<=", "_at_most"),
    ">": (">", "_more"),
    ">=": (">=", "_at_least"),
}
_ORDERED = (t.NumberType, t.StringType, t.DateType, t.DaysType, t.MonthsType)
_EQUATED = (*_ORDERED, t.BooleanType)
_FEW = 4


# values


def _literal(emitter: Emitter, node: n.Literal) -> Code:
    return emitter.constant(node.value)


def _bad_literal(_emitter: Emitter, node: n.BadLiteral) -> Code:
    return Code(f"_fail('feel-not-temporal', found={node.text[:40]!r}, expected='@')")


def _name(emitter: Emitter, node: n.Name) -> Code:
    return emitter.name(node)


def _subject(emitter: Emitter, _node: n.Subject) -> Code:
    return emitter.subject or Code("_fail('feel-unknown-variable', found='?')")


def _path(emitter: Emitter, node: n.Path) -> Code:
    path = static_path(node)
    return emitter.read(path) if path is not None else emitter.along(emitter.emit(node.source), (node.name,))


def _list(emitter: Emitter, node: n.ListLiteral) -> Code:
    return Code("[" + ", ".join(emitter.emit(item).source for item in node.items) + "]", definite=True)


def _context(emitter: Emitter, node: n.ContextLiteral) -> Code:
    keys = [entry.key for entry in node.entries]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        return Code(f"_fail('feel-duplicate-entry', found={twice!r})")
    scope, variables = emitter.bind(*keys)
    visible, _ = emitter.bind()
    emitter.scopes.append(visible)
    written = []
    for entry, variable in zip(node.entries, variables, strict=True):
        written.append(f"{entry.key!r}: ({variable} := {emitter.emit(entry.value).source})")
        visible.names[entry.key] = scope.names[entry.key]
    emitter.scopes.pop()
    return Code("{" + ", ".join(written) + "}", definite=True)


def _range(emitter: Emitter, node: n.Range) -> Code:
    low, high = emitter.emit(node.low), emitter.emit(node.high)
    return _folded(
        emitter, "_range", op.make_range, low, high, constant_code(node.low_included), constant_code(node.high_included)
    )


def _unary_test(emitter: Emitter, node: n.UnaryTest) -> Code:
    end = emitter.emit(node.operand)
    included = constant_code("=" in node.sign)
    endless = Code("_NO_BOUND", NO_BOUND, definite=True)
    if node.sign == "!=":
        return Code("_fail('feel-unary-range', sign='!=')")
    if node.sign == "=":
        return _folded(emitter, "_range", op.make_range, end, end, TRUE, TRUE)
    if node.sign in ("<", "<="):
        return _folded(emitter, "_range", op.make_range, endless, end, FALSE, included)
    return _folded(emitter, "_range", op.make_range, end, endless, included, FALSE)


def _folded(emitter: Emitter, name: str, function: Callable[..., Any], *parts: Code | None) -> Code:
    codes = [part for part in parts if part is not None]
    if all(code.is_constant for code in codes):
        value = function(*(code.constant for code in codes))
        if value is not None and value.__class__ not in (list, dict):
            return emitter.constant(value)
    return Code(f"{name}({', '.join(code.source for code in codes)})")


# operators


def _negation(emitter: Emitter, node: n.Negation) -> Code:
    return _folded(emitter, "_negate", op.negate, emitter.emit(node.operand))


def _arithmetic(emitter: Emitter, node: n.Arithmetic) -> Code:
    name, function = _OPERATIONS[node.sign]
    return _folded(emitter, name, function, emitter.emit(node.left), emitter.emit(node.right))


def _comparison(emitter: Emitter, node: n.Comparison) -> Code:
    left, right = emitter.emit(node.left), emitter.emit(node.right)
    return compared(emitter, node.sign, left, right, emitter.type_of(node.left), emitter.type_of(node.right))


def compared(emitter: Emitter, sign: str, left: Code, right: Code, *of: t.Type) -> Code:  # noqa: D103 - see module
    if sign in ("=", "!="):
        return _equated(emitter, sign, left, right, *of)
    inline, name = _ORDERS[sign]
    if type(of[0]) is type(of[1]) and isinstance(of[0], _ORDERED):
        return _inline(emitter, inline, left, right, noted=sign)
    return Code(f"{name}({left.source}, {right.source})")


def _equated(emitter: Emitter, sign: str, left: Code, right: Code, *of: t.Type) -> Code:
    if left.constant is None or right.constant is None:
        other = right if left.constant is None else left
        return Code(f"({other.source} is {'not ' * (sign == '!=')}None)", definite=True)
    inline = "==" if sign == "=" else "!="
    if type(of[0]) is type(of[1]) and isinstance(of[0], _EQUATED):
        if emitter.missing == "null":
            return Code(f"({left.source} {inline} {right.source})", definite=True)
        return _inline(emitter, inline, left, right, noted="")
    known = "known_" if emitter.missing == "unknown" else ""
    return Code(f"_{known}{'equal' if sign == '=' else 'unequal'}({left.source}, {right.source})")


def _inline(emitter: Emitter, inline: str, left: Code, right: Code, *, noted: str) -> Code:
    checks = []
    sides = []
    for code in (left, right):
        if code.definite:
            sides.append(code.source)
        else:
            first, again = emitter.twice(code)
            checks.append(f"{first} is None")
            sides.append(again)
    whole = f"{sides[0]} {inline} {sides[1]}"
    if not checks:
        return Code(f"({whole})", definite=True)
    return Code(f"({_missing(emitter, noted)} if {' or '.join(checks)} else {whole})")


def _missing(emitter: Emitter, sign: str) -> str:
    return f"_fail('feel-null-operand', sign={sign!r})" if sign and emitter.missing == "null" else "None"


def _both(emitter: Emitter, node: n.Both) -> Code:
    return emitter.all_of([emitter.truth(part) for part in node.parts])


def _either(emitter: Emitter, node: n.Either) -> Code:
    return emitter.any_of([emitter.truth(part) for part in node.parts])


def _if(emitter: Emitter, node: n.If) -> Code:
    test = emitter.truth(node.test)
    yes, no = emitter.emit(node.yes), emitter.emit(node.no)
    definite = yes.definite and no.definite
    if test.definite or emitter.missing == "null":
        return Code(f"({yes.source} if {test.source} else {no.source})", definite=definite)
    first, again = emitter.twice(test)
    return Code(f"({yes.source} if {first} else None if {again} is None else {no.source})")


def _between(emitter: Emitter, node: n.Between) -> Code:
    value = emitter.emit(node.value)
    low, high = emitter.emit(node.low), emitter.emit(node.high)
    types = tuple(emitter.type_of(each) for each in (node.value, node.low, node.high))
    return _held(emitter, value, lambda bound: _spanned(emitter, bound, (low, high), ("<=", "<="), types))


def _held(emitter: Emitter, value: Code, write: Callable[[Code], Code]) -> Code:
    first, again = emitter.twice(value)
    if first == again:
        return write(value)
    code = write(Code(again, definite=value.definite))
    if again not in code.source:
        return code
    return Code(f"({first}, {code.source})[1]", definite=code.definite)


def _spanned(
    emitter: Emitter, value: Code, ends: tuple[Code, Code], signs: tuple[str, str], types: tuple[t.Type, ...]
) -> Code:
    low, high = ends
    alike = all(type(of) is type(types[0]) for of in types) and isinstance(types[0], _ORDERED)
    if alike and low.definite and high.definite:
        whole = f"{low.source} {signs[0]} {value.source} {signs[1]} {high.source}"
        if value.definite:
            return Code(f"({whole})", definite=True)
        return Code(f"({_missing(emitter, 'in')} if {value.source} is None else {whole})")
    above = compared(emitter, ">=" if signs[0] == "<=" else ">", value, low, types[0], types[1])
    return emitter.all_of([above, compared(emitter, signs[1], value, high, types[0], types[2])])


# membership and cells


def _in(emitter: Emitter, node: n.In) -> Code:
    value = emitter.emit(node.value)
    of = emitter.type_of(node.value)
    return _held(emitter, value, lambda bound: _any_test(emitter, bound, of, node.tests, cell=False))


def _tests(emitter: Emitter, node: n.Tests) -> Code:
    if not node.tests:
        return TRUE
    subject = emitter.subject or NULL

    def write(bound: Code) -> Code:
        emitter.subject = bound
        code = _any_test(emitter, bound, emitter.subject_type, node.tests, cell=True)
        return emitter.opposite(code) if node.negated else code

    return _held(emitter, subject, write)


def _any_test(emitter: Emitter, value: Code, of: t.Type, tests: tuple[n.Node, ...], *, cell: bool) -> Code:
    listed = _constants(emitter, of, tests)
    if listed is not None and len(listed) > 1:
        return _among(emitter, value, listed)
    return emitter.any_of([_one_test(emitter, value, of, test, cell=cell) for test in tests])


def _constants(emitter: Emitter, of: t.Type, nodes: tuple[n.Node, ...]) -> list[Code] | None:
    if not isinstance(of, _EQUATED) or any(type(emitter.type_of(node)) is not type(of) for node in nodes):
        return None
    codes = [emitter.emit(node) if _is_constant(node) else NULL for node in nodes]
    return codes if all(code.is_constant and code.constant is not None for code in codes) else None


def _is_constant(node: n.Node) -> bool:
    return isinstance(node, n.Literal | n.Negation | n.Call)


def _among(emitter: Emitter, value: Code, listed: list[Code]) -> Code:
    if len(listed) > _FEW:
        members = emitter.bound(frozenset(code.constant for code in listed))
    else:
        members = "(" + ", ".join(code.source for code in listed) + ",)"
    whole = f"{value.source} in {members}"
    if value.definite or emitter.missing == "null":
        return Code(f"({whole})", definite=True)
    return Code(f"(None if {value.source} is None else {whole})")


def _one_test(emitter: Emitter, value: Code, of: t.Type, node: n.Node, *, cell: bool) -> Code:
    if isinstance(node, n.UnaryTest):
        return compared(emitter, node.sign, value, emitter.emit(node.operand), of, emitter.type_of(node.operand))
    if isinstance(node, n.Range):
        return _in_range(emitter, value, of, node)
    if cell and any(isinstance(each, n.Subject) for each in n.walk(node)):
        return emitter.truth(node)
    if isinstance(node, n.ListLiteral) and node.items:
        return _in_list(emitter, value, of, node)
    return _matched(emitter, value, of, node)


def _in_range(emitter: Emitter, value: Code, of: t.Type, node: n.Range) -> Code:
    ends = (emitter.emit(node.low), emitter.emit(node.high))
    signs = ("<=" if node.low_included else "<", "<=" if node.high_included else "<")
    return _spanned(emitter, value, ends, signs, (of, emitter.type_of(node.low), emitter.type_of(node.high)))


def _in_list(emitter: Emitter, value: Code, of: t.Type, node: n.ListLiteral) -> Code:
    listed = _constants(emitter, of, node.items)
    if listed is not None:
        return _among(emitter, value, listed)
    known = "known_" if emitter.missing == "unknown" else ""
    return Code(f"_{known}passes({value.source}, {_list(emitter, node).source})")


def _matched(emitter: Emitter, value: Code, of: t.Type, node: n.Node) -> Code:
    code, found = emitter.emit(node), emitter.type_of(node)
    if code.constant is None or (type(found) is type(of) and isinstance(of, _EQUATED)):
        return compared(emitter, "=", value, code, of, found)
    known = "known_" if emitter.missing == "unknown" else ""
    return Code(f"_{known}passes({value.source}, {code.source})")


# filters and loops


def _filter(emitter: Emitter, node: n.Filter) -> Code:
    items = emitter.emit(node.source)
    if isinstance(emitter.type_of(node.test), t.NumberType):
        return Code(f"_position({items.source}, {emitter.emit(node.test).source})")
    scope, variable = emitter.item(items_of(emitter.type_of(node.source)))
    budget = emitter.spending()
    test = emitter.inside(scope, node.test)
    known = "_known" if emitter.missing == "unknown" else ""
    name = "_kept" if isinstance(emitter.type_of(node.test), t.BooleanType) else "_selected"
    return Code(f"{name}{known}({budget}, {items.source}, lambda {variable}: {test.source})")


def _iterated(emitter: Emitter, each: n.Each) -> str:
    source = emitter.emit(each.source).source
    return source if each.to is None else f"_steps({source}, {emitter.emit(each.to).source})"


def _for(emitter: Emitter, node: n.For) -> Code:
    budget = emitter.spending()
    if any(isinstance(each, n.Name) and each.name == "partial" for each in n.walk(node.result)):
        return _for_partial(emitter, node, budget)
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


def _quantified(emitter: Emitter, node: n.Quantified) -> Code:
    budget = emitter.spending()
    opened = []
    for each in node.each:
        source = _iterated(emitter, each)
        scope, (variable,) = emitter.bind(each.name)
        opened.append(f"{'_every' if node.every else '_some'}({budget}, {source}, lambda {variable}: ")
        emitter.scopes.append(scope)
    test = emitter.truth(node.test).source
    del emitter.scopes[len(emitter.scopes) - len(node.each) :]
    return Code("".join(opened) + test + ")" * len(node.each))


# functions


def _call(emitter: Emitter, node: n.Call) -> Code:
    function = node.function
    if isinstance(function, n.Name) and not _is_variable(emitter, function):
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


def _is_variable(emitter: Emitter, node: n.Name) -> bool:
    # the checker visits a function's name only where it is not the built-in one
    return node in emitter.types or emitter.is_bound(node.name)


def _built_in(emitter: Emitter, node: n.Call, name: str) -> Code:
    if node.names is not None:
        return _named(emitter, node, name)
    function, signature = chosen(name, len(node.arguments))
    if signature is None:
        return Code(f"_fail('feel-argument-count-of', function={name!r}, found={len(node.arguments)})")
    codes = [emitter.emit(argument) for argument in node.arguments]
    before = len(signature.parameters) - 1
    if signature.many and not (before == 0 and len(codes) == 1):
        rest = "[" + ", ".join(code.source for code in codes[before:]) + "]"
        codes = [*codes[:before], Code(rest)]
    if name == "list contains" and emitter.missing == "unknown" and codes[1].constant is not None:
        return Code(f"_list_contains({codes[0].source}, {codes[1].source})")
    return _folded(emitter, _function_name(emitter, name, len(node.arguments), function), function, *codes)


def _named(emitter: Emitter, node: n.Call, name: str) -> Code:
    names = node.names or ()
    for signature in BUILTINS[name]:
        order = signature.order(names)
        if order is not None:
            given = [emitter.emit(argument) for argument in node.arguments]
            codes = [NULL if place is None else given[place] for place in order]
            if name == "list contains" and emitter.missing == "unknown" and codes[1].constant is not None:
                return Code(f"_list_contains({codes[0].source}, {codes[1].source})")
            key = f"{name} {BUILTINS[name].index(signature)}"
            return _folded(emitter, _function_name(emitter, key, len(order), signature.call), signature.call, *codes)
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


def _function(emitter: Emitter, node: n.FunctionLiteral) -> Code:
    names = tuple(parameter.name for parameter in node.parameters)
    if node.external or len(set(names)) != len(names):
        return Code("_fail('feel-external-function')")
    types = tuple((resolved(each.type)[0] or t.ANY) if each.type is not None else t.ANY for each in node.parameters)
    scope, variables = emitter.bind(*names)
    budget = emitter.spending()
    body = emitter.inside(scope, node.body).source
    site = emitter.fresh("")
    return Code(f"_define({budget}, {site}, {names!r}, {emitter.bound(types)}, lambda {', '.join(variables)}: {body})")


def _instance_of(emitter: Emitter, node: n.InstanceOf) -> Code:
    value = emitter.emit(node.value)
    of, unknown = resolved(node.type)
    if of is None:
        return Code(f"_fail('feel-type-unknown', found={unknown!r})")
    return Code(f"_instance({value.source}, {emitter.bound(of)})", definite=True)


WRITERS: dict[type, Callable[[Emitter, Any], Code]] = {
    n.Literal: _literal,
    n.BadLiteral: _bad_literal,
    n.Name: _name,
    n.Subject: _subject,
    n.Path: _path,
    n.Filter: _filter,
    n.Call: _call,
    n.Negation: _negation,
    n.Arithmetic: _arithmetic,
    n.Comparison: _comparison,
    n.Both: _both,
    n.Either: _either,
    n.If: _if,
    n.Between: _between,
    n.In: _in,
    n.UnaryTest: _unary_test,
    n.Tests: _tests,
    n.Range: _range,
    n.ListLiteral: _list,
    n.ContextLiteral: _context,
    n.For: _for,
    n.Quantified: _quantified,
    n.InstanceOf: _instance_of,
    n.FunctionLiteral: _function,
}
"""The writer of each kind of node."""
