"""What the code as a whole keeps to: imports downward, a home for each library, exact numbers, small pieces."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(
    path
    for package in ("policy", "webadmin")
    for path in (ROOT / package).rglob("*.py")
    if "migrations/versions" not in path.as_posix()  # written by Alembic
)
FLOATS_ALLOWED = {
    "policy/errors.py": "how alike two words are, for the suggestion",
    "policy/feel/values.py": "the language's entrance takes a caller's float by its shortest text",
    "policy/runtime/allocate.py": "a solver's numbers; nothing is paid by them",
}
LONGEST_MODULE = 500
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 10

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    """Return the path of a module as it is written in the README."""
    return path.relative_to(ROOT).as_posix()


def floats(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that write a binary float or name its type or the module that computes with it."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()) | ast.Name(id="float" | "complex"):
                yield node.lineno
            case ast.Import(names=names) if any(each.name in {"math", "cmath", "statistics"} for each in names):
                yield node.lineno
            case ast.ImportFrom(module="math" | "cmath" | "statistics"):
                yield node.lineno


def code_lines(function: Function) -> int:
    """Return how many lines a function has, its docstring not counted."""
    first, *rest = function.body
    begin = rest[0] if rest and ast.get_docstring(function, clean=False) is not None else first
    return (function.end_lineno or function.lineno) - begin.lineno + 1


def functions() -> Iterator[tuple[str, int]]:
    """Yield the place and the lines of every function."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, Function):
                yield f"{name_of(path)}:{node.lineno} {node.name}", code_lines(node)


def test_imports_keep_to_the_layers_and_libraries_to_their_homes() -> None:
    """The contracts stand in pyproject.toml. The linter silences the loggers of its process: it gets its own."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_engine_has_no_binary_floats() -> None:
    found = {
        f"{name_of(path)}:{line}"
        for path in MODULES
        if name_of(path).startswith("policy/") and name_of(path) not in FLOATS_ALLOWED
        for line in floats(ast.parse(path.read_text("utf-8")))
    }

    assert not found


def test_modules_are_short() -> None:
    lines = {name_of(path): path.read_text("utf-8").count("\n") for path in MODULES}

    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    assert {place: lines for place, lines in functions() if lines > LONGEST_FUNCTION} == {}
    assert median(lines for _, lines in functions()) <= MEDIAN_FUNCTION


def undescribed(path: Path) -> Iterator[str]:
    """Yield every public class and function of a module, however deep it stands, that has no docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef | Function) and node.name[0] != "_" and not ast.get_docstring(node):
            yield f"{name_of(path)}:{node.lineno}: {node.name}"


def test_all_that_is_public_in_the_engine_says_what_it_does() -> None:
    assert [found for path in MODULES if name_of(path).startswith("policy/") for found in undescribed(path)] == []


@pytest.mark.parametrize(
    "source", ["x = 0.5", "float('1')", "import math", "def f(x: float): ...", "from math import pi"]
)
def test_a_float_would_be_found(source: str) -> None:
    assert list(floats(ast.parse(source))) == [1]


@pytest.mark.parametrize("source", ["x = 5", "x = '0.5'", "from decimal import Decimal", "def afloat(): ..."])
def test_exact_numbers_pass(source: str) -> None:
    assert list(floats(ast.parse(source))) == []
