"""CKAN's own processes: the web server and the workers."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from urllib.error import URLError
from urllib.request import urlopen

from . import environment
from .home import Home
from .services import Service
from .settings import Settings

WEB = "web"
WORKERS = {
    "worker": ("jobs", "worker"),  # it is the scheduler, too
    "harvest-gather": ("learningcity", "harvest-worker", "gather"),
    "harvest-fetch": ("learningcity", "harvest-worker", "fetch"),
}
NAMES = (WEB, *WORKERS)


def program(name: str, home: Home, settings: Settings) -> Service:
    """One of `NAMES`, ready to be started."""
    variables = environment.for_ckan(home.ini)
    if name == WEB:
        return _web(variables, settings)
    return Service(name, [environment.CKAN, *WORKERS[name]], variables)


def _web(variables: dict[str, str], settings: Settings) -> Service:
    cores = os.cpu_count() or 1
    host = settings.host
    command = [
        *(sys.executable, "-m", "gunicorn", "ckanext.learningcity.wsgi:application"),
        *("--bind", f"{f'[{host}]' if ':' in host else host}:{settings.port}"),
        *("--workers", str(cores), "--worker-class", "gthread", "--threads", "4"),
        *("--timeout", "120", "--graceful-timeout", "8"),
        *("--max-requests", "10000", "--max-requests-jitter", "1000"),  # bounds memory
        *("--access-logfile", "-", "--no-control-socket"),
    ]
    address = settings.local_address
    return Service(
        WEB,
        command,
        variables,
        ready=lambda: _answers(f"{address}/api/3/action/status_show"),
        facts={"version": f"CKAN {metadata.version('ckan')}", "address": address},
    )


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as reply:  # noqa: S310 - our own address
            return reply.status == 200
    except (URLError, OSError):
        return False
