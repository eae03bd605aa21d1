"""README and help name everything there is, and what they show is true."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import click
from click.testing import CliRunner

import policy
from policy.model.document import HitPolicy
from policy.reader.sections import NOT_CARRIED_OUT
from policy.values import Language
from webadmin.cli import main
from webadmin.settings import load

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ORDER = re.findall(r"```json\n(.*?)```", README, re.DOTALL)[0]


def commands() -> dict[str, click.Command]:
    assert isinstance(main, click.Group)
    return main.commands


def test_every_command_and_option_is_named() -> None:
    named = set(re.findall(r"--[a-z-]+", README))
    options = {option for each in commands().values() for param in each.params for option in param.opts if param.opts}

    assert [name for name in commands() if f"`fairlead {name}" not in README] == []
    assert {option for option in options if option.startswith("--")} - named == set()


def test_every_setting_and_variable_is_named() -> None:
    settings = re.findall(
        r'^    "([a-z]+\.[a-z_]+)":', (ROOT / "webadmin" / "settings.py").read_text("utf-8"), re.MULTILINE
    )
    variables = re.findall(r"FAIRLEAD_[A-Z_]+", (ROOT / "webadmin" / "settings.py").read_text("utf-8"))

    assert len(settings) > 5
    assert [name for name in (*settings, *variables, "FAIRLEAD_LANG") if name not in README] == []
    assert load({}).port == 8000


def test_every_shipped_policy_is_named(rules: Path) -> None:
    assert [name for name in policy.load_folder(rules) if f"`{name}`" not in README] == []


def test_every_hit_policy_is_named_in_the_help() -> None:
    for language in Language:
        text = (ROOT / "webadmin" / "help" / language / "hit-policies.md").read_text("utf-8")
        assert [each for each in HitPolicy if f"`{each}`" not in text] == []


def test_what_is_not_carried_out_is_named() -> None:
    part = README.split("## What is not carried out yet")[1]

    assert [key for keys in NOT_CARRIED_OUT.values() for key in keys if f"`{key}`" not in part] == []


def test_every_dependency_has_its_line() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    block = project.split("dependencies = [", 1)[1].split("]", 1)[0]

    assert [
        name for name in re.findall(r'"([a-z0-9-]+)', block) if not re.search(rf"\| [^|]*\b{name}\b[^|]* \|", README)
    ] == []


def test_links_inside_the_readme_lead_somewhere() -> None:
    heads = {head.lower().replace(" ", "-") for head in re.findall(r"^#+ (.*)$", README, re.MULTILINE)}

    assert set(re.findall(r"\]\(#([^)]*)\)", README)) - heads == set()


def test_the_policy_shown_loads_and_passes_its_test(rules: Path) -> None:
    shown = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)[0]

    loaded = policy.load(shown, others=[rules / "vocabulary.yaml"])

    assert loaded.test().passed
    assert loaded.findings == ()


def test_the_first_decision_comes_out_as_shown(rules: Path) -> None:
    shown = next(each for each in re.findall(r"```console\n(.*?)```", README, re.DOTALL) if "--explain" in each)
    call, *lines = shown.splitlines()
    arguments = shlex.split(call.removeprefix("$ python3 dev.py run fairlead "))

    result = CliRunner().invoke(
        main,
        [*("-" if each == "order.json" else each for each in arguments), "--rules", str(rules), "--lang", "en"],
        input=ORDER,
    )

    assert [line for line in lines if line.strip() != "…" and line not in result.stdout] == []


def test_the_lines_of_python_work(rules: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    names = {"facts": json.loads(ORDER)}

    exec(code.replace('"rules"', repr(str(rules))), names)  # noqa: S102 - our own lines

    assert json.loads(names["decision"].to_json())["status"] == "decided"


def test_the_shipped_tests_are_at_least_those_shown_and_pass(rules: Path) -> None:
    figures = r"policies: (\d+), tests: (\d+), passed: (\d+), failed: (\d+); rules that no test hits: (\d+)"
    shown = re.search(figures, README)
    today = re.search(figures, CliRunner().invoke(main, ["test", str(rules), "--lang", "en"]).stderr)

    assert shown is not None
    assert today is not None
    assert (today[1], today[4], today[5]) == (shown[1], shown[4], shown[5]) == (shown[1], "0", "0")
    assert int(today[2]) >= int(shown[2])


def test_the_slip_that_is_shown_is_found_where_it_says(rules: Path, tmp_path: Path) -> None:
    written = (rules / "approval" / "order.yaml").read_text("utf-8")
    shutil.copytree(rules, tmp_path / "rules")
    slip = tmp_path / "rules" / "approval" / "order.yaml"
    slip.write_text(written.replace(" or customer.tier", " OR customer.tier", 1), "utf-8")

    said = CliRunner().invoke(main, ["check", str(slip), "--lang", "en"]).stdout.splitlines()[0]

    assert said.partition("approval/order.yaml")[2] in README


def test_a_second_identity_is_made_before_it_approves() -> None:
    published = README.partition("## Publishing")[2].partition("## The record")[0]

    assert published.index("SECOND=$(fairlead token create") < published.index("FAIRLEAD_TOKEN=$SECOND")
