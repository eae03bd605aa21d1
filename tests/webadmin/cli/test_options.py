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


@pytest.mark.parametrize(
    ("arguments", "last"), [(each, "9999-12-31") for each in DAYS[:-1]] + [(DAYS[-1], "2999-12-31")]
)
def test_a_day_nothing_can_be_of(run: Run, arguments: tuple[str, ...], last: str) -> None:
    english = run(*arguments, "0001-01-01")
    chinese = run(*arguments, "0001-01-01", "--lang", "zh")

    assert (english.exit_code, chinese.exit_code) == (2, 2)
    first = "2010-01-01" if arguments[0] == "demo" else "1900-01-01"
    said = f"{arguments[-1]} `0001-01-01` is out of range: expected a day from {first} to {last}\n"
    assert english.stderr == said
    assert "超出范围" in chinese.stderr


@pytest.mark.parametrize("until", ["2026-01-01", "2025-12-31"])
def test_a_period_without_a_day(run: Run, until: str) -> None:
    done = run("recompute", "--since", "2026-01-01", "--until", until, "--wait")

    assert (done.exit_code, done.stderr) == (
        2, f"--since 2026-01-01 is not before --until {until}: no day lies between\n",
    )  # fmt: skip


@pytest.mark.parametrize("since", ["1900-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_can_be_asked_for(run: Run, since: str) -> None:
    done = run("recompute", "--since", since, "--wait", "--json")

    assert done.exit_code == 0, done.output
    assert '"state":"done"' in done.stdout


@pytest.mark.parametrize("found", ["0d", "0h", "-1d", "90", "90 d", "731d", "99999d", "a", ""])
def test_a_lifetime_that_is_none(run: Run, found: str) -> None:
    arguments = ("token", "create", "crm", "--scope", "read", f"--expires={found}")

    english = run(*arguments)
    chinese = run(*arguments, "--lang", "zh")

    assert (english.exit_code, chinese.exit_code) == (2, 2)
    assert english.stderr == (f"--expires is `{found}`: expected days or hours from 1h to 730d, such as 90d or 12h\n")
    assert chinese.stderr == f"--expires 的值是 `{found}`：应为天数或小时数，从 1h 到 730d，例如 90d 或 12h\n"


@pytest.mark.parametrize("found", ["some", "-1", "1.5", ""])
def test_a_number_of_decisions_that_is_none(run: Run, found: str) -> None:
    done = run("verify", f"--recompute={found}")

    assert (done.exit_code, done.stderr) == (
        2, f"--recompute is `{found}`: expected all, none, or a number such as 1000\n",
    )  # fmt: skip


@pytest.mark.parametrize("found", ["people", "decisions:5-1", "decisions:0", "audit:0-0", "events:-1", ""])
def test_a_part_to_verify_that_is_none(run: Run, found: str) -> None:
    done = run("verify", f"--only={found}")

    assert done.exit_code == 2
    assert done.stderr.startswith(f"--only is `{found}`: expected decisions, events or audit")
    assert done.stderr.endswith("such as decisions:5000-6000\n")
