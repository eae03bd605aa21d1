"""What a section needs of the rest of its policy, and what would leave a guard rail without ground."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from policy.feel.types import ContextType, ListType, NumberType, type_name
from policy.kinds.approval import ApprovalSection
from policy.kinds.assignment import AssignmentSection
from policy.kinds.incentive import Bands, Basis, IncentiveSection
from policy.kinds.penalty import PenaltySection
from policy.kinds.scorecard import Grades, ScorecardSection
from policy.linker.log import Log
from policy.linker.scope import Scope
from policy.model.document import PolicyDocument
from policy.model.ruleset import Output

_RESERVED: Mapping[str, tuple[str, ...]] = {
    "separation": ("who", "requester"),
    "eligible": ("inactive", "absent"),
}
"""Ids that results use for what no rule can switch off."""


def check_section(document: PolicyDocument, outputs: Mapping[str, Output], scope: Scope, log: Log) -> None:
    """Note what a section lacks in its policy.

    Args:
        document: The policy.
        outputs: Its outputs.
        scope: What its expressions can see.
        log: Takes the findings.
    """
    section = document.section
    if isinstance(section, ApprovalSection):
        _owed_output("stages", document, outputs, log)
        _owed_input("requester.id", "approval-without-requester", document, scope, log)
        _reserved(section.separation, "separation", log)
    elif isinstance(section, AssignmentSection):
        _assignment(section, scope, log)
    elif isinstance(section, IncentiveSection):
        if section.bands is not None:
            _bands(section.bands, section, log)
    elif isinstance(section, PenaltySection):
        _penalty(section, document, outputs, scope, log)
    elif isinstance(section, ScorecardSection) and section.grades is not None:
        _check_graded(section.grades, scope, log)
        for name in {section.grades.of, section.grades.give} & {"row"}:
            log.add("reserved-id", section.grades.place, found=name, expected=("row",))


def _penalty(
    section: PenaltySection, document: PolicyDocument, outputs: Mapping[str, Output], scope: Scope, log: Log
) -> None:
    _owed_output("measures", document, outputs, log)
    if section.consultation is None:
        log.add("without-consultation", document.place)
    if any(measure.amount is not None for measure in section.measures):
        _owed_input("case.proven_loss", "compensation-without-loss", document, scope, log)


def _owed_output(section: str, document: PolicyDocument, outputs: Mapping[str, Output], log: Log) -> None:
    if not any(output.section == section for output in outputs.values()):
        log.add("no-output-of", document.places["outputs"], name=section)


def _owed_input(path: str, code: str, document: PolicyDocument, scope: Scope, log: Log) -> None:
    if scope.type_at(path) is None:
        log.add(code, document.places["inputs"], name=path)


def _check_graded(grades: Grades, scope: Scope, log: Log) -> None:
    """Note a graded output that is no single number after hits are combined."""
    found = scope.type_at(grades.of)
    if found is not None and not isinstance(found, NumberType):
        log.add("wrong-type", grades.places["of"], found=type_name(found), expected=(type_name(NumberType()),))


def _reserved(rows: Collection[Any], name: str, log: Log) -> None:
    for row in rows:
        if row.id in _RESERVED[name]:
            log.add("reserved-id", row.place, found=row.id, expected=_RESERVED[name])


def _assignment(section: AssignmentSection, scope: Scope, log: Log) -> None:
    allocate = section.allocate
    if allocate is None:
        return
    _reserved(allocate.eligible, "eligible", log)
    candidates = scope.type_at(allocate.candidates)
    fields = candidates.of if isinstance(candidates, ListType) else None
    if isinstance(fields, ContextType) and not {"active", "absent"} <= set(fields.fields):
        log.add("candidates-without-presence", allocate.place, name=allocate.candidates)
    if allocate.score and not sum(score.weight for score in allocate.score):
        log.add("score-without-weight", allocate.score[0].place)


def _bands(bands: Bands, section: IncentiveSection, log: Log) -> None:
    first = bands.rows[0]
    if first.from_ != 0:
        log.add("bands-not-from-zero", first.place, found=str(first.from_))
    if bands.basis is Basis.EACH and section.credit is None:
        log.add("basis-without-credit", bands.place)
