"""What follows from a release has no other door."""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.logic import kept

NextAuth = Callable[[Context, DataDict], AuthResult]


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_create(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """The table of a release follows from it; even an administrator changes it by publishing."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_upsert(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """As `datastore_create`."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_delete(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """As `datastore_create`; CKAN asks this one for `datastore_records_delete` too."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def resource_delete(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """The file of the newest release goes with its dataset only."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)
