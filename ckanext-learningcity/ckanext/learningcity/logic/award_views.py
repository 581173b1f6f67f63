"""Rounds, applications and reviews as JSON, as much of them as each viewpoint may know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.learningcity import existing
from ckanext.learningcity.award import applications, clock, eligibility, reviews, roles, rounds
from ckanext.learningcity.award.trail import events, plain

Row = Mapping[str, Any]

_ROUND = (
    *("id", "year", "title", "opens", "closes", "review_until", "publishes", "weights", "levels"),
    *("spread_max", "appeal_days", "facts", "demonstration", "decided", "published"),
)
_ENTRY = ("id", "round", "category", "area", "organization", "organization_title")
_CONTENT = ("title", "summary", "answers", "figures")
#: What a city is told of its application's history: nothing of reviewers or of decisions in work.
_TOLD = ("created", "submitted", "withdrawn", "extended", "appealed", "appeal answered")


def round_(row: Row) -> dict[str, Any]:
    """Return what everybody may know of a round."""
    shown = plain({name: row[name] for name in _ROUND})
    until = rounds.appeals_until(row)
    return {
        **shown,
        "weights": rounds.weights(row),
        "state": rounds.state(row),
        "appeals_until": until.isoformat() if until else None,
    }


def entry(row: Row) -> dict[str, Any]:
    """Return which application it is, without anything that it says."""
    shown = {name: row[name] for name in _ENTRY}
    return {**shown, "organization_title_translated": row["organization_title_translated"]}


def application(row: Row, round_row: Row, viewpoint: str) -> dict[str, Any]:
    """Return an application as somebody may know it: see `learningcity_award_application_show`."""
    shown = {**entry(row), "viewpoint": viewpoint, "files": []}
    if viewpoint == roles.REVIEWER:
        return {**shown, **content(row)}
    until = applications.deadline(row, round_row)
    shown |= plain({name: row[name] for name in ("state", "submitted", "extended_until")})
    shown |= {"deadline": until.isoformat(), "taken": applications.taken(row, round_row)}
    if viewpoint == roles.APPLICANT:
        return {**shown, **content(row), **_for_applicant(row, round_row)}
    if row["state"] not in applications.EDITABLE:
        shown |= content(row)
    return {**shown, **_for_secretariat(row, round_row)}


def content(row: Row) -> dict[str, Any]:
    """Return what a city wrote, drew and attached."""
    listed = [
        {name: each[name] for name in ("id", "name", "format", "size")}
        for each in applications.files(row["id"])
    ]
    return {**{name: row[name] for name in _CONTENT}, "files": listed}


def review(row: Row, application_row: Row, round_row: Row) -> dict[str, Any]:
    """Return a review as its reviewer sees it."""
    names = ("id", "turn", "state", "scores", "comments", "submitted")
    return {
        **plain({name: row[name] for name in names}),
        "until": plain(round_row)["review_until"],
        "weights": rounds.criteria(round_row, application_row["category"]),
        "application": application(application_row, round_row, roles.REVIEWER),
    }


def summary(row: Row, round_row: Row) -> dict[str, Any]:
    """Return what the reviews of an application say together, and whether they are `apart`."""
    weights = rounds.criteria(round_row, row["category"])
    found = reviews.summary(reviews.search(application=row["id"]), row["turn"], weights)
    apart = found["spread"] is not None and found["spread"] > round_row["spread_max"]
    return {**found, "turn": row["turn"], "apart": apart}


def event(row: Row) -> dict[str, Any]:
    """Return a line of the trail with the name of who did it."""
    user = model.User.get(row["user_id"])
    return {**plain(row), "user": user.display_name if user else None}


def _for_applicant(row: Row, round_row: Row) -> dict[str, Any]:
    told = round_row["stage"] in (rounds.DECIDED, rounds.PUBLISHED)
    decided = told and row["state"] == applications.DECIDED
    until = rounds.appeals_until(round_row)
    happened = [
        {"kind": line["kind"], "at": line["at"].isoformat(), "reason": line["reason"]}
        for line in events(row["round"], row["id"])
        if line["kind"] in _TOLD
    ]
    return {
        "completeness": applications.completeness(row, round_row),
        "eligibility": eligibility.check(existing.organization(row["organization_id"])),
        "decision": {"level": row["level"], "reason": row["decision"]} if decided else None,
        "appeal": _appeal(row["appeal"]),
        "may_appeal": bool(
            decided
            and row["appeal"] is None
            and round_row["stage"] == rounds.DECIDED
            and until
            and clock.now() < until
        ),
        "history": happened,
    }


def _for_secretariat(row: Row, round_row: Row) -> dict[str, Any]:
    return {
        "decision": {"level": row["level"], "reason": row["decision"]}
        if row["state"] == applications.DECIDED
        else None,
        "appeal": _appeal(row["appeal"]),
        "dataset": row["dataset_id"],
        "reviews": [_reading(each) for each in reviews.search(application=row["id"])],
        "result": summary(row, round_row),
    }


def _reading(row: Row) -> dict[str, Any]:
    """Return a review as the secretariat sees it: its scores once they are handed in."""
    user = model.User.get(row["reviewer"])
    handed_in = row["state"] == reviews.SUBMITTED
    return {
        **plain({name: row[name] for name in ("id", "turn", "state", "conflict", "submitted")}),
        "reviewer": user.name if user else None,
        "reviewer_name": user.display_name if user else None,
        "scores": row["scores"] if handed_in else {},
        "comments": row["comments"] if handed_in else {},
    }


def _appeal(appeal: Row | None) -> dict[str, Any] | None:
    return (
        {name: appeal.get(name) for name in ("state", "text", "at", "answer")} if appeal else None
    )
