"""What follows from a release has no other door."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context

from ckanext.learningcity.logic import kept

Given = dict[str, Any] | None


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_create(next_auth: AuthFunction, context: Context, data_dict: Given) -> AuthResult:
    """The table of a release follows from it; even an administrator changes it by publishing."""
    return _unless_kept(next_auth, context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_upsert(next_auth: AuthFunction, context: Context, data_dict: Given) -> AuthResult:
    """As `datastore_create`."""
    return _unless_kept(next_auth, context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_delete(next_auth: AuthFunction, context: Context, data_dict: Given) -> AuthResult:
    """As `datastore_create`; CKAN asks this one for `datastore_records_delete` too."""
    return _unless_kept(next_auth, context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def resource_delete(next_auth: AuthFunction, context: Context, data_dict: Given) -> AuthResult:
    """The file of the newest release goes with its dataset only."""
    return _unless_kept(next_auth, context, data_dict)


def _unless_kept(next_auth: AuthFunction, context: Context, data_dict: Given) -> AuthResult:
    asked = data_dict or {}
    return kept.refuse(asked) or next_auth(context, asked)
