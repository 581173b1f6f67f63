"""How many reports one address and one account may send in an hour.

Redis counts; an address is kept only as a keyed hash, and no longer than the hour.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from flask import has_request_context
from redis import RedisError

log = logging.getLogger(__name__)

_HOUR = 3600
_NETWORK = 64  # bits of an IPv6 address that one reader shares with nobody


def used_up(user_id: str | None) -> bool:
    """Count a report of this request, and return whether there were too many.

    :param user_id: of the account, None for a stranger
    """
    most = tk.config["ckanext.learningcity.problems_per_hour"]
    senders = [_hashed(f"user {user_id}")] if user_id else []
    if address := _address():
        senders.append(_hashed(f"address {_network(address)}"))
    try:
        counts = [_count(sender) for sender in senders]
    except RedisError as error:
        log.warning("Reports are not counted: Redis does not answer (%s)", error)
        return False
    return any(count > most for count in counts)


def _address() -> str | None:
    """Return the address that the outermost trusted proxy saw, else that of the connection."""
    if not has_request_context():
        return None
    trusted = tk.config["ckanext.learningcity.proxies"]
    hops = list(tk.request.access_route) if trusted else []
    return hops[-trusted] if 0 < trusted <= len(hops) else tk.request.remote_addr


def _count(sender: str) -> int:
    key = f"learningcity:problems:{sender}"
    with connect_to_redis().pipeline() as pipe:
        pipe.set(key, 0, ex=_HOUR, nx=True)
        pipe.incr(key)
        _, count = pipe.execute()
    return count


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a socket of this machine has no address
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(ipaddress.ip_network((found, _NETWORK), strict=False))


def _hashed(sender: str) -> str:
    return hmac.new(tk.config["SECRET_KEY"].encode(), sender.encode(), hashlib.sha256).hexdigest()
