"""Says what candidates lack: the rows of an assignment that exclude them, as what holds instead of what must."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from policy.engine import Policy
from policy.feel import nodes as n
from policy.kinds.assignment import AssignmentSection, Eligible
from policy.runtime.leaves import leaf_text
from policy.runtime.splitting import leaf_nodes
from policy.runtime.telling import Barring
from policy.values import Language
from webadmin.wording import shortfalls
from webadmin.wording.shortfalls import Shortfall
from webadmin.wording.speech import Speech


@dataclass(frozen=True, slots=True)
class Lack:
    """One row that excludes a candidate.

    Attributes:
        row: Its id, or that of a guard rail.
        is_known: False where it excludes because something is not known.
        said: What holds instead, in words; of what is not known what is asked; None where nothing says it.
        written: The same as the policy writes it.
        seen: What the values are called that were read and not told yet, and the values.
    """

    row: str
    is_known: bool
    said: Markup | None
    written: str
    seen: tuple[tuple[str, str], ...]


class Lacking:
    """Says what the rows of one policy ask of candidates, both ways round.

    Args:
        policy: The policy.
        language: The reader's language.
    """

    def __init__(self, policy: Policy, language: Language) -> None:
        self._rule_set = policy.rule_set
        self._speech = Speech(policy.rule_set, language, links=False)
        section = policy.rule_set.document.section
        rows = section.allocate.eligible if isinstance(section, AssignmentSection) and section.allocate else ()
        self._said = {str(each.id): dict(self._parts(each)) for each in rows}
        self._nodes = {str(each.id): dict(self._whole(each)) for each in rows}

    def lacks(self, barring: Iterable[Barring]) -> tuple[Lack, ...]:
        """Say what excludes one candidate."""
        return tuple(map(self._lack, barring))

    def _lack(self, barring: Barring) -> Lack:
        known = self._said.get(barring.row, {})
        short = {text: each for text in barring.parts if (each := self._short(barring, text)) is not None}
        told = [text for text in barring.parts if text in short or (text, barring.is_known) in known]
        said = [short[text].said if text in short else known[text, barring.is_known] for text in told]
        whole = self._speech.joined("and", said) if said else None
        done = frozenset(path for each in short.values() for path in each.told) | self._yes_or_no(barring)
        seen = tuple(each for path, each in zip(barring.reads, barring.seen, strict=True) if path not in done)
        return Lack(barring.row, barring.is_known, whole, "; ".join(barring.parts), seen)

    def _yes_or_no(self, barring: Barring) -> frozenset[str]:
        """Return the values of which a part says all there is: that they are so, or not."""
        bare = {text.removeprefix("not(").removesuffix(")") for text in barring.parts if barring.is_known}
        return frozenset(bare & set(barring.reads))

    def _short(self, barring: Barring, text: str) -> Shortfall | None:
        """Return what is short in a part that does not hold and should; None where nothing says it."""
        node = self._nodes.get(barring.row, {}).get(text)
        if node is None or not barring.is_known:
            return None
        if text in barring.missing:
            return shortfalls.of_members(self._speech, node, barring.missing[text])
        return shortfalls.of_numbers(self._speech, self._rule_set, node, barring.numbers)

    def _whole(self, row: Eligible) -> Iterator[tuple[str, n.Node]]:
        """Yield the parts of a row that should hold, as what holds instead is written, with their trees."""
        for part in self._rule_set.conditions[row.when]:
            for node, negative in leaf_nodes(part.checked.node) if part.subject is None else ():
                if not negative:
                    yield leaf_text(part, node, negative=True), node

    def _parts(self, row: Eligible) -> Iterator[tuple[tuple[str, bool], Markup]]:
        """Yield the parts of a row as they are written, by whether they are told as what holds instead."""
        for part in self._rule_set.conditions[row.when]:
            if part.subject is not None:
                said = self._speech.part(part)
                text = leaf_text(part, part.checked.node, negative=False)
                yield (text, False), said
                yield (text, True), self._speech.say("not", a=said)
                continue
            for node, negative in leaf_nodes(part.checked.node):
                for turned in (False, True):
                    is_negative = negative is not turned
                    text = leaf_text(part, node, negative=is_negative)
                    yield (text, turned), self._speech.leaf(part, node, negative=is_negative)
