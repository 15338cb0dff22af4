"""One door to the project for people and for CI; needs nothing but Python 3.11. `python3 dev.py` lists the commands."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WEB = ROOT / "web"
ASSETS = ROOT / "kassa" / "assets"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "kassa-installed.txt"
WEB_STAMP = WEB / "node_modules" / ".kassa-built"
WEB_LOCK_STAMP = WEB / "node_modules" / ".kassa-installed"
LIGHTHOUSE = ROOT / "tools" / "lighthouse"
LIGHTHOUSE_STAMP = LIGHTHOUSE / "node_modules" / ".kassa-installed"

# Half of the tests for each of two processes, and then what the other has left: tests of one file share what they
# started, so they should stay together.
PYTEST = ["-m", "pytest", "-n", "2", "--dist", "worksteal"]

USAGE = """\
python3 dev.py COMMAND [ARGS]

  up [ARGS]      start the whole product (kassa up ARGS); installs and builds first when needed
  kassa ARGS     any command of the kassa program
  test [ARGS]    all tests, or those that ARGS (of pytest) choose
  coverage [ARGS] the same tests, slower, and how much of the program they run
  check [--fast] everything CI checks; --fast leaves the tests out
  fix            format, repair what the linter can repair, bring the web client's types up to date
  bench [ARGS]   measurements (kassa bench ARGS)
  migration TEXT write a migration from the difference between models and schema
  lock           write the lock files again from requirements*.in and web/package.json"""


def main(arguments: list[str]) -> int:
    """Run one command; answers the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what people run with whatever Python they have
        return fail(f"Kassa needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    commands: dict[str, Callable[[], int]] = {
        "up": lambda: kassa(["up", *rest]),
        "kassa": lambda: kassa(rest),
        "test": lambda: test(rest),
        "coverage": lambda: coverage(rest),
        "check": lambda: check(rest),
        "fix": fix,
        "bench": lambda: bench(rest),
        "migration": lambda: migration(rest),
        "lock": lock,
    }
    if command not in commands:
        print(USAGE)
        return 0 if command in {"help", "-h", "--help"} else 2
    try:
        return commands[command]()
    except subprocess.CalledProcessError as error:
        return fail(f"\n{' '.join(map(str, error.cmd))}\nended with exit code {error.returncode}.")
    except KeyboardInterrupt:
        return 130


def kassa(arguments: list[str]) -> int:
    """Run the product's program in the place of this one, so that signals reach it."""
    prepare(web=arguments[:1] == ["up"])
    command = [str(PYTHON), "-m", "kassa", *arguments]
    if not WINDOWS:
        os.execve(command[0], command, environment())  # noqa: S606 - no shell is wanted
    program = subprocess.Popen(command, env=environment())
    while True:
        try:
            return program.wait()
        except KeyboardInterrupt:  # Ctrl-C reached the program too; wait until it has stopped in order
            continue


def bench(arguments: list[str]) -> int:
    """Measurements; the bare programs they compare with are tools of development."""
    prepare(dev=True)
    return run("-m", "kassa", "bench", *arguments)


def test(arguments: list[str]) -> int:
    """All tests on two processes; ends with pytest's own closing line."""
    prepare(dev=True, web=True)
    return run(*PYTEST, *arguments)


def coverage(arguments: list[str]) -> int:
    """All tests, with every process of the product measured; fails below what pyproject.toml asks for."""
    prepare(dev=True, web=True)
    run("-m", "coverage", "erase")
    failed = run("-m", "coverage", "run", *PYTEST, *arguments)
    run("-m", "coverage", "combine", "--quiet")
    return run("-m", "coverage", "report") or failed


def check(arguments: list[str]) -> int:
    """What CI checks; every step runs, so that one look shows all that is wrong."""
    prepare(dev=True, web=True)
    steps: dict[str, list[str]] = {
        "lint": ["-m", "ruff", "check", "."],
        "format": ["-m", "ruff", "format", "--check", "."],
        "types": ["-m", "mypy", "kassa", "tools", "tests", "bench", "dev.py"],
        "imports": [
            "-c",
            "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())",
        ],
        "sizes": ["-m", "tools.check_sizes"],
        "private": ["-m", "tools.check_private"],
        "secrets": ["-m", "tools.check_secrets"],
        "migrations": ["-m", "tools.check_migrations"],
        "client": ["-m", "tools.client"],
    }
    if "--fast" not in arguments:
        steps["tests"] = PYTEST
    failed = []
    for name, step in steps.items():
        print(f"\n── {name} ──", flush=True)
        if run(*step) != 0:
            failed.append(name)
    if (WEB / "package.json").exists() and npm() is not None:
        for script in ("check", "lint", "test"):
            print(f"\n── web {script} ──", flush=True)
            if run_npm("run", "--if-present", script) != 0:
                failed.append(f"web {script}")
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


def fix() -> int:
    """Format, repair what the linter can repair, and bring the web client's types up to date."""
    prepare(dev=True, web=True)
    repaired = run("-m", "ruff", "check", "--fix", ".")
    return run("-m", "ruff", "format", ".") or run("-m", "tools.client", "--write") or repaired


def migration(arguments: list[str]) -> int:
    """Write a migration from the difference between models and schema."""
    prepare(dev=True)
    return run("-m", "tools.write_migration", *arguments)


def lock() -> int:
    """Lock files with hashes for every platform; they name no package index."""
    local = VENV / ("Scripts/uv.exe" if WINDOWS else "bin/uv")
    uv = shutil.which("uv") or (str(local) if local.exists() else None)
    if uv is None:
        return fail("uv is needed to write lock files: https://docs.astral.sh/uv/")
    base = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    # Their paths are relative and the command is left out, so that the files are the same whoever writes them.
    options = ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "python3 dev.py lock"]
    # A package that is asked for with an extra must be pinned with it, or pip takes the newest one and misses its hash.
    options.append("--no-strip-extras")
    for arguments in (
        ["requirements.in", "-o", "requirements.txt"],
        ["requirements-dev.in", "-c", "requirements.txt", "-o", "requirements-dev.txt"],
    ):
        subprocess.run([*base, *options, *arguments], cwd=ROOT, check=True)
    if (WEB / "package.json").exists() and npm() is not None:
        lock_only = ("install", "--package-lock-only", "--omit-lockfile-registry-resolved")
        return run_npm(*lock_only) or run_npm(*lock_only, folder=LIGHTHOUSE)
    return 0


def prepare(dev: bool = False, web: bool = False) -> None:
    """Install and build what is missing or stale; with nothing to do this takes a few milliseconds."""
    web = web and (WEB / "package.json").exists()
    lighthouse = dev and web and npm() is not None
    if is_installed(dev) and (not web or is_built()) and (not lighthouse or has_packages(LIGHTHOUSE, LIGHTHOUSE_STAMP)):
        return
    with exclusive():
        if not is_installed(dev):
            install(dev)
        if web and not is_built():
            build_web()
        if lighthouse:
            install_packages(LIGHTHOUSE, LIGHTHOUSE_STAMP)


def is_installed(dev: bool) -> bool:
    """Whether the environment was made from the lock file as it is now."""
    return PYTHON.exists() and STAMP.exists() and stamp_of(dev) in STAMP.read_text("utf-8").splitlines()


def stamp_of(dev: bool) -> str:
    """One line that changes with the lock file and with the version of Python."""
    name = "requirements-dev.txt" if dev else "requirements.txt"
    return f"{name} {digest([ROOT / name])} python{sys.version_info.major}.{sys.version_info.minor}"


def install(dev: bool) -> None:
    """The environment with exactly the locked packages; `dev` adds the tools of checks and tests."""
    name = "requirements-dev.txt" if dev else "requirements.txt"
    if not works(PYTHON):
        create_environment()
    print(f"Installing {name} into .venv ...", file=sys.stderr, flush=True)
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    subprocess.run(
        [PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", ROOT / name],
        check=True,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,  # the output of `kassa ... --json` must stay clean
    )
    # The development lock holds the runtime packages too, in the same versions.
    STAMP.write_text("\n".join([stamp_of(False), *([stamp_of(True)] if dev else [])]) + "\n", "utf-8")


def works(python: Path) -> bool:
    """Whether the environment's Python is the version we run and has pip; it may point to one that is gone."""
    if not python.exists():
        return False
    question = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    asked = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    return asked.stdout.strip() == f"{sys.version_info.major}.{sys.version_info.minor}"


def create_environment() -> None:
    """Make .venv anew."""
    if importlib.util.find_spec("ensurepip") is None:  # Debian and Ubuntu keep it in a package of its own
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        sys.exit(fail(f"This Python cannot make environments. Install the package {package}: apt install {package}"))
    print("Making the environment .venv ...", file=sys.stderr, flush=True)
    subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr
    )


def is_built() -> bool:
    """Whether the web applications were built from the sources as they are now."""
    return WEB_STAMP.exists() and ASSETS.exists() and WEB_STAMP.read_text("utf-8") == digest(web_sources())


def build_web() -> None:
    """Build the web applications."""
    if npm() is None or node_version() < 20:
        fail("The web applications are not built: that needs npm and Node.js 20 or newer.")
        return
    install_packages(WEB, WEB_LOCK_STAMP)
    print("Building the web applications ...", file=sys.stderr, flush=True)
    run_npm("run", "build", must=True)
    WEB_STAMP.write_text(digest(web_sources()), "utf-8")


def has_packages(folder: Path, stamp: Path) -> bool:
    """Whether npm's packages of a folder are those of its lock file."""
    return stamp.exists() and stamp.read_text("utf-8") == digest([folder / "package-lock.json"])


def install_packages(folder: Path, stamp: Path) -> None:
    """npm's packages of a folder, exactly as its lock file has them."""
    if has_packages(folder, stamp):
        return
    print(f"Installing the packages of {folder.relative_to(ROOT).as_posix()} ...", file=sys.stderr, flush=True)
    run_npm("ci", "--no-audit", "--no-fund", "--loglevel=error", folder=folder, must=True)
    stamp.write_text(digest([folder / "package-lock.json"]), "utf-8")


def web_sources() -> list[Path]:
    """Every file that a build reads."""
    found = []
    for folder, folders, files in os.walk(WEB):
        skip = {"node_modules", "dist", "test-results", "coverage"}
        folders[:] = sorted(name for name in folders if name not in skip and not name.startswith("."))
        found += [Path(folder) / name for name in sorted(files) if not name.endswith((".tsbuildinfo", ".log"))]
    return found


def digest(files: list[Path]) -> str:
    """One hash of names and contents."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0")
        total.update(file.read_bytes() if file.exists() else b"absent")
    return total.hexdigest()


def npm() -> str | None:
    """The npm program; on Windows it is a script with an ending of its own."""
    return shutil.which("npm")


def node_version() -> int:
    """The major version of Node.js; 0 when there is none."""
    node = shutil.which("node")
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""
    return int(answer.strip().lstrip("v").partition(".")[0] or 0)


def run_npm(*arguments: str, folder: Path = WEB, must: bool = False) -> int:
    """Run npm in web/ or another folder; its output goes to stderr, as that of every preparation."""
    command = [npm() or "npm", *arguments]
    done = subprocess.run(command, cwd=folder, check=must, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    return done.returncode


def run(*arguments: str) -> int:
    """Run the environment's Python at the root of the project."""
    return subprocess.run([PYTHON, *arguments], cwd=ROOT, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """Ours, with the project importable, UTF-8 everywhere, and compiled files kept: images of containers often forbid
    them, and then every start compiles the whole product again."""
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": os.pathsep.join(path), "PYTHONUTF8": "1"}


def fail(message: str) -> int:
    """Say what is wrong; answers exit code 1."""
    print(message, file=sys.stderr, flush=True)
    return 1


@contextmanager
def exclusive() -> Iterator[None]:
    """Two commands started at once must not install into one environment at once."""
    with (ROOT / ".dev.lock").open("w", encoding="utf-8") as file:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # it gives up after ten seconds; an installation takes longer
                    continue
        else:
            import fcntl  # noqa: PLC0415 - does not exist on Windows

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
