"""A portal in one file: both databases, uploaded files, passwords and the operator's settings.

Queues are left out: what waits there is work in progress that the next harvest or publication
repeats.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import IO

import psycopg2

from . import binaries
from .accounts import database_account
from .databases import Databases
from .errors import Problem
from .home import FORMAT, Home
from .portal import start_servers
from .services import Services
from .settings import Settings
from .storage import current_databases, open_storage

LABEL = "backup.json"  # the first member, so that a wrong file is known at once
SECRETS = "secrets.json"
INI = "ckan.ini"
FILES = "files"
DUMPS = {"ckan.dump": "main", "datastore.dump": "datastore"}  # member -> field of Databases
CARRIED = ("schema", "administrator", "seeded")  # what the state file says about the databases


@dataclass(frozen=True)
class _Tools:
    """PostgreSQL's own programs."""

    folder: Path

    def dump(self, address: str, target: Path) -> None:
        self._run("pg_dump", "--format=custom", f"--file={target}", f"--dbname={address}")

    def restore(self, source: Path, address: str) -> None:
        self._run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={address}", str(source))

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self.folder / program, *words], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Problem(
                f"{program} failed: {done.stderr.strip()}",
                "Check the free space and that the server is not newer than this program.",
            )


def backup(target: Path, settings: Settings) -> None:
    """Write `target`, readable by its owner only; a failure leaves nothing behind."""
    home = Home(settings.home)
    home.require_portal()
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.touch(mode=0o600)
        with _serving(home, settings) as databases, tarfile.open(partial, "w") as archive:
            _add_text(archive, LABEL, json.dumps(_label(home), indent=2))
            _add_dumps(archive, databases, home)
            archive.add(home.path / SECRETS, SECRETS)
            archive.add(home.ini, INI)
            archive.add(home.files, FILES)
        partial.replace(target)
    except OSError as refusal:
        raise Problem(
            f"The backup could not be written: {refusal}.",
            "Choose a folder that exists, may be written to, and has room.",
        ) from refusal
    finally:
        partial.unlink(missing_ok=True)


def restore(source: Path, settings: Settings) -> None:
    """Fill the empty state folder of `settings`; a failure says so and marks nothing as done."""
    home = Home(settings.home)
    with _open(source) as archive:
        label = _read_label(archive, source)
        _require_empty(home)
        home.prepare()
        home.remember(restoring=True)
        for member in archive:
            _extract(archive, member, home)
        with _serving(home, settings) as databases:
            tools = _tools(home)
            for name, field in DUMPS.items():
                address = getattr(databases, field)
                _require_no_tables(address)
                tools.restore(home.run / name, address)
                (home.run / name).unlink()
        home.remember(restoring=False, **label["state"])


def _label(home: Home) -> dict[str, object]:
    state = home.state()
    return {
        "format": FORMAT,
        "made": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "ckan": metadata.version("ckan"),
        "state": {name: state[name] for name in CARRIED if name in state},
    }


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(content))


def _add_dumps(archive: tarfile.TarFile, databases: Databases, home: Home) -> None:
    tools = _tools(home)
    with tempfile.TemporaryDirectory(dir=home.run) as folder:
        for name, field in DUMPS.items():
            dump = Path(folder) / name
            tools.dump(getattr(databases, field), dump)
            archive.add(dump, name)


def _tools(home: Home) -> _Tools:
    account = database_account(home.postgres)
    return _Tools(binaries.postgres(account, home.database_folder).path.parent)


@contextmanager
def _serving(home: Home, settings: Settings) -> Iterator[Databases]:
    """The databases' addresses while they answer: of the running portal, else started for this."""
    lock = home.lock()
    if lock is None:
        yield current_databases(home, settings)
        return
    services = Services(home.log, changed=lambda: None)
    try:
        storage = open_storage(home, settings)
        start_servers(storage, services)
        storage.create_databases()
        yield storage.databases
    finally:
        services.stop()
        os.close(lock)


@contextmanager
def _open(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError) as damage:
        raise Problem(
            f"{source} is not a whole backup of a portal: {damage}.",
            "Give a file that `learningcity backup` wrote, copied completely.",
        ) from damage


def _read_label(archive: tarfile.TarFile, source: Path) -> dict[str, dict[str, object]]:
    first = archive.next()
    content = archive.extractfile(first) if first and first.name == LABEL else None
    if content is None:
        raise Problem(
            f"{source} is not a backup of a portal.",
            "Give a file that `learningcity backup` wrote.",
        )
    label = json.load(content)
    if label["format"] != FORMAT:
        raise Problem(
            f"{source} has format {label['format']}; this release reads format {FORMAT}.",
            "Restore it with the release that made it.",
        )
    return label


def _require_empty(home: Home) -> None:
    if home.path.exists() and any(home.path.iterdir()):
        raise Problem(
            f"The state folder {home.path} is not empty.",
            "A backup is only restored into a new folder: set LEARNINGCITY_HOME to one.",
        )


def _require_no_tables(address: str) -> None:
    query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        (tables,) = cursor.fetchone() or (0,)
    if tables:
        raise Problem(
            "The database of LEARNINGCITY_DATABASE_URL, or its DataStore, is not empty.",
            "Give an empty database: a restore never overwrites.",
        )


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, home: Home) -> None:
    """Write one regular file to where it belongs; anything else in the archive is ignored."""
    content: IO[bytes] | None = archive.extractfile(member) if member.isfile() else None
    target = _place(PurePosixPath(member.name), home)
    if content is None or target is None:
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _place(name: PurePosixPath, home: Home) -> Path | None:
    if ".." in name.parts or name.is_absolute():
        return None
    if name.parts[0] == FILES:
        return home.files.joinpath(*name.parts[1:])
    if str(name) in (SECRETS, INI):
        return home.path / name
    return home.run / name if str(name) in DUMPS else None
