"""Organizations on core's own pages, in the reader's language."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from flask import has_request_context

from ckanext.learningcity.logic.readers_language import learningcity_organization


@tk.side_effect_free
@tk.chained_action
def organization_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return CKAN's organization; on a page that only shows it, in the reader's language.

    Its schema is applied after `before_view` and would undo that.
    """
    shown = next_action(context, data_dict)
    return learningcity_organization(shown) if context.get("for_view") or _is_shown() else shown


@tk.side_effect_free
@tk.chained_action
def resource_view_list(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return CKAN's list; on a page, views that were made by themselves have translated titles."""
    views = next_action(context, data_dict)
    if not context.get("for_view"):
        return views
    titles = [view["title"] for view in views]
    return [{**view, "title": tk._(title)} for view, title in zip(views, titles, strict=True)]


def _is_shown() -> bool:
    """Return whether a page of an organization is asked for that does not edit it."""
    if not has_request_context():
        return False
    blueprint, _, page = (tk.request.endpoint or "").rpartition(".")
    return blueprint == "organization" and page in ("read", "about", "members", "activity")
