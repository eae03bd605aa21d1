"""Parts of a document by what they are called: of the condition of a rule the rule, then “When”, then the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from policy.engine import Policy
from policy.kinds.labels import labels
from policy.values import Language
from webadmin import words
from webadmin.wording import naming


class Places:
    """Says where parts of the documents of some policies stand.

    Args:
        policies: The policies the texts are; a later one has the last word. Those that do not load are left out.
        language: The reader's language.
    """

    def __init__(self, policies: Iterable[Policy | None], language: Language) -> None:
        self._rules: dict[str, str] = {}
        self._rows: dict[str, str] = {}
        self._fields: dict[str, str] = {}
        for policy in policies:
            if policy is not None:
                self._rules |= naming.called(policy, language)
                rows = labels(policy.rule_set.document.section)
                self._rows |= {name: text.to(language) for name, text in rows.items()}
                self._fields |= _fields(policy, language)

    def said(self, path: Sequence[str]) -> list[str]:
        """Return what each step of a path is called; what nobody has named stays as it is."""
        return [self._step(path, at) for at in range(len(path))]

    def _step(self, path: Sequence[str], at: int) -> str:
        name, key = path[at], str(words.PLACES.get(path[at]) or words.KEYS.get(path[at], path[at]))
        if not at:
            return key
        if at == 1 and path[0] == "rules":
            return self._rules.get(name, name)
        known: Mapping[str, str] = {**self._rows, **self._fields}
        return known.get(name, name if path[0] == "tests" and at == 1 else key)


def _fields(policy: Policy, language: Language) -> dict[str, str]:
    """Return what fields, derived values and outputs are called that have a label."""
    rules = policy.rule_set
    found = {path: each.label for path, each in {**rules.fields, **rules.made}.items()}
    found |= {name: each.label for name, each in rules.outputs.items()}
    return {path: label.to(language) for path, label in found.items() if label is not None}
