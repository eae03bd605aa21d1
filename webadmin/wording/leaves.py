"""The parts of conditions that an explanation shows, in words."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from policy.model.ruleset import Rule, RuleSet
from policy.runtime.leaves import leaf_text
from policy.runtime.splitting import leaf_nodes
from policy.values import Language
from webadmin.wording.speech import Speech


class Leaves:
    """Says the parts of the rules of one policy, each rule once it is asked for.

    Args:
        rule_set: The policy.
        language: The reader's language.
    """

    def __init__(self, rule_set: RuleSet, language: Language) -> None:
        self._speech = Speech(rule_set, language, links=False)
        self._rules = {rule.id: rule for rule in rule_set.rules}
        self._said: dict[str, dict[str, Markup]] = {}

    def said(self, rule: str, text: str) -> Markup | None:
        """Return a part in words.

        Args:
            rule: Id of the rule.
            text: The part as the explanation writes it.

        Returns:
            None where the rule has no such part.
        """
        if rule not in self._said:
            found = self._rules.get(rule)
            self._said[rule] = {} if found is None else dict(self._parts(found))
        return self._said[rule].get(text)

    def _parts(self, rule: Rule) -> Iterator[tuple[str, Markup]]:
        for part in rule.when:
            if part.subject is not None:
                yield leaf_text(part, part.checked.node, negative=False), self._speech.part(part)
                continue
            for node, negative in leaf_nodes(part.checked.node):
                yield leaf_text(part, node, negative=negative), self._speech.leaf(part, node, negative=negative)
