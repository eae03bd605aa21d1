"""Finds the type of every part of an expression, and everything that is wrong with its meaning, at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from policy.errors import did_you_mean
from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.builtins import NAMES
from policy.feel.calling import EXAMPLES, call_type, written
from policy.feel.checkerconstants import check_divisor, check_position, check_span
from policy.feel.checkerdates import bare_date
from policy.feel.faults import too_deep
from policy.feel.habits import meant_name
from policy.feel.reading import asks_time, leaves, lookups, paths
from policy.feel.typerules import (
    COMPARABLE,
    MEMBERS,
    OF_CLASS,
    arithmetic_type,
    comparable,
    items_of,
    resolved,
    said,
    units_differ,
)
from policy.messages import Said

__all__ = ["Checked", "Remark", "asks_time", "check", "leaves", "lookups", "paths"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something wrong with the meaning of an expression.

    Attributes:
        code: Stable name; a key of `policy.messages.CATALOGUE`.
        start: Offset of the first marked code point in the expression's text.
        end: Offset after the last.
        values: What its sentence names.
    """

    code: str
    start: int
    end: int
    values: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression with its types.

    Attributes:
        node: The expression.
        type: Type of its value.
        remarks: What is wrong with it, in order of text.
        types: Type of every node below; what is missing is not known.
        subject: Type of `?` in a cell.
    """

    node: n.Node
    type: t.Type
    remarks: tuple[Remark, ...] = ()
    types: Mapping[n.Node, t.Type] = field(default_factory=dict)
    subject: t.Type = t.ANY

    def part(self, node: n.Node) -> Checked:
        """Return a part of it, with the types already found and no remarks."""
        return replace(self, node=node, type=self.types.get(node, t.ANY), remarks=())


def check(
    node: n.Node,
    scope: Mapping[str, t.Type],
    *,
    subject: t.Type | None = None,
    references: Mapping[str, t.Type] | None = None,
) -> Checked:
    """Check the meaning of an expression or cell.

    Args:
        node: What the parser made of it.
        scope: Type of every name around it; contexts nest.
        subject: Type of `?`; None outside a cell.
        references: Type of a row of each reference table, by the table's name.

    Returns:
        The types, and all remarks; a type that is not known causes none.

    Raises:
        ExpressionError: Python cannot go as deep from here.
    """
    checker = Checker(scope, subject, references or {})
    try:
        of = checker.visit(node)
    except RecursionError:
        raise too_deep(node) from None
    remarks = tuple(sorted(checker.remarks, key=lambda remark: (remark.start, remark.end)))
    return Checked(node, of, remarks, checker.types, subject if subject is not None else t.ANY)


@dataclass(frozen=True, slots=True)
class _Locals:
    names: dict[str, t.Type]
    item: t.Type | None = None


class Checker:
    """One pass over a tree; `policy.feel.calling` does the calls."""

    def __init__(self, scope: Mapping[str, t.Type], subject: t.Type | None, references: Mapping[str, t.Type]) -> None:
        self.scope = scope
        self.subject = subject
        self.references = references
        self.locals: list[_Locals] = []
        self.remarks: list[Remark] = []
        self.patterns: dict[tuple[str, str], int] = {}
        self.types: dict[n.Node, t.Type] = {}

    def visit(self, node: n.Node) -> t.Type:
        """Return the type of a node, found with its parts and kept in `types`."""
        of = _VISIT[type(node)](self, node)
        self.types[node] = of
        return of

    def remark(self, code: str, node: n.Node | n.Each, **values: Said) -> None:
        """Remark on a node; `code` is a key of `policy.messages.CATALOGUE`, `values` what its sentence names."""
        self.remarks.append(Remark(code, node.start, node.end, values))

    # names and paths

    def name(self, node: n.Name) -> t.Type:
        """Return the type of a name: the innermost of its meanings, a built-in last; remarks on one nobody knows."""
        for local in reversed(self.locals):
            if node.name in local.names:
                return local.names[node.name]
            if local.item is not None:
                found = _member_of_item(local.item, node.name)
                if found is not None:
                    return found
        if node.name in self.scope:
            return self.scope[node.name]
        if node.name in NAMES:
            return t.FUNCTION
        self.remarks.append(
            Remark(
                "feel-unknown-name",
                node.start,
                node.end,
                meant_name(node.name, self.known_names()),
            )
        )
        return t.ANY

    def known_names(self) -> list[str]:
        """Return every name that could stand here, the innermost first, for "did you mean"."""
        known = [name for local in self.locals for name in local.names]
        for local in self.locals:
            if isinstance(local.item, t.ContextType):
                known += local.item.fields
        return [*known, *self.scope]

    def is_shadowed(self, name: str) -> bool:
        """Say whether a name means something else here than the built-in function of that name."""
        if any(name in local.names for local in self.locals):
            return True
        return isinstance(self.scope.get(name), t.FunctionType)

    def subject_type(self, node: n.Subject) -> t.Type:
        """Return the type of `?`; remarks on it outside a cell."""
        if self.subject is None:
            self.remark("feel-no-subject", node)
            return t.ANY
        return self.subject

    def path(self, node: n.Path) -> t.Type:
        """Return the type of `a.b`."""
        return self.member(node, self.visit(node.source))

    def member(self, node: n.Path, of: t.Type) -> t.Type:
        """Return the type of a path's member of a value of type `of`; of a list, the list of its items' members."""
        if isinstance(of, t.ListType):
            return t.ListType(self.member(node, of.of))
        if isinstance(of, t.ContextType) and of.fields:
            if node.name in of.fields:
                return of.fields[node.name]
            values: dict[str, Said] = {"found": node.name, "owner": written(node.source), "expected": tuple(of.fields)}
            values |= did_you_mean(node.name, of.fields)
            self.remarks.append(Remark("feel-unknown-field", node.at, node.end, values))
            return t.ANY
        if isinstance(of, t.AnyType | t.NullType | t.ContextType):
            return t.ANY
        found = MEMBERS.get(type(of), {}).get(node.name)
        if found is not None:
            return of.of if isinstance(of, t.RangeType) and found == t.ANY else found
        others = MEMBERS.get(type(of), {})
        said_of: dict[str, Said] = {"found": node.name, "left": said(of), **did_you_mean(node.name, others)}
        self.remarks.append(Remark("feel-no-member", node.at, node.end, said_of))
        return t.ANY

    def filter(self, node: n.Filter) -> t.Type:
        """Return the type of `a[…]`: the item at a position, or the list of the items that pass a test."""
        item = items_of(self.visit(node.source))
        self.locals.append(_Locals({}, item))
        test = self.visit(node.test)
        self.locals.pop()
        if isinstance(test, t.NumberType):
            check_position(self, node)
            return item
        if isinstance(test, t.BooleanType):
            return t.ListType(item)
        if not isinstance(test, t.AnyType | t.NullType):
            self.remark("feel-condition", node.test, found=said(test))
        return t.ANY

    # operators

    def negation(self, node: n.Negation) -> t.Type:
        """Return the type of `-a`, that of `a`: a number or a duration."""
        of = self.visit(node.operand)
        if not isinstance(of, t.NumberType | t.DaysType | t.MonthsType | t.AnyType | t.NullType):
            self.remark("feel-operand", node, sign="-", found=said(of))
            return t.ANY
        return of

    def arithmetic(self, node: n.Arithmetic) -> t.Type:
        """Return the type of `a + b` and the like; remarks on operands, units and a divisor that do not fit."""
        left, right = self.visit(node.left), self.visit(node.right)
        if node.sign in ("+", "-") and units_differ(left, right):
            self.units(node, left, right)
        of = arithmetic_type(node.sign, left, right)
        if of is None:
            self.remark("feel-operands", node, sign=node.sign, left=said(left), right=said(right))
            return t.ANY
        check_divisor(self, node)
        return of

    def units(self, node: n.Node, left: t.Type, right: t.Type) -> None:
        """Remark on two numbers of different units, such as `CNY` and `days`."""
        self.remark("feel-units", node, left=str(getattr(left, "unit", "")), right=str(getattr(right, "unit", "")))

    def comparison(self, node: n.Comparison) -> t.Type:
        """Return the type of `a < b` and the like, boolean; remarks on sides that cannot be compared."""
        left, right = self.visit(node.left), self.visit(node.right)
        self.compared(node, node.sign, left, right, node.left, node.right)
        return t.BOOLEAN

    def compared(
        self, at: n.Node, sign: str, left: t.Type, right: t.Type, left_node: n.Node | None, right_node: n.Node
    ) -> None:
        """Remark on two sides that cannot be compared.

        Args:
            at: Where the remark goes.
            sign: `=`, `!=`, `<`, `<=`, `>` or `>=`; the last four need an order.
            left: Type of the left side.
            right: Type of the right side.
            left_node: The left side; None where it is not written here, as in a cell.
            right_node: The right side.
        """
        ordering = sign not in ("=", "!=")
        if ordering and not (isinstance(left, COMPARABLE) and isinstance(right, COMPARABLE)):
            self.remark("feel-operands", at, sign=sign, left=said(left), right=said(right))
        elif not comparable(left, right):
            if not (bare_date(self, left, right_node) or (left_node and bare_date(self, right, left_node))):
                self.remark("feel-comparison", at, left=said(left), right=said(right))
        elif units_differ(left, right):
            self.units(at, left, right)
        else:
            self.one_of(left, right_node)
            if left_node is not None:
                self.one_of(right, left_node)

    def one_of(self, of: t.Type, literal: n.Node) -> None:
        """Remark on a text literal that is none of the values a field of type `of` may have."""
        if not isinstance(of, t.StringType) or of.one_of is None:
            return
        if isinstance(literal, n.Literal) and isinstance(literal.value, str) and literal.value not in of.one_of:
            values = {"found": literal.value, "expected": of.one_of, **did_you_mean(literal.value, of.one_of)}
            self.remarks.append(Remark("feel-not-one-of", literal.start, literal.end, values))

    def logic(self, node: n.Both | n.Either) -> t.Type:
        """Return the type of `and` and `or`, boolean; each part must be a condition."""
        for part in node.parts:
            self.condition(part)
        return t.BOOLEAN

    def condition(self, node: n.Node) -> None:
        """Remark on a node that is no condition: neither true, false nor unknown."""
        of = self.visit(node)
        if not isinstance(of, t.BooleanType | t.AnyType | t.NullType):
            self.remark("feel-condition", node, found=said(of))

    def choice(self, node: n.If) -> t.Type:
        """Return the type of `if … then … else …`: what both branches have in common."""
        self.condition(node.test)
        return t.joined(self.visit(node.yes), self.visit(node.no))

    def between(self, node: n.Between) -> t.Type:
        """Return the type of `a between b and c`, boolean; both ends are compared with the value."""
        of = self.visit(node.value)
        for end in (node.low, node.high):
            self.compared(end, "<=", of, self.visit(end), None, end)
        return t.BOOLEAN

    # tests

    def membership(self, node: n.In) -> t.Type:
        """Return the type of `a in (…)`, boolean."""
        of = self.visit(node.value)
        for test in node.tests:
            self.tested(of, test, "feel-comparison")
        return t.BOOLEAN

    def cell(self, node: n.Tests) -> t.Type:
        """Return the type of the tests of a cell, boolean; `?` is what they test."""
        subject = self.subject if self.subject is not None else t.ANY
        for test in node.tests:
            self.tested(subject, test, "feel-cell")
        return t.BOOLEAN

    def tested(self, subject: t.Type, node: n.Node, code: str) -> None:
        """Remark on a test that does not fit a `subject`: with `feel-cell` in a cell, `feel-comparison` after `in`."""
        of = self.visit(node)
        if isinstance(node, n.UnaryTest):
            self.compared(node, node.sign, subject, self.types[node.operand], None, node.operand)
        elif code == "feel-cell" and any(isinstance(each, n.Subject) for each in n.walk(node)):
            if not isinstance(of, t.BooleanType | t.AnyType | t.NullType):
                self.remark("feel-condition", node, found=said(of))
        elif isinstance(node, n.ListLiteral):
            for item in node.items:
                self.matched(subject, self.types[item], item, code)
        elif isinstance(of, t.ListType) and not comparable(subject, of):
            self.matched(subject, of.of, node, code)
        else:
            self.matched(subject, of, node, code)

    def matched(self, subject: t.Type, of: t.Type, node: n.Node, code: str) -> None:
        """Remark on a value or range of type `of` that what is tested, of type `subject`, can never equal or lie in."""
        against = of.of if isinstance(of, t.RangeType) and not isinstance(subject, t.RangeType) else of
        if not comparable(subject, against):
            if not bare_date(self, subject, node):
                self.remark(code, node, left=said(subject), right=said(against))
        elif units_differ(subject, against):
            self.units(node, subject, against)
        elif isinstance(of, t.RangeType):
            check_span(self, node)
        else:
            self.one_of(subject, node)

    def unary_test(self, node: n.UnaryTest) -> t.Type:
        """Return the type of `< a` and the like: a range of the type of `a`."""
        return t.RangeType(self.visit(node.operand))

    def range(self, node: n.Range) -> t.Type:
        """Return the type of `[a..b]`; remarks on ends that cannot be compared."""
        low, high = self.visit(node.low), self.visit(node.high)
        if not comparable(low, high):
            self.remark("feel-comparison", node, left=said(low), right=said(high))
        return t.RangeType(t.joined(low, high))

    # what makes values

    def bad_literal(self, node: n.Node, name: str, found: str) -> None:
        """Remark on a text that is no temporal value."""
        expected, example = EXAMPLES[name]
        self.remark("feel-literal", node, found=found, expected=said(expected), example=example)

    def literal_type(self, node: n.Literal) -> t.Type:
        """Return the type of a literal."""
        return OF_CLASS[type(node.value)]

    def bad(self, node: n.BadLiteral) -> t.Type:
        """Return the type of a text such as `@"2026-02-30"` that is no temporal value: any; remarks on it."""
        self.bad_literal(node, "@", node.text)
        return t.ANY

    def list(self, node: n.ListLiteral) -> t.Type:
        """Return the type of `[a, b]`: a list of what its items have in common."""
        of: t.Type = t.NULL
        for item in node.items:
            found = self.visit(item)
            of = found if isinstance(of, t.NullType) else t.joined(of, found)
        return t.ListType(t.ANY if isinstance(of, t.NullType) else of)

    def context(self, node: n.ContextLiteral) -> t.Type:
        """Return the type of `{a: b}`; an entry sees those before it, and remarks go to keys that occur twice."""
        fields: dict[str, t.Type] = {}
        self.locals.append(_Locals(fields))
        for entry in node.entries:
            of = self.visit(entry.value)
            if entry.key in fields:
                self.remarks.append(Remark("feel-duplicate-key", entry.start, entry.end, {"found": entry.key}))
            fields[entry.key] = of
        self.locals.pop()
        return t.ContextType(dict(fields))

    def loop(self, node: n.For) -> t.Type:
        """Return the type of `for … return …`: a list; `partial` is the list so far."""
        names = self.iterations(node.each)
        names["partial"] = t.LIST
        result = self.visit(node.result)
        self.locals.pop()
        return t.ListType(result)

    def quantified(self, node: n.Quantified) -> t.Type:
        """Return the type of `some` and `every`, boolean."""
        self.iterations(node.each)
        self.condition(node.test)
        self.locals.pop()
        return t.BOOLEAN

    def iterations(self, each: tuple[n.Each, ...]) -> dict[str, t.Type]:
        """Return name → type of the items of `for`, `some` or `every`; the caller takes the names off again."""
        names: dict[str, t.Type] = {}
        self.locals.append(_Locals(names))
        for one in each:
            of = self.visit(one.source)
            if one.to is not None:
                of = t.RangeType(t.joined(of, self.visit(one.to)))
            if not isinstance(of, t.AnyType | t.NullType | t.ListType | t.RangeType):
                self.remark("feel-not-iterable", one, found=said(of))
            elif isinstance(of, t.RangeType) and not isinstance(
                of.of, t.NumberType | t.DateType | t.AnyType | t.NullType
            ):
                self.remark("feel-not-iterable", one, found=said(of.of))
            names[one.name] = of.of if isinstance(of, t.RangeType) else items_of(of)
        return names

    def function(self, node: n.FunctionLiteral) -> t.Type:
        """Return the type of `function(a) b`; remarks on an external one, which nothing here may call."""
        if node.external:
            self.remark("feel-external", node)
        names = {one.name: self.written_type(one.type) for one in node.parameters}
        self.locals.append(_Locals(names))
        result = self.visit(node.body)
        self.locals.pop()
        return t.FunctionType(tuple(names.values()), t.ANY if node.external else result)

    def written_type(self, written_as: n.TypeExpression | None) -> t.Type:
        """Return a type that is written out, any where there is none; remarks on a name no type has."""
        if written_as is None:
            return t.ANY
        of, unknown = resolved(written_as)
        if unknown is not None:
            values = {"found": unknown, **did_you_mean(unknown, t.NAMED)}
            self.remarks.append(Remark("feel-unknown-type", written_as.start, written_as.end, values))
        return t.ANY if of is None else of

    def instance(self, node: n.InstanceOf) -> t.Type:
        """Return the type of `a instance of b`, boolean."""
        self.visit(node.value)
        self.written_type(node.type)
        return t.BOOLEAN


def _member_of_item(item: t.Type, name: str) -> t.Type | None:
    if isinstance(item, t.ContextType) and name in item.fields:
        return item.fields[name]
    if name == "item":
        return item
    if isinstance(item, t.AnyType) or (isinstance(item, t.ContextType) and not item.fields):
        return t.ANY
    return None


_VISIT: dict[type, Callable[[Checker, Any], t.Type]] = {
    n.Literal: Checker.literal_type,
    n.BadLiteral: Checker.bad,
    n.Name: Checker.name,
    n.Subject: Checker.subject_type,
    n.Path: Checker.path,
    n.Filter: Checker.filter,
    n.Call: call_type,
    n.Negation: Checker.negation,
    n.Arithmetic: Checker.arithmetic,
    n.Comparison: Checker.comparison,
    n.Both: Checker.logic,
    n.Either: Checker.logic,
    n.If: Checker.choice,
    n.Between: Checker.between,
    n.In: Checker.membership,
    n.UnaryTest: Checker.unary_test,
    n.Tests: Checker.cell,
    n.Range: Checker.range,
    n.ListLiteral: Checker.list,
    n.ContextLiteral: Checker.context,
    n.For: Checker.loop,
    n.Quantified: Checker.quantified,
    n.InstanceOf: Checker.instance,
    n.FunctionLiteral: Checker.function,
}
