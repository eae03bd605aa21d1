"""The command itself speaks the reader's language: its help, and what is wrong with a call."""

from __future__ import annotations

import gettext
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from policy.values import Language
from tests import catalogue as catalogue_of
from webadmin.cli import main
from webadmin.cli.speaking import asked

ROOT = Path(__file__).parents[3]
TRY = {"en": "Try 'fairlead {} --help' for help.", "zh": "如需帮助，请运行 fairlead {} --help"}
LEFT_OUT = {"{name}", "{number_type}", "{choice}", "{possibility}", "{format}"}
"""Values that a translation may do without: two are English, three have another that says the same."""

BROKEN = (
    (("chck",), "Error: No such command 'chck'. Did you mean 'check'?", "错误：没有命令 'chck'。 是否想写 'check'？"),
    (("decide",), "Error: Missing argument 'POLICY'.", "错误：缺少参数 'POLICY'."),
    (("token", "create", "x"), "Error: Missing option '--scope'. Choose from:", "错误：缺少选项 '--scope'. 可选："),
    (("check", "--nope"), "Error: No such option '--nope'.", "错误：没有选项 '--nope'。"),
    (("check", "--as-of"), "Error: No such option '--as-of'.", "错误：没有选项 '--as-of'。"),
    (("decide", "p", "--facts"), "Error: Option '--facts' requires an argument.", "错误：选项 '--facts' 需要 1 个值。"),
    (("check", "--json=1"), "Error: Option '--json' does not take a value.", "错误：选项 '--json' 不带值。"),
    (("decide", "p", "q"), "Error: Got unexpected extra argument (q)", "错误：多余的参数（q）"),
    (
        ("jobs", "--limit", "0"),
        "Error: Invalid value for '--limit': 0 is not in the range 1<=x<=1000.",
        "错误：'--limit' 的值无效：0 不在范围 1<=x<=1000 内。",
    ),
    (
        ("jobs", "--limit", "x"),
        "Error: Invalid value for '--limit': 'x' is not a valid integer range.",
        "错误：'--limit' 的值无效：'x' 不是整数。",
    ),
    (
        ("login", "add", "x", "--role", "y"),
        "Error: Invalid value for '--role': 'y' is not one of 'admin', ",
        "错误：'--role' 的值无效：'y' 不在可选值 'admin', ",
    ),
    (
        ("backup", "/"),
        "Error: Invalid value for 'FILE': File '/' is a directory.",
        "错误：'FILE' 的值无效：'/' 是目录，应为文件。",
    ),
)


def called(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call the command as a shell does, in no language but those of `environment`."""
    neutral = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "FAIRLEAD_"))}
    command = [sys.executable, "-c", "from webadmin.cli import main; main(prog_name='fairlead')", *arguments]
    given = {**neutral, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=given, check=False)


@pytest.mark.parametrize(("arguments", "english", "chinese"), BROKEN, ids=[each[0][-1] for each in BROKEN])
def test_what_is_wrong_with_a_call(arguments: tuple[str, ...], english: str, chinese: str) -> None:
    for language, said in (("en", english), ("zh", chinese)):
        done = CliRunner().invoke(main, arguments, prog_name="fairlead", env={"FAIRLEAD_LANG": language})

        assert done.exit_code == 2
        assert said in done.stderr
        assert done.stdout == ""


@pytest.mark.parametrize(
    "environment",
    [{"FAIRLEAD_LANG": "zh"}, {"LC_ALL": "zh_CN.UTF-8"}, {"LANG": "zh_TW.UTF-8"}, {"LANGUAGE": "en", "LANG": "zh"}],
)
def test_help_and_refusals_in_chinese(environment: dict[str, str]) -> None:
    help_, broken = called("login", "--help", **environment), called("login", "add", **environment)

    assert help_.stdout.startswith("用法: fairlead login [OPTIONS] COMMAND [ARGS]...\n")
    assert re.findall(r"^\S+:$", help_.stdout, re.MULTILINE) == ["选项:", "命令:"]
    assert "  -h, --help  显示此帮助并退出。\n" in help_.stdout
    assert broken.stderr.startswith("用法: fairlead login add [OPTIONS] ")
    assert TRY["zh"].format("login add") in broken.stderr


@pytest.mark.parametrize("environment", [{}, {"FAIRLEAD_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, {"LANG": "C.UTF-8"}])
def test_help_and_refusals_in_english(environment: dict[str, str]) -> None:
    help_, broken = called("login", "--help", **environment), called("login", "add", **environment)

    assert re.findall(r"^\S+:$", help_.stdout, re.MULTILINE) == ["Options:", "Commands:"]
    assert "  -h, --help  Show this message and exit.\n" in help_.stdout
    assert TRY["en"].format("login add") in broken.stderr


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (("check", "--lang", "zh", "--nope"), "zh"),
        (("check", "--nope", "--lang=zh"), "zh"),
        (("check", "--lang", "zh", "--lang", "en"), "en"),
        (("check", "--lang", "fr"), "en"),
        (("check", "--lang"), "en"),
        ((), "en"),
    ],
)
def test_an_option_chooses_the_language_of_what_cannot_be_parsed(
    arguments: tuple[str, ...], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRLEAD_LANG", "en")

    assert asked(arguments) == Language(language)


def test_nothing_of_it_outlasts_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    CliRunner().invoke(main, ["chck"], env={"FAIRLEAD_LANG": "zh"})

    assert (os.environ["LANGUAGE"], gettext.textdomain()) == ("de", "messages")


def test_translations_name_the_same_values() -> None:
    """A value that the English has not would be a fault where the text is said."""

    def names(text: str) -> set[str]:
        return set(re.findall(r"\{\w+(?:!r)?\}|%\(\w+\)s", text))

    for each in catalogue_of.read(catalogue_of.CLICK):
        if not each.id:
            continue
        english = names(" ".join(each.id) if isinstance(each.id, tuple) else each.id)
        chinese = names(each.string[0] if isinstance(each.string, tuple) else each.string)
        assert chinese <= english
        assert english - chinese <= LEFT_OUT, each.id
