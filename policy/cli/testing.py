"""`fairlead test`: the tests that travel with policies, and which rule none of them hits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policy.cli.frame import FOUND, Refused, WrongUse, echo_json, json_option, language_option, progress, say, tell
from policy.cli.outline import inline
from policy.cli.sources import select
from policy.messages import Grade
from policy.values import Language

if TYPE_CHECKING:
    from policy.engine import Policy, TestReport
    from policy.runtime.cases import CaseResult


@click.command(
    epilog="Example: fairlead test rules/approval",
    short_help="Run the tests inside policies, with coverage. 运行策略自带的测试。",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="A rule that no test hits counts as a failure. 规则没有测试命中也算失败。")
@json_option
@language_option
@click.pass_context
def test(context: click.Context, paths: tuple[Path, ...], language: Language, *, strict: bool, as_json: bool) -> None:
    """Run the tests that travel with policies, and say which rules no test hits.

    PATHS are files or folders; without any, the folder rules. Exit code 1 when a test fails or a policy has errors.

    运行策略自带的测试，并指出没有测试命中的规则。
    """
    chosen = select(paths, language)
    if not chosen.policies and not any(finding.grade is Grade.ERROR for finding in chosen.findings):
        raise WrongUse(say("no-policies", language, paths=say("joint", language).join(map(str, chosen.paths))))
    errors = sum(str(finding.grade) == "error" for finding in chosen.findings)
    with progress("testing", language, len(chosen.policies)) as advance:
        reports: list[tuple[Policy, TestReport]] = []
        for policy in chosen.policies:
            reports.append((policy, policy.test()))
            advance(1)
    if as_json:
        echo_json({"policies": [_data(*each) for each in reports], "errors": errors})
    else:
        for each in reports:
            _print(*each, language)
        _summary(reports, language)
    if errors:
        raise Refused(say("not-tested", language, count=errors))
    if any(not report.passed or (strict and report.never_hit) for _, report in reports):
        context.exit(FOUND)


def _print(policy: Policy, report: TestReport, language: Language) -> None:
    rules = len(policy.rule_set.rules)
    passed = sum(result.passed for result in report.results)
    hit = rules - len(report.never_hit)
    click.echo(say("tested", language, name=policy.id, passed=passed, tests=len(report.results), hit=hit, rules=rules))
    for item, result in zip(policy.rule_set.document.tests, report.results, strict=True):
        if not result.passed:
            click.echo(f"  {item.place}: {click.style(say('failed', language), fg='red')}: {result.name.to(language)}")
            for line in _why(result, language):
                click.echo(f"    {line}")
    if report.never_hit:
        click.echo(f"  {say('never-hit', language, rules=say('joint', language).join(report.never_hit))}")


def _why(result: CaseResult, language: Language) -> list[str]:
    if result.problem is not None:
        return [result.problem.to(language)]
    return [
        say(
            "difference",
            language,
            path=each.path,
            expected=inline(each.expected, language),
            got=inline(each.got, language),
        )
        for each in result.differences
    ]


def _summary(reports: list[tuple[Policy, TestReport]], language: Language) -> None:
    tests = sum(len(report.results) for _, report in reports)
    passed = sum(result.passed for _, report in reports for result in report.results)
    unhit = sum(len(report.never_hit) for _, report in reports)
    tell(
        "all-tested",
        language,
        policies=len(reports),
        tests=tests,
        passed=passed,
        failed=tests - passed,
        unhit=unhit,
    )


def _data(policy: Policy, report: TestReport) -> dict[str, Any]:
    return {
        "policy": policy.id,
        "passed": report.passed,
        "never_hit": list(report.never_hit),
        "tests": [
            {
                "name": {"zh": result.name.zh, "en": result.name.en},
                "passed": result.passed,
                "differences": [
                    {"path": each.path, "expected": each.expected, "got": each.got} for each in result.differences
                ],
                "problem": None if result.problem is None else {"zh": result.problem.zh, "en": result.problem.en},
            }
            for result in report.results
        ],
    }
