"""The first integration, as the README tells it, works to the letter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.webadmin.test_server import ROOT, serving, told_address

README = (ROOT / "README.md").read_text("utf-8")


def transcript() -> list[tuple[str, str]]:
    """Return the commands of the section with what they are shown to print."""
    block = next(each for each in re.findall(r"```console\n(.*?)```", README, re.DOTALL) if "curl" in each)
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        lines = part.splitlines()
        end = next((at for at, line in enumerate(lines) if not line.endswith("\\") and _is_whole(lines[: at + 1])), 0)
        found.append(("\n".join(lines[: end + 1]), "\n".join(lines[end + 1 :])))
    return found


def _is_whole(lines: list[str]) -> bool:
    """Say whether quotes are closed."""
    return "\n".join(lines).count("'") % 2 == 0


def shows(shown: str, printed: str) -> bool:
    """Say whether a shown output is that of a command; `…` stands for anything."""
    pattern = ".*".join(re.escape(each) for each in shown.strip().split("…"))
    return re.search(pattern, printed, re.DOTALL) is not None


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_a_first_integration_goes_as_the_readme_tells(rules: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/record.db",
        "FAIRLEAD_LANG": "en",
        "FAIRLEAD_ENV": "development",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
    }
    program = f"fairlead() {{ {sys.executable} -c 'from webadmin.cli import main; main()' \"$@\"; }}\n"
    with serving(tmp_path, "--port", "0", "--rules", str(rules)) as process:
        address = told_address(process).rstrip("/")
        told = transcript()
        script = program + "\n".join(
            f"{command.replace('http://127.0.0.1:8000', address)} > out.{at} 2>&1" if "=$(" not in command
            else f"{{ {command}; }} > out.{at} 2>&1"
            for at, (command, _) in enumerate(told)
        )  # fmt: skip
        subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=environment, check=True, timeout=120)  # noqa: S607
        printed = [(tmp_path / f"out.{at}").read_text("utf-8") for at in range(len(told))]

    assert len(told) == 6
    assert [(shown, out) for (_, shown), out in zip(told, printed, strict=True) if not shows(shown, out)] == []
