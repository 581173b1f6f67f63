"""The process that owns every service. The guardian starts it, nobody by hand.

The two watch each other: whichever dies first, the other ends all services.
"""

from __future__ import annotations

import os
import sys

import psutil

from .errors import Problem, StopRequested
from .guardian import SET_UP
from .home import Home
from .portal import Portal
from .processes import adopt_orphans
from .progress import Progress
from .services import Services
from .settings import Settings


def main(events: int, task: str) -> int:
    """Do `task`, telling its progress through the pipe `events`.

    SERVE runs the portal until asked to stop, SET_UP ends when everything is ready for that.
    """
    settings = Settings.read()
    home = Home(settings.home)
    progress = Progress(events)
    adopt_orphans()
    services = Services(home.log, changed=lambda: _write_status(home, settings, services))
    _write_status(home, settings, services)
    try:
        portal = Portal(home, settings, services, progress)
        if task == SET_UP:
            portal.set_up()
        else:
            portal.start()
            progress.ready()
            services.watch()
    except StopRequested:
        return 0
    except Problem as problem:
        progress.problem(problem)
        return 1
    finally:
        services.stop()
        home.status_file.unlink(missing_ok=True)
    return 0


def _write_status(home: Home, settings: Settings, services: Services) -> None:
    content = {
        "address": settings.site_url,
        "guardian": os.getppid(),
        "supervisor": os.getpid(),
        "since": psutil.Process().create_time(),
        "services": [service.describe() for service in services.all],
    }
    home.write_json(home.status_file, content)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
