"""Set-up: what it says, what it makes an environment from, when it calls one whole, and how it compiles."""

from __future__ import annotations

import ast
import fcntl
import importlib.metadata
import os
import re
import shutil
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dev
from dev import Engine, Part, SetupError, Stamp, Workshop

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"runtime.txt", "dev.txt", "engine.txt", "compiler.txt"}
EVERYTHING = frozenset({Part.BASE, Part.TOOLS, Part.ENGINE})
WHOLE = Stamp("d", tools=True, engine=Engine.READY)
RUNTIME = Stamp("d", tools=False, engine=Engine.READY)
NO_HEADERS = Stamp("d", tools=True, engine=Engine.NO_HEADERS)
NO_BUILD = Stamp("d", tools=True, engine=Engine.NO_BUILD)


def placeholders(sentence: str) -> set[str]:
    """Return the names a sentence is given."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def pinned(lock: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Return version and hashes by package of a file that pip reads."""
    blocks = re.findall(r"^([\w.-]+)==([^\s;]+)(.*(?:\n .*)*)", lock.read_text("utf-8"), re.MULTILINE)
    return {name: (version, frozenset(re.findall(r"sha256:\w+", rest))) for name, version, rest in blocks}


# -- What it says


@pytest.mark.parametrize("key", dev.SAYINGS)
def test_every_sentence_names_the_same_in_both_languages(key: str) -> None:
    english, chinese = dev.SAYINGS[key]

    assert placeholders(english) == placeholders(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese)


@pytest.mark.parametrize(
    ("environment", "encoding", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "utf-8", True),
        ({"LANG": "zh_CN.GBK"}, "gbk", True),
        ({"LANG": "en_US.UTF-8"}, "utf-8", False),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "utf-8", False),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "utf-8", True),
        ({"LANG": "zh_CN.UTF-8"}, "ascii", False),
        ({}, "utf-8", False),
    ],
)
def test_the_terminal_decides_the_language(environment: dict[str, str], encoding: str, *, expected: bool) -> None:
    assert dev.speaks_chinese(environment, encoding) is expected


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_supported_pythons_pass(minor: int) -> None:
    assert dev.unsuitable((3, minor, 0), "cpython", free_threaded=False) is None


@pytest.mark.parametrize(
    ("version", "implementation", "free_threaded", "named"),
    [
        ((3, 10, 13), "cpython", False, "cpython 3.10.13"),
        ((3, 14, 0), "cpython", False, "cpython 3.14.0"),
        ((3, 11, 9), "pypy", False, "pypy 3.11.9"),
        ((3, 13, 0), "cpython", True, "3.13.0 (free-threaded)"),
    ],
)
def test_other_pythons_are_told_which_one_to_start(
    version: tuple[int, int, int],
    implementation: str,
    named: str,
    *,
    free_threaded: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "C")

    reason = dev.unsuitable(version, implementation, free_threaded, runs="python3.12".__eq__)

    assert named in reason
    assert "python3.12 dev.py" in reason


def test_without_any_suitable_python_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")

    reason = dev.unsuitable((3, 10, 1), "cpython", free_threaded=False, runs=lambda _: False)

    assert "apt-get install python3.13 python3.13-venv python3.13-dev" in reason


def test_an_old_python_can_read_the_file() -> None:
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize(("key", "line"), [("no venv", "python3.12-venv"), ("no headers", "python3.12-dev")])
def test_a_missing_part_of_python_is_named_with_its_package(key: str, line: str) -> None:
    for sentence in dev.SAYINGS[key]:
        assert f"sudo apt-get install {line}" in sentence.format(python="3.12")


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 2), (["tests"], 2), (["run"], 2), (["setup", "now"], 2), (["--help"], 0)]
)
def test_the_command_line_explains_itself(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")

    with pytest.raises(SystemExit) as ended:
        dev.main(arguments)

    assert ended.value.code == code
    assert "dev.py test" in "".join(capsys.readouterr())


# -- Whether an environment is whole


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what an environment is made from."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def test_without_a_browser_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert not dev.has_browser(lambda _: None)
    assert dev.has_browser({"chromium": "/usr/bin/chromium"}.get)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert not dev.has_browser({"chromium": "/usr/bin/chromium"}.get)


def test_the_recipe_is_stable(checkout: Path) -> None:
    assert dev.recipe(checkout, "3.12.1") == dev.recipe(checkout, "3.12.1")


def test_the_recipe_follows_python_and_place(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("moved") / "checkout"
    shutil.copytree(checkout, elsewhere)

    digests = {dev.recipe(checkout, "3.12.1"), dev.recipe(checkout, "3.12.2"), dev.recipe(elsewhere, "3.12.1")}

    assert len(digests) == 3


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_the_recipe_follows_the_lock_files(checkout: Path, name: str) -> None:
    before = dev.recipe(checkout, "3.12.1")
    with (checkout / "requirements" / name).open("a") as lock:
        lock.write("more==1\n")

    assert dev.recipe(checkout, "3.12.1") != before


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('fairlead = "webadmin.cli:main"', 'fairlead = "webadmin.other:main"', False),
        ("line-length = 120", "line-length = 100", True),
    ],
    ids=["command", "lint"],
)
def test_the_recipe_follows_what_is_installed_not_how_code_is_checked(
    checkout: Path, old: str, new: str, *, same: bool
) -> None:
    before = dev.recipe(checkout, "3.12.1")
    project = checkout / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace(old, new), "utf-8")

    assert (dev.recipe(checkout, "3.12.1") == before) is same


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an environment that has its Python."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


@pytest.mark.parametrize("stamp", [WHOLE, RUNTIME, NO_HEADERS, NO_BUILD])
def test_a_stamp_is_read_as_written(home: Path, stamp: Stamp) -> None:
    dev.write_stamp(home, stamp)

    assert dev.stamp_of(home) == stamp


def test_without_a_stamp_nothing_is_whole(home: Path) -> None:
    assert dev.stamp_of(home) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"digest": "d"}', '{"digest": "d", "tools": true, "engine": "?"}', "\0"]
)
def test_a_damaged_stamp_counts_as_none(home: Path, text: str) -> None:
    (home / "fairlead-stamp.json").write_text(text)

    assert dev.stamp_of(home) is None


def test_an_environment_that_lost_its_python_is_not_whole(home: Path) -> None:
    dev.write_stamp(home, WHOLE)
    (home / "bin" / "python").unlink()
    (home / "bin" / "python").symlink_to(home / "gone")

    assert dev.stamp_of(home) is None


@pytest.mark.parametrize(
    ("stamp", "tools", "retry", "expected"),
    [
        (None, True, False, EVERYTHING),
        (None, False, False, EVERYTHING - {Part.TOOLS}),
        (Stamp("old", tools=True, engine=Engine.READY), True, False, EVERYTHING),
        (WHOLE, True, False, frozenset()),
        (WHOLE, True, True, frozenset()),
        (WHOLE, False, False, frozenset()),
        (RUNTIME, True, False, frozenset({Part.TOOLS})),
        (RUNTIME, False, False, frozenset()),
        (NO_BUILD, True, False, frozenset()),
        (NO_BUILD, True, True, frozenset({Part.ENGINE})),
    ],
)
def test_only_what_is_lacking_is_made(
    stamp: Stamp | None, expected: frozenset[Part], *, tools: bool, retry: bool
) -> None:
    assert dev.lacking(stamp, "d", tools=tools, retry=retry) == expected


@pytest.mark.parametrize(
    ("stamp", "asked", "headers", "ci", "expected"),
    [
        (None, False, True, False, False),
        (NO_HEADERS, False, False, False, False),
        (NO_HEADERS, False, True, False, True),
        (NO_BUILD, False, True, False, False),
        (NO_BUILD, True, True, False, True),
        (NO_BUILD, False, True, True, True),
    ],
)
def test_an_unavailable_engine_is_tried_again_when_that_may_help(
    stamp: Stamp | None, *, asked: bool, headers: bool, ci: bool, expected: bool
) -> None:
    assert dev.should_retry(stamp, asked=asked, headers=headers, ci=ci) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("1", True), ("TRUE", True), ("false", False), ("", False)]
)
def test_ci_is_told_by_its_variable(value: str, *, expected: bool) -> None:
    assert dev.in_ci({"CI": value}) is expected


# -- Running the steps


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """Yield a workshop whose log and lock lie in a folder of this test."""
    monkeypatch.setattr(dev, "BUILD", tmp_path / "build")
    monkeypatch.setattr(dev, "LOG", tmp_path / "set-up.log")
    (tmp_path / "build").mkdir()
    lock = os.open(tmp_path / "build" / "lock", os.O_CREAT | os.O_RDWR)
    yield Workshop(lock, None)
    os.close(lock)


def test_a_step_is_silent_and_logged(workshop: Workshop, capfd: pytest.CaptureFixture[str]) -> None:
    workshop.run([sys.executable, "-c", "import os; print('noise', os.environ['MORE'])"], MORE="more")

    assert capfd.readouterr() == ("", "")
    assert "noise more" in dev.LOG.read_text("utf-8")


def test_a_failed_step_shows_its_end_only(workshop: Workshop) -> None:
    with pytest.raises(SetupError) as failed:
        workshop.run([sys.executable, "-c", "for i in range(90): print('line', i)\nraise SystemExit('the reason')"])

    assert failed.value.line == "the reason"
    assert "line 88" in str(failed.value)
    assert "line 12\n" not in str(failed.value)


def test_a_step_that_prints_nothing_fails_with_its_code(workshop: Workshop) -> None:
    with pytest.raises(SetupError) as failed:
        workshop.run([sys.executable, "-c", "raise SystemExit(3)"])

    assert failed.value.line == "exit 3"


@pytest.mark.usefixtures("workshop")
def test_one_set_up_at_a_time() -> None:
    with dev.only_one(), (dev.BUILD / "lock").open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.usefixtures("workshop")
def test_the_lock_outlives_a_killed_set_up_as_long_as_its_installer() -> None:
    with dev.only_one() as lock:
        installer = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    with (dev.BUILD / "lock").open() as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        installer.communicate(b"\n")

        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty checkout."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "BUILD", tmp_path / ".venv-build")
    (tmp_path / ".venv-build").mkdir()
    return tmp_path


def test_the_link_leads_to_the_environment_made_last(place: Path) -> None:
    for name in (".venv-3.11", ".venv-3.12"):
        (place / name).mkdir()
        dev.lead_to(place / name)

    assert (place / ".venv").readlink() == Path(".venv-3.12")


def test_an_environment_of_ones_own_is_left_alone(place: Path) -> None:
    (place / ".venv").mkdir()

    dev.lead_to(place / ".venv-3.12")

    assert not (place / ".venv").is_symlink()


# -- The second engine


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (["clang", "gcc", "cc"], ["cc", "zig"]),
        (["clang", "gcc"], ["gcc", "zig"]),
        (["clang"], ["clang", "zig"]),
        ([], ["zig"]),
    ],
    ids=str,
)
def test_the_first_compiler_of_the_system_then_zig(present: list[str], expected: list[str]) -> None:
    assert dev.compilers(lambda name: name if name in present else None) == expected


def test_uv_and_pip_build_the_engine_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert project["tool"]["uv"]["extra-build-variables"]["durable-rules"] == dev.build_variables("cc")


@pytest.mark.parametrize(("platform", "linking"), [("linux", "-shared"), ("darwin", "-bundle")])
def test_zig_links_as_the_system_does(platform: str, linking: str) -> None:
    variables = dev.build_variables("zig", platform)

    assert variables["LDSHARED"].startswith(f"cc {linking}")
    assert variables["AR"] == "ar"


@pytest.mark.parametrize(
    ("compiler", "names"), [("cc", set()), ("gcc", {"cc"}), ("clang", {"cc"}), ("zig", {"cc", "ar"})]
)
def test_every_compiler_answers_to_the_name_the_build_uses(compiler: str, names: set[str]) -> None:
    assert set(dev.commands_for(compiler, Path("/zig"))) == names


def test_zig_may_lie_in_a_folder_with_a_space(tmp_path: Path) -> None:
    zig = tmp_path / "a folder" / "zig"
    zig.parent.mkdir()
    zig.symlink_to("/bin/echo")
    command = tmp_path / "cc"
    command.write_text(dev.commands_for("zig", zig)["cc"])
    command.chmod(0o755)

    said = subprocess.run([command, "-c", "a b.c"], capture_output=True, text=True, check=True).stdout

    assert said == "cc -fno-sanitize=undefined -c a b.c\n"


# -- The lock files


@pytest.fixture(scope="module")
def locked() -> dict[str, tuple[str, frozenset[str]]]:
    """Return version and hashes by package of uv.lock."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    return {
        each["name"]: (
            each["version"],
            frozenset(
                file["hash"] for file in [*each.get("wheels", []), *([each["sdist"]] if "sdist" in each else [])]
            ),
        )
        for each in packages
    }


def test_there_is_a_file_for_each_step() -> None:
    assert {path.name for path in (ROOT / "requirements").iterdir()} == LOCKS


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_what_pip_installs_is_what_uv_locked(name: str, locked: dict[str, tuple[str, frozenset[str]]]) -> None:
    packages = pinned(ROOT / "requirements" / name)

    assert packages == {package: locked[package] for package in packages}
    assert len(packages) == dev.packages_of(ROOT / "requirements" / name)


def test_together_they_hold_the_whole_lock(locked: dict[str, tuple[str, frozenset[str]]]) -> None:
    files = [*(ROOT / "requirements" / name for name in LOCKS), ROOT / "bench" / "requirements.txt"]
    packages = {package for path in files for package in pinned(path)}

    assert packages == set(locked) - {"fairlead"}


def test_what_is_installed_lacks_nothing_it_asks_for() -> None:
    installed = {canonicalize_name(each.metadata["Name"]): each for each in importlib.metadata.distributions()}
    asked = [(name, Requirement(text)) for name, each in installed.items() for text in each.requires or ()]
    needed = [(name, each) for name, each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]
    lacking = [
        f"{name}: {each}"
        for name, each in needed
        if (there := installed.get(canonicalize_name(each.name))) is None or there.version not in each.specifier
    ]

    assert {"fairlead", "pytest"} <= {name for name, _ in needed}
    assert not lacking, "the files are installed without resolving, so they must be complete"


def test_the_tools_come_on_top_of_the_runtime() -> None:
    runtime, tools = (pinned(ROOT / "requirements" / name) for name in ("runtime.txt", "dev.txt"))

    assert runtime.items() <= tools.items()


def test_the_lock_knows_every_dependency_of_the_project(locked: dict[str, tuple[str, frozenset[str]]]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(each for group in project["dependency-groups"].values() for each in group),
    ]

    assert {re.split(r"[<>=~!;\[ ]", each)[0] for each in wanted} <= set(locked)
