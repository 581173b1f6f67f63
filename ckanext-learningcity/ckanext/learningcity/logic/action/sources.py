"""Partner agencies' sources: how they are, and run one."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.learningcity.harvest import sources
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.logic import schema


@tk.side_effect_free
def learningcity_source_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the sources of partner agencies, by title.

    :returns: `id`, `name`, `title`, `url`, `adapter`, `frequency`, `next_run` and `last_job`:
        `status`, `created`, `finished`, `datasets` (counts: added, updated, not modified, errored,
        waiting) and `errors`
    """
    tk.check_access("learningcity_source_list", context, data_dict)
    return sources.every()


@tk.validate_action_data(schema.source_run)
def learningcity_source_run(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Run a source now.

    :param id: the source's id or name
    :param dry_run: true asks the agency and reports what would change, and changes nothing
    :returns: `job` (the id of the harvest job that has been put on the queue), or `datasets` of a
        dry run: `id`, `title`, `status` (new, changed, unchanged, error), counts and `problems`
    """
    tk.check_access("learningcity_source_run", context, data_dict)
    source = sources.find(data_dict["id"])
    if data_dict["dry_run"]:
        try:
            return {"job": None, "datasets": sources.preview(source)}
        except SourceError as error:
            raise tk.ValidationError({"id": [f"{error} {error.meaning} {error.remedy}"]}) from error
    job = tk.get_action("harvest_job_create")(
        Context(context), {"source_id": source.id, "run": True}
    )
    return {"job": job["id"], "datasets": []}
