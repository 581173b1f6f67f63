"""Releases of datasets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict
from file_keeper.core.exceptions import MissingFileError

from ckanext.learningcity.desk import notify
from ckanext.learningcity.indicators import corrections, derived, differences, history
from ckanext.learningcity.indicators.visibility import reader_labels
from ckanext.learningcity.logic import schema


@tk.side_effect_free
@tk.validate_action_data(schema.release_list)
def learningcity_release_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return releases, the newest first.

    :param id: a dataset's name or id; without it, releases of all datasets the caller may read
    :param limit: releases a page
    :param offset: releases to skip
    :returns: `count` and `results`: `dataset` (name), `title`, `organization`, `number`,
        `released`, `observations`, `added`, `changed`, `removed`, `sha256`, `parquet_sha256`,
        `source`, `withdrawn` (null, or `moment` and `reason`)
    """
    tk.check_access("learningcity_release_list", context, data_dict)
    return history.releases(
        model.Session.connection(),
        reader_labels(context),
        data_dict.get("id"),
        data_dict["limit"],
        data_dict["offset"],
    )


@tk.side_effect_free
@tk.validate_action_data(schema.release_show)
def learningcity_release_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one release of a dataset.

    :param id: the dataset's name or id
    :param number: the release's number, from 1
    """
    tk.check_access("learningcity_release_show", context, data_dict)
    return _release(data_dict["id"], data_dict["number"])


@tk.side_effect_free
@tk.validate_action_data(schema.release_diff)
def learningcity_release_diff(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a release changed against another one.

    :param id: the dataset's name or id
    :param number: the release's number, from 1
    :param against: the number of the release to compare with, by default the one before; 0 compares
        with nothing
    :param limit: records a page
    :param offset: records to skip
    :returns: `counts` (`added`, `changed`, `removed`), `count` of all records, and `results`:
        `change`, the observation's key, `old` and `new` (`OBS_VALUE`, `OBS_STATUS`, …; null where
        there is none)
    """
    tk.check_access("learningcity_release_diff", context, data_dict)
    made = _standing(data_dict["id"], data_dict["number"])
    number = data_dict.get("against", made["number"] - 1)
    against = _standing(data_dict["id"], number) if number else None
    try:
        old, difference = differences.between(
            against["parquet_sha256"] if against else None, made["parquet_sha256"]
        )
    except MissingFileError as error:
        message = tk._("The file of this release is missing from the storage.")
        raise tk.ValidationError({"number": [message]}) from error
    return {
        "counts": difference.counts,
        "count": sum(difference.counts.values()),
        "results": differences.records(old, difference, data_dict["limit"], data_dict["offset"]),
    }


@tk.validate_action_data(schema.release_correction)
def learningcity_release_withdraw(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a release back for good.

    Its files and its state are no longer given to anyone; that it was made, and why it was taken
    back, stays. If it is the current one, the last state before it that stands becomes the next
    release.

    :param id: the dataset's name or id
    :param number: the release's number
    :param reason: why; it is public
    :returns: the release, with `withdrawn`
    """
    _correct(context, data_dict, "withdrawn", corrections.withdraw)
    return _release(data_dict["id"], data_dict["number"])


@tk.validate_action_data(schema.release_correction)
def learningcity_release_rollback(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make the state of an earlier release the next release.

    :param id: the dataset's name or id
    :param number: the earlier release's number
    :param reason: why; it is public
    :returns: the new release
    """
    made = _correct(context, data_dict, "rolled_back", corrections.roll_back)
    return _release(data_dict["id"], made["number"])


def _correct(
    context: Context, data_dict: DataDict, step: str, correction: Callable[..., Any]
) -> dict[str, Any]:
    """Carry `correction` out in one transaction, derive what follows, and tell people."""
    tk.check_access("learningcity_release_correct", context, data_dict)
    dataset = tk.get_action("package_show")(Context(context), {"id": data_dict["id"]})
    user = derived.account(context.get("user", ""))
    number, reason = data_dict["number"], data_dict["reason"]
    try:
        made = correction(model.Session.connection(), dataset["id"], number, user.id, reason)
    except corrections.CorrectionError as error:
        model.Session.rollback()
        raise _refused(error.code, number) from error
    model.Session.commit()
    derived.derive(user.name, dataset["id"])
    told = number if step == "withdrawn" else made["number"]
    notify.record(user.id, dataset["id"], step, {"number": told, "reason": reason})
    return made


def _refused(code: str, number: int) -> Exception:
    messages = {
        "withdrawn": tk._("Release {number} has been withdrawn."),
        "current": tk._("The dataset shows the state of release {number} already."),
    }
    if code not in messages:
        return tk.ObjectNotFound(_missing(number))
    return tk.ValidationError({"number": [messages[code].format(number=number)]})


def _release(dataset: str, number: int) -> dict[str, Any]:
    found = history.release_of(model.Session.connection(), dataset, number)
    if found is None:
        raise tk.ObjectNotFound(_missing(number))
    return found


def _standing(dataset: str, number: int) -> dict[str, Any]:
    """Return a release whose state may be shown."""
    found = _release(dataset, number)
    if found["withdrawn"]:
        raise _refused("withdrawn", number)
    return found


def _missing(number: int) -> str:
    return tk._("This dataset has no release {number}.").format(number=number)
