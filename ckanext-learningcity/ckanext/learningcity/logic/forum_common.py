"""What the actions of the forum share: who asks, what is meant, and refusing too much at once."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from flask import Response, after_this_request, has_request_context

from ckanext.learningcity.forum import limits, read, write
from ckanext.learningcity.forum.readers import reader
from ckanext.learningcity.indicators import derived

Row = dict[str, Any]


def topic(context: Context, topic_id: str) -> Row:
    """Return a topic that the caller sees.

    :raises ObjectNotFound: there is none, or it is not for the caller
    """
    row = read.one_topic(reader(context), topic_id)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such topic."))
    return row


def post(context: Context, post_id: str) -> Row:
    """Return a post that the caller sees, with `title`, `locked` and `space_id` of its topic.

    :raises ObjectNotFound: there is none, or it is not for the caller
    """
    row = read.one_post(reader(context), post_id)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such post."))
    return row


def space(context: Context, space_id: str, field: str = "space") -> Row:
    """Return a space.

    :raises ValidationError: there is none; the error is at `field`
    """
    known = {row["id"]: row for row in read.spaces(reader(context))}
    if space_id not in known:
        message = tk._("“{found}” is not a space; expected one of {ids}.")
        raise tk.ValidationError({field: [message.format(found=space_id, ids=", ".join(known))]})
    return known[space_id]


def user(context: Context) -> model.User:
    """Return the account that asks; the portal's own for a command."""
    return derived.account(context.get("user", ""))


def now() -> datetime:
    """Return the present."""
    return datetime.now(timezone.utc)


def begin(context: Context, moment: datetime) -> str:
    """Let the caller write once more, and return the state in which that begins.

    :raises ValidationError: it is too much at once; an HTTP answer says 429 and when to come back
    """
    who = reader(context)
    if who.moderator or who.user_id is None:
        return write.state_of_new(waits=False)
    limit(who.user_id, moment)
    return write.state_of_new(waits=limits.waits(who.user_id))


def limit(user_id: str, moment: datetime) -> None:
    """Refuse too much at once, as `begin`."""
    try:
        limits.check(user_id, moment)
    except limits.TooManyError as error:
        model.Session.rollback()
        _too_many(error.wait)


def _too_many(wait: int) -> NoReturn:
    def say(response: Response) -> Response:
        response.status_code = 429
        response.headers["Retry-After"] = str(wait)
        return response

    if has_request_context():
        after_this_request(say)
    message = tk._("You have written a lot in a short time. Please wait {seconds} seconds.")
    raise tk.ValidationError({"body": [message.format(seconds=wait)]})
