"""Partner agencies' sources: how they are, and run one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.learningcity.harvest import config, preview, runs, sources
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.harvesters.facts import FactsError
from ckanext.learningcity.logic import schema
from ckanext.learningcity.tables import codelists


@tk.side_effect_free
def learningcity_source_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the sources of partner agencies, by title.

    :returns: `id`, `name`, `title`, `title_translated`, `url`, `adapter`, `homepage`, `licence`,
        `citation`, `cadence`, `organization`, `frequency`, `next_run`, `health` (new, running,
        failing, problems, good), `last_success`, `last_run` (see `learningcity_source_runs`), the
        numbers of `datasets`, `rows` (observations), `withdrawn`, `errors` and `problems` (datasets
        with values that could not be mapped), and ckanext-harvest's `last_job`
    """
    tk.check_access("learningcity_source_list", context, data_dict)
    return sources.every()


@tk.side_effect_free
@tk.validate_action_data(schema.source_show)
def learningcity_source_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a source with a page of its records and what is wrong with them.

    :param id: the source's id or name
    :param limit, offset: of the records; those with errors come first
    :returns: as `learningcity_source_list`, and `records` (`count`, `results`: `id` at the source,
        `title`, `dataset` (name), `url`, `version`, `rows`, `withdrawn` (when), `error` (`code`,
        `detail`), `problems`, `checked`), `unmapped` (`code`, `column`, `found`, `expected`,
        `rows`, `datasets`, `message` by language)
    """
    tk.check_access("learningcity_source_show", context, data_dict)
    source = sources.find(data_dict["id"])
    count, found = sources.datasets(str(source.id), data_dict["limit"], data_dict["offset"])
    return {
        **sources.described(source),
        "records": {"count": count, "results": found},
        "unmapped": sources.problems(str(source.id)),
    }


@tk.side_effect_free
@tk.validate_action_data(schema.source_show)
def learningcity_source_runs(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the runs of a source, the newest first.

    :param id: the source's id or name
    :param limit, offset: which of them
    :returns: `job_id`, `started`, `finished`, `outcome` (a code of `schemas/outcomes.yaml`),
        `detail`, `notes` (codes), `attempts`, `expected` (datasets known before), `listed`, `done`,
        and `counts`: added, updated, unchanged, withdrawn, restored, errors, and withheld: what the
        source lists but does not let pass
    """
    tk.check_access("learningcity_source_runs", context, data_dict)
    source = sources.find(data_dict["id"])
    return runs.last(str(source.id), data_dict["limit"], data_dict["offset"])


@tk.validate_action_data(schema.source_run)
def learningcity_source_run(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Run a source now. A source that is running is refused.

    :param id: the source's id or name
    :param dry_run: true asks the agency and reports what would change, and changes nothing
    :param confirm: `mostly_gone` or `shrunk`: somebody has looked, so much is really gone
    :param full: true reads everything again, also what the source says has not changed
    :returns: `job` (the id of the harvest job that has been put on the queue), or of a dry run
        `counts`, `whole`, `refused` and `datasets`: `id`, `title`, `status` (new, changed,
        unchanged, withdrawn, error), counts of observations, `error` and `problems`
    """
    tk.check_access("learningcity_source_run", context, data_dict)
    source = sources.find(data_dict["id"])
    if data_dict["dry_run"]:
        return {"job": None, **_preview(source)}
    confirmed = {"confirm": data_dict["confirm"]} if data_dict.get("confirm") else {}
    full = {"full": True} if data_dict["full"] else {}
    job = sources.begin(source, context.get("user", ""), **confirmed, **full)
    return {"job": job, "datasets": []}


@tk.chained_action
def harvest_source_create(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Make a harvest source; one of a partner agency runs as often as its facts suggest."""
    tk.check_access("harvest_source_create", context, data_dict)
    if data_dict.get("source_type") == config.TYPE and not data_dict.get("frequency"):
        with suppress(ValueError):  # the action itself says what is wrong with the configuration
            often = config.frequency(data_dict.get("config") or "")
            data_dict = {**data_dict, "frequency": often}
    return next_action(context, data_dict)


def _preview(source: Any) -> dict[str, Any]:
    try:
        return preview.preview(source)
    except SourceError as error:
        entry = codelists.outcomes()[error.code]
        language = "th" if tk.h.lang() == "th" else "en"
        said = f"{entry['meaning'][language]} {entry['remedy'][language]} ({error})"
        raise tk.ValidationError({"id": [said]}) from error
    except FactsError as error:
        raise tk.ValidationError({"id": [str(error)]}) from error
