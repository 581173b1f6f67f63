"""What cities share beside data: found, tied together, featured."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context, DataDict

from ckanext.learningcity.content import find, links
from ckanext.learningcity.logic import content_schema, schema


@tk.side_effect_free
@tk.validate_action_data(content_schema.search)
def learningcity_content_search(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return content of one or several types that the caller may see, their own drafts too.

    Filters that take a list may repeat or be separated by commas.

    :param type: types of content (list); all without it
    :param q: words, in Thai or English
    :param area: places (list); what lies inside them is found, too
    :param organization: names of organizations (list)
    :param indicator: indicators (list)
    :param related: ids of datasets or pages that it is tied to (list)
    :param featured: true for what the secretariat features
    :param theme: focal areas (list); so also `kind`, `audience`, `level`, `language`, `cost`,
        `accessibility`, `cost_band` and `maturity`, where the type has them
    :param sort: `relevance`, `newest`, `title`, `soonest` or `latest`; by default as fits the type
    :param limit: how many a page
    :param offset: how many to skip
    :returns: `count`, `results` (as `package_show`) and `facets`: for each field `id`, `name`
        (`{en, th}` or text) and `count` of its values
    """
    tk.check_access("learningcity_content_search", context, data_dict)
    try:
        return find.found(context, data_dict)
    except SearchError as error:
        message = tk._("This search is not understood.")
        raise tk.ValidationError({"q": [message]}) from error


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_content_links(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a dataset or page is tied to, as far as the caller may see it.

    :param id: its name or id
    :returns: lists of packages: `related` (named by either side), `steps` (of a learning path),
        `in_paths` (learning paths it is a step of) and `more` of the same organization
    """
    tk.check_access("learningcity_content_links", context, data_dict)
    package = tk.get_action("package_show")(Context(context), {"id": data_dict["id"]})
    return {
        **links.of(context, package),
        "steps": links.in_order(context, package, "steps"),
    }


@tk.validate_action_data(content_schema.feature)
def learningcity_content_feature(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a page first in lists, or no longer.

    :param id: its name or id
    :param featured: true or false
    :returns: `id` and `featured`
    """
    tk.check_access("learningcity_content_feature", context, data_dict)
    trusted = Context(user=context.get("user", ""), ignore_auth=True)
    changed = tk.get_action("package_patch")(trusted, data_dict)
    return {"id": changed["id"], "featured": changed["featured"]}
