"""A portal of real processes: the `learningcity` command with one state folder and one port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg2

from ckanext.learningcity.runtime.home import Home
from ckanext.learningcity.runtime.settings import Settings
from ckanext.learningcity.runtime.storage import current_databases

COMMAND = Path(sys.executable).with_name("learningcity")


@dataclass
class Machine:
    """The `learningcity` command with one state folder and one port."""

    home: Home
    port: int
    extra: dict[str, str]
    greeting: str = ""  # what the first start printed
    failures: dict[str, int] = field(default_factory=dict)  # of services, during that start

    @property
    def variables(self) -> dict[str, str]:
        return {
            "LEARNINGCITY_HOME": str(self.home.path),
            "LEARNINGCITY_PORT": str(self.port),
            **self.extra,
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *words],
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def popen(self, *words: str) -> subprocess.Popen[bytes]:
        """Run in the foreground, as a person does."""
        log = (self.home.log / "foreground.log").open("wb")
        with log:
            return subprocess.Popen(
                [COMMAND, *words], env={**os.environ, **self.variables}, stdout=log, stderr=log
            )

    def up(self) -> str:
        done = self.run("up", "--detach")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("status", "--json").stdout)

    def pid(self, service: str) -> int:
        return next(item["pid"] for item in self.status()["services"] if item["name"] == service)

    def answers(self) -> dict[str, Any] | None:
        """What `status_show` says, over HTTP; None when nobody answers."""
        try:
            url = f"http://127.0.0.1:{self.port}/api/3/action/status_show"
            with urlopen(url, timeout=10) as reply:
                return json.load(reply)["result"]
        except (URLError, OSError):
            return None

    def database(self) -> str:
        return current_databases(self.home, Settings.read(self.variables)).main

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.database())) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def processes(self) -> list[psutil.Process]:
        """Every process that was started for this folder, wherever it hangs in the tree.

        PostgreSQL overwrites its environment but works inside its data folder.
        """
        mine = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                home = str(self.home.path)
                inside = Path(process.cwd()).is_relative_to(home)
                if inside or process.environ().get("LEARNINGCITY_HOME") == home:
                    mine.append(process)
        return mine
