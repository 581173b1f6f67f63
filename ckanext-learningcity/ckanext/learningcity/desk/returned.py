"""An uploaded table on its way back to its publisher, with the faulty cells marked."""

from __future__ import annotations

from ckanext.learningcity import addressed
from ckanext.learningcity.tables import reading
from ckanext.learningcity.tables.marked import marked
from ckanext.learningcity.tables.report import Report

from . import check, checking, store, uploads


def workbook(submission_id: str, language: str) -> bytes:
    """Return the submission's sheets as XLSX; each finding is a comment at its cell.

    :param language: of the comments, `th` or `en`
    :raises addressed.GoneError: the file is no longer kept, or too large to mark while one waits
    """
    row = store.known(submission_id)
    if checking.is_large(row["size"]):
        raise addressed.GoneError(row["sha256"])
    content = uploads.content(row["sha256"])
    grids = reading.grids(content, Report())
    return marked(content, grids, check.unpacked(row["report"]), language)
