"""Releases of a dataset: the list, and the page of one, which is the address to cite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from ckan.types import Context
from flask import Blueprint

from ckanext.learningcity.standards.checksums import agrees, is_checksum

release = Blueprint("learningcity_release", __name__, url_prefix="/dataset/<dataset>")

RELEASES = 20  # a page
CHANGES = 50  # a page


@release.get("/releases")
def index(dataset: str) -> str:
    """List the releases of a dataset, the newest first."""
    described = _dataset(dataset)
    number = tk.h.get_page_number(tk.request.args)
    asked = {"id": described["id"], "limit": RELEASES, "offset": (number - 1) * RELEASES}
    found = tk.get_action("learningcity_release_list")(_context(), asked)
    page = Page(
        found["results"],
        page=number,
        items_per_page=RELEASES,
        item_count=found["count"],
        presliced_list=True,
        url=lambda page, **_: tk.url_for("learningcity_release.index", dataset=dataset, page=page),
    )
    return tk.render("learningcity/release/index.html", {"dataset": described, "page": page})


@release.get("/release/<int:number>")
def read(dataset: str, number: int) -> str:
    """Show a release; `sha256=` asks whether it is the one meant, `against=` compares it."""
    described = _dataset(dataset)
    try:
        asked = {"id": described["id"], "number": number}
        found = tk.get_action("learningcity_release_show")(_context(), asked)
    except tk.ObjectNotFound:
        tk.abort(404, tk._("This dataset has no release {number}.").format(number=number))
    shown = {
        "dataset": described,
        "release": found,
        "checked": _checked(found),
        "newest": _newest(described["id"]),
        "difference": None if found["withdrawn"] else _difference(described["id"], found),
    }
    return tk.render("learningcity/release/read.html", shown)


def _dataset(name: str) -> dict[str, Any]:
    """Return a dataset that the reader may see; answers 404 to others."""
    try:
        return tk.get_action("package_show")(_context(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("There is no such dataset."))


def _newest(dataset_id: str) -> int:
    asked = {"id": dataset_id, "limit": 1}
    return tk.get_action("learningcity_release_list")(_context(), asked)["results"][0]["number"]


def _checked(found: Mapping[str, Any]) -> bool | None:
    """Return whether the checksum in the address is this release's, None without one."""
    given = tk.request.args.get("sha256")
    return None if given is None else is_checksum(given) and agrees(found, given)


def _difference(dataset_id: str, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what `learningcity_release_diff` gives for the page asked for, and what was asked.

    Answers 400 to a release to compare with that there is not.
    """
    against = tk.request.args.get("against", str(found["number"] - 1))
    number = tk.h.get_page_number(tk.request.args)
    asked = {
        "id": dataset_id,
        "number": found["number"],
        "against": against,
        "limit": CHANGES,
        "offset": (number - 1) * CHANGES,
    }
    try:
        given = tk.get_action("learningcity_release_diff")(_context(), asked)
    except tk.ObjectNotFound:
        tk.abort(404, tk._("against: there is no release {number}").format(number=against))
    except tk.ValidationError as error:
        if "against" in tk.request.args:
            tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))
        return None  # the one before is withdrawn or lost; the page still says what was released
    page = Page(
        given["results"],
        page=number,
        items_per_page=CHANGES,
        item_count=given["count"],
        presliced_list=True,
        url=lambda page, **_: _changes_url(asked, page),
    )
    return {"against": int(against), "counts": given["counts"], "page": page}


def _changes_url(asked: Mapping[str, Any], page: int) -> str:
    return tk.url_for(
        "learningcity_release.read",
        dataset=asked["id"],
        number=asked["number"],
        against=asked["against"],
        page=page,
        _anchor="lc-changes",
    )


def _context() -> Context:
    return Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
