"""Walks from documents to rule sets: vocabulary, reference tables, then policies, the asked before the asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from policy.errors import Finding, Place, did_you_mean
from policy.linker.events import event_types
from policy.linker.fields import Vocabulary, vocabulary
from policy.linker.keeping import Kept
from policy.linker.log import Log
from policy.linker.policies import rule_set
from policy.linker.references import reference
from policy.model.document import Ask, Document, PolicyDocument, ReferenceDocument, VocabularyDocument
from policy.model.events import EventType
from policy.model.reference import ReferenceTable
from policy.model.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Linked:
    """Documents put together.

    Attributes:
        rule_sets: The sound policies by id.
        events: The types of events the vocabulary declares, by name.
        findings: Every finding of linking; those of the texts themselves come from the reader.
    """

    rule_sets: Mapping[str, RuleSet]
    events: Mapping[str, EventType]
    findings: tuple[Finding, ...]


def link(documents: Iterable[Document], *, remains: Iterable[Document] = (), unreadable: Iterable[str] = ()) -> Linked:
    """Put documents together.

    Args:
        documents: Policies, reference tables and at most one vocabulary.
        remains: What could be read of texts with errors: looked through for further findings, never linked.
        unreadable: Ids of policies whose text has errors, so that asking them is not called unknown; `vocabulary`
            or `reference` where such a text has errors: what would only follow from that is not said then.

    Returns:
        The rule sets without errors, and all findings. A policy that asks one with errors is not among them.
    """
    log = Log()
    broken = set(unreadable)
    documents = list(documents)
    looked_through = [each for each in remains if isinstance(each, PolicyDocument)]
    shared = _vocabulary([each for each in documents if isinstance(each, VocabularyDocument)], log)
    if "vocabulary" in broken or log.errors:
        return Linked({}, {}, tuple(log.findings))
    tables = _references([each for each in documents if isinstance(each, ReferenceDocument)], log)
    sound = [each for each in documents if isinstance(each, PolicyDocument)]
    policies = _by_id([*sound, *looked_through], log)
    found = _policies(policies, shared, tables, broken, log)
    known = [each for each in log.findings if each.code != "feel-reference" or "reference" not in broken]
    return Linked(found, shared.events, tuple(known))


def _vocabulary(documents: Sequence[VocabularyDocument], log: Log) -> Vocabulary:
    for second in documents[1:]:
        log.add("vocabulary-twice", second.place, found=str(documents[0].place))
    if not documents:
        return _NONE
    return _LINKED_VOCABULARY(log, documents[0])


def _linked_vocabulary(document: VocabularyDocument, log: Log) -> Vocabulary:
    shared = vocabulary(document, log)
    return replace(shared, events=event_types(document, shared, log))


_LINKED_VOCABULARY = Kept(_linked_vocabulary)
_NONE = Vocabulary()


def _linked_policy(
    document: PolicyDocument,
    shared: Vocabulary,
    tables: tuple[ReferenceTable, ...],
    asked: tuple[RuleSet, ...],
    log: Log,
) -> RuleSet | None:
    named = {each.name: each for each in tables}
    return rule_set(document, shared, named, {each.id: each for each in asked}, log)


_LINKED_POLICY = Kept(_linked_policy)
_LINKED_REFERENCE = Kept(reference)


def _references(documents: Sequence[ReferenceDocument], log: Log) -> dict[str, ReferenceTable]:
    found: dict[str, ReferenceTable] = {}
    places: dict[str, Place] = {}
    for document in documents:
        if document.reference in found:
            first = str(places[document.reference])
            log.add("document-twice", document.place, name=document.reference, found=first)
        else:
            found[document.reference] = _LINKED_REFERENCE(log, document)
            places[document.reference] = document.place
    return found


def _by_id(documents: Sequence[PolicyDocument], log: Log) -> dict[str, PolicyDocument]:
    found: dict[str, PolicyDocument] = {}
    for document in documents:
        first = found.setdefault(document.policy, document)
        if first is not document:
            log.add("document-twice", document.place, name=document.policy, found=str(first.place))
    return found


def _asks(document: PolicyDocument) -> list[Ask]:
    return [each for each in document.derived.values() if isinstance(each, Ask)]


def _policies(
    documents: Mapping[str, PolicyDocument],
    shared: Vocabulary,
    tables: Mapping[str, ReferenceTable],
    unreadable: set[str],
    log: Log,
) -> dict[str, RuleSet]:
    found: dict[str, RuleSet] = {}
    broken = unreadable | _in_cycles(documents, log)
    for name in _asked_first(documents):
        document = documents[name]
        before = log.errors
        for ask in _asks(document):
            _check_asked(ask, documents, broken, log)
        if any(ask.policy not in found for ask in _asks(document)):
            broken.add(name)
            continue
        asked = tuple(found[each] for each in dict.fromkeys(ask.policy for ask in _asks(document)))
        made = _LINKED_POLICY(log, document, shared, tuple(tables.values()), asked)
        if log.errors == before and made is not None and name not in broken:
            found[name] = made
        else:
            broken.add(name)
    return {name: found[name] for name in documents if name in found}


def _check_asked(ask: Ask, documents: Mapping[str, PolicyDocument], broken: set[str], log: Log) -> None:
    if ask.policy not in documents and ask.policy not in broken:
        log.add("unknown-policy", ask.place, found=ask.policy, **did_you_mean(ask.policy, documents))
    elif ask.policy in broken:
        log.add("asked-policy-broken", ask.place, name=ask.policy)


def _asked_first(documents: Mapping[str, PolicyDocument]) -> list[str]:
    """Order policies so that each comes after those it asks; cycles in any order."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        """Put one policy into the order, after all it asks."""
        if name in seen or name not in documents:
            return
        seen.add(name)
        for ask in _asks(documents[name]):
            visit(ask.policy)
        order.append(name)

    for name in documents:
        visit(name)
    return order


def _in_cycles(documents: Mapping[str, PolicyDocument], log: Log) -> set[str]:
    """Note every question that leads back to its own policy; return the policies concerned."""
    inside = set()
    for name, document in documents.items():
        for ask in _asks(document):
            way = _way(ask.policy, name, documents)
            if way is not None:
                inside.add(name)
                log.add("ask-cycle", ask.place, found=" → ".join([name, *way]))
    return inside


def _way(start: str, goal: str, documents: Mapping[str, PolicyDocument]) -> list[str] | None:
    """Return the policies asked from `start` until `goal`, both in it; None where there is no way."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        if way[-1] in seen or way[-1] not in documents:
            continue
        seen.add(way[-1])
        ways += [[*way, ask.policy] for ask in _asks(documents[way[-1]])]
    return None
