"""What an application rests on: figures drawn from the portal, and files."""

from __future__ import annotations

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.award import applications, clock, evidence, figures, trail
from ckanext.learningcity.logic import award_access, award_schema, files
from ckanext.learningcity.tables import codelists

from .award_applications import _shown, _writable

_MEGABYTE = 1024**2


@tk.validate_action_data(award_schema.figure)
def learningcity_award_figure_add(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Draw the newest published value of an indicator, with the release that it comes from.

    It stays as it was drawn; drawing it again takes the newest.

    :param id: the application's id
    :param indicator: code of the indicator
    :param area: the city's place, or the province around it; by default the city's
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row, _round = _writable(data_dict["id"])
    (indicator,) = data_dict["indicator"]
    area = data_dict.get("area") or row["area"]
    above = {place["id"] for place in codelists.area_ancestors(row["area"])}
    if area != row["area"] and area not in above:
        raise award_access.refused("area", tk._("This is not the city's place."))
    found = figures.drawn(indicator, area)
    if found is None:
        message = tk._("No value of this indicator has been published for {place}.")
        name = codelists.areas()[area]["name"]
        raise award_access.refused("indicator", message.format(place=tk.h.learningcity_text(name)))
    others = [each for each in row["figures"] if _key(each) != (indicator, area)]
    if len(others) >= applications.FIGURES_MAX:
        message = tk._("At most {most} figures.").format(most=applications.FIGURES_MAX)
        raise award_access.refused("indicator", message)
    act = award_access.act(context, "figure drawn")
    trail.change("application", row["id"], act, figures=[*others, found])
    model.Session.commit()
    return _shown(context, row["id"])


@tk.validate_action_data(award_schema.figure)
def learningcity_award_figure_remove(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a figure out of an application.

    :param id: the application's id
    :param indicator: code of the indicator
    :param area: its place; by default the city's
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row, _round = _writable(data_dict["id"])
    (indicator,) = data_dict["indicator"]
    key = indicator, data_dict.get("area") or row["area"]
    rest = [each for each in row["figures"] if _key(each) != key]
    act = award_access.act(context, "figure removed")
    trail.change("application", row["id"], act, figures=rest)
    model.Session.commit()
    return _shown(context, row["id"])


@tk.validate_action_data(award_schema.file_add)
def learningcity_award_file_add(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Attach a file of evidence.

    :param id: the application's id
    :param upload: the file (multipart): PDF, PNG, JPEG, DOCX, XLSX, PPTX or ODT, at most
        `ckanext.learningcity.award.file_max` megabytes
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row, _round = _writable(data_dict["id"])
    upload = data_dict["upload"]
    if not hasattr(upload, "read") or not getattr(upload, "filename", ""):
        raise award_access.refused("upload", tk._("Give a file."))
    most = tk.config["ckanext.learningcity.award.file_max"]
    content = upload.read(most * _MEGABYTE + 1)
    name = files.name(upload)
    kind = evidence.kind(name, content)
    if len(content) > most * _MEGABYTE:
        message = tk._("The file is larger than {size} MB.").format(size=most)
        raise award_access.refused("upload", message)
    if kind is None:
        expected = ", ".join(sorted(evidence.FORMATS))
        message = tk._("“{found}” is not a file of a kind that is taken: {expected}.")
        raise award_access.refused("upload", message.format(found=name, expected=expected))
    if len(applications.files(row["id"])) >= applications.FILES_MAX:
        message = tk._("At most {most} files.").format(most=applications.FILES_MAX)
        raise award_access.refused("upload", message)
    values = {
        **{"id": str(uuid.uuid4()), "round": row["round"], "application": row["id"]},
        **{"name": name, "format": kind, "size": len(content), "sha256": evidence.keep(content)},
        **{"added": clock.now(), "removed": None},
    }
    trail.add("file", award_access.act(context, "file attached"), values)
    model.Session.commit()
    return _shown(context, row["id"])


@tk.validate_action_data(award_schema.one_file)
def learningcity_award_file_remove(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a file out of an application; its bytes are deleted.

    :param id: the application's id
    :param file: the file's id
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row, _round = _writable(data_dict["id"])
    found = _file(row["id"], data_dict["file"])
    act = award_access.act(context, "file removed")
    trail.change("file", found["id"], act, removed=clock.now())
    model.Session.commit()
    evidence.forget(found["sha256"])
    return _shown(context, row["id"])


@tk.side_effect_free
@tk.validate_action_data(award_schema.one_file)
def learningcity_award_file_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what is known of a file of evidence; the page of the same address gives its bytes.

    :param id: the application's id
    :param file: the file's id
    :returns: `id`, `name`, `format`, `size` and `sha256`
    """
    tk.check_access("learningcity_award_file_show", context, data_dict)
    found = _file(data_dict["id"], data_dict["file"])
    return {name: found[name] for name in ("id", "name", "format", "size", "sha256")}


def _file(application_id: str, file_id: str) -> dict[str, Any]:
    listed = {each["id"]: each for each in applications.files(application_id)}
    if file_id not in listed:
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("There is no such file."))
    return listed[file_id]


def _key(figure: dict[str, Any]) -> tuple[str, str]:
    return figure["indicator"], figure["area"]
