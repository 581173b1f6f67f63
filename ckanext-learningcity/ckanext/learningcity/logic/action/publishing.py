"""Publish a file in one call, for programs and for organizations that ask for no approval."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity import existing
from ckanext.learningcity.desk import check, notify
from ckanext.learningcity.indicators import derived, history
from ckanext.learningcity.indicators.release import Superseded
from ckanext.learningcity.logic import files, submission_schema
from ckanext.learningcity.logic.languages import current_language


@tk.validate_action_data(submission_schema.observation_publish)
def learningcity_observation_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish a table as the next release of a dataset.

    The file is the dataset's whole new state: observations that it lacks are removed. A file with
    a fault changes nothing, and the error carries its `issues`. An organization that asks for an
    approval allows a dry run only; its way is `learningcity_submission_create`.

    :param id: the dataset's name or id
    :param upload: the file (multipart): CSV, TSV, XLSX or ODS; or
    :param data: its content as text
    :param mapping: which column is what (JSON); without it, it is proposed
    :param confirm: codes of the findings that you stand by, of those in `to_confirm`
    :param base_release: the release that you know as the current one (0 for none); if another one
        is, nothing is published
    :param dry_run: true reports what would change and changes nothing
    :returns: `report` (`valid`, `to_confirm`, `counts`, `issues` by row and column), `mapping`,
        `difference` (`added`, `changed`, `removed`; null where the file has faults) and `release`
        (null where nothing changed or on a dry run)
    """
    tk.check_access("learningcity_observation_publish", context, data_dict)
    package = tk.get_action("package_show")(Context(context), {"id": data_dict["id"]})
    content = _content(data_dict)
    dataset = existing.dataset(package["id"])
    found = check.examine(dataset, content, data_dict.get("mapping"))
    told = {"report": found.report.as_dict(current_language()), "mapping": found.mapping}
    if data_dict["dry_run"]:
        counts = None if found.difference is None else found.difference.counts
        return {**told, "difference": counts, "release": None}
    _refuse(told["report"], data_dict.get("confirm", []))
    number = _publish(context, data_dict, dataset, found)
    return {**told, **_outcome(dataset.id, number)}


def _publish(
    context: Context, data_dict: DataDict, dataset: model.Package, found: check.Examined
) -> int | None:
    user = derived.account(context.get("user", ""))
    base = data_dict.get("base_release", found.base)
    try:
        number = derived.publish(
            user.name, dataset.id, found.table, {"kind": "upload"}, expected=base
        )
    except Superseded as error:
        message = tk._("Release {current} is the current one, not {base}. Compare again.")
        told = message.format(current=error.current, base=base)
        raise tk.ValidationError({"base_release": [told]}) from error
    if number:
        notify.record(user.id, dataset.id, "published", {"number": number})
    return number


def _refuse(report: dict[str, Any], confirmed: list[str]) -> None:
    """Raise what stands in the way of a publication."""
    stopping = [issue for issue in report["issues"] if issue["severity"] == "error"]
    if not report["valid"]:
        messages = [_placed(issue) for issue in stopping]
        raise tk.ValidationError({"upload": messages, "issues": report["issues"]})
    open_ = [code for code in report["to_confirm"] if code not in confirmed]
    if open_:
        told = [_placed(issue) for issue in report["issues"] if issue["code"] in open_]
        message = tk._("To be confirmed: {codes}.").format(codes=", ".join(open_))
        raise tk.ValidationError({"confirm": [message, *told], "issues": report["issues"]})


def _outcome(dataset_id: str, number: int | None) -> dict[str, Any]:
    made = number and history.release_of(model.Session.connection(), dataset_id, number)
    counts = {name: made[name] if made else 0 for name in ("added", "changed", "removed")}
    return {"difference": counts, "release": made or None}


def _content(data_dict: DataDict) -> bytes:
    upload, text = data_dict.get("upload"), data_dict.get("data")
    if bool(upload) == bool(text):
        message = tk._("Give the file as “upload”, or its text as “data”.")
        raise tk.ValidationError({"upload": [message]})
    return files.content(upload) if upload else files.capped(str(text).encode())


def _placed(issue: dict[str, Any]) -> str:
    if issue["row"] is None:
        return issue["message"]
    return tk._("Row {row}, column {column}: {message}").format(**issue)
