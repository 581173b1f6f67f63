"""A whole portal in this process, on throwaway servers with production settings, for measuring."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ckanext.learningcity.runtime import ckan_ini, environment, scratch
from ckanext.learningcity.runtime.databases import run_script


@contextmanager
def portal(*more: str) -> Iterator[Any]:
    """Load CKAN with the portal's plugins and give its Flask application, inside a request.

    :param more: further plugins

    Afterwards the servers end and every file is removed.
    """
    with scratch.servers("ckan_bench") as servers:
        storage = servers.folder / "files"
        storage.mkdir()
        addresses = ckan_ini.Addresses(
            site="http://127.0.0.1:5000",
            database=servers.databases.main,
            datastore_write=servers.databases.datastore,
            datastore_read=servers.databases.reader,
            redis=servers.redis,
        )
        path = servers.folder / "bench.ini"
        options = ckan_ini.options(addresses, "bench", storage)
        options["ckan.plugins"] += "".join(f" {plugin}" for plugin in more)
        ckan_ini.write(path, "Made by bench/.", options)
        variables = environment.for_ckan(path)
        _ckan(variables, "db", "upgrade")
        run_script(servers.databases.datastore, _ckan(variables, "datastore", "set-permissions"))
        # CKAN reads its configuration when it is imported and loaded, not before.
        from ckan.cli import load_config  # noqa: PLC0415
        from ckan.config.middleware import make_app  # noqa: PLC0415

        flask = make_app(load_config(str(path)))._wsgi_app  # noqa: SLF001 - as CKAN's own commands do
        with flask.test_request_context():
            yield flask


def _ckan(variables: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [environment.CKAN, *words], env=variables, check=True, capture_output=True, text=True
    )
    return done.stdout
