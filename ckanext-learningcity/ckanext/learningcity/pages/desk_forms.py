"""What the desk's forms send, as calls of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import MultiDict

from ckanext.learningcity.words import faults_by_field

from .calls import call

Form = MultiDict[str, str]

#: A column of values: what its heading says is chosen with it.
SPREAD = "="

#: What a table may say in none of its columns, and the form asks for instead.
CONSTANTS = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "UNIT_MEASURE")


def faults(error: tk.ValidationError) -> list[str]:
    """Return the sentences of an error, without the findings that the report lists."""
    told = faults_by_field(error)
    told.pop("issues", None)
    return [*chain(*told.values())]


def mapping_of(form: Form, current: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping that the form describes.

    Its columns are `column-A`, …: an SDMX name, nothing for one that is not used, `SPREAD` for
    values as proposed, or `SPREAD` and the SDMX name that the heading is.
    """
    columns: dict[str, str] = {}
    spread: dict[str, dict[str, str]] = {}
    for field, choice in form.items():
        kind, _, letters = field.partition("-")
        if kind != "column":
            continue
        if choice == SPREAD:
            spread[letters] = current["spread"][letters]
        elif choice.startswith(SPREAD):
            spread[letters] = {choice.removeprefix(SPREAD): form.get(f"heading-{letters}", "")}
        else:
            columns[letters] = choice
    constants = {name: form.get(f"constant-{name}", "").strip() for name in CONSTANTS}
    kept = {name: text for name, text in current["constants"].items() if name not in CONSTANTS}
    return {
        "sheet": form.get("sheet", current["sheet"]),
        "first": _row(form, "first"),
        "last": _row(form, "last"),
        "columns": columns,
        "spread": spread,
        "constants": kept | {name: text for name, text in constants.items() if text},
    }


def _row(form: Form, name: str) -> int | str:
    text = form.get(name, "")
    return int(text) if text.isdecimal() else text


def _mapping(submission_id: str, form: Form) -> str:
    current = _call("show", id=submission_id)["mapping"]
    if current is None or form.get("sheet", current["sheet"]) != current["sheet"]:
        _call("update", id=submission_id, sheet=form.get("sheet", ""))
        return "mapping"
    _call("update", id=submission_id, mapping=mapping_of(form, current))
    return "report"


def _confirm(submission_id: str, form: Form) -> str:
    _call("update", id=submission_id, confirmed=form.getlist("confirmed"))
    return "changes"


def _submit(submission_id: str, form: Form) -> str:
    """Submit, and publish in one go where nobody has to approve and the reader may."""
    made = _call("submit", id=submission_id)
    if form.get("publish") and "publish" in made["possible"]:
        _call("publish", id=submission_id)
    return "confirm"


def _return(submission_id: str, form: Form) -> str:
    _call("return", id=submission_id, reason=form.get("reason", ""))
    return "confirm"


def _plainly(act: str) -> Callable[[str, Form], str]:
    def handle(submission_id: str, _form: Form) -> str:
        _call(act, id=submission_id)
        return "confirm"

    return handle


def _call(name: str, **parameters: Any) -> dict[str, Any]:
    return call(f"learningcity_submission_{name}", **parameters)


#: By act: carry it out with a form and return the step to show then.
HANDLERS: Mapping[str, Callable[[str, Form], str]] = {
    "mapping": _mapping,
    "confirm": _confirm,
    "submit": _submit,
    "return": _return,
    **{act: _plainly(act) for act in ("approve", "publish", "discard")},
}
