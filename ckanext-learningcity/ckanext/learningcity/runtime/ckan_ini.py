"""The configuration file that CKAN reads: only what this portal sets differently from CKAN."""

from __future__ import annotations

from collections.abc import Mapping
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path

# Order matters: a template, action or helper of an earlier plugin wins over a later one's.
PLUGINS = (
    "learningcity",
    "learningcity_search",
    "learningcity_harvest",
    "learningcity_views",
    "learningcity_thai",
    "scheming_datasets",
    "scheming_organizations",
    "spatial_metadata",
    "spatial_query",
    "harvest",
    "dcat",
    "dcat_rdf_harvester",
    "dcat_json_interface",
    "structured_data",
    "datastore",
    "activity",
    "text_view",
    "image_view",
    "datatables_view",
)

PORTAL = {
    "use": "egg:ckan",  # the end of a chain of files: without it CKAN follows the upper file again
    "ckan.site_id": "learningcity",
    "ckan.site_title": "Learning City Open Data",
    "ckan.locale_default": "th",
    "ckan.locales_offered": "th en",
    "ckan.locale_order": "th en",
    "ckan.display_timezone": "Asia/Bangkok",
    "ckan.max_resource_size": "500",  # megabytes: a million observations as CSV are about 100
    "ckan.jobs.timeout": "3600",  # seconds: publishing and harvesting take longer than CKAN's 180
    "ckan.gravatar_default": "disabled",  # pictures of users would come from another site
    "ckan.hide_version": "true",
    "ckan.datastore.default_fts_index_method": "gin",  # made and read faster than CKAN's gist
    "ckan.harvest.mq.type": "redis",  # named, or the harvester does not resubmit what a crash left
}

A_YEAR = 365 * 24 * 3600  # seconds

LOGGING = {
    "loggers": {"keys": "root, ckan, ckanext, werkzeug"},
    "handlers": {"keys": "console"},
    "formatters": {"keys": "generic"},
    "logger_root": {"level": "WARNING", "handlers": "console"},
    "logger_ckan": {"level": "INFO", "qualname": "ckan", "handlers": ""},
    "logger_ckanext": {"level": "INFO", "qualname": "ckanext", "handlers": ""},
    "logger_werkzeug": {"level": "WARNING", "qualname": "werkzeug", "handlers": ""},
    "handler_console": {
        "class": "StreamHandler",
        "args": "(sys.stderr,)",
        "formatter": "generic",
    },
    "formatter_generic": {"format": "%(asctime)s %(levelname)-5.5s [%(name)s] %(message)s"},
}


@dataclass(frozen=True)
class Addresses:
    """Where CKAN finds what it needs, and where people find it."""

    site: str
    database: str
    datastore_write: str
    datastore_read: str
    redis: str
    solr: str | None = None


def options(addresses: Addresses, secret_key: str, storage: Path) -> dict[str, str]:
    """Every option of the `[app:main]` section."""
    plugins = [name for name in PLUGINS if not (addresses.solr and name == "learningcity_search")]
    return {
        **PORTAL,
        # CKAN insists on a value; the PostgreSQL search never contacts it.
        "solr_url": addresses.solr or "http://127.0.0.1:9/unused",
        "ckan.plugins": " ".join(plugins),
        "ckan.site_url": addresses.site,
        "sqlalchemy.url": addresses.database,
        "ckan.datastore.write_url": addresses.datastore_write,
        "ckan.datastore.read_url": addresses.datastore_read,
        "ckan.redis.url": _patient(addresses.redis),
        "ckan.storage_path": str(storage),
        "SECRET_KEY": secret_key,
    }


def _patient(redis: str) -> str:
    """Let readers wait: redis-py gives up after 5 seconds, and harvest consumers wait for work."""
    if "socket_timeout=" in redis:
        return redis
    return f"{redis}{'&' if '?' in redis else '?'}socket_timeout={A_YEAR}"


def write(path: Path, head: str, app: Mapping[str, str]) -> None:
    """Write an ini file that only its owner can read, in one step; `head` is its first comment."""
    parser = RawConfigParser(interpolation=None)
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    # CKAN interpolates this section: a percent sign is written twice.
    parser["app:main"] = {name: value.replace("%", "%%") for name, value in app.items()}
    parser.read_dict(LOGGING)
    partial = path.with_name(f"{path.name}.partial")
    partial.touch(mode=0o600)
    with partial.open("w", encoding="utf-8") as file:
        file.writelines(f"# {line}\n" for line in head.splitlines())
        parser.write(file)
    partial.replace(path)
