"""Fields of awarded entries: they follow from a publication and stay as they were judged."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from .fill import stored_object


def learningcity_award_kept(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Take a value from a round's publication, else keep the stored one."""
    given = data.get(key)
    if context.get("award_publication"):
        data[key] = given if isinstance(given, str) else json.dumps(given)
        return
    stored = stored_object(data, context)
    if stored is None:
        message = tk._("Entries of the awards follow from the publication of a round.")
        raise tk.Invalid(message)
    data[key] = stored.extras.get(key[0])


def learningcity_award_output(value: Any) -> Any:
    """Return what is kept as JSON."""
    return json.loads(value) if isinstance(value, str) and value else value
