"""A throwaway PostgreSQL and Valkey, for tests and benchmarks."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import binaries
from .accounts import database_account
from .databases import Databases, create_datastore, create_owner
from .errors import Problem
from .ports import free_port
from .postgres import Postgres
from .processes import spawn
from .valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """Both servers, running, with CKAN's empty databases in them."""

    folder: Path
    superuser: str
    databases: Databases
    redis: str


@contextmanager
def servers(database: str, **postgres_options: str) -> Iterator[Servers]:
    """Start both servers on free ports; end them and remove every file afterwards.

    The main database is called `database`; `postgres_options` are server settings such as
    `fsync="off"`.
    """
    with ExitStack() as undo:
        folder = Path(tempfile.mkdtemp(prefix="learningcity-"))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o711)  # the account that runs PostgreSQL walks through it
        postgres = _postgres(folder, postgres_options)
        valkey = _valkey(folder)
        for server in (postgres, valkey):
            undo.callback(_end, _start(server, folder), server)
        superuser = postgres.url("postgres")
        main = postgres.url(database, "ckan_owner", secrets.token_hex(8))
        databases = Databases.beside(main, secrets.token_hex(8))
        create_owner(superuser, databases)
        create_datastore(superuser, databases)
        yield Servers(folder, superuser, databases, valkey.url)


def _postgres(folder: Path, options: dict[str, str]) -> Postgres:
    data = folder / "postgres"
    account = database_account(data)
    data.mkdir(mode=0o700)
    if account:
        account.own(data)
    binary = binaries.postgres(account, folder)
    server = Postgres(binary, data, free_port(), secrets.token_hex(8), account, options)
    server.initialise()
    return server


def _valkey(folder: Path) -> Valkey:
    data = folder / "valkey"
    data.mkdir(mode=0o700)
    server = Valkey(binaries.queue(), data, free_port(), secrets.token_hex(8))
    server.configure()
    return server


def _start(server: Postgres | Valkey, folder: Path) -> subprocess.Popen[bytes]:
    log = folder / f"{server.name}.log"
    with log.open("wb") as output:
        process = spawn(
            server.command,
            output=output,
            account=server.account if isinstance(server, Postgres) else None,
            death_signal=server.stop_signal,
        )
    deadline = time.monotonic() + 30
    while not server.ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Problem(f"{server.name} did not start.", log.read_text(errors="replace"))
        time.sleep(0.05)
    return process


def _end(process: subprocess.Popen[bytes], server: Postgres | Valkey) -> None:
    process.send_signal(server.stop_signal)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
