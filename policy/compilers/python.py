"""Compiles a rule set to Python: one function over all rules, one per formula.

Every function takes `(env, f, k)`: `env` is the decision under way (day, lookups, derived values, answers of
other policies), `f` the decoded facts, `k` the names bound besides: the item under `each`, outputs for the
section, and what a kind provides. `rules` gives two bit masks over the rules: true and unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policy.feel.checker import Checked
from policy.feel.compiler import Emitter
from policy.feel.extents import Extent
from policy.feel.nodes import Node
from policy.model.document import HitPolicy
from policy.model.facts import FactsReader
from policy.model.fields import Field, Group, Rows, extent_of
from policy.model.ruleset import Constant, Part, Question, RuleSet

Function = Callable[[Any, Any, Mapping[str, Any]], Any]
"""`(env, f, k)` → value; None is unknown."""

_PARAMETERS = ("env", "f", "k")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A compiled question to another policy.

    Attributes:
        policy: Its id.
        take: What is taken from it.
        given: Path of its input → the value this policy puts there.
    """

    policy: str
    take: str
    given: Mapping[str, Function]


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled rule set.

    Attributes:
        reader: Decodes facts for it.
        rules: Gives the masks of true and of unknown rules; bit `i` is rule `i`. Under `first` it stops at a hit.
        formulas: Per rule, output → literal or function.
        derived: Names of derived values in order; the index is their number in `env`.
        derive: Computes those that need no other policy, in order; the others are None.
        late: Number of a derived value that needs another policy's answer → its function.
        inquiries: Number of a derived value that another policy gives → the question.
        asked: The programs of the policies it asks, by id.
    """

    rule_set: RuleSet
    reader: FactsReader
    rules: Callable[[Any, Any, Mapping[str, Any]], tuple[int, int]]
    formulas: tuple[Mapping[str, Constant | Function], ...]
    derived: tuple[str, ...]
    derive: Callable[[Any, Any], list[Any]]
    late: Mapping[int, Function]
    inquiries: Mapping[int, Inquiry]
    asked: Mapping[str, Program]
    _resolver: Resolver
    _compiled: dict[int, tuple[Part | Node, Function]] = field(default_factory=dict)
    _readers: dict[str, Function | None] = field(default_factory=dict)

    def function(self, part: Part) -> Function:
        """Return the function of an expression, compiled when first asked for."""
        known = self._compiled.get(id(part))
        if known is None:
            known = (part, _Writer(self._resolver).one(part.checked, part.subject))
            self._compiled[id(part)] = known
        return known[1]

    def function_of(self, part: Part, node: Node) -> Function:
        """Return the function of one node inside an expression, compiled when first asked for."""
        known = self._compiled.get(id(node))
        if known is None:
            known = (node, _Writer(self._resolver).one(part.checked.part(node), part.subject))
            self._compiled[id(node)] = known
        return known[1]

    def value_at(self, path: str) -> Function | None:
        """Return the function that reads a declared path, None where nothing is declared there."""
        if path not in self._readers:
            source = self._resolver(tuple(path.split(".")))
            self._readers[path] = None if source is None else _Writer(self._resolver).giving(source)
        return self._readers[path]


class Resolver:
    """Finds the Python source of a name or path of a rule set."""

    def __init__(self, rule_set: RuleSet, reader: FactsReader) -> None:
        self._rule_set = rule_set
        self._reader = reader
        self._derived = {name: index for index, name in enumerate(rule_set.derived)}
        self._late = _late(rule_set)
        self._bound = _bound(rule_set)

    def __call__(self, path: tuple[str, ...]) -> str | None:
        """Return the source of a path, None where it is not static."""
        first = path[0]
        if first in self._bound:
            return self._bound_source(path)
        name = ".".join(path)
        if name in self._derived:
            return self._derived_source(name)
        member = self._member(path)
        if member is None and not self._derived_below(name):
            return None
        if member is None or isinstance(member, Group):
            return self._group_source(path, member)
        return f"f.{self._reader.attribute(path)}"

    def extent(self, path: tuple[str, ...]) -> Extent | None:
        """Return what is declared of the number at a path of the facts; None where it is none, or not enough is."""
        if path[0] in self._bound or ".".join(path) in self._derived:
            return None
        member = self._member(path)
        return extent_of(member) if isinstance(member, Field) else None

    def _bound_source(self, path: tuple[str, ...]) -> str | None:
        item = self._bound[path[0]]
        if len(path) == 1:
            return f"k[{path[0]!r}]"
        leaf = item.members.get(path[1]) if item is not None and len(path) == 2 else None
        return f"k[{path[0]!r}][{path[1]!r}]" if isinstance(leaf, Field) else None

    def _derived_source(self, name: str) -> str:
        index = self._derived[name]
        if isinstance(self._rule_set.derived[name], Question):
            return f"env.ask({index})"
        return f"env.late({index})" if name in self._late else f"env.d[{index}]"

    def _member(self, path: tuple[str, ...]) -> Field | Group | Rows | None:
        here: Field | Group | Rows | None = self._rule_set.tree
        for name in path:
            here = here.members.get(name) if isinstance(here, Group) else None
        return here

    def _derived_below(self, name: str) -> bool:
        return any(each.startswith(f"{name}.") for each in self._derived)

    def _group_source(self, path: tuple[str, ...], group: Group | None) -> str:
        names = dict.fromkeys(group.members if group is not None else ())
        depth = len(path)
        for each in self._derived:
            parts = tuple(each.split("."))
            if parts[:depth] == path and len(parts) > depth:
                names[parts[depth]] = None
        inside = ", ".join(f"{name!r}: {self((*path, name))}" for name in names)
        return f"{{{inside}}}"


def _bound(rule_set: RuleSet) -> dict[str, Group | None]:
    """Return the names that are bound while a decision is made: name → fields of its items where they are declared."""
    found: dict[str, Group | None] = dict.fromkeys(rule_set.outputs)
    found.update(dict.fromkeys(("approver", "manager", "credited", "measure", "earned")))
    found = {name: None for name in found if name not in rule_set.tree.members}
    each = rule_set.document.each
    if each is not None:
        here: object = rule_set.tree
        for name in each.list.split("."):
            here = here.members.get(name) if isinstance(here, Group) else None
        found[each.as_] = here.item if isinstance(here, Rows) else None
    return found


def _late(rule_set: RuleSet) -> set[str]:
    """Return the derived names that need, directly or not, what another policy gives."""
    found: set[str] = set()
    for name, made in rule_set.derived.items():
        if isinstance(made, Question) or any(_touches(read, found) for read in made.reads):
            found.add(name)
    return found


def _touches(path: str, names: set[str]) -> bool:
    """Say whether reading `path` reads one of `names`: the same, within it, or a group around it."""
    return any(path == name or path.startswith(f"{name}.") or name.startswith(f"{path}.") for name in names)


class _Writer:
    """Writes functions with one emitter."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._emitter = Emitter(missing="unknown", resolve=resolver, parameters=_PARAMETERS, extent=resolver.extent)
        self._emitter.namespace["_member"] = _member

    def source(self, checked: Checked, subject: str | None) -> str:
        """Return the source of one expression, or of a test of the value at `subject`, a path of the facts."""
        if subject is None:
            return self._emitter.expression(checked)
        return self._emitter.test(checked, self._subject(subject))

    def _subject(self, path: str) -> str:
        names = tuple(path.split("."))
        source = self._resolver(names)
        if source is not None:
            return source
        outer = self._subject(path.rpartition(".")[0])
        return f"_member({outer}, {names[-1]!r})"

    def one(self, checked: Checked, subject: str | None) -> Function:
        """Return the function that gives the value of one expression or test."""
        return self.giving(self.source(checked, subject))

    def giving(self, source: str) -> Function:
        """Return the function that gives what a Python expression gives."""
        return self._emitter.function(f"return {source}")

    def condition(self, parts: Sequence[Part]) -> str:
        """Return the source of all parts together: false wins, then anything that is not true is unknown."""
        sources = [self.source(part.checked, part.subject) for part in parts]
        if not sources:
            return "True"
        if len(sources) == 1:
            return sources[0]
        names = [f"_c{index}" for index in range(len(sources))]
        false = " or ".join(f"({name} := {source}) is False" for name, source in zip(names, sources, strict=True))
        true = " and ".join(f"{name} is True" for name in names)
        return f"False if {false} else True if {true} else None"

    def rules(self, rule_set: RuleSet) -> Any:
        """Return the function that gives two bit masks: the rules that are true, and those that are unknown."""
        first = rule_set.hit_policy is HitPolicy.FIRST
        lines = ["true = unknown = 0"]
        for index, rule in enumerate(rule_set.rules):
            bit = 1 << index
            hit = f"return {bit}, unknown" if first else f"true |= {bit}"
            if not rule.when:
                lines.append(hit)
                if first:
                    break
                continue
            lines += [
                f"c = {self.condition(rule.when)}",
                f"if c is True: {hit}",
                f"elif c is not False: unknown |= {bit}",
            ]
        lines.append("return true, unknown")
        return self._emitter.function("\n".join(lines), "_rules")

    def derive(self, rule_set: RuleSet, late: set[str]) -> Any:
        """Return the function that works out the derived values in order, those of `late` left for later."""
        lines = ["d = env.d", "k = {}"]
        for name, made in rule_set.derived.items():
            if isinstance(made, Question) or name in late:
                lines.append("d.append(None)")
            else:
                lines.append(f"d.append({self.source(made.checked, None)})")
        lines.append("return d")
        return self._emitter.function("\n".join(lines), "_derive", ("env", "f"))


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def compile_rule_set(rule_set: RuleSet, asked: Mapping[str, Program]) -> Program:
    """Compile a rule set.

    Args:
        rule_set: A sound rule set.
        asked: Programs of the policies it asks, by id.
    """
    reader = rule_set.reader
    resolver = Resolver(rule_set, reader)
    writer = _Writer(resolver)
    late = _late(rule_set)
    functions: dict[int, Function] = {}
    inquiries: dict[int, Inquiry] = {}
    for index, (name, made) in enumerate(rule_set.derived.items()):
        if isinstance(made, Question):
            given = {path: writer.one(part.checked, None) for path, part in made.given.items()}
            inquiries[index] = Inquiry(made.policy, made.take, given)
        elif name in late:
            functions[index] = writer.one(made.checked, None)
    return Program(
        rule_set,
        reader,
        writer.rules(rule_set),
        tuple(_formulas(rule.then, writer) for rule in rule_set.rules),
        tuple(rule_set.derived),
        writer.derive(rule_set, late),
        functions,
        inquiries,
        {name: asked[name] for name in rule_set.asked},
        resolver,
    )


def _formulas(then: Mapping[str, Constant | Part], writer: _Writer) -> dict[str, Constant | Function]:
    return {
        name: given if isinstance(given, Constant) else writer.one(given.checked, None) for name, given in then.items()
    }
