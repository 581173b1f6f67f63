"""One PostgreSQL cluster of our own: made once, listening on 127.0.0.1 with a password."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import psutil
import psycopg2

from .accounts import Account, running_as
from .binaries import Binary
from .errors import Problem

SUPERUSER = "postgres"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Postgres:
    """A cluster in the folder `data`, run by `account` (None: whoever we are)."""

    binary: Binary
    data: Path
    port: int
    password: str
    account: Account | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": no waiting for idle clients

    @property
    def initialised(self) -> bool:
        """Whether the folder holds a cluster."""
        return (self.data / "PG_VERSION").exists()

    def initialise(self) -> None:
        """Make the cluster; `data` must be an empty folder that `account` owns."""
        secret = self.data.with_name(f"{self.data.name}.password")
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self.account:
            self.account.own(secret)
        try:
            made = subprocess.run(
                [str(word) for word in self._initdb(secret)],
                capture_output=True,
                text=True,
                check=False,
                **running_as(self.account),
            )
        finally:
            secret.unlink()
        if made.returncode:
            raise Problem(
                f"PostgreSQL could not make its data folder {self.data}:\n{made.stderr.strip()}",
                "Check the folder's permissions and the free space, remove it, and start again.",
            )

    def _initdb(self, secret: Path) -> list[str | Path]:
        # Thai needs UTF-8 rules for letters. The built-in ones do not change with the system's C
        # library, which would silently corrupt text indexes; they exist since PostgreSQL 17.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [
            self.binary.path.with_name("initdb"),
            f"--pgdata={self.data}",
            f"--username={SUPERUSER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            *(builtin if self.binary.major >= 17 else []),
        ]

    @property
    def command(self) -> list[str | Path]:
        """The server's command line."""
        options = {**self._tuning(), **self.extra}
        return [
            self.binary.path,
            "-D",
            self.data,
            *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
        ]

    def _tuning(self) -> dict[str, str]:
        """Settings for one shared machine: an eighth of its memory as cache, up to 4 GB."""
        memory = psutil.virtual_memory().total // MIB
        shared = min(memory // 8, 4096)
        return {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            # TCP only: a socket's path may not exceed 107 bytes, and state folders do.
            "unix_socket_directories": "",
            "shared_buffers": f"{shared}MB",
            "effective_cache_size": f"{memory // 2}MB",
            "maintenance_work_mem": f"{min(memory // 16, 1024)}MB",
            "work_mem": f"{max(4, min(memory // 256, 64))}MB",
            "max_connections": "100",
            "max_wal_size": "4GB",
            # Nobody replicates this server, and a table filled as it is made needs no second copy.
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "random_page_cost": "1.1",  # solid-state disks
            "timezone": "UTC",
            "log_timezone": "UTC",
        }

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        """Where to reach `database`; passwords of ours need no escaping."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def ready(self) -> bool:
        """Whether the server accepts our password."""
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True
