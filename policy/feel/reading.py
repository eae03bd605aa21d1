"""What an expression reads: paths, the clock, reference tables; and the parts a condition is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy.feel import nodes as n
from policy.feel.builtins import NAMES
from policy.feel.types import ContextType, Type

_Path = tuple[str, ...]


def leaves(node: n.Node) -> tuple[n.Node, ...]:
    """Split a condition at `and`, `or` and `not(…)`; whatever else is a leaf, in order of text."""
    if isinstance(node, n.Both | n.Either):
        return tuple(leaf for part in node.parts for leaf in leaves(part))
    if isinstance(node, n.Call) and _is_call(node, "not") and len(node.arguments) == 1:
        return leaves(node.arguments[0])
    return (node,)


def asks_time(node: n.Node) -> bool:
    """Say whether it reads `today()` or `now()`."""
    return any(_is_call(each, "today") or _is_call(each, "now") for each in n.walk(node))


def lookups(node: n.Node) -> tuple[str, ...]:
    """Return the names of the reference tables it reads, without duplicates."""
    found: dict[str, None] = {}
    for each in n.walk(node):
        if isinstance(each, n.Call) and _is_call(each, "lookup") and each.arguments:
            first = each.arguments[0]
            if isinstance(first, n.Literal) and isinstance(first.value, str):
                found[first.value] = None
    return tuple(found)


def paths(node: n.Node, scope: Mapping[str, Type] | None = None) -> tuple[tuple[str, ...], ...]:
    """Return the static paths it reads from its scope, the longest form of each, in order of first reading.

    Args:
        node: The expression.
        scope: The names around it; with them a path ends at the last declared field, and names in a filter that
            are not fields of the items are paths too. Without, names in a filter are taken for fields of the items.

    Returns:
        Paths without duplicates, and without names the expression binds itself.
    """
    return tuple(dict.fromkeys(_reads(node, frozenset(), scope)))


def static_path(node: n.Node) -> _Path | None:
    """Return `("a", "b", "c")` for `a.b.c`; None for anything that does not begin with a name."""
    names: list[str] = []
    while isinstance(node, n.Path):
        names.append(node.name)
        node = node.source
    return (node.name, *reversed(names)) if isinstance(node, n.Name) else None


def _is_call(node: n.Node, name: str) -> bool:
    return isinstance(node, n.Call) and isinstance(node.function, n.Name) and node.function.name == name


def _reads(node: n.Node, bound: frozenset[str], scope: Mapping[str, Type] | None) -> Iterator[_Path]:
    path = static_path(node)
    if path is not None:
        yield from _path_read(path, bound, scope)
    elif isinstance(node, n.Call):
        if not isinstance(node.function, n.Name) or (scope is not None and node.function.name in scope):
            yield from _reads(node.function, bound, scope)
        for argument in node.arguments:
            yield from _reads(argument, bound, scope)
    elif isinstance(node, n.For | n.Quantified):
        yield from _loop_reads(node, bound, scope)
    elif isinstance(node, n.ContextLiteral):
        for entry in node.entries:
            yield from _reads(entry.value, bound, scope)
            bound |= {entry.key}
    elif isinstance(node, n.FunctionLiteral):
        yield from _reads(node.body, bound | {each.name for each in node.parameters}, scope)
    elif isinstance(node, n.Filter):
        yield from _filter_reads(node, bound, scope)
    else:
        for child in n.children(node):
            yield from _reads(child, bound, scope)


def _path_read(path: _Path, bound: frozenset[str], scope: Mapping[str, Type] | None) -> Iterator[_Path]:
    if path[0] in bound:
        return
    if scope is None:
        if path[0] not in NAMES:
            yield path
    elif path[0] in scope:
        yield _declared(path, scope)


def _declared(path: _Path, scope: Mapping[str, Type]) -> _Path:
    of: Type | None = scope[path[0]]
    length = 1
    for name in path[1:]:
        of = of.fields.get(name) if isinstance(of, ContextType) else None
        if of is None:
            break
        length += 1
    return path[:length]


def _loop_reads(node: n.For | n.Quantified, bound: frozenset[str], scope: Mapping[str, Type] | None) -> Iterator[_Path]:
    for each in node.each:
        yield from _reads(each.source, bound, scope)
        if each.to is not None:
            yield from _reads(each.to, bound, scope)
        bound |= {each.name}
    if isinstance(node, n.For):
        yield from _reads(node.result, bound | {"partial"}, scope)
    else:
        yield from _reads(node.test, bound, scope)


def _filter_reads(node: n.Filter, bound: frozenset[str], scope: Mapping[str, Type] | None) -> Iterator[_Path]:
    yield from _reads(node.source, bound, scope)
    if scope is not None:
        yield from _reads(node.test, bound | {"item"} | _fields_of(node.source, scope), scope)


def _fields_of(source: n.Node, scope: Mapping[str, Type]) -> frozenset[str]:
    # only a path has items whose fields are known without checking the whole expression
    while isinstance(source, n.Filter):
        source = source.source
    path = static_path(source)
    of: object = ContextType(scope)
    for name in path or ():
        of = getattr(of, "of", of)
        of = of.fields.get(name) if isinstance(of, ContextType) else None
    of = getattr(of, "of", of)
    return frozenset(of.fields) if isinstance(of, ContextType) and path else frozenset()
