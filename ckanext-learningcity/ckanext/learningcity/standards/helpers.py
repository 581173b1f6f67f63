"""Template helpers of downloads, citations and releases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan import model
from file_keeper.core.exceptions import MissingFileError

from ckanext.learningcity.indicators import files, sources

from . import snippets
from .citations import Citation, citation

_STORED = {"csv": "sha256", "parquet": "parquet_sha256"}
_MADE = ("xlsx", "json", "zip")


class Download(NamedTuple):
    """A file to offer; `size` (bytes) and `sha256` are None where it is made when asked for."""

    kind: str
    url: str
    size: int | None
    sha256: str | None


def learningcity_current_release(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the newest release of a dataset, None if it has no observations."""
    asked = {"id": dataset["id"], "limit": 1}
    found = tk.get_action("learningcity_release_list")({}, asked)["results"]
    return found[0] if found else None


def learningcity_citation(dataset_id: str, number: int) -> Citation | None:
    """Return the reference to a release of a dataset that the reader may see, None without one.

    `.line(language)` is its text, `.address` the page to cite, `.permalink` that with the checksum.
    """
    source = sources.of_release(model.Session.connection(), dataset_id, number)
    return citation(source) if source else None


def learningcity_release_downloads(release: Mapping[str, Any]) -> list[Download]:
    """Return the files of a release; none if it is withdrawn."""
    if release["withdrawn"]:
        return []
    return [_download(release, kind) for kind in (*_STORED, *_MADE)]


def learningcity_release_file_url(release: Mapping[str, Any], kind: str) -> str:
    """Return the address of a release in a format, `csv`, `bib`, …"""
    return tk.url_for(
        "learningcity_release_files.release_file",
        dataset=release["dataset"],
        number=release["number"],
        kind=kind,
        locale="default",
    )


def learningcity_snippets(url: str) -> list[snippets.Snippet]:
    """Return programs (`language`, `code`) that read the CSV at `url`, which begins with `/`."""
    return snippets.snippets(tk.h.url_for(url, locale="default", _external=True))


def _download(release: Mapping[str, Any], kind: str) -> Download:
    url = learningcity_release_file_url(release, kind)
    if kind not in _STORED:
        return Download(kind, url, None, None)
    digest = release[_STORED[kind]]
    try:
        return Download(kind, url, files.size(digest, kind), digest)
    except MissingFileError:  # the page still says what was released
        return Download(kind, url, None, digest)
