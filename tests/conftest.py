"""Servers, configuration and fixtures for every test.

`pytest` starts a throwaway PostgreSQL and Valkey for each of its workers, with the code behind
`learningcity up`, and writes an ini file with the portal's own list of plugins. Nothing starts when
only the rooms in `PURE_ROOMS` are run, nor when `--ckan-ini` names a configuration of yours.

Fixtures to use, beyond CKAN's own (https://docs.ckan.org/en/2.12/contributing/testing.html):

`portal`      every plugin of the portal loaded, all tables (CKAN's, the plugins', the DataStore's),
              queues and the search index empty. Almost every test wants this one.
`app`         as CKAN's, but one application for all tests that change no option.
`clean_db`    as CKAN's, and the plugins' tables too, which CKAN's own leaves filled.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import ckan.plugins as p
import psycopg2
import pytest
from ckan import model
from ckan.cli.db import _get_pending_plugins
from ckan.common import config
from ckan.model import parse_db_config
from ckan.tests.helpers import CKANTestApp
from ckanext.datastore.cli import permissions_sql
from sqlalchemy.orm import close_all_sessions

from ckanext.learningcity.runtime import ckan_ini, scratch
from ckanext.learningcity.runtime.databases import run_script

PURE_ROOMS = ("docker", "docs", "harvesters", "runtime", "schemas", "tables")
TESTS = Path(__file__).parent

_undo = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before CKAN's own pytest plugin asks for its configuration."""
    if _only_pure_rooms(config) or _hands_out_only(config):
        for name in ("ckan", "ckan_fixtures"):
            config.pluginmanager.unregister(name=name)
    elif not config.option.ckan_ini:
        config.option.ckan_ini = _start_servers()


def pytest_unconfigure() -> None:
    """End the servers."""
    _undo.close()


def _hands_out_only(config: pytest.Config) -> bool:
    """Whether this process leaves the tests to workers (`-n`), which run this file too."""
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")


def _only_pure_rooms(config: pytest.Config) -> bool:
    paths = [(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args]
    pure = [TESTS / room for room in PURE_ROOMS]
    return all(any(path.is_relative_to(room) for room in pure) for path in paths)


def _start_servers() -> str:
    quick = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    servers = _undo.enter_context(scratch.servers("ckan_test", **quick))
    storage = servers.folder / "files"
    storage.mkdir()
    addresses = ckan_ini.Addresses(
        site="http://test.ckan.net",
        database=servers.databases.main,
        datastore_write=servers.databases.datastore,
        datastore_read=servers.databases.reader,
        redis=servers.redis,
    )
    options = {
        **ckan_ini.options(addresses, "a secret for tests", storage),
        # As CKAN's own tests and factories expect; ours ask for /th/ pages.
        "ckan.site_id": "test.ckan.net",
        "ckan.locale_default": "en",
        "ckan.auth.create_unowned_dataset": "true",
        "ckanext.learningcity.kept_page_seconds": "0",  # tests change and look within a second
        "testing": "true",
    }
    path = servers.folder / "test.ini"
    ckan_ini.write(path, "Made by tests/conftest.py.", options)
    return str(path)


@pytest.fixture(scope="session")
def _migrated(migrate_db_for) -> None:
    """The tables of CKAN and of every plugin, and the DataStore's permissions."""
    model.repo.clean_db()
    model.repo.init_db()
    p.load_all()
    for name in _get_pending_plugins():
        migrate_db_for(name)
    names = {
        "main": parse_db_config("sqlalchemy.url"),
        "write": parse_db_config("ckan.datastore.write_url"),
        "read": parse_db_config("ckan.datastore.read_url"),
    }
    script = permissions_sql(
        maindb=names["main"]["db_name"],
        datastoredb=names["write"]["db_name"],
        mainuser=names["main"]["db_user"],
        writeuser=names["write"]["db_user"],
        readuser=names["read"]["db_user"],
    )
    run_script(config["ckan.datastore.write_url"], script)


@pytest.fixture(scope="session")
def reset_db(_migrated):
    """Empty every table except the records of migrations: CKAN's `clean_db` calls this."""

    def reset() -> None:
        close_all_sessions()
        model.Session.remove()
        _empty(config["sqlalchemy.url"])

    return reset


@pytest.fixture
def with_plugins(_migrated, ckan_config) -> None:
    """Every plugin, as CKAN's fixture of this name, but kept from test to test.

    Loading them takes longer than most tests, and no test asks for another list of plugins.
    """
    if not p.plugin_loaded("learningcity"):
        p.load_all()


@pytest.fixture(scope="session")
def _apps() -> dict[str, CKANTestApp]:
    """The application of the tests that leave the configuration as it is, once it is made."""
    return {}


@pytest.fixture
def app(make_app, request, _apps) -> CKANTestApp:
    """A client, as CKAN's fixture of this name; its application is kept from test to test."""
    if request.node.get_closest_marker("ckan_config"):
        _apps.clear()  # what is made now is made for this test, and its plugins are loaded anew
        return make_app()
    if "app" not in _apps:
        _apps["app"] = make_app()
    return CKANTestApp(_apps["app"].app)


@pytest.fixture
def portal(clean_db, with_plugins, reset_index, reset_redis) -> None:
    """The whole portal, empty: every plugin loaded, every table, queue and index cleared."""
    _drop_tables(config["ckan.datastore.write_url"])
    reset_redis()
    reset_index()


def _empty(address: str) -> None:
    _for_each_table(address, "TRUNCATE {} RESTART IDENTITY CASCADE")


def _drop_tables(address: str) -> None:
    """Drop the DataStore's tables of data; `_table_stats` belongs to the DataStore itself."""
    _for_each_table(address, "DROP TABLE {} CASCADE", spare=r"\_%")


def _for_each_table(address: str, statement: str, spare: str = "%alembic_version") -> None:
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(
            "SELECT string_agg(format('%%I.%%I', schemaname, tablename), ', ') FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            " AND tablename NOT LIKE %s",
            [spare],
        )
        (tables,) = cursor.fetchone()
        if tables:
            cursor.execute(statement.format(tables))
