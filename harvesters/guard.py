"""Connections only to public addresses.

A name is resolved once; every address it stands for is judged, and the connection goes to exactly
those addresses. So a name that answers differently a moment later gains nothing, and it does not
matter how an address was spelled in the URL.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager
from urllib3.util.connection import create_connection

from .addresses import checked
from .errors import Blocked

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Takes a host name and a port, gives the addresses as text.
Resolver = Callable[[str, int], list[str]]

#: IPv6 networks whose last 32 bits are an IPv4 address: NAT64 and IPv4-compatible.
_EMBEDDING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of `host`.

    :raises OSError: there are none
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def numeric(host: str, port: int) -> list[str]:
    """Return the address that `host` writes in numbers, of whatever base; nothing for a name.

    It asks no name server: what a name stands for is judged when it is connected to.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return ["127.0.0.1"]
    with suppress(OSError):
        found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
        return [str(found[0][4][0])]
    return []


def is_public(address: str) -> bool:
    """Whether `address` is one that anyone in the internet may reach."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    ip = _embedded(ip) or ip
    site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or site_local)


class Guard:
    """Judges hosts.

    :param allow_hosts: hosts that may be private, as `name` or `name:port`. It comes from the
        operator's configuration, never from the facts of a source, which others may edit
    :param resolver: how names become addresses
    """

    def __init__(self, allow_hosts: Collection[str] = (), resolver: Resolver = resolve) -> None:
        self.allowed = frozenset(host.lower() for host in allow_hosts)
        self.resolver = resolver

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to.

        :raises Blocked: one of them is not public and the host is not allowed by name
        :raises OSError: the name does not resolve
        """
        name = host.strip("[]").lower().rstrip(".")
        found = self.resolver(name, port)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        if not {name, f"{name}:{port}"} & self.allowed and not all(map(is_public, found)):
            raise Blocked(f"{name} is not a public address")
        return found

    def judge(self, url: str) -> None:
        """Judge an address that is not asked yet.

        :raises Refused: it is none
        :raises Blocked: it is not of the web, or not public as far as the resolver knows
        """
        scheme, host, port = checked(url)
        with suppress(socket.gaierror):
            self.addresses(host, port or (443 if scheme == "https" else 80))


class GuardedAdapter(HTTPAdapter):
    """A transport of `requests` whose connections ask a `Guard`."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__()

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make the pools of guarded connections."""
        self.poolmanager = _Pools(
            self._guard, num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs
        )


class _Pinned(HTTPConnection):
    """Connects to an address that the guard passed, never to a name."""

    def __init__(self, *args: Any, guard: Guard, **options: Any) -> None:
        super().__init__(*args, **options)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        port = self.port or self.default_port
        try:
            addresses = self._guard.addresses(self.host, port)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        for address in addresses[:-1]:
            with suppress(OSError):
                return self._open(address, port)
        try:
            return self._open(addresses[-1], port)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"{self.host} did not answer") from error
        except OSError as error:
            raise NewConnectionError(self, f"{self.host}: {error}") from error

    def _open(self, address: str, port: int) -> socket.socket:
        options = self.timeout, self.source_address, self.socket_options
        return create_connection((address, port), *options)


class _PinnedTLS(_Pinned, HTTPSConnection):
    """The same under TLS; certificate and SNI keep to the name."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Pinned  # pyright: ignore[reportAssignmentType] - urllib3's own does no better


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedTLS  # pyright: ignore[reportAssignmentType]


class _Pools(PoolManager):
    """Pools whose connections carry the guard."""

    def __init__(self, guard: Guard, **options: Any) -> None:
        super().__init__(**options)
        self._guard = guard
        self.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}

    def _new_pool(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        pool = super()._new_pool(*args, **options)
        pool.conn_kw["guard"] = self._guard
        return pool


def _embedded(ip: Address) -> Address | None:
    """Return the IPv4 address that is written inside `ip`, if there is one."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if any(ip in network for network in _EMBEDDING) and int(ip) > 1:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None
