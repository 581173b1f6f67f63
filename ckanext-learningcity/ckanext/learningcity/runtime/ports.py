"""Ports of this machine: which are free, and who holds one that is not."""

from __future__ import annotations

import socket

import psutil


def free_port(wanted: int = 0, host: str = "127.0.0.1") -> int:
    """`wanted` if nothing listens there, else a port the kernel picks."""
    if wanted and is_free(wanted, host):
        return wanted
    with socket.socket() as listener:
        listener.bind((host, 0))
        return listener.getsockname()[1]


def is_free(port: int, host: str) -> bool:
    """Whether a server could listen on `host`:`port` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Who listens on `port`, as well as this user may know."""
    try:
        listening = [
            connection.pid
            for connection in psutil.net_connections(kind="tcp")
            if connection.status == psutil.CONN_LISTEN
            and connection.laddr
            and connection.laddr.port == port
        ]
        for pid in filter(None, listening):
            return f"{psutil.Process(pid).name()}, process {pid}"
    except psutil.Error:
        pass
    return "a process of another user"
