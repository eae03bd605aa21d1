"""Resolves declared fields: the vocabulary's, a policy's refinements of them, and local declarations."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from policy.errors import Place, did_you_mean
from policy.linker.log import Log
from policy.model import reading
from policy.model.document import FieldClass, FieldOptions, FieldType, InputItem, VocabularyDocument
from policy.model.events import EventType
from policy.model.fields import Field
from policy.model.written import Raw
from policy.values import Text

_PLAIN = {str(each) for each in FieldType} - {"list", "context"}

_PEOPLE = {"person", "manager", "managers", "approver", "approvers", "requester", "employee"}
"""Groups that mean a person of the organisation: what is forbidden of `person` is forbidden of them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The shared fields.

    Attributes:
        fields: Path → field.
        groups: Path of a list → name of the group its items are made of.
        events: Name → type of event.
        digest: Digest of its document; None where there is no vocabulary.
    """

    fields: Mapping[str, Field] = attribute(default_factory=dict)
    groups: Mapping[str, str] = attribute(default_factory=dict)
    events: Mapping[str, EventType] = attribute(default_factory=dict)
    digest: str | None = None


def vocabulary(document: VocabularyDocument, log: Log) -> Vocabulary:
    """Resolve the fields of the vocabulary; those with findings are left out."""
    found: dict[str, Field] = {}
    for path, options in document.fields.items():
        resolved = declared(path, options, log, vocabulary=True)
        if resolved is not None:
            found[path] = resolved
    groups = {path: options.of for path, options in document.fields.items() if options.of not in (None, *_PLAIN)}
    return Vocabulary(found, {path: of for path, of in groups.items() if of is not None}, digest=document.digest)


def declared(path: str, options: FieldOptions, log: Log, *, vocabulary: bool = False) -> Field | None:
    """Resolve a field declared from scratch; None when it has no type."""
    if options.class_ is FieldClass.FORBIDDEN:
        return Field(path, FieldType.STRING, class_=FieldClass.FORBIDDEN, vocabulary=vocabulary)
    if options.type is None:
        log.add("field-without-type", options.place, name=path, expected=tuple(FieldType))
        return None
    return _with_options(Field(path, options.type, vocabulary=vocabulary), options, log)


def refined(base: Field, options: FieldOptions, log: Log) -> Field:
    """Resolve a policy's refinement of a vocabulary field; it may narrow it, never widen it."""
    if options.type is not None and options.type is not base.type:
        log.add("type-clash", options.place, name=base.path, found=str(options.type), expected=str(base.type))
        return base
    result = _with_options(base, options, log)
    for wider in _widened(base, result):
        log.add("refinement-widens", options.place, name=base.path, key=wider)
    return result


def _widened(base: Field, result: Field) -> list[str]:
    wider = []
    if base.one_of is not None and not set(result.one_of or ()) <= set(base.one_of):
        wider.append("one_of")
    if base.scale is not None and (result.scale or 0) > base.scale:
        wider.append("scale")
    if base.min is not None and result.min is not None and result.min < base.min:
        wider.append("min")
    if base.max is not None and result.max is not None and result.max > base.max:
        wider.append("max")
    if base.class_ is not FieldClass.OPEN and result.class_ is not base.class_:
        wider.append("class")
    if base.unit is not None and result.unit != base.unit:
        wider.append("unit")
    return wider


def _with_options(field: Field, options: FieldOptions, log: Log) -> Field:
    _fitting(field, options, log)
    _shared(field, options, log)
    changes: dict[str, Any] = {
        name: value
        for name, value in (
            ("unit", options.unit),
            ("scale", options.scale),
            ("class_", options.class_),
            ("label", options.label),
            ("names", None if options.names is None else {**field.names, **options.names}),
            ("optional", options.optional),
            ("share", options.share),
        )
        if value is not None
    }
    if options.of is not None and options.of in _PLAIN:
        changes["of"] = FieldType(options.of)
    field = dataclasses.replace(field, **changes)
    bare = dataclasses.replace(field, one_of=None, min=None, max=None)
    if options.one_of is not None:
        values = [_literal(each, _item(bare), log) for each in options.one_of]
        field = dataclasses.replace(field, one_of=tuple(value for value in values if value is not None))
    _named(field, options.names, options.place, log)
    for name, raw in (("min", options.min), ("max", options.max)):
        if raw is not None:
            field = dataclasses.replace(field, **{name: _literal(raw, bare, log)})
    if field.min is not None and field.max is not None and field.max < field.min:
        log.add("min-above-max", options.place, name=field.path, found=str(field.min), expected=str(field.max))
    if options.default is not None:
        field = dataclasses.replace(field, has_default=True, default=_literal(options.default, field, log))
    return field


def _named(field: Field, names: Mapping[str, Text] | None, place: Place, log: Log) -> None:
    """Note names of what is no value of a field; a text without `one_of` may have any value, and names for some."""
    if field.one_of is None and FieldType.STRING in (field.type, field.of):
        return
    allowed = [str(each) for each in field.one_of or ()]
    for each in names or ():
        if each not in allowed:
            log.add("name-of-no-value", place, name=field.path, found=each, **did_you_mean(each, allowed))


def _fitting(field: Field, options: FieldOptions, log: Log) -> None:
    """Note options that mean nothing for the field's type."""
    numeric = FieldType.NUMBER in (field.type, field.of) or options.of == "number"
    wrong = []
    if not numeric:
        wrong += [name for name in ("unit", "scale", "share") if getattr(options, name) is not None]
    if field.type in (FieldType.BOOLEAN, FieldType.CONTEXT) and options.one_of is not None:
        wrong.append("one_of")
    if field.type in (FieldType.BOOLEAN, FieldType.CONTEXT, FieldType.LIST, FieldType.STRING):
        wrong += [name for name in ("min", "max") if getattr(options, name) is not None]
    if field.type is not FieldType.LIST and options.of is not None:
        wrong.append("of")
    for name in wrong:
        log.add("option-unfit", options.place, name=field.path, key=name, found=str(field.type))
    if options.one_of == ():
        log.add("one-of-empty", options.place, name=field.path)
    if options.scale is not None and options.scale < 0:
        log.add("scale-negative", options.place, name=field.path, found=options.scale)
    if options.optional and options.default is not None:
        log.add("optional-with-default", options.place, name=field.path)


def _shared(field: Field, options: FieldOptions, log: Log) -> None:
    """Note a share that is counted in something: a sum of money is no fraction of anything."""
    unit = options.unit or field.unit
    if options.share and unit is not None:
        log.add("share-with-unit", options.place, name=field.path, found=unit)


def _item(field: Field) -> Field:
    if field.type is FieldType.LIST and field.of is not None:
        return dataclasses.replace(field, type=field.of, of=None)
    return field


def _literal(raw: Raw, field: Field, log: Log) -> Any:
    value, findings = reading.from_raw(field, raw)
    log.extend(findings)
    return value


def inputs(items: Sequence[InputItem], shared: Vocabulary, log: Log) -> dict[str, Field]:
    """Resolve the inputs of one policy.

    Args:
        items: The items of `inputs`.
        shared: The vocabulary; an empty one where there is none.
        log: Takes the findings.

    Returns:
        Path → field, in order; items of `of: <group>` lists written out. Inputs with findings are left out.
    """
    found: dict[str, Field] = {}
    lists = {item.path.partition("[].")[0] for item in items if "[]." in item.path}
    lists |= {path.partition("[].")[0] for path in shared.fields if "[]." in path}
    for item in items:
        resolved = _input(item, shared, lists, log)
        if resolved is not None:
            found[item.path] = resolved
            found.update(_items(resolved, item, shared, log))
    return found


def untyped(items: Sequence[InputItem]) -> list[InputItem]:
    """Return the inputs whose type only a vocabulary can give."""
    lists = {item.path.partition("[].")[0] for item in items if "[]." in item.path}
    return [item for item in items if item.options.type is None and item.path not in lists]


def _input(item: InputItem, shared: Vocabulary, lists: set[str], log: Log) -> Field | None:
    if item.options.class_ is FieldClass.FORBIDDEN or _is_forbidden(item.path, shared):
        log.add("input-forbidden", item.place, name=item.path)
        return None
    base = shared.fields.get(item.path)
    if base is not None:
        return refined(base, item.options, log)
    if item.options.type is not None:
        return declared(item.path, item.options, log)
    if item.path in lists:
        return _with_options(Field(item.path, FieldType.LIST), item.options, log)
    log.add("unknown-input", item.place, len(item.path), found=item.path, **did_you_mean(item.path, shared.fields))
    return None


def _is_forbidden(path: str, shared: Vocabulary) -> bool:
    """Say whether a path is a forbidden field, lies within one, or names the same thing of somebody else."""
    names = path.replace("[]", "").split(".")
    within = {".".join(names[: end + 1]) for end in range(len(names))}
    forbidden = {known for known, field in shared.fields.items() if field.class_ is FieldClass.FORBIDDEN}
    of_a_person = {known.removeprefix("person.") for known in forbidden if known.startswith("person.")}
    return bool(within & forbidden) or (names[0] in _PEOPLE and bool(set(names[1:]) & of_a_person))


def _items(field: Field, item: InputItem, shared: Vocabulary, log: Log) -> dict[str, Field]:
    """Write out `of: <group>`: every shared field under that name becomes a field of the items."""
    of = item.options.of or shared.groups.get(field.path)
    if field.type is not FieldType.LIST or of is None or of in _PLAIN:
        return {}
    members = [each for path, each in shared.fields.items() if path.startswith(f"{of}.")]
    if not members:
        groups = {path.partition(".")[0] for path in shared.fields if "." in path}
        log.add("unknown-group", item.place, found=of, **did_you_mean(of, [*_PLAIN, *groups]))
    paths = [f"{field.path}[].{each.path.removeprefix(f'{of}.')}" for each in members]
    return {path: dataclasses.replace(each, path=path) for path, each in zip(paths, members, strict=True)}
