"""Changes of a policy's text as the pages ask for them, each carried out by the engine's editor.

A change names what its reader saw, so that it can be made on a text somebody else has changed meanwhile: either it
means the same there, or it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from policy import editor
from policy.editor import Edit, Value
from policy.errors import SourceError
from policy.model.document import Combine, FieldType, OutputOptions, PolicyDocument, RuleItem
from policy.model.written import Cells, Expression, Items, Raw, Scalar
from policy.reader import read
from policy.values import Text
from webadmin.rulesets import typed
from webadmin.rulesets.known import Known
from webadmin.rulesets.table import in_rules
from webadmin.rulesets.taking import closed

_CHINESE = re.compile("[\u3400-\u9fff]")

ANY = "-"
"""How a person writes that any value will do."""

MOST = 2000
"""Changes that can be made at once, by pasting."""


class ChangedError(Exception):
    """What was to be changed is not what its reader saw any more.

    Attributes:
        now: What stands there by now.
    """

    def __init__(self, now: str) -> None:
        super().__init__(now)
        self.now = now


class MissingError(Exception):
    """What was to be changed is not there any more."""


class HalfError(Exception):
    """A reason in two languages would be left in one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        what: `cell`, `when`, `then`, `because`, `add`, `copy`, `move`, `remove`, `rename`, `title`, `add-column`,
            `remove-column`, `move-column`.
        rule: Id of the rule; empty for the title; `+1` is the first rule added by the same request.
        part: Path of the field, name of the output, or language; empty where there is only one, and for both languages.
        value: What was typed; of a column that moves the one it changes places with.
        was: What stood there when it was typed; None where that does not matter.
        over: The same where nobody else can have changed it meanwhile, so that it is no reason to refuse anything.
    """

    what: str
    rule: str = ""
    part: str = ""
    value: str = ""
    was: str | None = None
    over: str | None = None


def changed(text: str, change: Change, known: Known) -> str:
    """Return a text with a change made.

    Args:
        text: The document.
        change: What to do.
        known: What its rules may name: of what type a cell is.

    Raises:
        SourceError: the result would not read; carries the findings.
        ChangedError: somebody else has changed the same part.
        MissingError: the rule is not there any more, or this cannot be done to a policy.
        HalfError: a reason in two languages would be left in one.
    """
    document = _policy(text)
    if change.what in _EDITS:
        edit = edit_of(document, change, known)
        return text if edit is None else editor.made(text, [edit])
    if change.what not in _CHANGES:
        raise MissingError
    return _CHANGES[change.what](text, document, change, known)


def is_edit(change: Change) -> bool:
    """Say whether a change is one inside a rule."""
    return change.what in _EDITS


def edit_of(document: PolicyDocument, change: Change, known: Known) -> Edit | None:
    """Return a change inside a rule as an edit; None where it is so already. Raises as `changed` does."""
    return _EDITS[change.what](document, change, known)


def _policy(text: str) -> PolicyDocument:
    document = read(text).document
    if not isinstance(document, PolicyDocument):
        raise MissingError
    return document


def names(text: str) -> list[str]:
    """Return the ids of the rules of a text, in order; none where it cannot be read."""
    document = read(text).document
    return [str(each.id) for each in document.rules] if isinstance(document, PolicyDocument) else []


def name_for(document: PolicyDocument, wanted: str, coming: Iterable[str] = ()) -> str:
    """Return an id for a rule that no other has, nor those that are coming, as near to a wanted one as can be."""
    plain = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-") or "rule"
    plain = plain if plain[0].isalpha() else f"rule-{plain}"
    taken = {*(each.id for each in document.rules), *coming}
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return plain if plain not in taken else next(each for each in numbered if each not in taken)


def reason_cells(reason: Text | None) -> dict[str, str]:
    """Return a reason by language as its cells show it: one text for both stands in the cell of its own language."""
    if reason is None:
        return {"zh": "", "en": ""}
    if reason.zh != reason.en:
        return {"zh": reason.zh, "en": reason.en}
    is_chinese = _CHINESE.search(reason.zh) is not None
    return {"zh": reason.zh if is_chinese else "", "en": "" if is_chinese else reason.en}


def written(raw: Raw) -> str:
    """Write a value as it stands in the document, without YAML's quoting."""
    if isinstance(raw, Scalar):
        return raw.text
    if isinstance(raw, Items):
        return ", ".join(written(item) for item in raw.items)
    return ", ".join(f"{entry.key}: {written(entry.value)}" for entry in raw.entries)


def _rule(document: PolicyDocument, name: str) -> RuleItem:
    found = next((each for each in document.rules if each.id == name), None)
    if found is None:
        raise MissingError
    return found


def _seen(change: Change, now: str) -> None:
    if change.was is not None and now not in (change.was, change.value):
        raise ChangedError(now)


def _cell(document: PolicyDocument, change: Change, known: Known) -> Edit | None:
    when = _rule(document, change.rule).when
    if isinstance(when, Expression):
        raise ChangedError(when.text)
    cells = {each.key: written(each.value) for each in when.cells} if isinstance(when, Cells) else {}
    now = cells.get(change.part, "")
    _seen(change, "" if now == ANY else now)
    wanted = change.value.strip()
    if wanted in ("", ANY):
        return editor.setting_cell(change.rule, change.part, None) if change.part in cells else None
    return editor.setting_cell(change.rule, change.part, typed.cell(wanted, known.fields.get(change.part)))


def _when(document: PolicyDocument, change: Change, _known: Known) -> Edit | None:
    when = _rule(document, change.rule).when
    _seen(change, when.text if isinstance(when, Expression) else "")
    return editor.setting_when(change.rule, change.value.strip() or None)


def _then(document: PolicyDocument, change: Change, known: Known) -> Edit | None:
    given = {each.key: written(each.value) for each in _rule(document, change.rule).then.entries}
    _seen(change, given.get(change.part, ""))
    wanted, output = change.value.strip(), known.outputs.get(change.part)
    if not wanted and change.part not in given:
        return None
    value: Value | None = None
    if wanted:
        value = editor.typed(wanted) if output is None else typed.outcome(wanted, output)
    return editor.setting_outcome(change.rule, change.part, value)


def _because(document: PolicyDocument, change: Change, _known: Known) -> Edit | None:
    """Change the reason in one language, or take it out in both: `part` is empty then.

    The first text of a reason stands for both languages until the other's empty cell is typed into; once there are
    two, neither takes the other's place.
    """
    before = _rule(document, change.rule).because
    if not change.part:
        return editor.setting_because(change.rule, None)
    if before is None or before.zh == before.en:
        return editor.setting_because(change.rule, _of_one(before, change))
    texts = reason_cells(before)
    _seen(change, texts.get(change.part, ""))
    texts[change.part] = change.value.strip()
    if not all(texts.values()):
        raise HalfError
    return editor.setting_because(change.rule, Text(**texts))


def _of_one(before: Text | None, change: Change) -> Text | None:
    """Return what a change of one language makes of a reason that has at most one text."""
    one, wanted = before.zh if before else "", change.value.strip()
    shown = reason_cells(before).get(change.part, "")
    if not one or change.was != one:
        _seen(change, shown)
    over = next((each for each in (change.was, change.over) if each is not None), shown or None)
    if not wanted:
        return before if over == "" else None
    if one and not over:
        return replace(before or Text(one, one), **{change.part: wanted})
    return Text(wanted, wanted)


def _add(text: str, document: PolicyDocument, change: Change, _known: Known) -> str:
    above = _rule(document, change.rule) if change.rule else document.rules[-1]
    rule = _new(document, above, name_for(document, change.value or "rule"))
    return editor.add_rule(text, rule, after=above.id)


def added(text: str, wanted: Sequence[str]) -> str:
    """Add rules at the end, called as near to what is wanted as can be; see `_new`.

    Raises:
        SourceError: the result would not read.
    """
    document = _policy(text)
    rules: list[dict[str, Value]] = []
    for each in wanted:
        name = name_for(document, each or "rule", [str(rule["id"]) for rule in rules])
        rules.append(_new(document, document.rules[-1], name))
    return editor.add_items(text, ("rules",), rules)


def _new(document: PolicyDocument, above: RuleItem, name: str) -> dict[str, Value]:
    """Return a rule with no condition yet, giving as little as the outputs allow.

    What a decision would lack without is nothing of a list, 0 of a sum, and else what the rule above gives.
    """
    given = {each.key: _value(each.value) for each in above.then.entries}
    owed = {name: each for name, each in document.outputs.items() if each.default is None and not each.optional}
    then = {output: _neutral(owed[output], value) for output, value in given.items() if output in owed}
    return {"id": name, "then": then}


def _neutral(output: OutputOptions, above: Value) -> Value:
    if output.type is FieldType.LIST:
        return []
    return 0 if output.combine is Combine.SUM else above


def _value(raw: Raw) -> Value:
    if isinstance(raw, Scalar):
        return editor.typed(raw.text) if raw.plain else raw.text
    if isinstance(raw, Items):
        return [_value(each) for each in raw.items]
    return {each.key: _value(each.value) for each in raw.entries}


def _copy(text: str, document: PolicyDocument, change: Change, _known: Known) -> str:
    _rule(document, change.rule)
    return editor.copy_rule(text, change.rule, name_for(document, change.value or f"{change.rule}-copy"))


def _move(text: str, document: PolicyDocument, change: Change, _known: Known) -> str:
    """Move a rule up or down, or to a place counted from 1."""
    names = [str(each.id) for each in document.rules]
    if change.rule not in names:
        raise MissingError
    here = names.index(change.rule)
    steps = {"up": here - 1, "down": here + 1}
    to = steps[change.value] if change.value in steps else int(change.value) - 1 if change.value.isdecimal() else here
    to = min(max(to, 0), len(names) - 1)
    return text if to == here else editor.move_rule(text, change.rule, to=to)


def _remove(text: str, document: PolicyDocument, change: Change, _known: Known) -> str:
    _rule(document, change.rule)
    return editor.remove_rule(text, change.rule)


def _rename(document: PolicyDocument, change: Change, _known: Known) -> Edit | None:
    _rule(document, change.rule)
    wanted = change.value.strip()
    return None if wanted == change.rule else editor.renaming_rule(change.rule, wanted)


def _title(text: str, document: PolicyDocument, change: Change, _known: Known) -> str:
    texts = {"zh": document.title.zh, "en": document.title.en}
    _seen(change, texts.get(change.part, ""))
    texts[change.part] = change.value.strip()
    return editor.set_title(text, Text(texts["zh"], texts["en"]))


def _add_column(text: str, document: PolicyDocument, change: Change, known: Known) -> str:
    """Declare a field of the vocabulary as an input; facts may lack it, for those there are so far do."""
    path = next((each for each in known.shared if in_rules(each, document) == change.part), None)
    if change.part in known.fields:
        return text
    if path is None:
        raise MissingError
    declared = {each.path for each in document.inputs}
    wanted = [each for each in closed({path}, known.shared) if each not in declared]
    return editor.add_items(text, ("inputs",), [{each: {"optional": True}} for each in wanted])


def _remove_column(text: str, _document: PolicyDocument, change: Change, _known: Known) -> str:
    return editor.remove_column(text, change.part)


def _move_column(text: str, document: PolicyDocument, change: Change, _known: Known) -> str:
    """Move the input a column is of to where that of another stands."""
    order = {in_rules(each.path, document): at for at, each in enumerate(document.inputs)}
    if change.part not in order or change.value not in order:
        raise MissingError
    return editor.move_item(text, ("inputs",), order[change.part], to=order[change.value])


_EDITS: Mapping[str, Callable[[PolicyDocument, Change, Known], Edit | None]] = {
    "cell": _cell,
    "when": _when,
    "then": _then,
    "because": _because,
    "rename": _rename,
}
"""Changes inside one rule: of several rules they can be made at once."""

_CHANGES: Mapping[str, Callable[[str, PolicyDocument, Change, Known], str]] = {
    "add": _add,
    "copy": _copy,
    "move": _move,
    "remove": _remove,
    "title": _title,
    "add-column": _add_column,
    "remove-column": _remove_column,
    "move-column": _move_column,
}

WHAT: Sequence[str] = (*_EDITS, *_CHANGES)
"""What can be asked for."""

__all__ = [
    "ANY",
    "MOST",
    "WHAT",
    "Change",
    "ChangedError",
    "HalfError",
    "MissingError",
    "SourceError",
    "added",
    "changed",
    "edit_of",
    "is_edit",
    "name_for",
    "names",
    "reason_cells",
    "written",
]
