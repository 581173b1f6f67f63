"""What each step of a submission's page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page

from ckanext.learningcity.tables import codelists

from .calls import call
from .desk_forms import CONSTANTS, SPREAD

STEPS = ("mapping", "report", "changes", "confirm")

PAGE_SIZE = 50

#: Headings may be any of these; what stands below is then a value.
_SPREADABLE = ("TIME_PERIOD", "INDICATOR", "REF_AREA")

_SEVERITIES = ("error", "confirm", "notice")

Submission = Mapping[str, Any]


def first(submission: Submission) -> str:
    """Return the step that a submission needs next."""
    if submission["state"] == "checking":
        return "report"
    if submission["state"] not in ("draft", "returned"):
        return "confirm"
    counts = submission["report"]["counts"]
    if submission["mapping"] is None or any(code.startswith("column_missing") for code in counts):
        return "mapping"
    return "report" if "errors" in submission["blocked"] or submission["findings"] else "changes"


def overview(submission: Submission, current: str) -> list[dict[str, Any]]:
    """Return the steps for the bar above: `name`, `title`, `current`, `note` and `state`.

    `state` is `done`, `todo` or `stop` (something has to be mended there).
    """
    titles = {
        "mapping": tk._("Columns"),
        "report": tk._("Findings"),
        "changes": tk._("Changes"),
        "confirm": tk._("Publish"),
    }
    stop = {"report"} if {"errors", "confirm"} & set(submission["blocked"]) else set()
    if submission["mapping"] is None and submission["state"] != "checking":
        stop.add("mapping")
    done = set(STEPS[: STEPS.index(current)]) - stop
    if submission["state"] == "checking":
        done.clear()
    return [
        {
            "name": name,
            "title": titles[name],
            "current": name == current,
            "state": "stop" if name in stop else "done" if name in done else "todo",
        }
        for name in STEPS
    ]


def why_again(submission: Submission) -> Mapping[str, Any] | None:
    """Return why a submission has become a draft again by itself, if it has: its history's end."""
    last = submission["history"][-1]
    by_itself = ("superseded", "checked_again", "unchanged", "failed")
    return last if submission["state"] == "draft" and last["kind"] in by_itself else None


def content(step: str, submission: Submission) -> dict[str, Any]:
    """Return what the template of a step needs beside the submission."""
    return _CONTENT[step](submission)


def _mapping(submission: Submission) -> dict[str, Any]:
    preview = _preview(submission)
    mapping = submission["mapping"] or {"columns": {}, "spread": {}, "constants": {}}
    names = {**codelists.columns(), **codelists.breakdowns()}
    choices = {name: entry["name"] for name, entry in names.items()}
    return {
        "preview": preview,
        "choices": choices,
        "chosen": {letters: _choice(letters, mapping) for letters in preview["letters"]},
        "spread": {at: ", ".join(said.values()) for at, said in mapping["spread"].items()},
        "spreadable": {name: choices[name] for name in _SPREADABLE},
        "constants": {name: mapping["constants"].get(name, "") for name in CONSTANTS},
        "suggestions": _suggestions(),
    }


def _preview(submission: Submission) -> dict[str, Any]:
    if not submission["file_kept"]:
        return {"sheets": [], "sheet": "", "letters": [], "rows": []}
    return call("learningcity_submission_preview", id=submission["id"])


def _choice(letters: str, mapping: Mapping[str, Any]) -> str:
    return SPREAD if letters in mapping["spread"] else mapping["columns"].get(letters, "")


def _suggestions() -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """Return the code lists that the constants are chosen from."""
    return {
        "INDICATOR": codelists.indicators(),
        "REF_AREA": codelists.areas(),
        "UNIT_MEASURE": codelists.units(),
    }


def _report(submission: Submission) -> dict[str, Any]:
    wanted = {name: tk.request.args.get(name, "") for name in ("severity", "code")}
    issues = submission["report"]["issues"]
    shown = [
        issue
        for issue in issues
        if all(not value or issue[name] == value for name, value in wanted.items())
    ]
    return {
        "groups": _groups(submission["report"]),
        "severities": _SEVERITIES,
        "wanted": wanted,
        "page": _paged(submission, shown, len(shown), wanted),
    }


def _groups(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the findings by code, the gravest first, each with one of them as an example."""
    ordered = sorted(
        report["issues"], key=lambda issue: (_SEVERITIES.index(issue["severity"]), issue["code"])
    )
    examples = [next(group) for _code, group in groupby(ordered, lambda issue: issue["code"])]
    return [{**example, "count": report["counts"][example["code"]]} for example in examples]


def _changes(submission: Submission) -> dict[str, Any]:
    number = tk.h.get_page_number(tk.request.args)
    page = {"limit": PAGE_SIZE, "offset": (number - 1) * PAGE_SIZE}
    found = call("learningcity_submission_diff", id=submission["id"], **page)
    page = _paged(submission, found["results"], found["count"], {"step": "changes"}, sliced=True)
    return {"counts": found["counts"], "page": page}


def _confirm(_submission: Submission) -> dict[str, Any]:
    return {}


def _paged(
    submission: Submission,
    items: list[Any],
    count: int,
    query: Mapping[str, str],
    *,
    sliced: bool = False,
) -> Page:
    query = {"step": "report", **{name: value for name, value in query.items() if value}}
    return Page(
        items,
        page=tk.h.get_page_number(tk.request.args),
        item_count=count,
        items_per_page=PAGE_SIZE,
        presliced_list=sliced,
        url=lambda page: tk.h.url_for(
            "learningcity_desk.read", submission_id=submission["id"], **query, page=page
        ),
    )


_CONTENT: Mapping[str, Callable[[Submission], dict[str, Any]]] = {
    "mapping": _mapping,
    "report": _report,
    "changes": _changes,
    "confirm": _confirm,
}
