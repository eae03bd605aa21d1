"""Resolves the outputs of a policy, and what its rules give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from policy import kinds
from policy.errors import did_you_mean
from policy.feel import types as feel
from policy.feel.typerules import said
from policy.kinds.labels import labels_of
from policy.linker.expressions import Reader
from policy.linker.log import Log
from policy.linker.scope import Scope
from policy.model import reading
from policy.model.document import Combine, FieldType, HitPolicy, OutputOptions, PolicyDocument, RuleItem
from policy.model.fields import Field, feel_type
from policy.model.ruleset import Constant, Output, Part
from policy.model.written import Entry, Expression, Items, Marks, Raw, Scalar

_PLAIN = {str(each) for each in FieldType} - {"list", "context"}
_ORDERED = {FieldType.NUMBER, FieldType.DATE, FieldType.TIME, FieldType.DATE_TIME, FieldType.DAYS_DURATION}
_ORDERED |= {FieldType.MONTHS_DURATION, FieldType.STRING}


def outputs(document: PolicyDocument, log: Log) -> dict[str, Output]:
    """Resolve the outputs; those with findings that leave no type are left out."""
    found = {}
    for name, options in document.outputs.items():
        output = _output(name, options, document, log)
        found[name] = output
        _check_combine(output, options, document.hit_policy, log)
    ordered = document.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
    if ordered and not any(output.one_of for output in found.values()):
        log.add("order-without-values", document.places["hit_policy"], found=str(document.hit_policy))
    return found


def _output(name: str, options: OutputOptions, document: PolicyDocument, log: Log) -> Output:
    section = _section_ids(options, document)
    of, one_of = None, section
    if options.of is not None and section is None:
        if options.of in _PLAIN:
            of = FieldType(options.of)
        else:
            known = did_you_mean(options.of, [*_PLAIN, *_sections(document)])
            log.add("unknown-of", options.place, name=name, found=options.of, **known)
    elif section is not None:
        of = FieldType.STRING
    if options.scale is not None and FieldType.NUMBER not in (options.type, of):
        log.add("option-unfit", options.place, name=name, key="scale", found=str(options.type))
    bare = Field(name, options.type, of, unit=options.unit, scale=options.scale)
    if options.one_of is not None:
        item = Field(name, of or options.type, scale=options.scale)
        one_of = tuple(value for value in (_literal(raw, item, log) for raw in options.one_of) if value is not None)
    _check_names(name, options, () if section is not None else one_of or (), log)
    default = None
    if options.default is not None:
        field = Field(name, options.type, of, one_of, options.unit, options.scale)
        default = _literal(options.default, _collected(field, options, document.hit_policy), log)
    return Output(
        name,
        bare.type,
        of,
        one_of,
        options.unit,
        options.scale,
        options.combine or Combine.LIST,
        options.optional,
        options.default is not None,
        default,
        options.label,
        options.of if section is not None else None,
        labels_of(document.section, options.of) if section is not None and options.of else dict(options.names or {}),
    )


def _check_names(name: str, options: OutputOptions, values: Iterable[Any], log: Log) -> None:
    """Note names of what is no value of an output; the ids of a section are called what their rows say.

    A text without `one_of` may have any value, and names for some.
    """
    if options.one_of is None and "string" in (options.type, options.of):
        return
    allowed = [str(each) for each in values]
    for each in options.names or ():
        if each not in allowed:
            log.add("name-of-no-value", options.place, name=name, found=each, **did_you_mean(each, allowed))


def _collected(field: Field, options: OutputOptions, hit_policy: HitPolicy) -> Field:
    """Return the field a default must fit: under `collect` with `list` or `union` a list of the values given."""
    if hit_policy is not HitPolicy.COLLECT or field.type is FieldType.LIST:
        return field
    if options.combine in (None, Combine.LIST, Combine.UNION):
        return Field(field.path, FieldType.LIST, field.type, field.one_of, field.unit, field.scale)
    return field


def _sections(document: PolicyDocument) -> dict[str, tuple[str, ...]]:
    """Return the lists of the section whose rows have ids: name → ids in order."""
    found = {}
    for name in getattr(type(document.section), "__dataclass_fields__", {}):
        rows = getattr(document.section, name)
        if isinstance(rows, tuple) and rows and hasattr(rows[0], "id"):
            found[name] = tuple(row.id for row in rows)
    return found


def _section_ids(options: OutputOptions, document: PolicyDocument) -> tuple[str, ...] | None:
    return _sections(document).get(options.of) if options.of is not None else None


def _check_combine(output: Output, options: OutputOptions, hit_policy: HitPolicy, log: Log) -> None:
    if options.combine is None:
        return
    if hit_policy is not HitPolicy.COLLECT:
        log.add("combine-without-collect", options.place, name=output.name, found=str(hit_policy))
    elif (options.combine is Combine.SUM and output.type is not FieldType.NUMBER) or (
        options.combine in (Combine.MIN, Combine.MAX) and output.type not in _ORDERED
    ):
        log.add("combine-unfit", options.place, name=output.name, found=str(output.type), key=str(options.combine))


def _literal(raw: Raw, field: Field, log: Log) -> Any:
    value, findings = reading.from_raw(field, raw)
    log.extend(findings)
    return value


def value_type(output: Output) -> feel.Type:
    """Return the type of what one rule gives to an output."""
    return feel_type(Field(output.name, output.type, output.of, output.one_of, output.unit))


def seen_type(output: Output, document: PolicyDocument) -> feel.Type:
    """Return the type of the output as sections see it, after hits are combined; what a section gives is not."""
    one = value_type(output)
    if document.hit_policy is not HitPolicy.COLLECT or output.name == kinds.section_output(document.section):
        return one
    if output.combine is Combine.COUNT:
        return feel.NumberType()
    if output.combine is Combine.LIST:
        return feel.ListType(one)
    if output.combine is Combine.UNION and not isinstance(one, feel.ListType):
        return feel.ListType(one)
    return one


def then(
    rule: RuleItem, declared: Mapping[str, Output], given: str | None, scope: Scope, reader: Reader, log: Log
) -> dict[str, Constant | Part]:
    """Resolve what a rule gives.

    Args:
        rule: The rule as written.
        declared: The outputs.
        given: Name of an output that the section gives, which rules may not; None: there is none.
        scope: What formulas can see.
        reader: Reads formulas.
        log: Takes the findings.

    Returns:
        Output → literal or formula, in order of the outputs.
    """
    found: dict[str, Constant | Part] = {}
    for entry in rule.then.entries:
        output = declared.get(entry.key)
        if output is None:
            log.add("unknown-output", entry.place, len(entry.key), found=entry.key, **did_you_mean(entry.key, declared))
        elif entry.key == given:
            log.add("output-of-section", entry.place, len(entry.key), name=entry.key)
        else:
            value = _given(entry, output, scope, reader, log)
            if value is not None:
                found[entry.key] = value
    return {name: found[name] for name in declared if name in found}


def check_complete(
    rule: RuleItem, declared: Mapping[str, Output], given: str | None, hit_policy: HitPolicy, log: Log
) -> None:
    """Note the outputs that a rule owes: under every hit policy but `collect` it alone may have to fill them."""
    named = {entry.key for entry in rule.then.entries}
    for name, output in declared.items():
        owed = name not in named and name != given and not output.has_default and not output.optional
        if owed and hit_policy is not HitPolicy.COLLECT:
            log.add("output-not-given", rule.place, name=name)


def _given(entry: Entry, output: Output, scope: Scope, reader: Reader, log: Log) -> Constant | Part | None:
    raw = entry.value
    if isinstance(raw, Scalar) and raw.text.lstrip().startswith("="):
        return _formula(raw, output, scope, reader, log)
    if isinstance(raw, Items) and any(isinstance(each, Scalar) and each.text.startswith("=") for each in raw.items):
        log.add("formula-in-list", raw.place, name=output.name)
        return None
    field = Field(output.name, output.type, output.of, output.one_of, output.unit, output.scale)
    value, findings = reading.from_raw(field, raw)
    log.extend(findings)
    return None if findings else Constant(value)


def _formula(raw: Scalar, output: Output, scope: Scope, reader: Reader, log: Log) -> Part | None:
    skipped = raw.text.index("=") + 1
    skipped += len(raw.text[skipped:]) - len(raw.text[skipped:].lstrip())
    runs = [(0, raw.marks.at(skipped).line, raw.marks.at(skipped).column)]
    runs += [(offset - skipped, line, column) for offset, line, column in raw.marks.runs if offset > skipped]
    part = reader.formula(Expression(raw.text[skipped:], Marks(raw.marks.source, tuple(runs), raw.marks.exact)), scope)
    if part is not None and not _fits(part.checked.type, value_type(output)):
        expected = said(value_type(output))
        found = said(part.checked.type)
        log.add("wrong-output-type", raw.place, len(raw.text), name=output.name, found=found, expected=expected)
    return part


def _fits(found: feel.Type, expected: feel.Type) -> bool:
    if isinstance(found, feel.AnyType | feel.NullType) or isinstance(expected, feel.AnyType):
        return True
    if isinstance(found, feel.ListType) and isinstance(expected, feel.ListType):
        return _fits(found.of, expected.of)
    return type(found) is type(expected)
