#!/usr/bin/env python3
"""Set-up, tests and server of Fairlead, with nothing but Python 3.11, 3.12 or 3.13.

* `python3 dev.py test [ARGUMENT…]`: the test suite (pytest's arguments; without any, all tests on all cores).
* `python3 dev.py serve [ARGUMENT…]`: the web pages (the arguments of `fairlead serve`).
* `python3 dev.py run COMMAND…`: a command of the environment, such as `fairlead check rules/` or `ruff check`.
* `python3 dev.py setup`: the environment alone; tries the second engine again where it could not be built.

The environment is `.venv-3.X`, one for each Python; `.venv` leads to the one made last. A stamp, written last, says
what an environment was made from: without it, or with an old one, the environment is made anew. What is installed
is fixed by hashes in `requirements/`. A lock keeps two set-ups of one checkout apart, also after one was killed.

This file must be readable by Python 3.6, so that an old Python can say what is needed instead.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / ".venv-build"
REQUIREMENTS = ROOT / "requirements"
VERSIONS = ((3, 11), (3, 12), (3, 13))
RECIPE = 1  # raise it when an environment made by an older dev.py must be made anew

SAYINGS = {
    "version": (
        "Fairlead runs on CPython 3.11, 3.12 or 3.13; this is {version}. {advice}",
        "Fairlead 需要 CPython 3.11、3.12 或 3.13，当前是 {version}。{advice}",
    ),
    "version found": ("Start it with: {command}", "请改用：{command}"),
    "version none": (
        "Install one, for example: sudo apt-get install python3.13 python3.13-venv python3.13-dev, or: "
        "brew install python@3.13, or with uv: uv run --no-project --python 3.13 dev.py …",
        "请安装其中之一，例如：sudo apt-get install python3.13 python3.13-venv python3.13-dev，或 brew install "
        "python@3.13，或用 uv：uv run --no-project --python 3.13 dev.py …",
    ),
    "windows": (
        "Fairlead's set-up runs on Linux and macOS. On Windows, use it inside WSL (wsl --install).",
        "Fairlead 的安装程序在 Linux 和 macOS 上运行。在 Windows 上请在 WSL 中使用（wsl --install）。",
    ),
    "make": (
        "Setting up {home} for Python {python} with {tool}; the first time takes about a minute.",
        "正在用 {tool} 为 Python {python} 建立 {home}，首次约需一分钟。",
    ),
    "mend": ("Completing {home}.", "正在补全 {home}。"),
    "wait": (
        "Another set-up of this checkout is under way; waiting for it.",
        "此目录的另一次安装正在进行，等待其结束。",
    ),
    "install": ("Installing {number} packages from {file}.", "正在安装 {file} 中的 {number} 个包。"),
    "zig": (
        "Fetching the ziglang wheel (100 MB) as C compiler, for this build only.",
        "正在下载 ziglang 包（100 MB）作为 C 编译器，仅用于这次构建。",
    ),
    "engine": (
        "Building the second engine (durable-rules) with {compiler}.",
        "正在用 {compiler} 构建第二引擎（durable-rules）。",
    ),
    "engine failed": ("That did not work: {line}", "未成功：{line}"),
    "engine ready": ("The second engine is built and imports.", "第二引擎已建成，导入正常。"),
    "no headers": (
        "Second engine unavailable: Python.h is missing. Everything else works. To add it, run: "
        "sudo apt-get install python{python}-dev (elsewhere: your system's Python headers), then start again.",
        "第二引擎不可用：缺少 Python.h。其余功能正常。如需添加，请运行：sudo apt-get install python{python}-dev"
        "（其他系统：安装相应的 Python 头文件），然后重新启动。",
    ),
    "no build": (
        "Second engine unavailable: durable-rules could not be built here. Everything else works. The reason is in "
        "{log}. To try again, run: python{python} dev.py setup",
        "第二引擎不可用：durable-rules 未能在此构建。其余功能正常。原因见 {log}。"
        "如需重试，请运行：python{python} dev.py setup",
    ),
    "engine required": (
        "The variable CI is set, where nothing may be left out: stopping.",
        "已设置环境变量 CI，不允许缺少任何部分：停止。",
    ),
    "no venv": (
        "This Python cannot make an environment: its venv module is not whole. Run: sudo apt-get install "
        "python{python}-venv (or install uv, https://docs.astral.sh/uv), then start again.",
        "此 Python 无法建立环境：venv 模块不完整。请运行：sudo apt-get install python{python}-venv"
        "（或安装 uv，https://docs.astral.sh/uv），然后重新启动。",
    ),
    "uv failed": ("uv could not do it: {line}. Beginning again with pip.", "uv 未能完成：{line}。改用 pip 重新开始。"),
    "failed": (
        "Set-up failed at this step: {step}\n{tail}\nThe whole record is in {log}. "
        "Mend the cause and start again; what is half-made will not be used.",
        "安装在此步失败：{step}\n{tail}\n完整记录见 {log}。请排除原因后重新启动；未完成的环境不会被使用。",
    ),
    "ready": ("Ready after {seconds} s.", "就绪，用时 {seconds} 秒。"),
    "stopped": ("Stopped. The next start begins the set-up anew.", "已停止。下次启动将重新安装。"),
    "test": (
        "All tests, on all cores: the engine, the website on SQLite and PostgreSQL, and people's tasks in a browser.\n"
        "Some of them: python3 dev.py test tests/policy",
        "运行全部测试，使用所有处理器核：规则引擎、网站（SQLite 与 PostgreSQL）以及浏览器中的操作。\n"
        "只运行一部分：python3 dev.py test tests/policy",
    ),
    "no browser": (
        "There is no Chromium here, so tests/browser/ is left out (and fails where CI=true).\n"
        "To have it run: sudo apt-get install chromium-headless-shell fonts-noto-cjk",
        "此处没有 Chromium，因此跳过 tests/browser/（CI=true 时则算失败）。\n"
        "需要时安装：sudo apt-get install chromium-headless-shell fonts-noto-cjk",
    ),
    "unknown": ("There is no command `{command}` in {home}.", "{home} 中没有命令 `{command}`。"),
    "usage": (
        "Usage: python3 dev.py test [ARGUMENT…] | serve [ARGUMENT…] | run COMMAND… | setup\n"
        "For example: python3 dev.py run fairlead check rules/",
        "用法：python3 dev.py test [参数…] | serve [参数…] | run 命令… | setup\n"
        "例如：python3 dev.py run fairlead check rules/",
    ),
}


def speaks_chinese(environment, encoding):
    """Say whether the terminal's locale is Chinese and its encoding can carry it."""
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    try:
        "中文".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return locale.startswith("zh")


def saying(key, **values):
    """Return the sentence `key` in the language of the terminal."""
    return SAYINGS[key][speaks_chinese(os.environ, sys.stderr.encoding or "ascii")].format(**values)


def runs(command):
    """Say whether `command` is on PATH and starts; pyenv's shims are there for versions that it does not offer."""
    path = shutil.which(command)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return path is not None and subprocess.call([path, "--version"], **quiet) == 0


def unsuitable(version, implementation, free_threaded, runs=runs):
    """Return why this Python cannot run Fairlead and what to do, or None where it can.

    Args:
        version: Major, minor and micro.
        implementation: `sys.implementation.name`.
        free_threaded: Whether it is the build without a global lock, for which there are no wheels.
        runs: Says whether a command can be started.
    """
    if version[:2] in VERSIONS and implementation == "cpython" and not free_threaded:
        return None
    shown = "{} {}.{}.{}{}".format(implementation, *version, " (free-threaded)" if free_threaded else "")
    found = [name for name in ("python3.13", "python3.12", "python3.11") if runs(name)]
    advice = saying("version found", command=f"{found[0]} dev.py …") if found else saying("version none")
    return saying("version", version=shown, advice=advice)


def check_python():
    """End here, with advice, on a Python or a system that Fairlead does not run on."""
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    reason = unsuitable(tuple(sys.version_info[:3]), sys.implementation.name, free_threaded)
    if reason is None and sys.platform == "win32":
        reason = saying("windows")
    if reason is not None:
        sys.exit(reason)


check_python()

# Only from here on may the file use what Python 3.11 brought, and what Windows lacks.
import fcntl
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable  # not the environment that may be remade
HOME = ROOT / f".venv-{PYTHON}"
LOG = BUILD / f"set-up-{PYTHON}.log"


class Engine(StrEnum):
    """State of the second engine in an environment; the unavailable ones are keys of `SAYINGS`."""

    READY = "ready"
    NO_HEADERS = "no headers"
    NO_BUILD = "no build"


class Part(StrEnum):
    """What a start may have to make."""

    BASE = "base"
    TOOLS = "tools"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a finished environment holds.

    Attributes:
        digest: Of everything it was made from, see `recipe`.
        tools: Whether the development tools are in it.
        engine: State of the second engine.
    """

    digest: str
    tools: bool
    engine: Engine


class SetupError(Exception):
    """Set-up cannot go on; its text is for the person at the terminal.

    Attributes:
        line: The last line the failed step printed.
    """

    def __init__(self, text: str, line: str = "") -> None:
        super().__init__(text)
        self.line = line


def say(key: str, **values: object) -> None:
    """Tell the person at the terminal; standard output stays the command's own."""
    print(saying(key, **values), file=sys.stderr, flush=True)


# -- What an environment is made from, and whether it is whole


def recipe(root: Path, python: str) -> str:
    """Return the digest of everything an environment is made from.

    Args:
        root: The checkout.
        python: Full version of the Python it is made for.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    locks = sorted((root / "requirements").glob("*.txt"))
    made_from = {
        "recipe": RECIPE,
        "root": str(root),
        "python": python,
        "project": [project["build-system"], project["project"], project["tool"]["setuptools"]],
        "locks": {lock.name: hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks},
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def stamp_of(home: Path) -> Stamp | None:
    """Return the stamp of the environment `home`; None where it is absent, half-made or lost its Python."""
    try:
        stamp = json.loads((home / "fairlead-stamp.json").read_text("utf-8"))
        read = Stamp(stamp["digest"], stamp["tools"], Engine(stamp["engine"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return read if (home / "bin" / "python").exists() else None


def write_stamp(home: Path, stamp: Stamp) -> None:
    """Declare the environment `home` whole."""
    draft = home / "fairlead-stamp.json.new"
    draft.write_text(json.dumps(asdict(stamp)), "utf-8")
    draft.replace(home / "fairlead-stamp.json")


def lacking(stamp: Stamp | None, digest: str, *, tools: bool, retry: bool) -> frozenset[Part]:
    """Return what must be made before the environment can be used.

    Args:
        stamp: What it holds.
        digest: What it should be made from.
        tools: Whether the development tools are wanted.
        retry: Whether to try again to build a second engine that is unavailable.
    """
    if stamp is None or stamp.digest != digest:
        return frozenset({Part.BASE, Part.ENGINE} | ({Part.TOOLS} if tools else set()))
    parts = set()
    if tools and not stamp.tools:
        parts.add(Part.TOOLS)
    if retry and stamp.engine is not Engine.READY:
        parts.add(Part.ENGINE)
    return frozenset(parts)


def has_headers() -> bool:
    """Say whether this Python can build extensions."""
    return (Path(sysconfig.get_path("include")) / "Python.h").exists()


def in_ci(environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether this is continuous integration, where nothing may be left out."""
    return environment.get("CI", "").lower() in {"true", "1", "yes"}


def should_retry(stamp: Stamp | None, *, asked: bool, headers: bool, ci: bool) -> bool:
    """Say whether an unavailable second engine deserves another try."""
    return asked or ci or (stamp is not None and stamp.engine is Engine.NO_HEADERS and headers)


# -- Running the steps


@contextlib.contextmanager
def only_one() -> Iterator[int]:
    """Hold the set-up lock of this checkout and give its descriptor.

    Children inherit the descriptor: where this process is killed and an installer of it lives on, the lock is
    held until that one has ended too.
    """
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("wait")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the steps of one set-up share.

    Attributes:
        lock: Descriptor of the set-up lock.
        uv: Path of uv, None where pip does the work.
    """

    lock: int
    uv: str | None

    def run(self, command: Sequence[str | Path], **environment: str) -> None:
        """Run a step with its output in the log.

        Raises:
            SetupError: It failed.
        """
        step = shlex.join(str(word) for word in command)
        with LOG.open("a+", encoding="utf-8", errors="replace") as log:
            log.write(f"$ {step}\n")
            log.flush()
            begin = log.tell()
            done = subprocess.run(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
                cwd=ROOT,
                pass_fds=(self.lock,),
                check=False,
            )
            log.seek(begin)
            lines = [line for line in log.read().splitlines() if line.strip()]
        if done.returncode != 0:
            last = lines[-1].strip() if lines else f"exit {done.returncode}"
            raise SetupError(saying("failed", step=step, tail="\n".join(lines[-25:]), log=LOG), last)

    def create(self) -> None:
        """Make the empty environment."""
        if self.uv:
            self.run([self.uv, "venv", "--no-project", "--python", BASE_PYTHON, HOME])
        else:
            self.run([BASE_PYTHON, "-m", "venv", HOME])

    def install(self, *arguments: str | Path, **environment: str) -> None:
        """Install into the environment, or with `--target` elsewhere."""
        python = HOME / "bin" / "python"
        if self.uv:
            self.run([self.uv, "pip", "install", "--python", python, *arguments], **environment)
        else:
            self.run([python, "-m", "pip", "install", "--no-input", *arguments], **environment)

    def install_locked(self, name: str) -> None:
        """Install the packages of the lock file `name`.

        The file is complete, so nothing is resolved: older pips look for `coverage[toml]` beside the `coverage` that is
        locked, find a newer one, and stop because it has no hash.
        """
        path = REQUIREMENTS / name
        say("install", number=packages_of(path), file=path.relative_to(ROOT))
        self.install("--no-deps", "--require-hashes", *(["--compile-bytecode"] if self.uv else []), "-r", path)

    def install_project(self) -> None:
        """Put the checkout itself and its command `fairlead` into the environment."""
        self.install("--no-deps", "--no-build-isolation", "--editable", ROOT)

    def build_engine(self, tools: Path, variables: Mapping[str, str]) -> None:
        """Build and install durable-rules, passing by every cache of built wheels, and import it.

        Args:
            tools: Folder of commands to be found first on PATH.
            variables: What else its build reads.

        Raises:
            SetupError: It does not compile, or what was compiled does not import.
        """
        path = os.pathsep.join([str(tools), os.environ.get("PATH", os.defpath)])
        fresh = ["--no-cache", "--reinstall"] if self.uv else ["--no-cache-dir", "--force-reinstall", "--use-pep517"]
        locked = ["--require-hashes", "-r", REQUIREMENTS / "engine.txt"]
        self.install("--no-deps", "--no-build-isolation", *fresh, *locked, PATH=path, **variables)
        self.run([HOME / "bin" / "python", "-c", "import durable_rules_engine"])


def packages_of(lock: Path) -> int:
    """Return how many packages a lock file names."""
    return sum(line[0].isalnum() for line in lock.read_text("utf-8").splitlines() if line)


# -- The second engine


def compilers(which: Callable[[str], str | None] = shutil.which) -> list[str]:
    """Return the C compilers to try, in order: the system's first one, then the one in the ziglang wheel."""
    found = [name for name in ("cc", "gcc", "clang") if which(name)]
    return [*found[:1], "zig"]


def build_variables(compiler: str, platform: str = sys.platform) -> dict[str, str]:
    """Return the environment variables of the durable-rules build.

    Its setup.py overwrites CFLAGS, so what it needs travels in CC: Python 3.13 no longer has `PyEval_CallObject`.
    The command is always named `cc`, as uv sets it from pyproject.toml; `commands_for` makes that name mean
    `compiler`.
    """
    variables = {"CC": "cc -DPyEval_CallObject=PyObject_CallObject"}
    if compiler == "zig":
        linking = "cc -bundle -undefined dynamic_lookup" if platform == "darwin" else "cc -shared"
        variables |= {"LDSHARED": linking, "AR": "ar"}
    return variables


def commands_for(compiler: str, zig: Path) -> dict[str, str]:
    """Return the shell scripts that must be found first on PATH, by name.

    Without an optimisation flag zig compiles in traps for undefined behaviour, of which durable-rules has some that
    other compilers let pass; hence the `-fno-sanitize`.
    """
    commands = {
        "cc": {},
        "zig": {"cc": f"{shlex.quote(str(zig))} cc -fno-sanitize=undefined", "ar": f"{shlex.quote(str(zig))} ar"},
    }.get(compiler, {"cc": compiler})
    return {name: f'#!/bin/sh\nexec {command} "$@"\n' for name, command in commands.items()}


def try_compiler(workshop: Workshop, compiler: str, tools: Path) -> None:
    """Build the second engine with `compiler`; `tools` is an empty folder for this build only.

    Raises:
        SetupError: It cannot be done this way.
    """
    if compiler == "zig":
        say("zig")
        locked = ["--require-hashes", "-r", REQUIREMENTS / "compiler.txt"]
        workshop.install("--target", tools / "wheel", *locked)
    say("engine", compiler=compiler)
    for name, script in commands_for(compiler, tools / "wheel" / "ziglang" / "zig").items():
        (tools / name).write_text(script, "utf-8")
        (tools / name).chmod(0o755)
    workshop.build_engine(tools, build_variables(compiler))


def second_engine(workshop: Workshop) -> Engine:
    """Build the second engine in whatever way works here, and return its state."""
    if not has_headers():
        return Engine.NO_HEADERS
    for compiler in compilers():
        tools = BUILD / "compiler"
        shutil.rmtree(tools, ignore_errors=True)
        tools.mkdir()
        try:
            try_compiler(workshop, compiler, tools)
        except SetupError as failure:
            say("engine failed", line=failure.line)
        else:
            say("engine ready")
            return Engine.READY
        finally:
            shutil.rmtree(tools, ignore_errors=True)
    return Engine.NO_BUILD


# -- Making an environment


def assemble(workshop: Workshop, parts: frozenset[Part], *, tools: bool, engine: Engine) -> Engine:
    """Make `parts` of the environment.

    Args:
        workshop: How.
        parts: What to make; the base is all but the second engine.
        tools: Whether the finished environment has the development tools.
        engine: State of the second engine so far.

    Returns:
        The state of the second engine.

    Raises:
        SetupError: A step failed.
    """
    if Part.BASE in parts:
        say("make", home=HOME.name, python=PYTHON, tool="uv" if workshop.uv else "pip")
        shutil.rmtree(HOME, ignore_errors=True)
        workshop.create()
    else:
        say("mend", home=HOME.name)
    if parts & {Part.BASE, Part.TOOLS}:
        workshop.install_locked("dev.txt" if tools else "runtime.txt")
    if Part.BASE in parts:
        workshop.install_project()
    return second_engine(workshop) if Part.ENGINE in parts else engine


def assemble_somehow(lock: int, parts: frozenset[Part], *, tools: bool, engine: Engine) -> Engine:
    """Do what `assemble` does, with uv where it is present and able, else with pip.

    Raises:
        SetupError: Neither way works.
    """
    if runs("uv"):
        try:
            return assemble(Workshop(lock, shutil.which("uv")), parts, tools=tools, engine=engine)
        except SetupError as failure:
            say("uv failed", line=failure.line)
            parts |= {Part.BASE, Part.ENGINE}
    if not (HOME / "bin" / "pip").exists():  # uv made this environment, so pip cannot add to it
        parts |= {Part.BASE, Part.ENGINE}
    if Part.BASE in parts and not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise SetupError(saying("no venv", python=PYTHON))
    return assemble(Workshop(lock, None), parts, tools=tools, engine=engine)


def lead_to(home: Path) -> None:
    """Let `.venv` lead to `home`, unless somebody keeps an environment of their own there."""
    link = ROOT / ".venv"
    if link.exists() and not link.is_symlink():
        return
    draft = BUILD / "link"
    draft.unlink(missing_ok=True)
    draft.symlink_to(home.relative_to(ROOT))
    draft.replace(link)


def make(lock: int, parts: frozenset[Part], before: Stamp | None, digest: str) -> Stamp:
    """Make `parts` of the environment, keeping it without a stamp as long as it is not whole, and return its stamp.

    Raises:
        SetupError: It cannot be made.
    """
    begin = time.monotonic()
    LOG.unlink(missing_ok=True)
    (HOME / "fairlead-stamp.json").unlink(missing_ok=True)
    tools = Part.TOOLS in parts or (before is not None and before.tools)
    so_far = before.engine if before else Engine.NO_BUILD
    engine = assemble_somehow(lock, parts, tools=tools, engine=so_far)
    stamp = Stamp(digest, tools, engine)
    write_stamp(HOME, stamp)
    lead_to(HOME)
    say("ready", seconds=round(time.monotonic() - begin))
    return stamp


def prepare(*, tools: bool, asked: bool = False) -> None:
    """Make sure that the environment is whole.

    Args:
        tools: Whether the development tools are wanted.
        asked: Whether set-up was asked for, which tries an unavailable second engine again.

    Raises:
        SetupError: It cannot be made.
    """
    digest = recipe(ROOT, sys.version)

    def read() -> tuple[Stamp | None, frozenset[Part]]:
        stamp = stamp_of(HOME)
        retry = should_retry(stamp, asked=asked, headers=has_headers(), ci=in_ci())
        return stamp, lacking(stamp, digest, tools=tools, retry=retry)

    stamp, parts = read()
    if parts:
        with only_one() as lock:
            stamp, parts = read()  # another set-up may have made it while this one waited
            if parts:
                stamp = make(lock, parts, stamp, digest)
    if stamp is not None and stamp.engine is not Engine.READY:
        say(stamp.engine, python=PYTHON, log=LOG)
        if in_ci():
            raise SetupError(saying("engine required"))


# -- Commands


def become(command: str, *arguments: str) -> None:
    """Turn this process into a command of the environment, so that its signals and exit code are the command's own."""
    programs = HOME / "bin"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    environment["VIRTUAL_ENV"] = str(HOME)
    environment["PATH"] = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    try:
        os.execvpe(command, [command, *arguments], environment)
    except FileNotFoundError:
        say("unknown", command=command, home=HOME.name)
        sys.exit(127)


def has_browser(which: Callable[[str], str | None] = shutil.which) -> bool:
    """Say whether there is a browser for the tests of pages, looked for as tests/browser/site.py does."""
    named = os.environ.get("CHROMIUM")
    return Path(named).exists() if named else any(map(which, ("chromium-headless-shell", "chromium")))


def test(arguments: Sequence[str]) -> None:
    """Run the test suite, from the top of the checkout."""
    prepare(tools=True)
    os.chdir(ROOT)
    if not arguments:
        say("test")
        if not has_browser():
            say("no browser")
    become("python", "-m", "pytest", *(arguments or ["-n", "auto", "--dist", "worksteal"]))


def serve(arguments: Sequence[str]) -> None:
    """Run the web pages."""
    prepare(tools=False)
    become("fairlead", "serve", "--demo", *arguments)


def run(arguments: Sequence[str]) -> None:
    """Run a command of the environment; only `fairlead` itself does without the development tools."""
    prepare(tools=arguments[0] != "fairlead")
    become(*arguments)


def main(arguments: Sequence[str]) -> None:
    """Do what the command line asks for."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "test":
        test(rest)
    elif command == "serve":
        serve(rest)
    elif command == "run" and rest:
        run(rest)
    elif command == "setup" and not rest:
        prepare(tools=True, asked=True)
    else:
        print(saying("usage"), file=sys.stdout if command in {"-h", "--help"} else sys.stderr)
        sys.exit(0 if command in {"-h", "--help"} else 2)


def stop(*_: object) -> None:
    """End as by Ctrl-C, so that a running step is ended too."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    try:
        main(sys.argv[1:])
    except SetupError as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)
