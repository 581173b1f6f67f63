"""One Valkey (or Redis) server of our own: queues and locks, written to disk every second."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import redis

from .binaries import Binary


@dataclass(frozen=True)
class Valkey:
    """A server whose files are in the folder `data`."""

    binary: Binary
    data: Path
    port: int
    password: str
    extra: Mapping[str, str] = field(default_factory=dict)
    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def configure(self) -> None:
        """Write the server's configuration; a command line would show the password to all."""
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "dir": f'"{self.data}"',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "daemonize": "no",
            **self.extra,
        }
        self._file.touch(mode=0o600)
        self._file.write_text("".join(f"{name} {value}\n" for name, value in options.items()))

    @property
    def _file(self) -> Path:
        return self.data / "valkey.conf"

    @property
    def command(self) -> list[str | Path]:
        """The server's command line."""
        return [self.binary.path, self._file]

    @property
    def url(self) -> str:
        """Where to reach database 0."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def ready(self) -> bool:
        """Whether the server accepts our password and has read its files."""
        return answers(self.url)


def answers(url: str) -> bool:
    """Whether a Redis-speaking server answers at `url`."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
