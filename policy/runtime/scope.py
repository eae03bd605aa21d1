"""Names with their values while a section is carried out: what `policy.kinds.base.Scope` asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from policy.compilers.python import Program
from policy.errors import EvaluationError
from policy.feel import types as feel
from policy.feel.checker import lookups, paths
from policy.feel.nodes import Node
from policy.feel.problems import Note, noting
from policy.model import reading
from policy.model.fields import Field
from policy.model.ruleset import Part, Question
from policy.model.written import Condition, Expression, Raw
from policy.runtime.environment import Environment
from policy.runtime.splitting import leaf_nodes


class RuntimeScope:
    """The names of one decision, or of one item of it under `each`.

    Attributes:
        program: The compiled policy.
        env: The decision under way.
        facts: Decoded facts.
        names: Names bound besides: the item, outputs, and what the kind provides.
        alias: Name of the item and its place in the facts (`credit`, `credits[2]`); None outside items.
    """

    __slots__ = ("_items", "alias", "env", "facts", "names", "program")

    def __init__(
        self,
        program: Program,
        env: Environment,
        facts: Any,
        names: Mapping[str, Any],
        *,
        alias: tuple[str, str] | None = None,
        items: Sequence[RuntimeScope] = (),
    ) -> None:
        self.program = program
        self.env = env
        self.facts = facts
        self.names = names
        self.alias = alias
        self._items = items

    @property
    def today(self) -> date:
        """Return the day the decision is for."""
        return self.env.today

    @property
    def items(self) -> Sequence[RuntimeScope]:
        """Return one scope per item under `each`; only this one without."""
        return self._items if self.program.rule_set.document.each is not None and self.alias is None else [self]

    def binding(self, names: Mapping[str, Any]) -> RuntimeScope:
        """Return a scope that also knows `names`."""
        together = {**self.names, **names}
        return RuntimeScope(self.program, self.env, self.facts, together, alias=self.alias, items=self._items)

    def part(self, part: Part) -> Any:
        """Return the value of a checked expression."""
        return self.program.function(part)(self.env, self.facts, self.names)

    def node(self, part: Part, node: Node) -> Any:
        """Return the value of one node inside a checked expression; None where it meets a bound."""
        if node is part.checked.node:
            return self.part(part)
        function = self.program.function_of(part, node)
        try:
            return function(self.env, self.facts, self.names)
        except EvaluationError:
            return None

    def value(self, expression: Expression) -> Any:
        """Return the value of an expression of the section."""
        return self.part(self.program.rule_set.expressions[expression])

    def holds(self, condition: Condition | None) -> bool | None:
        """Say whether a condition is true, false or unknown."""
        if condition is None:
            return True
        return self.all_hold(self.program.rule_set.conditions[condition])

    def all_hold(self, parts: Sequence[Part]) -> bool | None:
        """Say whether all parts are true; one that is false decides, else one that is not true is unknown."""
        unknown = False
        for part in parts:
            value = self.part(part)
            if value is False:
                return False
            unknown = unknown or value is not True
        return None if unknown else True

    def output(self, name: str) -> Any:
        """Return an output, unrounded."""
        return self.names.get(name)

    def output_of(self, section: str) -> Any:
        """Return the output whose items are ids of `section`; None when it has no value."""
        for output in self.program.rule_set.outputs.values():
            if output.section == section:
                return self.names.get(output.name)
        return None

    def literal(self, raw: Raw, output: str) -> Any:
        """Return what a value written in the section means as a value of `output`."""
        declared = self.program.rule_set.outputs[output]
        field = Field(output, declared.type, declared.of, declared.one_of, declared.unit, declared.scale)
        return reading.from_raw(field, raw)[0]

    def read(self, path: str) -> Any:
        """Return the value at a path, None when it is missing or undeclared."""
        names = path.split(".")
        for end in range(len(names), 0, -1):
            if names[0] in self.names:
                return _walk(self.names[names[0]], names[1:])
            function = self.program.value_at(".".join(names[:end]))
            if function is not None:
                return _walk(function(self.env, self.facts, self.names), names[end:])
        return None

    def unit(self, expression: Expression) -> str | None:
        """Return the unit of an expression's value: the currency itself where a path holds it."""
        part = self.program.rule_set.expressions.get(expression)
        if part is None or not isinstance(part.checked.type, feel.NumberType):
            return None
        unit = part.checked.type.unit
        return self.read(unit) if unit is not None and "." in unit else unit

    def missing(self, *slots: Condition | Expression | None) -> list[str]:
        """Return the paths these read whose value is missing here, in order, without doubles."""
        found: dict[str, None] = {}
        for slot in slots:
            for part in self._parts(slot):
                found.update(dict.fromkeys(self.missing_in(part)))
        return list(found)

    def _parts(self, slot: Condition | Expression | None) -> Sequence[Part]:
        rules = self.program.rule_set
        if slot is None:
            return ()
        if slot in rules.conditions:
            return rules.conditions[slot]
        if isinstance(slot, Expression) and slot in rules.expressions:
            return (rules.expressions[slot],)
        return ()

    def missing_in(self, part: Part) -> Iterator[str]:
        """Yield the paths a checked expression reads whose value is missing here."""
        read = part.reads if part.subject is not None else self._read_by_unknown(part)
        found = [missing for path in read for missing in self._missing_at(path, part.text)]
        yield from found or self._without_row(part)

    def _read_by_unknown(self, part: Part) -> list[str]:
        """Return what those parts of a condition read that are unknown: asking for null is not."""
        unknown = [each for each, _ in leaf_nodes(part.checked.node) if self.node(part, each) is None]
        read = {".".join(path) for each in unknown for path in paths(each)}
        return [path for path in part.reads if path in read]

    def _without_row(self, part: Part) -> Iterator[str]:
        """Yield the lookups of a checked expression that found no row, with the key they looked for."""
        if lookups(part.checked.node):
            notes: list[Note] = []
            with noting(notes):
                self.part(part)
            for note in notes:
                if note.code == "lookup-no-row":
                    yield f"reference/{note.values['name']}: {note.values['found']}"

    def missing_among(self, paths: Sequence[str], text: str) -> list[str]:
        """Return what is missing of the paths that `text` reads, in order, without doubles."""
        return list(dict.fromkeys(missing for path in paths for missing in self._missing_at(path, text)))

    def _missing_at(self, path: str, text: str) -> Iterator[str]:
        made = self.program.rule_set.derived.get(path)
        value = self.read(path)
        if value is None and isinstance(made, Question):
            yield from self.env.answer(self.program.derived.index(path)).missing
        elif value is None and isinstance(made, Part):
            inside = list(self.missing_in(made))
            yield from inside or [path]
        elif value is None:
            yield self._shown(path)
        elif isinstance(value, list):
            yield from _missing_inside(value, self._shown(path), text)

    def _shown(self, path: str) -> str:
        """Return a path as the facts have it: the item's own place for the name it has under `each`."""
        if self.alias is not None and (path == self.alias[0] or path.startswith(f"{self.alias[0]}.")):
            return self.alias[1] + path[len(self.alias[0]) :]
        return path


def _walk(value: Any, names: Sequence[str]) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _missing_inside(rows: list[Any], path: str, text: str) -> Iterator[str]:
    """Yield the missing fields of a list's items, of those the expression names."""
    for index, row in enumerate(rows):
        if row is None:
            yield f"{path}[{index}]"
        elif isinstance(row, dict):
            yield from (f"{path}[{index}].{name}" for name, value in row.items() if value is None and name in text)
