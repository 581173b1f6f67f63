"""The progress report of a place as a file for Word."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.assessment.progress_report import progress_report as written
from ckanext.learningcity.tables import codelists

from .calls import call

progress_report = Blueprint("learningcity_progress_report", __name__)

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LANGUAGES = ("th", "en")


@progress_report.get("/city/<area_id>/progress-report.docx")
def read(area_id: str) -> Response:
    """Return the report in `lang`, from the scorecard of an `evaluation`, `as_of` a moment."""
    language = tk.request.args.get("lang", _LANGUAGES[0])
    if language not in _LANGUAGES:
        tk.abort(400, tk._("lang: expected th or en"))
    asked = {
        name: tk.request.args[name] for name in ("evaluation", "as_of") if tk.request.args.get(name)
    }
    try:
        card = call("learningcity_scorecard_show", id=area_id, **asked)
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))
    area = codelists.areas()[card["area"]["id"]]
    response = Response(written(card, area, language), mimetype=_DOCX)
    name = f"progress-report-{area['id']}-{card['evaluation']['id']}-{language}.docx"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
