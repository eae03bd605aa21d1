"""Writes expressions as Python: one Python expression for each, names bound beforehand, a function for an only loop.

Where the checker knows the types, comparisons are written out; elsewhere an operation of `policy.feel.operations`
is called. Two readings of missing data come from this one compiler: "null" is FEEL's own, "unknown" the one of
policies, where a comparison with something missing is unknown unless it asks for `null`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from typing import Literal as Choice

from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.builtins.registry import BUILTINS, as_value
from policy.feel.checker import Checked
from policy.feel.extents import Extent
from policy.feel.faults import too_deep
from policy.feel.values import Budget
from policy.feel.writing import FALSE, NULL, RUNTIME, TRUE, WRITERS, Code, constant_code, loops_of, unless
from policy.feel.writing.folding import MOST_FOLDED
from policy.feel.writing.weights import can_add_up

_DEEPEST_BRACKETS = 180
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_MADE = re.compile(r"_[tvi]([0-9]+)")
_SIMPLE = re.compile(r"[A-Za-z_][\w.]*")
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


@dataclass(frozen=True, slots=True)
class _Locals:
    """Names a loop, context or function binds: FEEL name → Python name."""

    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Item:
    """The item a filter looks at, whose fields are names."""

    variable: str
    of: t.Type


class Emitter:
    """Writes Python source for checked expressions; several expressions may share one emitter (one namespace).

    Attributes:
        namespace: Constants and functions the source refers to; execute the source with it as globals.
        missing: "null" for FEEL's own reading of missing data, "unknown" for that of policies.
        reckons: Whether what was written since the last function computes in the context of `policy.feel.reckoning`.
        functions: The loops written since then.
    """

    def __init__(
        self,
        *,
        missing: Choice["null", "unknown"],
        resolve: Callable[[tuple[str, ...]], str | None],
        parameters: tuple[str, ...],
        extent: Callable[[tuple[str, ...]], Extent | None] = lambda _: None,
    ) -> None:
        """Begin with the functions of the language in the namespace.

        Args:
            missing: How missing data is read.
            resolve: Gives the source that reads a static path, longest first, or None where it has none.
            parameters: Parameters of the functions the expressions are put into.
            extent: Gives what is known of the number at a static path whose source `resolve` gives.
        """
        self.missing = missing
        self.resolve = resolve
        self.extent = extent
        self.parameters = parameters
        self.namespace: dict[str, object] = dict(RUNTIME)
        self.types: Mapping[n.Node, t.Type] = {}
        self.subject_type: t.Type = t.ANY
        self.scopes: list[_Locals | _Item] = []
        self.subject: Code | None = None
        self.budget: str | None = None
        self.adds_up = False
        self.folding = Budget(MOST_FOLDED)
        self.loops = 0
        self.outside: dict[str, str] | None = None
        self.counter = 0
        self.constants: dict[tuple[type, str], str] = {}
        self.reckons = False
        self.functions: list[str] = []

    # entrances

    def expression(self, checked: Checked) -> str:
        """Return a Python expression for the value of `checked`.

        Raises:
            ExpressionError: Python cannot hold an expression nested that deep.
        """
        return self._whole(checked, None)

    def test(self, checked: Checked, subject: str) -> str:
        """Return a Python expression that is True, False or None: whether a cell holds of `subject`.

        Args:
            checked: A cell, checked.
            subject: Source of the value it tests.

        Raises:
            ExpressionError: Python cannot hold an expression nested that deep.
        """
        return self._whole(checked, Code(_atomic(subject)))

    def function(self, body: str, name: str = "expression", parameters: Sequence[str] = ()) -> Callable[..., Any]:
        """Compile a function in whose body all expressions stand that were written since the last one.

        Args:
            body: Lines of Python, in the first column.
            name: What errors call it.
            parameters: Where they are not those of the emitter, or have defaults.
        """
        heading = parameters or self.parameters
        given = ", ".join(each.partition("=")[0] for each in heading)
        lines = body.split("\n")
        if self.reckons:
            lines.insert(0, f"if _getcontext() is not _RECKONING: return _reckon({name}, {given})")
        inside = "".join(f" {line}\n" for line in lines)
        source = f"{''.join(self.functions)}def {name}({', '.join(heading)}):\n{inside}"
        self.reckons, self.functions = False, []
        scope: dict[str, Any] = dict(self.namespace)
        exec(compile(source, f"<{name}>", "exec"), scope)  # noqa: S102 - the source is made here from a checked tree
        made: Callable[..., Any] = scope[name]
        return made

    def _whole(self, checked: Checked, subject: Code | None) -> str:
        self.types, self.subject, self.subject_type = checked.types, subject, checked.subject
        self._begin(checked.node)
        begun = len(self.functions)
        try:
            source = self.emit(checked.node).source
        except RecursionError:
            raise too_deep(checked.node) from None
        if self.budget is not None:
            made = "_Budget(at_once=True)" if self.adds_up else "_Budget()"
            source = f"(_t0({source}) if (_t0 := ({self.budget} := {made}).done) else None)"
        if any(_bracket_depth(each) > _DEEPEST_BRACKETS for each in (source, *self.functions[begun:])):
            raise too_deep(checked.node)
        return source

    def _begin(self, node: n.Node) -> None:
        self.scopes = []
        self.budget = None
        self.loops = loops_of(node)
        self.folding = Budget(MOST_FOLDED)
        self.adds_up = can_add_up(self, node)
        if self.adds_up:
            self.spending()

    # what the writers of node kinds use

    def emit(self, node: n.Node) -> Code:
        """Write one node."""
        return WRITERS[type(node)](self, node)

    def type_of(self, node: n.Node) -> t.Type:
        """Return the type the checker found."""
        return self.types.get(node, t.ANY)

    def fresh(self, prefix: str) -> str:
        """Return a Python name not used before."""
        self.counter += 1
        return f"{prefix}{self.counter}"

    def constant(self, value: Any) -> Code:
        """Return the code of a value known now."""
        plain = constant_code(value)
        if plain is not None:
            return plain
        key = (value.__class__, str(value))
        if key not in self.constants:
            self.constants[key] = self.bound(value)
        return Code(self.constants[key], value, definite=True)

    def bound(self, value: object) -> str:
        """Put any object into the namespace; return its name there."""
        name = self.fresh("_k")
        self.namespace[name] = value
        return name

    def twice(self, code: Code) -> tuple[str, str]:
        """Return the source to write first and the one to write afterwards, so that it is computed once."""
        if code.is_constant or _SIMPLE.fullmatch(code.source):
            return code.source, code.source
        name = self.fresh("_t")
        return f"({name} := {code.source})", name

    def unless_null(self, code: Code) -> tuple[str, str]:
        """Return the condition under which a code is None, and the source to write where it is not."""
        if code.unless is not None:
            name = self.fresh("_t")
            return f"{code.unless[0]} or ({name} := {code.unless[1]}) is None", name
        first, again = self.twice(code)
        return f"{first} is None", again

    def spending(self) -> str:
        """Return the name of the budget of this evaluation; `None` for its only loop where nothing else adds up."""
        if self.loops == 1 and not self.adds_up:
            return "None"
        if self.budget is None:
            self.budget = self.fresh("_b")
        return self.budget

    # names

    def name(self, node: n.Name) -> Code:
        """Write a variable, or a function as a value."""
        return self.read((node.name,), node)

    def read(self, path: tuple[str, ...], node: n.Node) -> Code:
        """Write the static path as far as something resolves it, and the rest as paths at run time."""
        steps = []
        while isinstance(node, n.Path):
            steps.append(node)
            node = node.source
        return self._read(path, steps[::-1], len(self.scopes) - 1)

    def _read(self, path: tuple[str, ...], steps: list[n.Path], innermost: int) -> Code:
        for number in range(innermost, -1, -1):
            scope = self.scopes[number]
            if isinstance(scope, _Locals):
                if path[0] in scope.names:
                    return self.along(Code(scope.names[path[0]]), steps)
            else:
                found = self._of_item(scope, path, steps, number)
                if found is not None:
                    return found
        return self._around(path, steps)

    def _around(self, path: tuple[str, ...], steps: list[n.Path]) -> Code:
        for length in range(len(path), 0, -1):
            source = self.resolve(path[:length])
            if source is not None:
                code = Code(self._bound_outside(_atomic(source)), extent=self.extent(path[:length]))
                return self.along(code, steps[length - 1 :])
        if path[0] in BUILTINS:
            return self.along(Code(self.bound(as_value(path[0]))), steps)
        return self.along(Code(f"_fail('feel-unknown-variable', found={path[0]!r})"), steps)

    def _of_item(self, scope: _Item, path: tuple[str, ...], steps: list[n.Path], number: int) -> Code | None:
        item, name = scope.variable, path[0]
        fields = scope.of.fields if isinstance(scope.of, t.ContextType) else {}
        if name in fields:
            return self.along(unless(f"{item} is None", f"{item}.get({name!r})"), steps)
        if fields or not isinstance(scope.of, t.AnyType | t.ContextType):
            return self.along(Code(item), steps) if name == "item" else None
        inside = self.along(Code(f"{item}[{name!r}]"), steps)
        outside = self.along(Code(item), steps) if name == "item" else self._read(path, steps, number - 1)
        return Code(f"({inside.source} if {item}.__class__ is dict and {name!r} in {item} else {outside.source})")

    def along(self, code: Code, steps: Sequence[n.Path]) -> Code:
        """Write paths at run time."""
        for step in steps:
            of = self.type_of(step.source)
            if isinstance(of, t.ContextType) and step.name in of.fields:
                first, again = self.twice(code)
                code = unless(f"{first} is None", f"{again}.get({step.name!r})")
            elif isinstance(of, t.ListType) and isinstance(of.of, t.ContextType) and step.name in of.of.fields:
                code = Code(f"_column({code.source}, {step.name!r})")
            else:
                code = Code(f"_path({code.source}, {step.name!r})")
        return code

    def _bound_outside(self, source: str) -> str:
        """Return the name a loop gives to what it reads from outside at every round."""
        if self.outside is None or not _SIMPLE.fullmatch(source):
            return source
        return self.outside.setdefault(source, f"_h{len(self.outside)}")

    def loop(self, shape: str, items: Code, variable: str, write: Callable[[], Code], **named: str) -> Code:
        """Write the only loop of an expression as a function; what lies outside is read once, before.

        Args:
            shape: Lines of Python, with places for `name`, `outside`, `variable`, `body` and what is `named`.
            items: What it goes over.
            variable: Python name of the item.
            write: Writes what is done with every item.
            named: Other things the shape has places for.
        """
        before, name = self.counter, self.fresh("_r")
        self.outside = {}
        body = write().source
        free = self._free(body, before, variable)
        parameters = "".join(f", {each}" for each in (*self.outside.values(), *free))
        given = "".join(f", {each}" for each in (*self.outside, *free))
        self.outside = None
        self.functions.append(shape.format(name=name, outside=parameters, variable=variable, body=body, **named))
        return Code(f"{name}({self.spending()}, {items.source}{given})")

    def _free(self, body: str, before: int, variable: str) -> list[str]:
        """Return the names of the function around a loop that its body reads."""
        found = dict.fromkeys(_WORD.findall(_STRING.sub("''", body)))
        found.pop(variable, None)
        return [
            each
            for each in found
            if each in self.parameters or ((made := _MADE.fullmatch(each)) and int(made[1]) <= before)
        ]

    def is_bound(self, name: str) -> bool:
        """Say whether a loop, context or function around binds the name."""
        return any(isinstance(scope, _Locals) and name in scope.names for scope in self.scopes)

    def inside(self, scope: _Locals | _Item, node: n.Node) -> Code:
        """Write a node inside one more scope."""
        self.scopes.append(scope)
        code = self.emit(node)
        self.scopes.pop()
        return code

    def bind(self, *names: str) -> tuple[_Locals, list[str]]:
        """Return a scope that binds names, and their Python names."""
        variables = [self.fresh("_v") for _ in names]
        return _Locals(dict(zip(names, variables, strict=True))), variables

    def item(self, of: t.Type) -> tuple[_Item, str]:
        """Return the scope of a filter, and the Python name of its item."""
        variable = self.fresh("_i")
        return _Item(variable, of), variable

    # logic

    def all_of(self, parts: list[Code]) -> Code:
        """Write three-valued `and` of codes that give True, False or None."""
        parts = [part for part in parts if part.constant is not True]
        if any(part.constant is False for part in parts):
            return FALSE
        if len(parts) < 2:
            return parts[0] if parts else TRUE
        if all(part.definite for part in parts):
            return Code("(" + " and ".join(part.source for part in parts) + ")", definite=True)
        first, open_ = self._terms(parts, "not {}", "({} := {}) is False")
        unknown = " or ".join(f"{name} is None" for name in open_)
        return Code(f"(False if {' or '.join(first)} else None if {unknown} else True)")

    def any_of(self, parts: list[Code]) -> Code:
        """Write three-valued `or` of codes that give True, False or None."""
        parts = [part for part in parts if part.constant is not False]
        if any(part.constant is True for part in parts):
            return TRUE
        if len(parts) < 2:
            return parts[0] if parts else FALSE
        if all(part.definite for part in parts):
            return Code("(" + " or ".join(part.source for part in parts) + ")", definite=True)
        first, open_ = self._terms(parts, "{}", "({} := {})")
        unknown = " or ".join(f"{name} is None" for name in open_)
        return Code(f"(True if {' or '.join(first)} else None if {unknown} else False)")

    def _terms(self, parts: list[Code], definite: str, open_: str) -> tuple[list[str], list[str]]:
        terms, names = [], []
        for part in parts:
            if part.definite and part.constant is not None:
                terms.append(definite.format(part.source))
            else:
                names.append(self.fresh("_t"))
                terms.append(open_.format(names[-1], part.source))
        return terms, names

    def truth(self, node: n.Node) -> Code:
        """Write a node as a condition."""
        return self.as_truth(self.emit(node), self.type_of(node))

    def as_truth(self, code: Code, of: t.Type) -> Code:
        """Make sure that a code gives True, False or None."""
        if isinstance(of, t.BooleanType) or code.constant is None or code.constant.__class__ is bool:
            return code
        return Code(f"_truth({code.source})")

    def opposite(self, code: Code) -> Code:
        """Write three-valued `not` of a code that gives True, False or None."""
        if code.constant is None:
            return NULL
        if code.definite:
            return Code(f"(not {code.source})", definite=True)
        first, again = self.twice(code)
        return Code(f"(None if {first} is None else not {again})")


def _atomic(source: str) -> str:
    return source if _SIMPLE.fullmatch(source) else f"({source})"


def _bracket_depth(source: str) -> int:
    if source.count("(") + source.count("[") + source.count("{") <= _DEEPEST_BRACKETS:
        return 0
    depth = deepest = 0
    for sign in _STRING.sub("", source):
        if sign in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in ")]}":
            depth -= 1
    return deepest
