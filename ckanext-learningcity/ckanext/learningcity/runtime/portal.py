"""The portal's set-up steps and services, in the order in which they happen."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from pathlib import Path

from . import ckan_ini, environment, programs
from .databases import run_script
from .errors import Problem
from .home import Home
from .ports import holder, is_free
from .progress import Progress
from .services import Service, Services
from .settings import Settings
from .storage import Storage, open_storage

ADMINISTRATOR = "admin"
OPERATOR_INI = """[app:main]
# Your own settings go here: they win over generated.ini, which every start writes anew.
# All options: https://docs.ckan.org/en/2.12/maintaining/configuration.html
use = config:generated.ini
"""


class Portal:
    """One portal: brings itself up through a supervisor's `services`, telling `progress`."""

    def __init__(
        self, home: Home, settings: Settings, services: Services, progress: Progress
    ) -> None:
        self._home = home
        self._settings = settings
        self._services = services
        self._progress = progress
        self._environment = environment.for_ckan(home.ini)

    def start(self) -> None:
        """From whatever state the folder is in to an answering portal."""
        check_port(self._settings)
        self.set_up()
        with self._progress.step("Web server"):
            self._services.start(self._program(programs.WEB), patience=300)
        with self._progress.step("Job and harvest workers"):
            for name in programs.WORKERS:
                self._services.start(self._program(name))

    def set_up(self) -> None:
        """All that comes before CKAN's own processes; it may be interrupted and repeated."""
        with self._progress.step("State folder and database server"):
            storage = open_storage(self._home, self._settings)
            start_servers(storage, self._services)
            storage.create_databases()
            self._write_ini(storage)
        self._fill(storage)

    def _program(self, name: str) -> Service:
        return programs.program(name, self._home, self._settings)

    def _write_ini(self, storage: Storage) -> None:
        addresses = ckan_ini.Addresses(
            site=self._settings.site_url,
            database=storage.databases.main,
            datastore_write=storage.databases.datastore,
            datastore_read=storage.databases.reader,
            redis=storage.redis,
            solr=self._settings.solr_url,
        )
        options = ckan_ini.options(addresses, self._home.secrets()["session"], self._home.files)
        head = "Written at every start: put your own settings into ckan.ini."
        ckan_ini.write(self._home.generated_ini, head, options)
        if not self._home.ini.exists():
            self._home.ini.touch(mode=0o600)
            self._home.ini.write_text(OPERATOR_INI)

    def _fill(self, storage: Storage) -> None:
        """What a first start and a new release need; each step may be interrupted and repeated."""
        release = _release()
        done = self._home.state()
        if done.get("schema") != release:
            with self._progress.step("Database tables"):
                self._ckan("database", "db", "upgrade")
                script = self._ckan("database", "datastore", "set-permissions")
                run_script(storage.databases.datastore, script)
                self._home.remember(schema=release)
        if not done.get("administrator"):
            with self._progress.step("Administrator"):
                self._create_administrator()
                self._home.remember(administrator=ADMINISTRATOR)
        if not done.get("seeded"):
            with self._progress.step("Demonstration content"):
                self._ckan("seed", "learningcity", "seed")
                self._home.remember(seeded=True)

    def _create_administrator(self) -> None:
        password = self._home.secrets()["administrator"]
        self._ckan(
            "administrator",
            *("sysadmin", "add", ADMINISTRATOR, f"email={ADMINISTRATOR}@localhost", "--create"),
            typed=f"{password}\n{password}\n",  # not an argument: those are visible to all users
        )

    def _ckan(self, log: str, *words: str, typed: str = "") -> str:
        command = [environment.CKAN, *words]
        return self._services.run(log, command, self._environment, typed)


def start_servers(storage: Storage, services: Services) -> None:
    """Start the servers that are our own and wait until they answer."""
    for server in (storage.postgres, storage.valkey):
        if server:
            service = Service(
                server.name,
                server.command,
                account=getattr(server, "account", None),
                stop_signal=server.stop_signal,
                grace=30,  # for writing everything to a slow disk; after that the log repairs
                ready=server.ready,
                facts={
                    "version": server.binary.version,
                    "address": f"127.0.0.1:{server.port}",
                },
            )
            services.start(service, patience=60)


def check_port(settings: Settings) -> None:
    """A `Problem` names who holds the web server's port."""
    if not is_free(settings.port, settings.host):
        raise Problem(
            f"Port {settings.port} is taken by {holder(settings.port)}.",
            f"Stop it, or choose another: LEARNINGCITY_PORT={settings.port + 1} make up",
        )


def _release() -> str:
    """Changes when installed CKAN packages or our own migrations do: then tables must follow."""
    packages = sorted(
        f"{item.name}=={item.version}"
        for item in metadata.distributions()
        if item.name and item.name.startswith("ckan")
    )
    here = Path(__file__).parents[1]
    migrations = sorted(
        str(file.relative_to(here)) for file in here.glob("migration/*/versions/*.py")
    )
    return hashlib.sha256(json.dumps([packages, migrations]).encode()).hexdigest()[:16]
