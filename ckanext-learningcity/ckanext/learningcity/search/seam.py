"""Where this engine takes Solr's place.

CKAN makes every Solr connection in ``ckan.lib.search.common.make_connection``, which other modules
import by name before any plugin is loaded. The one thing it looks up when it is called is
``pysolr.Solr``, in its module's namespace, so that is what is replaced: every caller, also those in
extensions, gets this engine, and core's own checks of parameters, query parsers, permissions and
site stay as they are. Where the plugin is not loaded (any more), Solr is asked as before.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import ckan.plugins as p
import pysolr
from ckan.common import config
from ckan.lib import search
from ckan.lib.search import common

from .connection import PostgresConnection

PLUGIN = "learningcity_search"

_check_schema = search.check_solr_schema_version


def install() -> None:
    """Answer searches from PostgreSQL while the plugin is loaded. Idempotent."""
    common.pysolr = SimpleNamespace(  # type: ignore[assignment]
        Solr=_connect, DATETIME_REGEX=pysolr.DATETIME_REGEX
    )
    search.check_solr_schema_version = _schema_is_right


def _connect(url: str, **settings: Any) -> PostgresConnection | pysolr.Solr:
    engine = PostgresConnection if p.plugin_loaded(PLUGIN) else pysolr.Solr
    return engine(url, **settings)


def _schema_is_right(schema_file: str | None = None) -> bool:
    """Core's check; ``False`` says, as core documents it, that CKAN runs without Solr.

    Core also checks between unloading and loading plugins, as each background job does: then only
    the configuration knows that there is no Solr to ask.
    """
    chosen = p.plugin_loaded(PLUGIN) or PLUGIN in str(config.get("ckan.plugins"))
    if chosen and not schema_file:
        return False
    return _check_schema(schema_file)
