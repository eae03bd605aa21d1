"""Makes a rule set of one policy document and the documents it needs."""

from __future__ import annotations

from collections.abc import Mapping

from policy import kinds
from policy.errors import did_you_mean
from policy.feel import types as feel
from policy.linker import sections
from policy.linker.cases import cases
from policy.linker.expressions import Reader
from policy.linker.fields import Vocabulary, inputs, untyped
from policy.linker.guards import check_section
from policy.linker.log import Log
from policy.linker.made import made
from policy.linker.outputs import check_complete, outputs, seen_type, then, value_type
from policy.linker.questions import inherit, question, taken_type
from policy.linker.reasons import check_reason
from policy.linker.scope import Scope, scope_of
from policy.linker.units import check_units
from policy.model.document import Ask, PolicyDocument, Worked
from policy.model.facts import FactsReader
from policy.model.fields import Field, Group, PathClashError, Rows, feel_type, tree
from policy.model.instants import zone
from policy.model.reference import ReferenceTable
from policy.model.ruleset import Output, Part, Question, Rule, RuleSet
from policy.model.written import Expression


def rule_set(
    document: PolicyDocument,
    shared: Vocabulary,
    tables: Mapping[str, ReferenceTable],
    others: Mapping[str, RuleSet],
    log: Log,
) -> RuleSet | None:
    """Make the rule set of one policy.

    Args:
        document: The policy as written.
        shared: The vocabulary.
        tables: Reference tables by name.
        others: The rule sets made so far; every policy this one asks is among them.
        log: Takes the findings; with an error among them the rule set is not to be used.

    Returns:
        The rule set; None when its inputs have no types for want of a vocabulary, or cannot stand together in one
        tree of facts: all else would only follow from that.
    """
    if shared.digest is None and (bare := untyped(document.inputs)):
        log.add("no-vocabulary", bare[0].place, len(bare[0].path), name=bare[0].path, count=len(bare))
        return None
    fields = _fields(document, shared, others, log)
    try:
        facts = tree(fields)
    except PathClashError as error:
        log.add("path-clash", document.places["inputs"], name=error.path)
        return None
    reader = Reader(tables, _known(fields, document), log)
    declared = outputs(document, log)
    scope = scope_of(facts)
    scope, derived = _derived(document, scope, others, reader, log)
    _check_paths(document, fields, scope, log)
    _check_time_zone(document, log)
    item = _item_scope(document, facts, scope, log)
    rules = _rules(document, declared, item, reader, log)
    _check_names(document, declared, item, log)
    seen, seen_item = (_seen(document, declared, each) for each in (scope, item))
    check_section(document, declared, seen, log)
    section = sections.read(sections.Around(document, shared, facts, declared, seen, seen_item, reader, log))
    decoder = FactsReader(facts)
    used = {name: tables[name] for name in sorted(reader.used)}
    asked: dict[str, RuleSet] = {
        each.policy: others[each.policy] for each in document.derived.values() if isinstance(each, Ask)
    }
    return RuleSet(
        document,
        fields,
        facts,
        decoder,
        derived,
        made(document, derived, asked),
        declared,
        rules,
        section.conditions,
        section.expressions,
        section.patterns,
        asked,
        used,
        cases(document, decoder, declared, log),
        _closure(document, shared, used, asked),
    )


def _fields(document: PolicyDocument, shared: Vocabulary, others: Mapping[str, RuleSet], log: Log) -> dict[str, Field]:
    fields = inputs(document.inputs, shared, log)
    for name, ask in document.derived.items():
        if isinstance(ask, Ask):
            inherit(name, ask, others[ask.policy], fields, document.derived, log)
    return fields


def _known(fields: Mapping[str, Field], document: PolicyDocument) -> dict[str, Field]:
    """Return the fields by their paths, those of the items of `each` by the item's name too."""
    known = dict(fields)
    if document.each is not None:
        begin = f"{document.each.list}[]."
        for path, field in fields.items():
            if path.startswith(begin):
                known[f"{document.each.as_}.{path.removeprefix(begin)}"] = field
    return known


def _derived(
    document: PolicyDocument, scope: Scope, others: Mapping[str, RuleSet], reader: Reader, log: Log
) -> tuple[Scope, dict[str, Part | Question]]:
    """Read the derived values from top to bottom; each sees the inputs and those above it."""
    found: dict[str, Part | Question] = {}
    for name, written in document.derived.items():
        if scope.type_at(name) is not None:
            log.add("derived-clash", written.place, name=name)
            continue
        if isinstance(written, Ask):
            other = others[written.policy]
            found[name] = question(written, other, scope, reader, log)
            scope = scope.adding(name, taken_type(other, written.take) or feel.AnyType())
            continue
        part = reader.formula(written.is_ if isinstance(written, Worked) else written, scope)
        if part is not None:
            found[name] = part
            _check_share(name, written, part, log)
        scope = scope.adding(name, part.checked.type if part is not None else feel.AnyType())
    return scope, found


def _check_share(name: str, written: Expression | Worked, part: Part, log: Log) -> None:
    if (
        isinstance(written, Worked)
        and written.share
        and not isinstance(part.checked.type, feel.NumberType | feel.AnyType)
    ):
        found = feel.type_name(part.checked.type)
        log.add("derived-share", written.place, name=name, found=found)


def _check_paths(document: PolicyDocument, fields: Mapping[str, Field], scope: Scope, log: Log) -> None:
    for named in (document.subject.id, *document.subject.about):
        if named not in fields:
            log.add("unknown-path", document.subject.place, len(named), found=named, **did_you_mean(named, fields))
    check_units(fields, scope, document.places["inputs"], log)


def _check_time_zone(document: PolicyDocument, log: Log) -> None:
    try:
        zone(document.time_zone)
    except ValueError:
        log.add("unknown-time-zone", document.places["time_zone"], found=document.time_zone)


def _item_scope(document: PolicyDocument, facts: Group, scope: Scope, log: Log) -> Scope:
    """Return what rules can see: under `each` also the item."""
    each = document.each
    if each is None:
        return scope
    here: object = facts
    for name in each.list.split("."):
        here = here.members.get(name) if isinstance(here, Group) else None
    if not isinstance(here, Rows):
        lists = [field.path for field in facts.fields() if str(field.type) == "list"]
        log.add("each-no-list", each.place, found=each.list, **did_you_mean(each.list, lists))
        return scope.adding(each.as_, feel.AnyType())
    if each.as_ in scope.types:
        log.add("name-clash", each.place, name=each.as_)
    return scope.adding(each.as_, feel_type(here.item))


def _rules(
    document: PolicyDocument, declared: Mapping[str, Output], scope: Scope, reader: Reader, log: Log
) -> tuple[Rule, ...]:
    given = kinds.section_output(document.section)
    reasons = scope
    for output in declared.values():
        reasons = reasons.adding(output.name, value_type(output))
    found = []
    for item in document.rules:
        when = reader.condition(item.when, scope)
        check_complete(item, declared, given, document.hit_policy, log)
        values = then(item, declared, given, scope, reader, log)
        check_reason(item.because, reasons, item.place, log)
        found.append(Rule(item.id, when, values, item.because, item.place))
    return tuple(found)


def _check_names(document: PolicyDocument, declared: Mapping[str, Output], scope: Scope, log: Log) -> None:
    for name in declared:
        if name in scope.types:
            log.add("name-clash", document.places["outputs"], name=name)


def _seen(document: PolicyDocument, declared: Mapping[str, Output], scope: Scope) -> Scope:
    """Return what a section can see: the outputs too, as they are after hits are combined."""
    for name, output in declared.items():
        scope = scope.adding(name, seen_type(output, document))
    return scope


def _closure(
    document: PolicyDocument,
    shared: Vocabulary,
    tables: Mapping[str, ReferenceTable],
    asked: Mapping[str, RuleSet],
) -> dict[str, str]:
    closure: dict[str, str] = {document.policy: document.digest}
    if shared.digest is not None:
        closure["vocabulary"] = shared.digest
    closure.update({f"reference/{name}": table.digest for name, table in tables.items()})
    for other in asked.values():
        closure.update(other.closure)
    return dict(sorted(closure.items()))
