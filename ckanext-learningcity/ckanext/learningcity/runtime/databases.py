"""Roles and databases inside a PostgreSQL server: CKAN's own and the DataStore's."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, sql

from .errors import Problem


@dataclass(frozen=True)
class Databases:
    """Addresses of the two databases, for the owner and for the DataStore's reading role."""

    main: str
    datastore: str
    reader: str  # the role's address of the DataStore database

    @classmethod
    def beside(cls, main: str, reader_password: str) -> Databases:
        """The DataStore next to `main`: database and role are named after the main database."""
        parts = urlsplit(main)
        name = parts.path.lstrip("/")
        place = f"{parts.hostname}:{parts.port or 5432}"
        reader = f"{name}_datastore_ro:{quote(reader_password, safe='')}@{place}"
        datastore = f"/{name}_datastore"
        return cls(
            main=main,
            datastore=urlunsplit(parts._replace(path=datastore)),
            reader=urlunsplit(parts._replace(netloc=reader, path=datastore)),
        )


def create_owner(server: str, databases: Databases) -> None:
    """Make CKAN's owning role and main database on a server of our own.

    `server` is the superuser's address. Running it again is harmless.
    """
    owner = urlsplit(databases.main)
    with closing(_connect(server)) as connection, connection.cursor() as cursor:
        _ensure_role(cursor, owner.username or "", owner.password or "")
        _ensure_database(cursor, owner.path.lstrip("/"), owner.username or "")


def create_datastore(server: str, databases: Databases) -> None:
    """Make the DataStore's reading role and database, owned by the main database's owner.

    `server` is an address that may create roles and databases. Running it again is harmless.
    """
    if _connects(databases.reader):
        return
    datastore, reader = urlsplit(databases.datastore), urlsplit(databases.reader)
    name, owner = datastore.path.lstrip("/"), datastore.username or ""
    try:
        with closing(_connect(server)) as connection, connection.cursor() as cursor:
            _ensure_role(cursor, reader.username or "", reader.password or "")
            _ensure_database(cursor, name, owner)
    except errors.InsufficientPrivilege as refusal:
        raise Problem(
            f"{owner} may not create the DataStore's database and reading role: {refusal}".strip(),
            "Let an administrator of that server run:\n"
            f"  CREATE ROLE {reader.username} LOGIN PASSWORD '{reader.password}';\n"
            f"  CREATE DATABASE {name} OWNER {owner};",
        ) from refusal


def run_script(address: str, script: str) -> None:
    """Run SQL that a tool printed; psql's `\\connect` lines are the caller's business."""
    statements = "\n".join(line for line in script.splitlines() if not line.startswith("\\"))
    with closing(_connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(statements)


def server_version(address: str) -> str:
    """The server's version, as in "18.6"; a `Problem` says why it cannot be reached."""
    with closing(_connect(address)) as connection:
        number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def _connect(address: str) -> psycopg2.extensions.connection:
    try:
        connection = psycopg2.connect(address, connect_timeout=10)
    except psycopg2.OperationalError as refusal:
        place = urlsplit(address)
        raise Problem(
            f"PostgreSQL at {place.hostname}:{place.port or 5432} refuses: {refusal}".strip(),
            "Check LEARNINGCITY_DATABASE_URL: postgresql://user:password@host:5432/database",
        ) from refusal
    connection.autocommit = True  # CREATE DATABASE cannot run inside a transaction
    return connection


def _connects(address: str) -> bool:
    try:
        psycopg2.connect(address, connect_timeout=10).close()
    except psycopg2.OperationalError:
        return False
    return True


def _ensure_role(cursor: psycopg2.extensions.cursor, name: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    cursor.execute(
        sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
            sql.SQL(verb), sql.Identifier(name), sql.Literal(password)
        )
    )


def _ensure_database(cursor: psycopg2.extensions.cursor, name: str, owner: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
    if not cursor.fetchone():
        cursor.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )
