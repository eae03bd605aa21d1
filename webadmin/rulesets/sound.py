"""What of a draft with errors can be read: the draft without its faulty rules and without its tests.

Only to be shown in words: nothing decides by it, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from policy import editor
from policy.engine import NamedText, Policy, prepare
from policy.errors import Finding, SourceError
from policy.linker.keeping import Same
from policy.model.document import PolicyDocument
from webadmin.library import Look

MOST = 50
"""Faulty rules that are taken out; a draft with more of them is read as the policy in effect."""


def faults(look: Look) -> Mapping[str, Finding]:
    """Return the first error of each faulty rule of a draft."""
    document = look.document
    if look.policy is not None or not isinstance(document, PolicyDocument):
        return {}
    return {rule: found[0] for rule, found in placed(document, look.errors).items()}


def policy(look: Look) -> Policy | None:
    """Return what is looked at as far as it can be read; None where something else than rules and tests is wrong."""
    faulty = faults(look)
    if look.policy is not None or not isinstance(look.document, PolicyDocument) or len(faulty) > MOST:
        return look.policy
    return _sound(Same(look.prepared), look.name, Same(look.document), tuple(faulty))


@lru_cache(maxsize=16)
def _sound(prepared: Same, name: str, document: Same, faulty: tuple[str, ...]) -> Policy | None:
    """Prepare a draft without some rules, the same one once: a page asks for it more than once."""
    try:
        text = _without(document.thing.text, faulty, has_tests=bool(document.thing.tests))
    except SourceError:
        return None
    others = [each for each in prepared.thing.policies.documents if each.place.source != name]
    texts = [NamedText(each.place.source, each.text) for each in others]
    return prepare([*texts, NamedText(name, text)]).policies.get(name)


def _without(text: str, rules: Iterable[str], *, has_tests: bool) -> str:
    for rule in rules:
        text = editor.set_value(text, ("rules", rule), None)
    return editor.set_value(text, ("tests",), None) if has_tests else text


def placed(document: PolicyDocument, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings of each rule: those from where it begins to where the next one, or another key, does."""
    found: dict[str, list[Finding]] = {}
    begin = document.places["rules"]
    end = min((place for place in document.places.values() if place > begin), default=None)
    for finding in findings:
        here = [rule for rule in document.rules if rule.place <= finding.place]
        if here and (end is None or finding.place < end):
            found.setdefault(here[-1].id, []).append(finding)
    return found
