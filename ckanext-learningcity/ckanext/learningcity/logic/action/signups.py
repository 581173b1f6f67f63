"""Signing up for a session, without an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.logic import week_schema
from ckanext.learningcity.logic.languages import current_language
from ckanext.learningcity.week import changes, keeping, links, signups, telling
from ckanext.learningcity.week.sessions import Session, sessions


@tk.validate_action_data(week_schema.signup_create)
def learningcity_signup_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Sign a person up for a session of an event; who comes late waits.

    :param event: name or id of the event
    :param session: id of the session; may be left out where the event has one only
    :param name: what to call the person
    :param contact: e-mail address or telephone number
    :param consent: version of the text agreed to (`schemas/consent.yaml`)
    :returns: as `learningcity_signup_show`, and `token` and `url` of the signed link, by which the
        person confirms and cancels. They are given here only, and by mail where mail is on
    """
    tk.check_access("learningcity_signup_create", context, data_dict)
    event_id = tk.get_action("package_show")(Context(context), {"id": data_dict["event"]})["id"]
    signups.lock(event_id)
    event = keeping.shown(event_id)
    session = _session(event, data_dict.get("session"))
    person = signups.Person(
        name=data_dict["name"],
        contact=data_dict["contact"],
        language=current_language(),
        consent=data_dict["consent"],
    )
    try:
        told = changes.of_session(event, session.id)
        row = signups.add(event_id, session, person, _now(), told)
    except signups.TwiceError as error:
        model.Session.rollback()
        message = tk._("Signed up for this session already. Use the link that you were given.")
        raise tk.ValidationError({"contact": [message]}) from error
    model.Session.commit()
    telling.tell("waiting" if row["waiting"] else "signed_up", row["id"])
    address = telling.address(row["id"])
    return {**_described(row, event), "token": links.token(row["id"]), "url": address}


@tk.side_effect_free
@tk.validate_action_data(week_schema.signup_token)
def learningcity_signup_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a sign-up to whom the link was given. It tells no personal data.

    :param token: of the signed link
    :returns: `event` (name), `title_translated`, `session` (id), `session_title`, `starts`,
        `state` (`place` or `waiting`), `position` in the waiting list, `confirmed`, `cancelled`
        (the event)
    """
    tk.check_access("learningcity_signup_show", context, data_dict)
    row = _row(data_dict["token"])
    return _described(row, keeping.shown(row["event_id"]))


@tk.validate_action_data(week_schema.signup_token)
def learningcity_signup_confirm(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Confirm that the person will come.

    :param token: of the signed link
    :returns: as `learningcity_signup_show`
    """
    tk.check_access("learningcity_signup_confirm", context, data_dict)
    row = _row(data_dict["token"])
    signups.confirm(row["id"], _now())
    model.Session.commit()
    return _described(_row(data_dict["token"]), keeping.shown(row["event_id"]))


@tk.validate_action_data(week_schema.signup_cancel)
def learningcity_signup_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Cancel a sign-up: the person is forgotten at once, and the next who waits gets the place.

    :param token: of the signed link
    :param id: instead, for the host's editors: of `learningcity_signup_list`
    :returns: `event` (name) and `moved_up`, how many got a place by it
    """
    tk.check_access("learningcity_signup_cancel", context, data_dict)
    row = _row(data_dict["token"]) if data_dict.get("token") else _by_id(data_dict["id"])
    signups.lock(row["event_id"])
    signups.remove(row["id"])
    event = keeping.shown(row["event_id"])
    moved: list[signups.Signup] = []
    for session in sessions(event):
        if session.id == row["session_id"]:
            moved = signups.move_up(event["id"], session.id, session.capacity)
    model.Session.commit()
    for other in moved:
        telling.tell("moved_up", other["id"])
    return {"event": event["name"], "moved_up": len(moved)}


@tk.side_effect_free
@tk.validate_action_data(week_schema.event)
def learningcity_signup_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return who signed up for an event, to the host's editors only.

    :param event: name or id of the event
    :returns: `id`, `session`, `session_title`, `name`, `contact`, `state`, `confirmed`, `created`,
        `consent`; those who wait in the order in which they move up
    """
    tk.check_access("learningcity_signup_list", context, data_dict)
    event = tk.get_action("package_show")(Context(context), {"id": data_dict["event"]})
    titles = {session.id: session.title for session in sessions(event)}
    kept = ("id", "name", "contact", "consent")
    return [
        {
            **{name: row[name] for name in kept},
            "session": row["session_id"],
            "session_title": titles.get(row["session_id"], ""),
            "state": _state(row),
            "confirmed": row["confirmed"].isoformat() if row["confirmed"] else None,
            "created": row["created"].isoformat(),
        }
        for row in signups.listed(event["id"])
    ]


def _session(event: Mapping[str, Any], wanted: str | None) -> Session:
    """Return the session that is meant, if one can sign up for it now."""
    if event["type"] != "event" or not tk.asbool(event.get("sign_up") or False):
        raise tk.ValidationError({"event": [tk._("One does not sign up for this here.")]})
    if event.get("event_status") == "cancelled":
        raise tk.ValidationError({"event": [tk._("This event is cancelled.")]})
    known = {session.id: session for session in sessions(event)}
    if wanted is None and len(known) == 1:
        wanted = next(iter(known))
    session = known.get(wanted or "")
    if session is None:
        message = tk._("“{found}” is not a session of this event; expected one of {ids}.")
        ids = ", ".join(known)
        raise tk.ValidationError({"session": [message.format(found=wanted or "", ids=ids)]})
    if not any(end > _now() for _, end in session.times()):
        raise tk.ValidationError({"session": [tk._("This session is over.")]})
    return session


def _row(token: str) -> signups.Signup:
    signup_id = links.signup_id(token)
    return _by_id(signup_id or "")


def _by_id(signup_id: str) -> signups.Signup:
    row = signups.get(signup_id)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such sign-up, or it was cancelled."))
    return row


def _described(row: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    session = next((s for s in sessions(event) if s.id == row["session_id"]), None)
    return {
        "event": event["name"],
        "title_translated": event.get("title_translated") or event["title"],
        "session": row["session_id"],
        "session_title": session.title if session else "",
        "starts": session.start.isoformat() if session else None,
        "state": _state(row),
        "position": signups.position(row),
        "confirmed": row["confirmed"] is not None,
        "cancelled": event.get("event_status") == "cancelled",
    }


def _state(row: Mapping[str, Any]) -> str:
    return "waiting" if row["waiting"] else "place"


def _now() -> datetime:
    return datetime.now(timezone.utc)
