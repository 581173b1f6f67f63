"""Problems with data that readers report; nothing of them is public."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity import existing
from ckanext.learningcity.logic import problem_schema
from ckanext.learningcity.problems import about, limits, store, telling


class TooManyError(tk.ValidationError):
    """One address or account has reported too much in the last hour."""

    def __init__(self) -> None:
        message = tk._("Too many reports within an hour. Please try again later.")
        super().__init__({"text": [message]})


@tk.side_effect_free
@tk.validate_action_data(problem_schema.about)
def learningcity_problem_about(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a report with these parameters would be about.

    :param dataset: name or id of a dataset or of a harvest source
    :param indicator: id of an indicator
    :param area: ids of places
    :param view: id of a view of a resource
    :param release: number of a release
    :returns: `dataset` (name), `dataset_type`, `title`, `title_translated`, `indicator`, `areas`,
        `view_id`, `release`; empty where nothing is named
    """
    tk.check_access("learningcity_problem_about", context, data_dict)
    return about.about(context, data_dict)


@tk.validate_action_data(problem_schema.create)
def learningcity_problem_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Report a problem, also without an account.

    :param dataset, indicator, area, view, release: as for `learningcity_problem_about`
    :param kind: `value`, `missing`, `description`, `page` or `other`
    :param text: what is wrong
    :param email: to be told of the answer; deleted after the report is closed
    :param website: is to be left empty; programs fill it in
    :returns: `number`
    :raises ValidationError: also after too many reports within an hour
    """
    tk.check_access("learningcity_problem_create", context, data_dict)
    found = about.about(context, data_dict)
    user = model.User.get(context.get("user", ""))
    if limits.used_up(user.id if user else None):
        raise TooManyError
    kept = ("dataset_id", "indicator", "areas", "view_id", "release")
    values = {
        **{name: found[name] for name in kept},
        **{name: data_dict.get(name) for name in ("kind", "text", "email")},
        "user_id": user.id if user else None,
    }
    number = store.add(values, _now())
    model.Session.commit()
    telling.tell("problem_reported", number)
    return {"number": number}


@tk.side_effect_free
@tk.validate_action_data(problem_schema.search)
def learningcity_problem_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the reports about datasets of the caller's organizations, the newest first.

    :param state: `open`, `answered` or `closed`; all where left out
    :param q: a part of the text or of the dataset's title, or a number
    :param limit: reports a page
    :param offset: reports to skip
    :returns: `count`, `states` (how many in each) and `results`, as `learningcity_problem_show`
    """
    tk.check_access("learningcity_problem_list", context, data_dict)
    user = existing.user(context.get("user", ""))
    state = data_dict.get("state")
    page = data_dict["limit"], data_dict["offset"]
    states, rows = store.search(user, state, data_dict.get("q"), *page)
    count = states[state] if state else sum(states.values())
    return {"count": count, "states": states, "results": rows}


@tk.side_effect_free
@tk.validate_action_data(problem_schema.one)
def learningcity_problem_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a report.

    :param number: the report's number
    :returns: `number`, what it is about, `kind`, `text`, `email`, `state`, `answer`, and the
        moments `created`, `answered` and `closed`
    """
    tk.check_access("learningcity_problem_show", context, data_dict)
    return store.known(data_dict["number"])


@tk.validate_action_data(problem_schema.answer)
def learningcity_problem_answer(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Answer a report; who gave an e-mail address is told where mail is on.

    :param number: the report's number
    :param answer: the answer, which replaces an earlier one
    :returns: the report
    """
    tk.check_access("learningcity_problem_answer", context, data_dict)
    number, user = data_dict["number"], existing.user(context.get("user", ""))
    _possible(store.answer(number, data_dict["answer"], user.id, _now()))
    model.Session.commit()
    telling.tell("problem_answered", number)
    return learningcity_problem_show(Context(context), {"number": number})


@tk.validate_action_data(problem_schema.one)
def learningcity_problem_close(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Close a report; some days later it is forgotten who sent it.

    :param number: the report's number
    :returns: the report
    """
    tk.check_access("learningcity_problem_close", context, data_dict)
    _possible(store.close(data_dict["number"], _now()))
    model.Session.commit()
    return learningcity_problem_show(Context(context), {"number": data_dict["number"]})


def _possible(done: bool) -> None:
    if not done:
        raise tk.ValidationError({"state": [tk._("This report is closed.")]})


def _now() -> datetime:
    return datetime.now(timezone.utc)
