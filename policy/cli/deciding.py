"""`fairlead decide`: one decision from facts, or one for each row of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policy.cli.checking import line
from policy.cli.frame import (
    Refused,
    WrongUse,
    body_of,
    check_writable,
    echo_json,
    json_option,
    language_option,
    out,
    say,
    tell,
)
from policy.cli.outline import outline
from policy.cli.sources import select
from policy.errors import AsOfError, EvaluationError, FactsError, Grade, did_you_mean
from policy.values import Language

if TYPE_CHECKING:
    from policy.engine import Policy
    from policy.errors import Problem
    from policy.model.decision import Decision


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for, one attribute per option."""

    policy: str
    facts: str | None
    table: Path | None
    mapping: Path | None
    rules: Path
    as_of: str | None
    events: str | None
    explain: bool
    output: Path | None
    report: Path | None
    as_json: bool
    language: Language


@click.command(
    epilog=(
        "Examples: fairlead decide approval.order --facts order.json --explain; "
        "fairlead decide approval.order --from deals.csv --map mapping.yaml --output out.csv"
    ),
    short_help="Decide from facts, or for every row of a file. 依据数据作出裁定。",
)
@click.argument("policy")
@click.option("--facts", metavar="FILE", help="Facts as JSON; - is standard input. JSON 数据文件。")
@click.option(
    "--from",
    "table",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Decide each row of a .csv or .xlsx file. 逐行裁定。",
)
@click.option(
    "--map",
    "mapping",
    metavar="MAPPING.yaml",
    type=click.Path(path_type=Path),
    help="Which column is which field. 列与字段的对应。",
)
@click.option(
    "--rules",
    metavar="DIR",
    envvar="FAIRLEAD_RULES",
    default="rules",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder of the policies. 策略目录。",
)
@click.option("--as-of", metavar="DATE", help="Day or instant it is for; today otherwise. 适用日期，默认今天。")
@click.option("--events", metavar="FILE", help="The subject's events as a JSON list. 既往事件。")
@click.option("--explain", is_flag=True, help="Say why, rule by rule. 逐条说明理由。")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --from: decisions as .csv, .xlsx or .jsonl. 结果文件。",
)
@click.option(
    "--report", metavar="FILE", type=click.Path(path_type=Path), help="With --from: the whole report. 完整报告。"
)
@json_option
@language_option
@click.pass_context
def decide(context: click.Context, /, **options: Any) -> None:
    """Decide with POLICY, such as approval.order: from facts as JSON, or for every row of a CSV or XLSX file.

    Prints the status, the outcome, and what the policy makes of it; with --json the canonical decision. Exit code 1
    when facts or rows are refused.

    依据策略作出裁定，可给出理由；--from 可批量处理 CSV 或 XLSX 文件。
    """
    asked = Asked(**options)
    check_use(asked)
    policy = _policy(asked)
    if asked.table is not None and asked.mapping is not None:
        from policy.cli.bulk import Files, decide_table

        context.exit(decide_table(asked, Files(asked.table, asked.mapping), policy, _as_of(asked, policy)))
    _decide_one(asked, policy)


def check_use(asked: Asked, *, is_mapped: bool = True) -> None:
    """Refuse options that do not go together.

    Args:
        asked: What was asked for.
        is_mapped: Whether rows need a mapping.

    Raises:
        WrongUse: they do not, or what is asked for cannot be written.
    """
    if asked.facts is None and asked.table is None:
        raise WrongUse(say("facts-or-file", asked.language))
    if asked.facts is not None and asked.table is not None:
        raise WrongUse(say("facts-and-file", asked.language))
    if asked.table is not None and asked.mapping is None and is_mapped:
        raise WrongUse(say("map-missing", asked.language))
    many = {"--map": asked.mapping, "--output": asked.output, "--report": asked.report}
    one = {"--events": asked.events, "--explain": asked.explain or None}
    code, options = ("only-with-from", many) if asked.table is None else ("only-with-facts", one)
    for option, value in options.items():
        if value is not None:
            raise WrongUse(say(code, asked.language, option=option))
    if asked.output is not None and asked.output.suffix not in {".csv", ".xlsx", ".jsonl"}:
        raise WrongUse(say("output-form", asked.language, path=asked.output))
    for path in (asked.output, asked.report):
        check_writable(path, asked.language)


def _policy(asked: Asked) -> Policy:
    """Return the policy asked for; errors in documents it does not use are only told.

    Raises:
        Refused: it has errors.
        WrongUse: there is none of that name.
    """
    prepared = select([asked.rules], asked.language).prepared
    errors = [finding for finding in prepared.findings if finding.grade is Grade.ERROR]
    found = prepared.policies.get(asked.policy)
    if found is not None:
        if errors:
            tell("others-unsound", asked.language, count=len(errors), rules=asked.rules)
        return found
    if any(_names(source) == asked.policy for source in prepared.sources):
        for finding in errors:
            click.echo(line(finding, asked.language), err=True)
        raise Refused(say("policy-unsound", asked.language, name=asked.policy))
    near = did_you_mean(asked.policy, prepared.policies).get("suggestion")
    raise WrongUse(
        say(
            "unknown-policy",
            asked.language,
            name=asked.policy,
            rules=asked.rules,
            near=say("near", asked.language, name=near) if near else "",
            known=say("joint", asked.language).join(prepared.policies) or "–",
        )
    )


def _names(source: str) -> str:
    """Return the policy a file holds by where it lies: `rules/approval/order.yaml` holds `approval.order`."""
    return f"{Path(source).parent.name}.{Path(source).stem}"


def _as_of(asked: Asked, policy: Policy) -> str:
    from policy.model.instants import AsOf, zone

    time_zone = policy.rule_set.document.time_zone
    if asked.as_of is None:
        return datetime.now(UTC).astimezone(zone(time_zone)).date().isoformat()
    try:
        return AsOf.read(asked.as_of, time_zone).text
    except AsOfError as error:
        raise WrongUse(say("bad-day", asked.language, found=asked.as_of)) from error


def _decide_one(asked: Asked, policy: Policy) -> None:
    as_of = _as_of(asked, policy)
    body = body_of(asked.facts or "-", asked.language)
    events = _events(asked)
    try:
        decision = policy.decide(body, as_of=as_of, events=events, explain=True)
    except FactsError as error:
        _refuse(asked, error.problems)
    except EvaluationError as error:
        raise Refused(error.text(asked.language)) from error
    else:
        _print(asked, decision)


def _events(asked: Asked) -> list[dict[str, Any]]:
    if asked.events is None:
        return []
    import json
    from decimal import Decimal

    body, place = body_of(asked.events, asked.language), asked.events
    try:
        found = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError as error:
        found, place = None, f"{asked.events}:{error.lineno}:{error.colno}"
    except (UnicodeDecodeError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise Refused(say("events-json", asked.language, path=place))
    return found


def _refuse(asked: Asked, problems: tuple[Problem, ...]) -> None:
    """Print every problem of the facts.

    Raises:
        Refused: always.
    """
    if asked.as_json:
        echo_json({"problems": [problem.to_data() for problem in problems]})
    for problem in problems:
        file = asked.events if problem.pointer.startswith("/events") and asked.events else asked.facts
        click.echo(f"{file}:{problem.pointer or '/'}: {problem.code}: {problem.text(asked.language)}", err=True)
    raise Refused(say("facts-refused", asked.language, name=asked.policy, count=len(problems)))


def _print(asked: Asked, decision: Decision) -> None:
    why = decision.explanation
    if asked.as_json:
        data = decision.to_data()
        if asked.explain and why is not None:
            data["explanation"] = why.to_data(asked.language)
        echo_json(data)
        return
    out(f"{decision.policy} · {decision.as_of} · {say(str(decision.status), asked.language)}")
    if why is not None:
        out(why.to_text(asked.language) if asked.explain else why.to_data(asked.language)["answer"])
    for text in _lines(decision, asked.language):
        out(text)


def _lines(decision: Decision, language: Language) -> list[str]:
    data = decision.to_data()
    lines: list[str] = []
    for name in ("outcome", "result"):
        if data[name] is not None:
            lines += [f"{say(name, language)}:", *outline(data[name], language, 2)]
    for name in ("hits", "missing"):
        if data[name]:
            lines += list(outline({say(name, language): data[name]}, language))
    return lines
