"""Signed links of the forum's mail: to confirm an address, and to leave without logging in."""

from __future__ import annotations

import hashlib
from typing import Any

import ckan.plugins.toolkit as tk
from itsdangerous import BadSignature, URLSafeSerializer

CONFIRM, LEAVE = "confirm", "leave"


def token(act: str, what: Any) -> str:
    """Return what stands in the link by which one does `act`."""
    return _serializer(act).dumps(what)


def read(act: str, text: str) -> Any:
    """Return what a link to `act` is about; None if nobody here made it."""
    try:
        return _serializer(act).loads(text)
    except BadSignature:
        return None


def address_hash(email: str) -> str:
    """Return by what a confirmed address is known again; the address itself is the account's."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _serializer(act: str) -> URLSafeSerializer:
    return URLSafeSerializer(tk.config["SECRET_KEY"], salt=f"learningcity forum {act}")
