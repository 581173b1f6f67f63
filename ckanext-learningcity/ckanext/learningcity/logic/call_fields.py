"""Validators of calls for innovations, and of the innovations that answer them."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.learningcity.tables.circumstances import today

from .fill import stored_object


def learningcity_call_opens(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Keep the first day of a call; its last, `closes`, has been looked at before."""
    data[key] = tk.get_validator("learningcity_day")(data[key])  # pyright: ignore[reportCallIssue]
    closes = data.get(("closes",))
    if isinstance(closes, str) and closes < data[key] and not errors[("closes",)]:
        errors[("closes",)].append(tk._("The end comes before the beginning."))


def learningcity_answers(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse an answer to a call that is not open today; what answered in time stays.

    The field holds a list of ids as JSON, unless it has been refused already.
    """
    if errors[key]:
        return
    stored = stored_object(data, context)
    before = json.loads(stored.extras.get(key[0]) or "[]") if stored else []
    day = today().isoformat()
    for package_id in set(json.loads(data[key])).difference(before):
        call = model.Package.get(package_id)
        if call is None or call.type != "innovation-call":
            continue
        opens, closes = call.extras["opens"], call.extras["closes"]
        if not opens <= day <= closes:
            message = tk._("The call “{call}” takes answers from {opens} to {closes} only.")
            raise tk.Invalid(message.format(call=call.name, opens=opens, closes=closes))
