"""Options that cannot be read: what was found, what is expected, an example; in the reader's language."""

from __future__ import annotations

import pytest

from tests.webadmin.cli.conftest import Run

DAYS = (
    ("publish", ".", "--from"),
    ("publish", ".", "--until"),
    ("revisions", "--on"),
    ("export", "folder", "--on"),
    ("import", "people.csv", "--map", "people.yaml", "--since"),
    ("recompute", "--since"),
    ("recompute", "--until"),
    ("demo", "--day"),
)


@pytest.mark.parametrize("arguments", DAYS, ids=lambda each: f"{each[0]} {each[-1]}")
@pytest.mark.parametrize("found", ["abc", "2026-02-30", ""])
def test_a_day_that_is_none(run: Run, arguments: tuple[str, ...], found: str) -> None:
    option = arguments[-1]

    english = run(*arguments, found)
    chinese = run(*arguments, found, "--lang", "zh")

    assert (english.exit_code, chinese.exit_code) == (2, 2)
    assert english.stderr == f"{option} `{found}` is no day: expected year-month-day, such as 2026-03-01\n"
    assert chinese.stderr == f"{option} `{found}` 不是日期：应为年-月-日，例如 2026-03-01\n"


@pytest.mark.parametrize("found", ["0d", "0h", "-1d", "90", "90 d", "731d", "99999d", "a", ""])
def test_a_lifetime_that_is_none(run: Run, found: str) -> None:
    arguments = ("token", "create", "crm", "--scope", "read", f"--expires={found}")

    english = run(*arguments)
    chinese = run(*arguments, "--lang", "zh")

    assert (english.exit_code, chinese.exit_code) == (2, 2)
    assert english.stderr == (f"--expires is `{found}`: expected days or hours from 1h to 730d, such as 90d or 12h\n")
    assert chinese.stderr == f"--expires 的值是 `{found}`：应为天数或小时数，从 1h 到 730d，例如 90d 或 12h\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--recompute", "some"), "--recompute is `some`: expected all, none, or a number such as 1000\n"),
        (
            ("--only", "people"),
            (
                "--only is `people`: expected decisions, events or audit, perhaps with a range, such as "
                "decisions:5000-6000\n"
            ),
        ),
    ],
)
def test_a_part_to_verify_that_is_none(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run("verify", *arguments)

    assert (done.exit_code, done.stderr) == (2, said)
