"""The signed link by which a person sees, confirms and cancels a sign-up without an account."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "learningcity sign-up"


def token(signup_id: str) -> str:
    """Return what stands in the link."""
    return _serializer().dumps(signup_id)


def signup_id(text: str) -> str | None:
    """Return the sign-up that a link is for; None if nobody here made it."""
    try:
        return _serializer().loads(text)
    except BadSignature:
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(tk.config["SECRET_KEY"], salt=_SALT)
