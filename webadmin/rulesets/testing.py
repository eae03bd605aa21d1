"""Tests of a policy made, changed and taken out on its pages; they travel in its document, every other byte kept.

Tests are read by everybody who reads the policy. So a test made from what the record holds does not name whom it was:
ids and names of people, customers and deals, and texts of a class not open to all, are put out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from policy import editor
from policy.editor import Value
from policy.engine import Policy
from policy.model.decision import Decision, Status
from policy.model.document import Expect, FieldClass, FieldType, PolicyDocument
from policy.model.fields import Field
from policy.model.written import Entries, Items, Raw
from policy.reader import read
from policy.values import Text
from webadmin.rulesets.drafting import NoDraftError
from webadmin.rulesets.editing import ChangedError, MissingError, reason_cells
from webadmin.store import dated, drafts, naming, revisions
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import CUSTOMERS, DEALS, PEOPLE
from webadmin.store.writer import Transaction

LONGEST_NAME = 200
"""Characters of the name of a test."""

TESTS = "tests"
STATUS, HITS, MISSING, OUTCOME = "status", "hits", "missing", "outcome"


@dataclass(frozen=True, slots=True)
class Neutral:
    """Facts and events that name nobody.

    Attributes:
        replaced: How many names and ids were replaced.
        kept: Fields that are not open to all and keep their values, which rules compare.
    """

    facts: Mapping[str, Any]
    events: Sequence[Any]
    replaced: int
    kept: tuple[Field, ...]


def parts(decision: Decision) -> list[str]:
    """Return what of a decision a test may expect: its status, hits, what was missing, each output."""
    found = [STATUS, HITS]
    if decision.status is Status.UNDETERMINED:
        return [*found, MISSING]
    if isinstance(decision.outcome, Mapping):
        return [*found, *(f"{OUTCOME}.{name}" for name in decision.outcome)]
    return [*found, OUTCOME] if decision.outcome is not None else found


def usual(decision: Decision) -> list[str]:
    """Return those of them that are ticked at first: what it gives; where it gives nothing, its status and why."""
    given = [each for each in parts(decision) if each.startswith(OUTCOME)]
    return given or [each for each in parts(decision) if each != HITS]


def expected(decision: Decision, chosen: Collection[str]) -> dict[str, Value]:
    """Return what a test of a decision says it expects."""
    found: dict[str, Value] = {}
    if STATUS in chosen:
        found[STATUS] = str(decision.status)
    if HITS in chosen:
        found[HITS] = _value(decision.hits)
    if MISSING in chosen:
        found[MISSING] = list(decision.missing)
    outcome = decision.outcome
    if isinstance(outcome, Mapping):
        given = {name: _value(value) for name, value in outcome.items() if f"{OUTCOME}.{name}" in chosen}
        if given:
            found[OUTCOME] = given
    elif outcome is not None and OUTCOME in chosen:
        found[OUTCOME] = _value(outcome)
    return found


def _value(value: Any) -> Value:
    """Return plain data as the editor writes it."""
    if isinstance(value, Mapping):
        return {str(name): _value(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    if value is None or isinstance(value, date | datetime):
        return "null" if value is None else value.isoformat()
    return value if isinstance(value, bool | int | Decimal) else str(value)


def neutral(connection: Connection, policy: Policy, facts: Mapping[str, Any], events: Sequence[Any]) -> Neutral:
    """Return facts and events in which every person, customer and deal the record knows has a neutral name.

    The same name becomes the same one everywhere, so that what was equal stays equal.
    """
    texts = list(dict.fromkeys([*_texts(facts), *_texts(events)]))
    prefixes = _known_names(connection, [each for each in texts if len(each) <= LONGEST_NAME and each.isprintable()])
    closed = {path: each for path, each in policy.rule_set.fields.items() if each.class_ is not FieldClass.OPEN}
    used = {path: list(_at(facts, path.replace("[]", "").split("."))) for path in closed}
    for path, values in used.items():
        if _is_free_text(closed[path]):
            prefixes = {**{each: "x" for each in values if isinstance(each, str)}, **prefixes}
    taken = set(texts) - prefixes.keys()
    new: dict[str, str] = {}
    for text, prefix in prefixes.items():
        new[text] = next(name for name in _numbered(prefix) if name not in taken)
        taken.add(new[text])
    kept = (closed[path] for path, values in used.items() if values and not _is_free_text(closed[path]))
    return Neutral(_renamed(facts, new), _renamed(list(events), new), len(new), tuple(kept))


def _is_free_text(field: Field) -> bool:
    """Say whether a field holds texts of any kind, which no rule can depend on but by comparing two of them."""
    return not field.one_of and FieldType.STRING in (field.type, field.of)


def _numbered(prefix: str) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{prefix}{number}"


def _known_names(connection: Connection, texts: Sequence[str]) -> dict[str, str]:
    """Return those of some texts that are an id or a name the record knows, each with how its new name begins."""
    found: dict[str, str] = {}
    for of, table, prefix in ((Of.CUSTOMER, CUSTOMERS.c, "c"), (Of.PERSON, PEOPLE.c, "p")):
        found |= dict.fromkeys(naming.named(connection, of, texts), prefix)
        for column in (table.name, table.name_en):
            for chunk in dated.chunks(texts):
                chosen = select(column).where(column.in_(chunk))
                found |= dict.fromkeys(connection.execute(chosen).scalars(), prefix)
    for chunk in dated.chunks(texts):
        found |= dict.fromkeys(connection.execute(select(DEALS.c.id).where(DEALS.c.id.in_(chunk))).scalars(), "d")
    return {text: found[text] for text in texts if text in found}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)


def _at(value: Any, names: list[str]) -> Iterator[Any]:
    """Yield the single values at a path, those of every row of a list."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _at(each, names)
    elif names and isinstance(value, Mapping):
        yield from _at(value.get(names[0]), names[1:])
    elif not names and value is not None:
        yield from [value] if not isinstance(value, Mapping) else value.values()


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {name: _renamed(each, names) for name, each in value.items()}
    return [_renamed(each, names) for each in value] if isinstance(value, list | tuple) else value


def item(
    name: str, as_of: str, facts: Mapping[str, Any], events: Sequence[Any], expects: Mapping[str, Value]
) -> dict[str, Value]:
    """Return a test as it is written in the document."""
    made: dict[str, Value] = {"name": name, "as_of": as_of, "given": _value(facts)}
    if events:
        made["events"] = _value(list(events))
    return {**made, "expect": dict(expects)}


def added(made: Mapping[str, Value]) -> Callable[[str], str]:
    """Return the edit that puts a test behind the others."""
    return lambda text: editor.add_item(text, (TESTS,), made)


class HalfNameError(Exception):
    """A name in two languages would be left in one."""


def retitled(before: Text, typed: Mapping[str, str]) -> Text | None:
    """Return what a test is called once its name was typed over; None where none is left.

    Args:
        before: What it was called.
        typed: By language, as `reason_cells` lays a text out; a language that is not there keeps what it has.

    Raises:
        HalfNameError: it had a name in each language, and one of them was emptied.
    """
    was = reason_cells(before)
    now = {**was, **typed}
    if all(" ".join(was[each].split()) == now[each] for each in now):
        return before
    if not any(now.values()):
        return None
    if all(was.values()) and not all(now.values()):
        raise HalfNameError
    return Text(now["zh"] or now["en"], now["en"] or now["zh"])


def expecting(number: int, was: str, expects: Mapping[str, Value], new: Text | None = None) -> Callable[[str], str]:
    """Return the edit that has a test, counted from 1, expect something else.

    Args:
        number: Its place.
        was: What it was called.
        expects: What it is to expect.
        new: What it is called from now on; None where its name stays.
    """

    def edit(text: str) -> str:
        before = text if new is None else renamed(number, was, new)(text)
        return editor.set_value(before, (TESTS, _index(text, number, was), "expect"), expects)

    return edit


def renamed(number: int, was: str, name: Text) -> Callable[[str], str]:
    """Return the edit that gives a test another name."""
    return lambda text: editor.set_value(text, (TESTS, _index(text, number, was), "name"), name)


def removed(number: int, was: str) -> Callable[[str], str]:
    """Return the edit that takes a test out."""
    return lambda text: editor.remove_item(text, (TESTS,), _index(text, number, was))


def _index(text: str, number: int, was: str) -> int:
    """Return the position of a test, found again by its name where others were added or taken out.

    Raises:
        MissingError: it is not there any more.
        ChangedError: several are called so by now.
    """
    document = read(text).document
    names = [each.name for each in document.tests] if isinstance(document, PolicyDocument) else []
    if 0 < number <= len(names) and was in (names[number - 1].zh, names[number - 1].en):
        return number - 1
    same = [at for at, each in enumerate(names) if was in (each.zh, each.en)]
    if len(same) > 1:
        raise ChangedError(was)
    if not same:
        raise MissingError
    return same[0]


def written(record: Record, name: str, edit: Callable[[str], str], what: str, act: Act) -> int:
    """Make an edit of a draft, which is begun where there is none; return the number of its state.

    Raises:
        SourceError: the result would not read; carries the findings.
        ChangedError, MissingError: the test is not there as it was seen.
        NoDraftError: there is no draft, and no revision it could begin from.
        BusyError: it could not be written.
    """

    def work(transaction: Transaction) -> int:
        found = drafts.find(transaction.connection, name)
        if found is not None:
            return drafts.save(transaction, name, edit(found.text), act, since=int(found.version), what=what)
        from_ = revisions.basis(transaction.connection, name, act.today)
        if from_ is None:
            raise NoDraftError
        begun = drafts.begin(transaction, name, from_.text, act, from_.digest, "begun")
        return drafts.save(transaction, name, edit(from_.text), act, since=begun, what=what)

    return record.writer.write(work)


def as_before(before: Expect, decision: Decision) -> dict[str, Value]:
    """Return what a test expects of a decision when it compares the same parts as before, as deep as it did."""
    found: dict[str, Value] = {}
    data = decision.to_data()
    if before.status is not None or decision.status is not Status.DECIDED:
        found[STATUS] = data["status"]
    if before.missing is not None or decision.status is Status.UNDETERMINED:
        found[MISSING] = list(decision.missing)
    for name, old in ((HITS, before.hits), (OUTCOME, before.outcome), ("result", before.result)):
        if old is not None and data[name] is not None:
            found[name] = _as_deep(old, data[name])
    return found


def _as_deep(before: Raw, value: Any) -> Value:
    """Return the part of a value that was compared before: the keys a mapping named, the items of a list."""
    if isinstance(before, Entries) and isinstance(value, Mapping):
        return {each.key: _as_deep(each.value, value[each.key]) for each in before.entries if each.key in value}
    if isinstance(before, Items) and isinstance(value, list) and len(value) == len(before.items):
        return [_as_deep(old, new) for old, new in zip(before.items, value, strict=True)]
    return _value(value)
