"""Parts of a document by what they are called: of the condition of a rule the rule, then “When”, then the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext

from policy.engine import Policy
from policy.kinds.labels import labels
from policy.model.comparison import NONE, Difference
from policy.model.document import Document, PolicyDocument
from policy.model.ruleset import Output
from policy.runtime.showing import named
from policy.values import Language
from webadmin import keywords, words
from webadmin.wording import naming

_TRUTH = ("true", "false")


class Places:
    """Says where parts of the documents of some policies stand, and what single values there are.

    Args:
        policies: The policies the texts are; a later one has the last word. Those that do not load are left out.
        language: The reader's language.
        documents: The texts, for the names of tests, also where they do not load.
    """

    def __init__(
        self, policies: Iterable[Policy | None], language: Language, documents: Iterable[Document | None] = ()
    ) -> None:
        self._language = language
        self._rules: dict[str, str] = {}
        self._rows: dict[str, str] = {}
        self._fields: dict[str, str] = {}
        self._outputs: dict[str, Output] = {}
        self._tests: dict[str, str] = {}
        for policy in policies:
            if policy is not None:
                self._rules |= naming.called(policy, language)
                rows = labels(policy.rule_set.document.section)
                self._rows |= {name: text.to(language) for name, text in rows.items()}
                self._fields |= _fields(policy, language)
                self._outputs |= policy.rule_set.outputs
        for document in documents:
            if isinstance(document, PolicyDocument):
                self._tests |= {each.name.en: each.name.to(language) for each in document.tests}

    @property
    def labels(self) -> Mapping[str, str]:
        """Return what fields, outputs and rows of sections are called, by path and id."""
        return {**self._rows, **self._fields}

    def said(self, path: Sequence[str]) -> list[str]:
        """Return what each step of a path is called; what nobody has named stays as it is."""
        return [self._step(path, at) for at in range(len(path))]

    def value(self, path: Sequence[str], text: str) -> str:
        """Return a single value as people call it; an expression stays as it is written."""
        if text in _TRUTH:
            return str(gettext("yes") if text == "true" else gettext("no"))
        items = [] if text == NONE else text.split(", ")
        known = self._known(path)
        if not all(each in known for each in items):
            return text
        return str(gettext(", ")).join(known[each] for each in items) or str(gettext("none"))

    def _known(self, path: Sequence[str]) -> dict[str, str]:
        """Return what values may be called at a place: rules where hits are, rows and names of values in outcomes."""
        if "hits" in path:
            return self._rules
        if "when" in path or path[0] == "inputs":
            return {}
        output = self._outputs.get(path[-1]) if "then" in path or "expect" in path else None
        return {**self._rows, **({} if output is None else _names(output, self._language))}

    def item(self, difference: Difference) -> str:
        """Return an item that was added or removed in one line, its keys and values as people call them."""
        at = len(difference.path)
        lines = []
        named = difference.path[0] == "tests"  # by its name, which the path says already
        for name, value in difference.parts:
            if named and name[0] == "name":
                continue
            path = (*difference.path, *name)
            key = " \u203a ".join(self.said(path)[at:])
            lines.append(f"{key}{gettext(': ')}{self.value(path, value)}" if key else self.value(path, value))
        return str(gettext("; ")).join(lines)

    def _step(self, path: Sequence[str], at: int) -> str:
        name, key = path[at], str(keywords.PLACES.get(path[at]) or keywords.KEYS.get(path[at], path[at]))
        if not at:
            return key
        if at == 1 and path[0] == "rules":
            return self._rules.get(name, name)
        if path[0] == "tests":
            return self._of_test(path, at)
        known: Mapping[str, str] = {**self._rows, **self._fields}
        return known.get(name, key)

    def _of_test(self, path: Sequence[str], at: int) -> str:
        """Return what a step into a test is called: its name, and below it fields and parts of a decision."""
        name = path[at]
        if at == 1:
            return self._tests.get(name, name)
        if at > 2 and path[2] == "given":
            label = self._fields.get(".".join(path[3 : at + 1]))
            return label or str(words.GROUPS.get(name, name))
        if at == 3 and path[2] == "expect":
            return str(words.DECISIONS.get(name, name))
        known: Mapping[str, str] = {**self._rows, **self._fields}
        of_parts = (words.RESULTS, words.DECISIONS, keywords.KEYS) if at > 3 else (keywords.TESTED, keywords.PLACES)
        return known.get(name) or str(next((of[name] for of in of_parts if name in of), name))


def _names(output: Output, language: Language) -> dict[str, str]:
    return {value: str(named(value, output.names, language)) for value in output.names}


def _fields(policy: Policy, language: Language) -> dict[str, str]:
    """Return what fields, derived values and outputs are called that have a label."""
    rules = policy.rule_set
    found = {path: each.label for path, each in {**rules.fields, **rules.made}.items()}
    found |= {name: each.label for name, each in rules.outputs.items()}
    return {path: label.to(language) for path, label in found.items() if label is not None}
