"""The secretariat's board: what waits for whom, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.award import applications, clock, reviews, roles, rounds
from ckanext.learningcity.award.publish import hindrance
from ckanext.learningcity.logic import award_access, award_views, board_network, schema

Entry = dict[str, Any]

_MOST = 20  # of what may be many


@tk.side_effect_free
@tk.validate_action_data(schema.nothing)
def learningcity_board(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what waits in the network, for the secretariat.

    :returns: `sections`: each with `id`, `count` and `entries` (at most twenty), each with
        what it is about (`application`, `round`, `evaluation` and `area`, `number` of a report,
        `post`, `organization`, …) and perhaps `due` (a moment), `late`, `since` and `whom` (names);
        and `deadlines`: `round` or `call`, `title`, `kind` and `at`, the next first
    """
    tk.check_access("learningcity_board", context, data_dict)
    found = {
        "assign": _section(_unassigned(context)),
        "reviews": _section(_waiting_reviews(context)),
        "decide": _section(_undecided(context)),
        "appeals": _section(_appeals(context)),
        "publish": _section(_held(context)),
        "grades": board_network.grades(context, _MOST),
        "submissions": board_network.submissions(context, _MOST),
        "problems": board_network.problems(context, _MOST),
        "posts": board_network.posts(context, _MOST),
        "sources": board_network.sources(context, _MOST),
        "stale": board_network.stale(context, _MOST),
    }
    sections = [
        {"id": name, "count": count, "entries": entries} for name, (count, entries) in found.items()
    ]
    return {"sections": sections, "deadlines": _deadlines(context)}


def _section(entries: Iterator[Entry]) -> board_network.Section:
    every = list(entries)
    return len(every), every[:_MOST]


def _handed_in(context: Context) -> Iterator[tuple[Entry, Entry]]:
    """Yield applications that are being reviewed, with their round, where the caller may act."""
    for round_row in rounds.search():
        if round_row["stage"] not in (rounds.ANNOUNCED, rounds.DECIDED):
            continue
        for row in applications.search(round=round_row["id"], state=applications.SUBMITTED):
            acts = award_access.viewpoint(context, row) == roles.SECRETARIAT
            if acts and not applications.taken(row, round_row):
                yield row, round_row


def _unassigned(context: Context) -> Iterator[Entry]:
    for row, _round in _handed_in(context):
        given = reviews.search(application=row["id"], turn=row["turn"])
        if not any(each["state"] in (reviews.ASSIGNED, reviews.SUBMITTED) for each in given):
            yield _entry(row)


def _waiting_reviews(context: Context) -> Iterator[Entry]:
    for row, round_row in _handed_in(context):
        waiting = reviews.search(application=row["id"], turn=row["turn"], state=reviews.ASSIGNED)
        if waiting:
            due = round_row["review_until"]
            late = clock.now() >= due
            users = [model.User.get(each["reviewer"]) for each in waiting]
            names = [user.display_name for user in users if user]
            told = {"waiting": len(waiting), "due": due.isoformat(), "late": late, "whom": names}
            yield {**_entry(row), **told}


def _undecided(context: Context) -> Iterator[Entry]:
    for row, round_row in _handed_in(context):
        found = award_views.summary(row, round_row)
        if found["submitted"] and not found["waiting"]:
            again = found["apart"] and row["turn"] == 1
            yield {**_entry(row), "again": again}


def _appeals(context: Context) -> Iterator[Entry]:
    for round_row in rounds.search():
        for row in applications.search(round=round_row["id"]):
            waits = row["appeal"] and row["appeal"]["state"] == "open"
            if waits and award_access.viewpoint(context, row) == roles.SECRETARIAT:
                yield {**_entry(row), "since": row["appeal"]["at"]}


def _held(context: Context) -> Iterator[Entry]:
    """Yield decided rounds that something else than the calendar keeps from publication."""
    for row in rounds.search():
        if row["stage"] == rounds.DECIDED and clock.now() >= row["publishes"]:
            yield {"round": row["id"], "title": row["title"], "hindrance": hindrance(row)}


def _deadlines(context: Context) -> list[Entry]:
    now = clock.now()
    found = [
        {"round": row["id"], "title": row["title"], "kind": kind, "at": row[kind].isoformat()}
        for row in rounds.search()
        if row["stage"] in (rounds.ANNOUNCED, rounds.DECIDED)
        for kind in rounds.CALENDAR
        if row[kind] and row[kind] > now
    ]
    return sorted([*found, *board_network.calls(context)], key=lambda entry: entry["at"])


def _entry(row: Entry) -> Entry:
    return {"application": row["id"], **award_views.entry(row), "title": row["title"]}
