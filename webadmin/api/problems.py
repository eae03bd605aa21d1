"""What can go wrong over HTTP, as problem details (RFC 9457).

Codes are stable and never translated; sentences come in the language asked for. `errors` says what is wrong where:
`pointer` is a JSON pointer into the body, `parameter` the name of a parameter of the address or a header.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from policy.errors import AsOfError, EvaluationError, FactsError, Finding, Problem, did_you_mean
from policy.messages import Said, sentence
from policy.model.canonical import canonical_json
from policy.model.words import named, shown
from policy.values import Language, Text
from webadmin.api.problemtexts import KINDS
from webadmin.database import SOON, is_passing
from webadmin.decisions.service import RetiredPolicyError, UnknownPolicyError
from webadmin.store.catalogue import Unloadable
from webadmin.store.revisions import Effective
from webadmin.store.writer import BusyError

MEDIA_TYPE = "application/problem+json"

LEFT_OUT = Text(
    "：策略目录中有它的文件，但有错误，未能发布；详见 errors，也可运行 fairlead check",
    ": the folder of policies has a file for it, which was not published because of errors; see `errors`, or run "
    "`fairlead check`",
)
"""Why a policy is not in effect of which there is a file."""

MOST_ERRORS = 100
"""Errors listed in one problem."""

MOST_OF_ALL = 1000
"""Errors listed of all the items of one body; after them each item tells its first few, and counts the others."""

FEW = 3


def most_told(told: int) -> int:
    """Return how many errors an item of a body may list, where `told` are listed already."""
    return MOST_ERRORS if told < MOST_OF_ALL else FEW


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        code: A word that stays the same.
        detail: The sentence.
        pointer: JSON pointer into the body; None where it is not about the body.
        parameter: Name of the parameter or header it is about; None where it is about the body.
        suggestion: The nearest known name.
        document: The text it is about, as the caller calls it, or the name it is in effect under.
        line: Within that text, from 1.
        column: From 1, in code points.
        day: First day it holds on.
    """

    code: str
    detail: Text
    pointer: str | None = None
    parameter: str | None = None
    suggestion: str | None = None
    document: str | None = None
    line: int | None = None
    column: int | None = None
    day: date | None = None

    def to_data(self, language: Language) -> dict[str, Any]:
        """Return it as plain data, without what it does not have."""
        found = {
            "pointer": self.pointer,
            "parameter": self.parameter,
            "code": self.code,
            "detail": self.detail.to(language),
            "suggestion": self.suggestion,
            "document": self.document,
            "line": self.line,
            "column": self.column,
            "day": self.day,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(eq=False)
class ProblemError(Exception):
    """A request is not carried out.

    Attributes:
        code: Key of `KINDS`.
        values: What its sentence names.
        faults: What is wrong where.
        headers: Further header fields of the answer.
        more: Faults there are beyond those, at least.
    """

    code: str
    values: Mapping[str, Said] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: int = 0

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return KINDS[self.code].status

    def within(self, pointer: str) -> ProblemError:
        """Return the same of a part of the body that stands at `pointer`."""
        inside = [
            each if each.pointer is None else replace(each, pointer=f"{pointer}{each.pointer}") for each in self.faults
        ]
        return replace(self, faults=inside)

    def to_data(self, language: Language) -> dict[str, Any]:
        """Return it as plain data."""
        kind = KINDS[self.code]
        values = {name: _said(value, language) for name, value in self.values.items()}
        data: dict[str, Any] = {
            "type": f"urn:fairlead:problem:{self.code}",
            "title": kind.title.to(language),
            "status": kind.status,
            "detail": kind.detail.to(language).format_map(values),
            "code": self.code,
        }
        if self.faults:
            data["errors"] = [each.to_data(language) for each in self.faults[:MOST_ERRORS]]
        more = self.more + max(0, len(self.faults) - MOST_ERRORS)
        return {**data, "more": more} if more else data

    def body(self, language: Language) -> str:
        """Return it as JSON."""
        return canonical_json(self.to_data(language))


def _said(value: Said, language: Language) -> str:
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, tuple):
        return ("、" if language is Language.ZH else ", ").join(map(str, value))
    return str(value)


def both(problem: Problem | Finding | AsOfError | EvaluationError) -> Text:
    """Return the sentence of the engine in both languages."""
    return Text(problem.text(Language.ZH), problem.text(Language.EN))


def fault_of(problem: Problem, prefix: str) -> Fault:
    """Return what is wrong with facts, its pointer begun by `prefix`."""
    suggestion = problem.values.get("suggestion")
    return Fault(
        problem.code,
        both(problem),
        pointer=f"{prefix}{problem.pointer}",
        suggestion=None if suggestion is None else str(suggestion),
    )


def body_problem(faults: Sequence[Fault], more: int = 0) -> ProblemError:
    """Return the problem of a body that does not have the form it should."""
    return ProblemError("body", {"count": str(len(faults) + more)}, tuple(faults), more=more)


def meant(fault: Fault, found: str, known: Iterable[str]) -> Fault:
    """Return a fault with the known name that is nearest to what was found, where one is near."""
    values = did_you_mean(found[:200], known)
    if not values:
        return fault
    said = [sentence("suggestion", values, language) for language in (Language.ZH, Language.EN)]
    detail = Text(f"{fault.detail.zh}{said[0]}", f"{fault.detail.en}{said[1]}")
    return replace(fault, detail=detail, suggestion=str(values["suggestion"]))


def unknown_policy(name: str, known: Sequence[str]) -> Fault:
    """Return what is wrong with a name by which no policy is known; pointer or parameter are for the caller to add."""
    listed, found = named(list(known)), shown(name)
    text = Text(
        f"没有策略 `{found}`，应为以下之一：{'、'.join(listed)}",
        f"there is no policy `{found}`, expected one of {', '.join(listed)}",
    )
    return meant(Fault("unknown-policy", text), name, known)


def facts_problem(error: FactsError, most: int = MOST_ERRORS) -> ProblemError:
    """Return the problem of facts that do not fit; `most` of its errors are told."""
    return _unfit("facts", error, "/facts", most)


def events_problem(error: FactsError) -> ProblemError:
    """Return the problem of a subject's events that do not fit."""
    return _unfit("events", error, "", MOST_ERRORS)


def _unfit(code: str, error: FactsError, prefix: str, most: int) -> ProblemError:
    told = error.problems[:most]
    faults = tuple(fault_of(each, prefix) for each in told)
    return ProblemError(code, {"count": str(len(error.problems))}, faults, more=len(error.problems) - len(told))


def not_in_effect(name: str, day: date, known: Sequence[str]) -> ProblemError:
    """Return the problem of a policy that is not in effect on a day, with those that are and the nearest names."""
    found = shown(name)
    near = nearest(name, known)
    meant_to_be = tuple(f"`{each}`" for each in near)
    said = Text("", "")
    if near:
        said = Text(f"；是否想写 {'、'.join(meant_to_be)}？", f"; did you mean {' or '.join(meant_to_be)}?")
    listed = named(list(known))
    text = Text(
        f"{day} 没有策略 `{found}`，应为以下之一：{'、'.join(listed)}",
        f"no policy `{found}` is in effect on {day}, expected one of {', '.join(listed)}",
    )
    if not known:
        text = Text(
            f"{day} 没有任何生效的策略：请给出较晚的 `as_of`，或省略它",
            f"no policy at all is in effect on {day}: give a later `as_of`, or leave it out",
        )
    fault = Fault("unknown-policy", text, parameter="policy", suggestion=near[0] if near else None)
    return ProblemError("unknown-policy", {"found": found, "day": str(day), "near": said}, (fault,))


def policy_problem(name: str, day: date, known: Sequence[str], errors: Sequence[Finding]) -> ProblemError:
    """Return the problem of a policy that is not in effect: what keeps its text from it, else the names nearest."""
    if not errors:
        return not_in_effect(name, day, known)
    values: dict[str, Said] = {"found": shown(name), "day": str(day), "near": LEFT_OUT}
    return ProblemError("unknown-policy", values, tuple(map(finding_fault, errors)))


def retired_problem(name: str, retired: Effective) -> ProblemError:
    """Return the problem of a policy that is retired: since when, by whom, why, and what can be done."""
    values: dict[str, Said] = {
        "found": shown(name),
        "since": str(retired.since),
        "author": retired.author,
        "approver": retired.approver,
        "note": retired.note,
    }
    text = Text(
        f"`{shown(name)}` 自 {retired.since} 起停用；`as_of` 早于该日的裁定仍可请求",
        f"`{shown(name)}` is retired since {retired.since}; with an `as_of` before that day it still decides",
    )
    return ProblemError("policy-retired", values, (Fault("policy-retired", text, parameter="policy"),))


def finding_fault(finding: Finding) -> Fault:
    """Return what is wrong at a place of a text."""
    place = finding.place
    return Fault(finding.code, both(finding), document=place.source, line=place.line, column=place.column)


def nearest(found: str, known: Iterable[str]) -> list[str]:
    """Return the known names nearest to one that is not known, at most three."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where somebody slipped

    names = list(known)
    same_end = [name for name in names if name.rpartition(".")[2] == found.rpartition(".")[2]]
    return list(dict.fromkeys([*get_close_matches(found[:200], names, 3, 0.6), *same_end]))[:3]


def _without_policy(error: UnknownPolicyError | RetiredPolicyError) -> ProblemError:
    if isinstance(error, RetiredPolicyError):
        return retired_problem(error.name, error.retired)
    return policy_problem(error.name, error.day, error.others, error.errors)


_OF_EVENTS = frozenset({"history-not-carried-out"})
"""What is wrong not with the facts, but with the events beside them."""


def unreachable() -> ProblemError:
    """Return the problem of a database that cannot be reached just now, or takes nothing."""
    return ProblemError("unreachable", headers={"Retry-After": str(SOON)})


def problem_of(error: Exception, most: int = MOST_ERRORS) -> ProblemError | None:
    """Return the problem an error of deciding or writing is to a caller; None where it is a fault of ours.

    Of facts that do not fit, `most` errors are told.
    """
    found: ProblemError | None = None
    match error:
        case ProblemError():
            found = error
        case UnknownPolicyError() | RetiredPolicyError():
            found = _without_policy(error)
        case Unloadable():
            found = ProblemError("policy-not-loading", {"found": str(error)})
        case FactsError():
            found = facts_problem(error, most)
        case AsOfError():
            found = ProblemError("as-of", {}, (Fault(error.code, both(error), pointer="/as_of"),))
        case EvaluationError():
            pointer = "/events" if error.code in _OF_EVENTS else "/facts"
            found = ProblemError("evaluation", {}, (Fault(error.code, both(error), pointer=pointer),))
        case _:
            found = _passing(error)
    return found


def _passing(error: Exception) -> ProblemError | None:
    if isinstance(error, BusyError):
        return ProblemError("busy", headers={"Retry-After": str(error.seconds)})
    return unreachable() if is_passing(error) else None
