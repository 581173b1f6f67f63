"""A submission as the actions give it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.learningcity import existing

from . import check, checking, publish, roles, states, store
from .circumstances import current_release

_BRIEF = (
    "id",
    "dataset",
    "title",
    "title_translated",
    "demonstration",
    "organization",
    "organization_title",
    "organization_title_translated",
    "user",
    "state",
    "filename",
    "size",
    "difference",
    "base_release",
    "release",
)


def brief(row: store.Submission) -> dict[str, Any]:
    """Return a submission as a list shows it."""
    counts = check.unpacked(row["report"])
    return {
        **{name: row[name] for name in _BRIEF},
        "errors": counts.has_errors,
        "findings": sum(counts.counts.values()),
        "created": row["created"].isoformat(),
        "modified": row["modified"].isoformat(),
    }


def whole(row: store.Submission, user: model.User, language: str) -> dict[str, Any]:
    """Return all of a submission, and what `user` may do with it.

    :param language: of the report's sentences, `th` or `en`
    """
    dataset = existing.dataset(row["dataset_id"])
    names = _names(row)
    return {
        **brief(row),
        **{name: row[name] for name in ("sha256", "file_kept", "mapping", "confirmed", "reason")},
        "report": check.unpacked(row["report"]).as_dict(language),
        "current_release": current_release(row["dataset_id"]),
        "decided_by": names.get(row["decided_by"]),
        "marked": row["file_kept"] and not checking.is_large(row["size"]),
        "progress": progress(row),
        "history": [{**entry, "user": names.get(entry["user"])} for entry in row["history"]],
        "needs_approval": roles.workflow(dataset).needs_approval,
        "blocked": blocked(row),
        "possible": _possible(row, dataset, user),
    }


def blocked(row: store.Submission) -> list[str]:
    """Return what keeps a submission from being submitted.

    `errors` in the report, findings to `confirm`, or `nothing` that it would change.
    """
    report = check.unpacked(row["report"])
    found = []
    if report.has_errors:
        found.append("errors")
    if set(report.to_confirm) - set(row["confirmed"]):
        found.append("confirm")
    if row["base_release"] and row["difference"] and not any(row["difference"].values()):
        found.append("nothing")
    return found


def progress(row: store.Submission) -> dict[str, Any] | None:
    """Return how far a job is: `step`, and `done` of `total` steps; None where none is at work."""
    steps = states.STEPS.get(row["state"])
    if steps is None:
        return None
    step = row["progress"]["step"]
    if step == "releasing" and publish.made_by(row["dataset_id"], row["id"]):
        step = "deriving"
    return {"step": step, "done": steps.index(step), "total": len(steps)}


def _possible(row: store.Submission, dataset: model.Package, user: model.User) -> list[str]:
    authors = states.authors(row["history"])
    approves = roles.may_approve(user, dataset, authors)
    allowed: Mapping[str, bool] = {
        "submit": not blocked(row),
        "approve": approves,
        "return": approves or user.id in authors,
        "publish": roles.may_publish(user, dataset),
    }
    return [act for act in states.possible(row["state"]) if allowed.get(act, True)]


def _names(row: store.Submission) -> dict[str, str]:
    ids = {row["user_id"], row["decided_by"], *(entry["user"] for entry in row["history"])}
    users = model.Session.query(model.User).filter(model.User.id.in_(filter(None, ids)))
    return {user.id: user.display_name for user in users}
