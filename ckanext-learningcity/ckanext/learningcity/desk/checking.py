"""Reading and checking a large file, in a background job that `promises` keeps."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity import existing
from ckanext.learningcity.tables.mapping import Mapping
from ckanext.learningcity.tables.report import Issue, Report

from . import check, states, store, uploads

_MEGABYTE = 1024**2


def is_large(size: int) -> bool:
    """Return whether a file of `size` bytes takes too long to be checked while its reader waits."""
    return size > tk.config["ckanext.learningcity.check_in_background"] * _MEGABYTE


def nothing_yet() -> dict[str, Any]:
    """Return what a submission holds whose file has not been read."""
    return {"report": check.packed(Report()), "base_release": 0}


def keep(row: store.Submission) -> None:
    """Check the file of a submission, which becomes a draft; the job."""
    progress = row["progress"]
    attempt = progress["attempt"] + 1
    if attempt > states.ATTEMPTS:
        report = Report()
        report.add([Issue("check_failed")])
        store.write(row["id"], **_draft(), report=check.packed(report), difference=None)
        return

    def tell(step: str) -> None:
        told = {**progress, "attempt": attempt, "step": step}
        store.write(row["id"], progress=told)

    found = check.examine(
        existing.dataset(row["dataset_id"]),
        uploads.content(row["sha256"]),
        Mapping.from_dict(row["mapping"]) if row["mapping"] else None,
        tell,
        progress["sheet"],
    )
    confirmed = [code for code in found.report.to_confirm if code in row["confirmed"]]
    check.record(row, found, None, confirmed=confirmed, **_draft())


def _draft() -> dict[str, Any]:
    return {"state": states.DRAFT, "progress": None}
