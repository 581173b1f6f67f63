"""The sources that data are harvested from: how they are, and buttons for those who run them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables import codelists

from .calls import call

source = Blueprint("learningcity_source", __name__)

PAGE_SIZE = 20
RUNS = 10

#: What a button does, as parameters of `learningcity_source_run`.
_RUNS: dict[str, dict[str, Any]] = {
    "run": {},
    "full": {"full": True},
    "confirm-mostly_gone": {"confirm": "mostly_gone"},
    "confirm-shrunk": {"confirm": "shrunk"},
}


@source.get("/sources", strict_slashes=False)
def index() -> str:
    """List the sources, those in trouble first."""
    order = ("failing", "problems", "running", "new", "good")
    found = call("learningcity_source_list")
    found.sort(key=lambda one: order.index(one["health"]))
    return tk.render("learningcity/source/index.html", {"sources": found, **_shared()})


@source.get("/sources/<source_id>")
def read(source_id: str) -> str:
    """Show a source: its runs, its datasets, its problems."""
    number = tk.h.get_page_number(tk.request.args)
    start = (number - 1) * PAGE_SIZE
    found = call("learningcity_source_show", id=source_id, limit=PAGE_SIZE, offset=start)
    records = found["records"]
    page = Page(
        records["results"],
        page=number,
        items_per_page=PAGE_SIZE,
        item_count=records["count"],
        presliced_list=True,
        url=tk.h.pager_url,
    )
    shown = {
        "source": found,
        "page": page,
        "runs": call("learningcity_source_runs", id=source_id, limit=RUNS),
        "may_run": _may_run(source_id),
        **_shared(),
    }
    return tk.render("learningcity/source/read.html", shown)


@source.post("/sources/<source_id>/run")
def run(source_id: str) -> str | Response:
    """Run a source, or show what a run would change."""
    what = tk.request.form.get("what", "")
    if what == "dry-run":
        return _dry_run(source_id)
    if what not in _RUNS:
        tk.abort(400, tk._("There is no such button."))
    try:
        call("learningcity_source_run", id=source_id, **_RUNS[what])
        tk.h.flash_success(tk._("The run has been put on the queue. This page shows its progress."))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_summary.values()))
    return tk.h.redirect_to("learningcity_source.read", source_id=source_id)


def _dry_run(source_id: str) -> str | Response:
    try:
        told = call("learningcity_source_run", id=source_id, dry_run=True)
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_summary.values()))
        return tk.h.redirect_to("learningcity_source.read", source_id=source_id)
    found = call("learningcity_source_show", id=source_id, limit=0)
    shown = {"source": found, "told": told, "may_run": True, **_shared()}
    return tk.render("learningcity/source/dry_run.html", shown)


def _may_run(source_id: str) -> bool:
    return tk.h.check_access("learningcity_source_run", {"id": source_id})


def _shared() -> dict[str, Any]:
    """Return the words that the pages share."""
    return {
        "outcomes": codelists.outcomes(),
        "healths": {
            "good": tk._("Good"),
            "problems": tk._("Works, with problems"),
            "failing": tk._("Fails"),
            "running": tk._("Running now"),
            "new": tk._("Not run yet"),
        },
        "frequencies": {
            "MANUAL": tk._("Only by hand"),
            "ALWAYS": tk._("Without a pause"),
            "DAILY": tk._("Every day"),
            "WEEKLY": tk._("Every week"),
            "BIWEEKLY": tk._("Every two weeks"),
            "MONTHLY": tk._("Every month"),
        },
        "counted": {
            "added": tk._("added"),
            "updated": tk._("changed"),
            "unchanged": tk._("unchanged"),
            "withdrawn": tk._("withdrawn"),
            "restored": tk._("back again"),
            "withheld": tk._("withheld by the source"),
            "errors": tk._("with errors"),
        },
    }
