"""Downloads of releases: `/dataset/<id>/release/<n>.csv`; the files themselves never change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Response
from file_keeper.core.exceptions import MissingFileError
from flask import Blueprint

from ckanext.learningcity.indicators import files, sources
from ckanext.learningcity.indicators.sources import Source
from ckanext.learningcity.tables.model import COLUMNS

from . import asked, citations, contents, formats
from .about import About
from .answers import File, refuse, send
from .checksums import agrees, is_checksum

release_files = Blueprint("learningcity_release_files", __name__)

_CITATIONS = {"bib": citations.bibtex, "ris": citations.ris, "cff": citations.cff}
_STORED = ("csv", "parquet")

#: Formats of a release.
KINDS = (*_STORED, "xlsx", "json", "zip", *_CITATIONS)


@release_files.get("/dataset/<dataset>/release/<int:number>.<kind>")
def release_file(dataset: str, number: int, kind: str) -> Response:
    """Send a release in a format; `sha256=` makes sure that it is the one meant."""
    if kind not in KINDS:
        message = tk._("There is no such format. Choose one of: {formats}.")
        return refuse(406, {"message": message.format(formats=", ".join(KINDS))}, kind)
    context = asked.context()
    try:
        wanted = {"id": dataset, "number": number}
        release = tk.get_action("learningcity_release_show")(context, wanted)
        described = tk.get_action("package_show")(context, {"id": dataset})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return refuse(404, {"message": tk._("There is no such release.")}, kind)
    refusal = _refusal(kind, release)
    if refusal:
        return refuse(refusal[0], refusal[1], kind)
    source = sources.of_release(model.Session.connection(), described["id"], number)
    assert source is not None  # noqa: S101 - the action has just shown it
    try:
        return send(_file(kind, source, described))
    except MissingFileError:
        message = tk._("The file of this release is missing from the storage.")
        return refuse(503, {"message": message}, kind)


def _refusal(kind: str, release: Mapping[str, Any]) -> tuple[int, dict[str, Any]] | None:
    """Return the status and the reason for which a release's file is not given."""
    given = asked.parameters()
    unknown = {name: [tk._("This parameter is not known.")] for name in given if name != "sha256"}
    if unknown:
        return 400, unknown
    if release["withdrawn"] and kind not in _CITATIONS:
        message = tk._("This release was withdrawn. The reason: {reason}")
        return 410, {"message": message.format(reason=release["withdrawn"]["reason"])}
    if "sha256" in given and not is_checksum(given["sha256"]):
        return 400, {"sha256": [tk._("Expected the first 8 to 64 hexadecimal digits.")]}
    if "sha256" in given and not agrees(release, given["sha256"]):
        message = tk._("This is not the checksum of this release; its own is {sha256}.")
        return 412, {"sha256": [message.format(sha256=release["sha256"])]}
    if kind == "xlsx":
        errors = contents.too_many(release["observations"], asked.address("csv"))
        return (400, errors) if errors else None
    return None


def _file(kind: str, source: Source, dataset: Mapping[str, Any]) -> File:
    cited = citations.citation(source)
    about = About([source], f"{cited.address}.{kind}", COLUMNS, {}, dataset)
    common: dict[str, Any] = {
        "kind": kind,
        "name": f"{source.dataset}-release-{source.number}.{kind}",
        "public": not dataset["private"],
        "modified": source.released,
        "links": asked.links(cited),
    }
    if kind in _STORED:
        return _stored_file(kind, source, common)
    if kind in _CITATIONS:
        text = _CITATIONS[kind](cited).encode()
        tag = formats.tag(kind, text.decode())
        return File(**common, tag=tag, content=lambda: ([text], len(text)))
    return File(
        **common,
        tag=formats.tag(kind, source.sha256, about.metadata()),
        content=lambda: contents.of_release(kind, source, about),
    )


def _stored_file(kind: str, source: Source, common: dict[str, Any]) -> File:
    digest = source.sha256 if kind == "csv" else source.parquet_sha256
    size = files.size(digest, kind)
    return File(
        **common,
        tag=digest,
        content=lambda: (files.stream(digest, kind), size),
        lasts=True,
        size=size,
        sha256=digest,
        part=lambda start, length: files.stream(digest, kind, start, length),
    )
