"""The form that tries a policy, made from its inputs.

Every input of the page is a control of one flat form; `Part`s say how the controls lie in groups and rows, as the
facts do. The form says what has the wrong shape; the engine says what is wrong with the facts, and its problems
come back here to stand beside the inputs they are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Form

from policy.errors import Problem
from policy.model.document import FieldType
from policy.model.fields import Field, Group, Member
from policy.values import Language
from webadmin.filling.controls import DayControl, EventsControl, TextControl, control_of
from webadmin.filling.happened import History, input_of
from webadmin.filling.typed import Typed, inputs
from webadmin.filters import called, worded

MOST_SHOWN = 4
"""Inputs of a folded row that are shown."""

LONGEST_SHOWN = 40
"""Characters of each."""


def shorten(text: str, most: int) -> str:
    """Cut a text to so many characters; … says so."""
    return text if len(text) <= most else f"{text[:most]}…"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One input of the policy, with its control.

    Attributes:
        rows: The lists it lies in, the outermost first, each with the number of its row from 1.
    """

    declared: Field
    control: TextControl
    pointer: str
    rows: Trail

    @property
    def texts(self) -> list[str]:
        """Return what is typed in it, yes and no in the reader's words."""
        said = {"true": gettext("yes"), "false": gettext("no")} if self.control.shape == "flag" else {}
        return [shorten(said.get(text, text), LONGEST_SHOWN) for text in self.control.raw_data or () if text]


@dataclass(frozen=True, slots=True)
class Block:
    """Inputs under one name.

    Attributes:
        name: Its place in the form; empty for the whole.
    """

    name: str
    parts: tuple[Part, ...]

    @property
    def path(self) -> str:
        """Return its place as the policy writes it, `[]` for any row."""
        return _ROW.sub("[]", self.name)

    def leaves(self) -> Iterator[Leaf]:
        """Yield the inputs in it, those of lists too."""
        for part in self.parts:
            if isinstance(part, Leaf):
                yield part
            else:
                for block in part.rows if isinstance(part, Table) else (part,):
                    yield from block.leaves()

    def summary(self) -> list[str]:
        """Return the first things typed in it, each with what it is called; … where there are more."""
        filled = [leaf for leaf in self.leaves() if leaf.texts]
        said = [
            gettext(
                "%(name)s: %(value)s",
                name=called(leaf.declared),
                value=gettext(", ").join(worded(leaf.texts, leaf.declared)),
            )
            for leaf in filled[:MOST_SHOWN]
        ]
        return said if len(filled) <= MOST_SHOWN else [*said, "…"]

    def wants_look(self) -> bool:
        """Say whether something in it is wrong, or nothing is typed yet."""
        return not self.summary() or any(leaf.control.errors for leaf in self.leaves())


@dataclass(frozen=True, slots=True)
class Table:
    """A list whose rows have inputs of their own.

    Attributes:
        place: Its name in the form.
        rows: One block each, in order; its name is its place.
    """

    declared: Field
    place: str
    rows: tuple[Block, ...]


Part = Leaf | Block | Table
Trail = tuple[tuple[Field, int], ...]

_ROW = re.compile(r"\.\d+(?![^.])")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one input.

    Attributes:
        id: Of the input on the page, and its name in the form.
        label: What it is called, in the reader's language.
        path: Its path where that is not the label; empty where it is, and for the day and the events.
        rows: The lists it lies in, the outermost first, each with the number of its row from 1.
        said: The sentence.
    """

    id: str
    label: str
    path: str
    rows: Trail
    said: str


class Circumstances(Form):
    """When the decision is for, and what happened before."""

    as_of = DayControl(
        label=lazy_gettext("As of"),
        description=lazy_gettext("The day the decision is for; rules, rates and periods are those of that day."),
        declared=Field("as_of", FieldType.DATE),
    )
    events = EventsControl(
        label=lazy_gettext("Events"),
        description=lazy_gettext(
            "What happened to the subject before, as a JSON list. It changes nothing in the answer: a recorded "
            "decision names these events with their digest."
        ),
        declared=Field("events", FieldType.LIST),
    )


class FactsForm:
    """The form of one policy.

    Attributes:
        parts: Its inputs, arranged as the facts are.
        circumstances: The day and the events.
        happened: What happened before, one list for each kind of event its patterns look for; may be empty.
        errors: What is wrong and belongs to no single input.
    """

    def __init__(
        self, tree: Group, typed: Typed, circumstances: MultiDict[str, str], history: History | None = None
    ) -> None:
        self.circumstances = Circumstances(circumstances)
        self._leaves: list[Leaf] = []
        self.parts = self._block("", tree, typed, "", ()).parts
        self._history = history
        told = Group() if history is None else history.tree
        self.happened = self._block("", told, {} if history is None else history.typed, "", ()).parts
        given = MultiDict([*inputs(typed), *(() if history is None else inputs(history.typed))])
        for leaf in self._leaves:
            leaf.control.process(given)
        self.errors: list[str] = []

    def _block(self, name: str, tree: Group, typed: Typed, pointer: str, rows: Trail) -> Block:
        place = f"{name}." if name else ""
        parts = [
            self._part(member, typed[each], f"{place}{each}", f"{pointer}/{_escaped(each)}", rows)
            for each, member in tree.members.items()
        ]
        return Block(name, tuple(parts))

    def _part(self, member: Member, typed: Any, place: str, pointer: str, rows: Trail) -> Part:
        if isinstance(member, Group):
            return self._block(place, member, typed, pointer, rows)
        if isinstance(member, Field):
            control = control_of(member)(declared=member, label=member.path, name=place, _form=self.circumstances)
            self._leaves.append(Leaf(member, control, pointer, rows))
            return self._leaves[-1]
        items = tuple(
            self._block(
                f"{place}.{number}", member.item, row, f"{pointer}/{number}", (*rows, (member.field, number + 1))
            )
            for number, row in enumerate(typed)
        )
        return Table(member.field, place, items)

    def validate(self) -> bool:
        """Say whether everything typed has the shape its input asks for."""
        sound = [leaf.control.validate(self.circumstances) for leaf in self._leaves]
        return self.circumstances.validate() and all(sound)

    def facts(self) -> dict[str, Any]:
        """Return the facts as typed; what was left empty is left out."""
        return _facts(self.parts)

    def events(self) -> list[Any]:
        """Return the events as typed that a decision is given: none where patterns look for them."""
        return [] if self.happened else self._as_text()

    def history(self) -> list[dict[str, Any]]:
        """Return what happened before, as rows and as JSON."""
        return [*(event for _, event in self._told()), *self._as_text()]

    def _as_text(self) -> list[Any]:
        return self.circumstances.events.data or []

    def _told(self) -> list[tuple[str, dict[str, Any]]]:
        if self._history is None:
            return []
        return self._history.events({each.pointer: each.control.data for each in self._leaves})

    def refuse(self, problems: Iterable[Problem], language: Language) -> None:
        """Put the engine's problems beside the inputs they are about; an input that has an error keeps only that."""
        places = {leaf.pointer: leaf.control for leaf in self._leaves}
        rows = [pointer for pointer, _ in self._told()]
        for problem in problems:
            control = places.get(problem.pointer)
            if problem.pointer.startswith("/events/"):
                number, _, rest = problem.pointer.removeprefix("/events/").partition("/")
                at = int(number) if number.isdecimal() else len(rows)
                inside = at < len(rows)
                control = places.get(f"{rows[at]}/{input_of(rest)}") if inside else self.circumstances.events
            if control is None:
                self.errors.append(f"{problem.pointer}: {problem.text(language)}")
            elif not control.errors:
                control.errors = [_sentence(problem, language)]

    def lacking(self) -> list[str]:
        """Return what the inputs are called that are needed and hold nothing."""
        leaves = Block("", self.parts).leaves()
        return list(
            dict.fromkeys(called(each.declared) for each in leaves if each.declared.required and not each.texts)
        )

    def mistakes(self) -> list[Mistake]:
        """Return everything that is wrong with single inputs, in the order of the page."""
        found = [
            Mistake(each.id, str(each.label.text), "", (), error)
            for each in self.circumstances
            for error in each.errors
        ]
        for leaf in self._leaves:
            label, path = called(leaf.declared), leaf.declared.path
            beside = "" if label == path else path
            found += [Mistake(leaf.control.id, label, beside, leaf.rows, error) for error in leaf.control.errors]
        return found


def _sentence(problem: Problem, language: Language) -> str:
    """Return what is wrong with the input it stands beside: what is not there needs no name."""
    return gettext("is missing; the policy needs it") if problem.code == "facts-missing" else problem.text(language)


def _facts(parts: Iterable[Part]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        name, value = _fact(part)
        if value is not None:
            found[name] = value
    return found


def _fact(part: Part) -> tuple[str, Any]:
    """Return the name and value of one part; None where nothing was typed in it.

    An empty list is a list where one is required, and nothing where it may be left out.
    """
    if isinstance(part, Block):
        return part.name.rpartition(".")[2], _facts(part.parts) or None
    name, required = part.declared.name, part.declared.required
    if isinstance(part, Leaf):
        value = part.control.data
        return name, [] if value is None and required and part.declared.type is FieldType.LIST else value
    return name, [_facts(row.parts) for row in part.rows] or ([] if required else None)


def _escaped(name: str) -> str:
    """Write a name as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
