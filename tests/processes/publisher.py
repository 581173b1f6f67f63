"""A process that publishes and kills itself, or PostgreSQL, at the point that it is told.

Run as `python publisher.py INI`. It loads CKAN once, says `ready`, and for each order, a line of
JSON on its input (`dataset`, `data`, `user`, `point`, `victim`), forks a child that carries it out;
then it prints how the child ended, as `os.waitpid` says.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine

from ckanext.learningcity.indicators import datastore, derived, files, release, series

#: Where a publication can be interrupted: what is called there, which call, and before or after it.
POINTS: dict[str, tuple[Any, str, int, str]] = {
    "before the dataset is locked": (release, "lock", 1, "before"),
    "after the old state is read": (series, "load", 1, "after"),
    "after the CSV is stored": (files, "keep", 1, "after"),
    "after the Parquet is stored": (files, "keep", 2, "after"),
    "after the old series end": (series, "insert", 1, "before"),
    "after the new series begin": (series, "insert", 1, "after"),
    "before the commit": (release, "allow", 1, "after"),
    "after the commit": (derived, "_follow", 1, "before"),
    "after the resource is changed": (derived, "_resource", 1, "after"),
    "in the middle of the DataStore table": (datastore, "_copy", 1, "after"),
    "after the DataStore table is shown": (datastore, "announce", 1, "before"),
    "after the DataStore table is announced": (datastore, "announce", 1, "after"),
}


def interrupt(point: str, strike: Callable[[], None]) -> None:
    """Let `strike` happen at `point`."""
    owner, name, wanted, when = POINTS[point]
    original, calls = getattr(owner, name), 0

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == wanted and when == "before":
            strike()
        result = original(*args, **kwargs)
        if calls == wanted and when == "after":
            strike()
        return result

    setattr(owner, name, call)


def carry_out(app: Any, order: dict[str, str]) -> None:
    """Publish `data`, with the interruption that `order` asks for."""
    import ckan.plugins.toolkit as tk  # noqa: PLC0415 - once CKAN is loaded

    victim = os.getpid()
    if order["victim"] == "postgres":
        [[victim]] = model.Session.execute(model.meta.sqlalchemy.text("SELECT pg_backend_pid()"))
    interrupt(order["point"], lambda: os.kill(victim, signal.SIGKILL))
    with app.test_request_context():
        tk.get_action("learningcity_observation_publish")(
            {"user": order["user"]}, {"id": order["dataset"], "data": order["data"]}
        )


def _disconnect() -> None:
    model.Session.remove()
    for engine in (model.meta.engine, get_write_engine(), get_read_engine()):
        engine.dispose()


def main() -> None:
    """Carry out the orders on standard input."""
    app = make_app(load_config(sys.argv[1]))._wsgi_app
    answers = os.fdopen(os.dup(1), "w")
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        _disconnect()  # a connection that this process shares would outlive the child
        child = os.fork()
        if not child:
            try:
                carry_out(app, json.loads(line))
            except BaseException:  # noqa: BLE001 - the child must end here
                os._exit(1)
            os._exit(0)
        print(os.waitpid(child, 0)[1], file=answers, flush=True)


if __name__ == "__main__":
    main()
