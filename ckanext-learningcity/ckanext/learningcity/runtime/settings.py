"""What the operator decides: the LEARNINGCITY_* variables of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .errors import Problem

DEFAULT_HOME = ".learningcity"
DEFAULT_PORT = 5000
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """The operator's choices; an address that is None is answered by a server of our own."""

    home: Path
    host: str
    port: int
    site_url: str
    database_url: str | None
    redis_url: str | None
    solr_url: str | None

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> Settings:
        """Read and check the variables; a `Problem` names the one that is wrong."""
        host = variables.get("LEARNINGCITY_HOST") or LOOPBACK
        port = _port(variables.get("LEARNINGCITY_PORT") or str(DEFAULT_PORT))
        return cls(
            home=Path(variables.get("LEARNINGCITY_HOME") or DEFAULT_HOME).expanduser().absolute(),
            host=host,
            port=port,
            site_url=_url(variables, "LEARNINGCITY_SITE_URL", "http", "https")
            or f"http://{'localhost' if host in ('0.0.0.0', '::') else host}:{port}",  # noqa: S104
            database_url=_database(variables),
            redis_url=_url(variables, "LEARNINGCITY_REDIS_URL", "redis", "rediss"),
            solr_url=_url(variables, "LEARNINGCITY_SOLR_URL", "http", "https"),
        )

    @property
    def local_address(self) -> str:
        """Where this machine itself reaches the web server."""
        host = LOOPBACK if self.host == "0.0.0.0" else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Problem(
        f"LEARNINGCITY_PORT is {text!r}.", "Give a number from 1 to 65535, for example 5000."
    )


def _database(variables: Mapping[str, str]) -> str | None:
    url = _url(variables, "LEARNINGCITY_DATABASE_URL", "postgresql", "postgres")
    if url and not (urlsplit(url).path.strip("/") and urlsplit(url).username):
        raise Problem(
            "LEARNINGCITY_DATABASE_URL names no database or no user.",
            "Give all parts: postgresql://user:password@host:5432/database",
        )
    # SQLAlchemy knows only the longer of the two names of the scheme.
    return url.replace("postgres://", "postgresql://", 1) if url else None


def _url(variables: Mapping[str, str], name: str, *schemes: str) -> str | None:
    value = variables.get(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise Problem(
            f"{name} is not an address this portal can use.",
            f"It must begin with {'://, '.join(schemes)}:// and name a host.",
        )
    return value
