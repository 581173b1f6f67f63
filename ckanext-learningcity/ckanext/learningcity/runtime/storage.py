"""Which PostgreSQL and Valkey a state folder uses: given by address, or servers of our own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Any

from . import binaries
from .accounts import database_account
from .databases import Databases, create_datastore, create_owner, server_version
from .errors import Problem
from .home import Home
from .ports import free_port
from .postgres import Postgres
from .settings import Settings
from .valkey import Valkey, answers

GIVEN = "url"
MAIN = "ckan"
FIRST_PORTS = {"postgres": 55432, "valkey": 56379}


@dataclass(frozen=True)
class Storage:
    """The servers to start (None: somebody else runs them) and the addresses CKAN will use."""

    postgres: Postgres | None
    valkey: Valkey | None
    databases: Databases
    redis: str

    def create_databases(self) -> None:
        """Make roles and databases; PostgreSQL must run. Running it again is harmless."""
        if self.postgres:
            create_owner(self.postgres.url("postgres"), self.databases)
            create_datastore(self.postgres.url("postgres"), self.databases)
        else:
            create_datastore(self.databases.main, self.databases)


def open_storage(home: Home, settings: Settings) -> Storage:
    """Choose as the state folder remembers, or for good at the first start.

    A `Problem` is raised rather than opening a folder with what did not make it.
    """
    secrets = home.secrets()
    postgres = None if settings.database_url else _own_postgres(home, secrets["postgres"])
    if settings.database_url:
        _remember_given(home, "postgres", server_version(settings.database_url))
        main = settings.database_url
    else:
        assert postgres  # noqa: S101
        main = postgres.url(MAIN, "ckan_owner", secrets["owner"])
    databases = Databases.beside(main, secrets["reader"])
    if settings.redis_url:
        if not answers(settings.redis_url):
            raise Problem(
                "No Redis or Valkey answers at LEARNINGCITY_REDIS_URL.",
                "Check host, port and password: redis://:password@host:6379/0",
            )
        return Storage(postgres, None, databases, settings.redis_url)
    valkey = _own_valkey(home, secrets["valkey"])
    return Storage(postgres, valkey, databases, valkey.url)


def current_databases(home: Home, settings: Settings) -> Databases:
    """The addresses that the running portal of this folder uses."""
    secrets = home.secrets()
    port = home.state()["postgres"].get("port")
    own = f"postgresql://ckan_owner:{secrets['owner']}@127.0.0.1:{port}/{MAIN}"
    return Databases.beside(settings.database_url or own, secrets["reader"])


def _remember_given(home: Home, part: str, version: str) -> None:
    known = home.state().get(part)
    if known and known["provider"] != GIVEN:
        raise Problem(
            f"The state folder {home.path} has a database of its own, "
            "and LEARNINGCITY_DATABASE_URL names another.",
            "Unset LEARNINGCITY_DATABASE_URL to go on with the folder's database. To move: "
            "`learningcity backup`, set it together with a new LEARNINGCITY_HOME, "
            "`learningcity restore`.",
        )
    home.remember(**{part: {"provider": GIVEN, "version": version}})


def _own_postgres(home: Home, password: str) -> Postgres:
    known: dict[str, Any] = home.state().get("postgres", {})
    if known.get("provider") == GIVEN:
        raise Problem(
            f"The state folder {home.path} belongs to the database of a LEARNINGCITY_DATABASE_URL, "
            "which is not set now.",
            "Set it as before, or set LEARNINGCITY_HOME to another folder for a new portal.",
        )
    made = (known["provider"], known["major"]) if "major" in known else None
    account = database_account(home.postgres)
    binary = binaries.postgres(account, home.database_folder, made)
    port = free_port(known.get("port", FIRST_PORTS["postgres"]))
    server = Postgres(binary, home.postgres, port, password, account)
    if not made:
        _initialise(home, server, interrupted="making" in known)
    home.remember(
        postgres={
            "provider": binary.provider,
            "major": binary.major,
            "version": binary.version,
            "port": port,
        }
    )
    return server


def _initialise(home: Home, server: Postgres, *, interrupted: bool) -> None:
    if any(server.data.iterdir()):
        if not interrupted:  # it may be a database that lost its description: never remove that
            raise Problem(
                f"{server.data} holds files, but {home.state_file} does not say what made them.",
                f"If nothing there is wanted, remove {home.where()}; "
                "otherwise restore a backup into a new LEARNINGCITY_HOME.",
            )
        for entry in server.data.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    home.remember(postgres={"making": True})
    server.initialise()


def _own_valkey(home: Home, password: str) -> Valkey:
    known: dict[str, Any] = home.state().get("valkey", {})
    port = free_port(known.get("port", FIRST_PORTS["valkey"]))
    server = Valkey(binaries.queue(), home.valkey, port, password)
    server.configure()
    home.remember(
        valkey={
            "provider": server.binary.provider,
            "version": server.binary.version,
            "port": port,
        }
    )
    return server
