"""Learning spaces out of a file: upload, report, choice, and what was written."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from ckanext.learningcity.content import space_template
from ckanext.learningcity.logic.languages import current_language

from .accounts import log_in_first
from .calls import call
from .desk_forms import faults

space_imports = Blueprint("learningcity_space_imports", __name__, url_prefix="/spaces")

PAGE_SIZE = 50

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@space_imports.before_request
def _logged_in() -> Response | None:
    """Send who is not logged in to the login page, and back here afterwards."""
    return None if tk.request.path.endswith(".xlsx") else log_in_first()


@space_imports.get("/template.xlsx")
def template() -> FlaskResponse:
    """Return the workbook to fill in, in the language of the page."""
    response = FlaskResponse(space_template.write(current_language()), mimetype=_WORKBOOK)
    response.headers["Content-Disposition"] = "attachment; filename=learning-spaces.xlsx"
    return response


@space_imports.get("/import")
def upload() -> str:
    """Ask for a file."""
    return tk.render("learningcity/content/import_upload.html", _upload_page({}))


@space_imports.post("/import")
def receive() -> Response | tuple[str, int]:
    """Take a file in."""
    given = {name: tk.request.form.get(name, "") for name in ("organization", "private")}
    file = tk.request.files.get("upload")
    chosen = {"upload": file} if file else {}  # a browser sends an empty one where none was chosen
    try:
        made = call("learningcity_space_import_create", **given, **chosen)
    except tk.ValidationError as error:
        shown = {**_upload_page(given), "errors": error.error_dict}
        return tk.render("learningcity/content/import_upload.html", shown), 400
    return tk.redirect_to("learningcity_space_imports.read", import_id=made["id"])


@space_imports.get("/import/<import_id>")
def read(import_id: str) -> str:
    """Show what was found in a file, and what became of it."""
    shown = call("learningcity_space_import_show", id=import_id)
    issues = sorted(shown["report"]["issues"], key=lambda issue: issue["severity"] != "error")
    page = Page(
        issues,
        page=tk.h.get_page_number(tk.request.args),
        items_per_page=PAGE_SIZE,
        url=lambda page: tk.h.url_for(
            "learningcity_space_imports.read", import_id=import_id, page=page
        ),
    )
    organization = call("organization_show", id=shown["organization"])
    context = {"shown": shown, "page": page, "organization": organization}
    return tk.render("learningcity/content/import_read.html", context)


@space_imports.post("/import/<import_id>/<any(write, cancel):act>")
def act(import_id: str, act: str) -> Response:
    """Write the rows without a fault, or none."""
    try:
        call(f"learningcity_space_import_{act}", id=import_id)
    except tk.ValidationError as error:
        for fault in faults(error):
            tk.h.flash_error(fault)
    return tk.redirect_to("learningcity_space_imports.read", import_id=import_id)


def _upload_page(given: dict[str, str]) -> dict[str, Any]:
    found = call("organization_list_for_user", permission="create_dataset")
    if not found:
        tk.abort(403, tk._("Only editors of an organization import for it."))
    return {
        "organizations": sorted(found, key=lambda organization: organization["title"]),
        "given": given,
        "errors": {},
    }
