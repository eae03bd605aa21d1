"""The smallest rule set of each kind that loads: its inputs, one output, one rule that always hits, one test.

Inputs are named where the vocabulary knows them, and declared in the policy where it does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policy import editor
from policy.editor import Value
from policy.engine import Policy
from policy.model.document import FieldType, Kind
from policy.model.fields import Field
from policy.values import Text
from webadmin.rulesets import testing
from webadmin.rulesets.taking import Fields, closed

_PEOPLE = ("customer.id", "manager.id", "person.id", "requester.id")
"""Whom a decision can be found by."""

_TEXT = "{type: string}"
_ORDER = "{type: string, label: {zh: 订单号, en: Order}}"
_CUSTOMER = "{type: string, label: {zh: 客户编号, en: Customer}}"
_CASE = "{type: string, label: {zh: 案件号, en: Case}}"
_REQUESTER = "{type: string, class: personal, label: {zh: 申请人, en: Requester}}"
_APPROVER = "{type: string, class: personal, label: {zh: 审批人, en: Approver}}"
_MANAGER = "{type: string, class: personal, label: {zh: 客户经理, en: Account manager}}"
_PERSON = "{type: string, class: personal, label: {zh: 人员, en: Person}}"
_ROLE = "{type: string, one_of: [lead], names: {lead: {zh: 销售主管, en: team lead}}, label: {zh: 审批角色, en: Role}}"
_QUOTA = "{type: number, unit: CNY, scale: 2, min: 0.01, max: 100000000000, label: {zh: 季度目标, en: Quarterly quota}}"
_AMOUNT = (
    "{type: number, unit: CNY, scale: 2, min: -100000000000, max: 100000000000, label: {zh: 业绩金额, en: Amount}}"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind needs besides what its author chooses.

    Attributes:
        subject: Path of the id of what is decided about.
        needs: Path → how it is declared where the vocabulary does not, with a label: pages show no bare paths.
        optional: Those of them that facts may lack.
        top: Lines between subject and inputs.
        body: Everything behind the inputs but the test.
    """

    subject: str
    needs: Mapping[str, str]
    body: str
    top: str = ""
    optional: Collection[str] = ()


SHAPES: Mapping[Kind, Shape] = {
    Kind.APPROVAL: Shape(
        "order.id",
        {
            "order.id": _ORDER,
            "requester.id": _REQUESTER,
            "approvers": "{type: list, label: {zh: 可选审批人, en: People who could approve}}",
            "approvers[].id": _APPROVER,
            "approvers[].role": _ROLE,
        },
        """\
outputs:
  stages: {type: list, of: stages, combine: union, label: {zh: 审批环节, en: Stages}}

hit_policy: collect

rules:
  - id: otherwise
    then: {stages: [team-lead]}
    because: {zh: 一律由主管审批, en: The team lead approves everything}

stages:
  - {id: team-lead, label: {zh: 主管, en: team lead}, who: approver.role = "lead"}
""",
        optional=("approvers",),
    ),
    Kind.ASSIGNMENT: Shape(
        "customer.id",
        {
            "customer.id": _CUSTOMER,
            "managers": "{type: list, label: {zh: 候选客户经理, en: Candidates}}",
            "managers[].id": _MANAGER,
            "managers[].active": "{type: boolean, label: {zh: 是否在岗, en: Active}}",
            "managers[].absent": "{type: boolean, label: {zh: 是否缺勤, en: Absent}}",
        },
        """\
outputs:
  weight: {type: number, scale: 1, label: {zh: 占用承载量, en: Load it brings}}

hit_policy: first

rules:
  - id: otherwise
    then: {weight: 1}
    because: {zh: 每位客户占用一份承载量, en: Every customer counts as one}

allocate:
  candidates: managers
  eligible:
    - {id: present, label: {zh: 在岗, en: at work}, when: manager.active and not(manager.absent)}
  tie_break: [manager.id]
  otherwise: unassigned
""",
    ),
    Kind.INCENTIVE: Shape(
        "person.id",
        {
            "person.id": _PERSON,
            "person.quota": _QUOTA,
            "credits": "{type: list, label: {zh: 业绩明细, en: Credits}}",
            "credits[].amount": _AMOUNT,
        },
        """\
outputs:
  counts: {type: number, scale: 4, label: {zh: 计入比例, en: Share that counts}}

hit_policy: first

rules:
  - id: otherwise
    then: {counts: 1}
    because: {zh: 全额计入, en: Counts in full}

credit: credit.amount * counts
measure: credited / person.quota
bands:
  method: marginal
  basis: total
  base: person.quota
  rows: [{from: 0, rate: 0.01}]
""",
        "period: quarter\neach: {list: credits, as: credit}\n",
    ),
    Kind.PENALTY: Shape(
        "case.id",
        {"case.id": _CASE, "manager.id": _MANAGER},
        """\
outputs:
  measures: {type: list, of: measures, combine: union, label: {zh: 建议措施, en: Measures proposed}}

hit_policy: collect

rules:
  - id: otherwise
    then: {measures: []}
    because: {zh: 不作处理, en: No measure}

measures:
  - {id: talk, label: {zh: 谈话提醒, en: talk}}
""",
    ),
    Kind.SCORECARD: Shape(
        "customer.id",
        {"customer.id": _CUSTOMER},
        """\
outputs:
  points: {type: number, scale: 1, combine: sum, label: {zh: 得分, en: Points}}

hit_policy: collect

rules:
  - id: otherwise
    then: {points: 0}
    because: {zh: 起评分, en: Where the count begins}
""",
    ),
}


STARTING = Text(
    "起步测试：规则改好后，请在测试页改成您期望的结果",
    "starting test: once the rules are yours, have it expect what you want",
)
"""What the test of a new policy is called."""


def subjects(fields: Fields) -> list[str]:
    """Return the paths that can name what a decision is about."""
    return [path for path in fields if path.endswith(".id") and "[]" not in path]


def text(name: str, title: Text, subject: str, chosen: Collection[str], fields: Fields) -> str:
    """Return the text of a new policy, without a test.

    Args:
        name: Its id.
        title: In both languages.
        subject: Path of the id of what it decides about; empty: the usual one of the kind.
        chosen: Inputs besides those its kind needs.
        fields: What the vocabulary has.
    """
    shape = SHAPES[Kind(name.partition(".")[0])]
    about = subject or shape.subject
    paths = closed({about, *shape.needs, *chosen} - ({shape.subject} if about != shape.subject else set()), fields)
    people = [each for each in (about, *shape.needs) if each in _PEOPLE and each in paths]
    concerned = f", about: [{', '.join(dict.fromkeys(people))}]" if people else ""
    inputs = "".join(f"  - {path}{_declared(path, shape, fields)}\n" for path in paths)
    made = (
        f"policy: {name}\ntitle: new\nlanguage: 1\nsubject: {{id: {about}{concerned}}}\n{shape.top}\n"
        f"inputs:\n{inputs}\n{shape.body}"
    )
    return editor.set_title(made, title)


def _declared(path: str, shape: Shape, fields: Fields) -> str:
    declared = "" if path in fields else shape.needs.get(path, _TEXT)
    if path in shape.optional:
        declared = f"{declared.removesuffix('}')}, optional: true}}" if declared else "{optional: true}"
    return f": {declared}" if declared else ""


def with_test(made: str, policy: Policy, day: date) -> str:
    """Return a text with a test of what it gives for made-up facts.

    The first condition may make it fail, whatever it expects: its name says what to do then.

    Args:
        made: The text.
        policy: The policy it is.
        day: What the test is for.
    """
    facts = _facts(policy, day)
    decision = policy.decide(facts, as_of=day.isoformat())
    expects = testing.expected(decision, testing.usual(decision))
    name: Value = {"zh": STARTING.zh, "en": STARTING.en}
    item = testing.item("", day.isoformat(), facts, (), expects)
    tested = editor.add_item(made, (testing.TESTS,), {**item, "name": name})
    return tested.replace("\ntests:\n", "\n\ntests:\n", 1)


def _facts(policy: Policy, day: date) -> dict[str, Any]:
    """Return facts with a value for every input that is needed, one row in every list of rows that is needed."""
    facts: dict[str, Any] = {}
    left_out = tuple(f"{path}[]" for path, field in policy.rule_set.fields.items() if not field.required)
    for path, field in policy.rule_set.fields.items():
        if field.required and not path.startswith(left_out):
            _put(facts, path.split("."), _sample(field, day), path in _with_rows(policy))
    return facts


def _with_rows(policy: Policy) -> set[str]:
    return {path.rpartition("[]")[0] for path in policy.rule_set.fields if "[]" in path}


def _put(here: dict[str, Any], steps: list[str], value: Any, has_rows: bool) -> None:  # noqa: FBT001 - of the field
    for step in steps[:-1]:
        name = step.removesuffix("[]")
        here = here.setdefault(name, [{}])[0] if step.endswith("[]") else here.setdefault(name, {})
    here.setdefault(steps[-1], [{}] if has_rows else value)


def _sample(field: Field, day: date) -> Any:
    """Return some value a field takes."""
    if field.one_of:
        return field.one_of[0] if field.type is not FieldType.LIST else []
    if field.type is FieldType.NUMBER:
        return next(_numbers(field))
    bound = field.min if field.min is not None else field.max
    if bound is not None:
        return bound.isoformat() if isinstance(bound, date) else str(bound)
    if field.type is FieldType.STRING:
        return f"{field.path.rpartition('.')[0].rpartition('.')[2].replace('[]', '') or 'x'}-1"
    return {
        FieldType.BOOLEAN: False,
        FieldType.DATE: day.isoformat(),
        FieldType.TIME: "09:00:00",
        FieldType.DATE_TIME: f"{day.isoformat()}T09:00:00+08:00",
        FieldType.DAYS_DURATION: "P1D",
        FieldType.MONTHS_DURATION: "P1M",
        FieldType.LIST: [],
        FieldType.CONTEXT: {},
    }[field.type]


def _numbers(field: Field) -> Iterator[Decimal]:
    """Yield numbers within a field's bounds, the plainest first."""
    for each in (Decimal(0), Decimal(1), field.min, field.max):
        if each is not None and (field.min is None or each >= field.min) and (field.max is None or each <= field.max):
            yield each
