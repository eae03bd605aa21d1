"""Typed stages in the text of their policy: what was changed is written, what is wrong is said where it was typed.

What is said has the name of its input: a part of a stage (`s0.id`, `s0.who.1`), or the stage (`s0`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext

from policy import editor
from policy.conditions import normal
from policy.editor import Value
from policy.editor.places import Document
from policy.errors import Finding, Place, SourceError
from policy.kinds.approval import ApprovalSection, Stage
from policy.model.document import PolicyDocument
from policy.model.written import Items, Raw, Scalar
from policy.reader import read as read_document
from webadmin.filling.controls import number
from webadmin.library import Look
from webadmin.rulesets import rowtext, rulecheck, stageform
from webadmin.rulesets.editing import MissingError
from webadmin.rulesets.ruletext import MistakesError, Said, tried
from webadmin.rulesets.stageform import Knows, StageForm

STAGES = ("stages",)


@dataclass(frozen=True, slots=True)
class Use:
    """What names a stage, so that it cannot be taken out.

    Attributes:
        rules: Ids of the rules that give it.
        formulas: Ids of those of them that name it in a formula.
        late: Ids of the stages that go to it when their time is over.
        outputs: Outputs that are it where no rule gives them.
    """

    rules: tuple[str, ...]
    formulas: tuple[str, ...]
    late: tuple[str, ...]
    outputs: tuple[str, ...]


def stages_of(document: object) -> tuple[Stage, ...]:
    """Return the stages of a policy.

    Raises:
        MissingError: it is of another kind, or none.
    """
    section = document.section if isinstance(document, PolicyDocument) else None
    if not isinstance(section, ApprovalSection):
        raise MissingError
    return section.stages


def use_of(document: PolicyDocument, stage: str) -> Use:
    """Return what of a policy names a stage."""
    giving = {name for name, each in document.outputs.items() if each.of == "stages"}
    given = {
        rule.id: [text for entry in rule.then.entries if entry.key in giving for text in _texts(entry.value)]
        for rule in document.rules
    }
    formulas = tuple(rule for rule, texts in given.items() if any(_formula(each, stage) for each in texts))
    rules = tuple(rule for rule, texts in given.items() if stage in texts or rule in formulas)
    late = tuple(each.id for each in stages_of(document) if each.late == stage and each.id != stage)
    defaults = {name: document.outputs[name].default for name in giving}
    outputs = tuple(name for name, raw in defaults.items() if raw is not None and stage in _texts(raw))
    return Use(rules, formulas, late, outputs)


def mistakes(stages: Sequence[StageForm], knows: Knows) -> Said:
    """Return what cannot be written, by the name of its input."""
    said: Said = {}
    for at, each in enumerate(stages):
        others = {name for other in stages if other is not each for name in (other.was, other.id)}
        said.update(_mistakes(f"s{at}", each, others, knows))
    return {name: below for name, below in said.items() if below}


def written(text: str, stages: Sequence[StageForm], knows: Knows) -> str:
    """Return the text of a policy with its stages as they were typed; those that are not among them are taken out.

    Raises:
        MistakesError: the result would not read, or a stage is named by what cannot follow a new name.
        MissingError: a stage is not there any more.
    """
    document = read_document(text).document
    before = {str(each.id): each for each in stages_of(document)}
    if not isinstance(document, PolicyDocument) or any(each.was and each.was not in before for each in stages):
        raise MissingError
    for at, each in enumerate(stages):
        place = f"s{at}"
        if each.is_new:
            text = tried(place, partial(editor.add_item, text, STAGES, _whole(each, knows)))
        else:
            text = _changed(text, place, before[each.was], each, knows)
    for gone in before.keys() - {each.was for each in stages}:
        text = tried("stages", partial(editor.remove_item, text, STAGES, gone))
    text = _ordered(text, [each.was or each.id for each in stages])
    for at, each in enumerate(stages):
        if each.was and each.id != each.was:
            text = _renamed(text, f"s{at}.id", document, each)
    return text


def placed(look: Look, stages: Sequence[StageForm], knows: Knows) -> dict[str, list[Finding]]:
    """Return the findings of the stages of a text by the name of the input they belong to.

    Args:
        look: At the policy with the stages as they are typed.
        stages: As they are typed.
        knows: What they may name.
    """
    try:
        own, document = stages_of(look.document), Document(look.text)
    except (MissingError, SourceError):
        return {}
    forms = {each.id: (f"s{at}", each) for at, each in enumerate(stages)}
    starts: list[tuple[Place, str]] = []
    for stage in own:
        if stage.id in forms:
            starts += _starts(document, stage, *forms[stage.id], knows)
    return rowtext.among(look, document.node(STAGES).end, starts)


def _starts(document: Document, stage: Stage, place: str, form: StageForm, knows: Knows) -> list[tuple[Place, str]]:
    """Return where each input's part of the text begins."""
    found = rowtext.keys_of(document, (*STAGES, stage.id), stage.place, place)
    for typed, expression, known in ((form.who, stage.who, knows.who), (form.unless, stage.unless, knows.unless)):
        if expression is not None:
            found += rowtext.parts_of(typed, expression, known)
    return found


def _mistakes(place: str, each: StageForm, others: set[str], knows: Knows) -> Said:
    said = {**rulecheck.of_condition(each.who, knows.who), **rulecheck.of_condition(each.unless, knows.unless)}
    if not normal(each.who).parts:
        said[f"{place}.who"] = [gettext("Say who may act in this stage.")]
    said |= rowtext.of_id(place, each.id, others)
    if _whole_number(each.need or "1") is None:
        said[f"{place}.need"] = [gettext("Give a whole number from 1 on, as in 2.")]
    if each.within and each.unit != "iso" and _whole_number(each.within) is None:
        said[f"{place}.within"] = [gettext("Give a whole number from 1 on, as in 2.")]
    return said


def _whole_number(text: str) -> int | None:
    try:
        found = number(text)
    except ValueError:
        return None
    return int(found) if found == found.to_integral_value() and 0 < found < 1_000_000 else None


def _changed(text: str, place: str, stage: Stage, form: StageForm, knows: Knows) -> str:
    base = stageform.of_stage(stage, knows)
    rowtext.check_label(place, form.label, base.label)
    changes: list[tuple[str, bool, Callable[[], Value | None]]] = [
        ("label", form.label != base.label, lambda: rowtext.label_of(form.label)),
        ("who", normal(form.who) != normal(base.who), lambda: rowtext.written_of(form.who, knows.who)),
        ("need", (form.need or "1") != base.need, lambda: _whole_number(form.need or "1")),
        ("unless", normal(form.unless) != normal(base.unless), lambda: rowtext.written_of(form.unless, knows.unless)),
        ("within", (form.within, form.unit) != (base.within, base.unit), lambda: _within(form)),
        ("late", form.late != base.late, lambda: form.late or None),
    ]
    for key, is_other, value in changes:
        now = value() if is_other else None
        if is_other and (now is not None or getattr(stage, key) is not None):
            text = tried(f"{place}.{key}", partial(editor.set_value, text, (*STAGES, stage.id, key), now))
    return text


def _whole(form: StageForm, knows: Knows) -> dict[str, Value]:
    """Return a new stage as the document has it."""
    need = _whole_number(form.need or "1")
    told: dict[str, Value | None] = {
        "id": form.id,
        "label": rowtext.label_of(form.label),
        "who": rowtext.written_of(form.who, knows.who),
        "need": None if need == 1 else need,
        "unless": rowtext.written_of(form.unless, knows.unless),
        "within": _within(form),
        "late": form.late or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _within(form: StageForm) -> str | None:
    if not form.within:
        return None
    if form.unit == "iso":
        return form.within
    return f"P{'T' * (form.unit == 'H')}{_whole_number(form.within)}{form.unit}"


def _ordered(text: str, wanted: Sequence[str]) -> str:
    now = [str(each.id) for each in stages_of(read_document(text).document)]
    for at, name in enumerate(wanted):
        if now[at] != name:
            text = tried(f"s{at}", partial(editor.move_item, text, STAGES, name, to=at))
            now.remove(name)
            now.insert(at, name)
    return text


def _renamed(text: str, name: str, document: PolicyDocument, form: StageForm) -> str:
    """Return a text with another name for a stage; one a formula gives cannot be renamed here."""
    formulas = use_of(document, form.was).formulas
    if formulas:
        said = gettext("A formula names this stage: change it there first. Rules: %(rules)s", rules=", ".join(formulas))
        raise MistakesError({name: [said]})
    return tried(name, partial(editor.rename_item, text, STAGES, form.was, form.id))


def _texts(raw: Raw) -> list[str]:
    if isinstance(raw, Scalar):
        return [raw.text]
    return [text for item in raw.items for text in _texts(item)] if isinstance(raw, Items) else []


def _formula(text: str, stage: str) -> bool:
    return text.lstrip().startswith("=") and f'"{stage}"' in text
