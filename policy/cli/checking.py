"""`fairlead check`: every finding of policies, vocabulary and reference tables."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.frame import FOUND, echo_json, json_option, language_option, say, tell
from policy.cli.sources import Selection, select
from policy.values import Language

if TYPE_CHECKING:
    from policy.errors import Finding

_COLOURS = {"error": "red", "warning": "yellow", "note": "blue"}


@click.command(
    epilog="Example: fairlead check rules/ --strict",
    short_help="Check policies: every finding with its place. 检查策略。",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings count as errors too. 警告也算错误。")
@json_option
@language_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], language: Language, *, strict: bool, as_json: bool) -> None:
    """Check policies, vocabulary and reference tables: every finding with file, line and column.

    PATHS are files or folders; without any, the folder rules. A single file is checked together with the folder of
    rules it lies in. Exit code 1 when there is an error.

    检查策略文件，列出全部问题及其位置。
    """
    chosen = select(paths, language)
    counted = Counter(str(finding.grade) for finding in chosen.findings)
    if as_json:
        echo_json(_data(chosen, counted))
    else:
        for finding in chosen.findings:
            click.echo(line(finding, language))
        _summary(chosen, counted, language)
    if counted["error"] or (strict and counted["warning"]):
        context.exit(FOUND)


def line(finding: Finding, language: Language) -> str:
    """Write one finding: place, grade, code, sentence."""
    grade = str(finding.grade)
    said = click.style(say(grade, language), fg=_COLOURS[grade], bold=True)
    return f"{finding.place}: {said} {finding.code}: {finding.text(language)}"


def _summary(chosen: Selection, counted: Counter[str], language: Language) -> None:
    tell(
        "checked",
        language,
        documents=len(chosen.sources),
        policies=len(chosen.policies),
        errors=counted["error"],
        warnings=counted["warning"],
        notes=counted["note"],
    )


def _data(chosen: Selection, counted: Counter[str]) -> dict[str, object]:
    return {
        "documents": chosen.sources,
        "policies": [policy.id for policy in chosen.policies],
        "findings": [finding.to_data() for finding in chosen.findings],
        "counts": {grade: counted[grade] for grade in _COLOURS},
    }
