"""Mail about posts: to each account once, whatever becomes of the process that sends it.

Who is to be told is written down first, in `learningcity_forum_mail`. A job then takes one row
after the other and commits that before it sends. So a job that runs twice, or that is killed and
begun again by the scheduler, sends nothing twice and leaves nobody out but the one whose mail was
just under way.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.mailer import MailerException
from sqlalchemy.dialects.postgresql import insert

from ckanext.learningcity.desk import mail as mails

from . import links, read, subscriptions, text
from .model import VISIBLE, mail, post
from .readers import EVERYBODY

log = logging.getLogger(__name__)

_LONGEST = 1500  # characters of a post in a mail
_GIVEN_UP = timedelta(days=1)  # older than this, news is none


def announce(post_id: str) -> None:
    """Put the mails about a post that is visible now on the queue; after the commit."""
    if tk.config["ckanext.learningcity.mail"]:
        tk.enqueue_job(deliver, [post_id], title="Mail: forum")


def deliver(post_id: str) -> None:
    """Tell everybody who is to be told of a post; the job."""
    row = read.one_post(EVERYBODY, post_id)
    if row is None:
        return
    _plan(row)
    while (taken := _take(post_id)) is not None:
        _send(taken, row)
    model.Session.execute(post.update().where(post.c.id == post_id).values(announced=_now()))
    model.Session.commit()


def resume() -> None:
    """Put on the queue what a killed process has left, and forget who left; for the scheduler."""
    subscriptions.forget()
    if not tk.config["ckanext.learningcity.mail"]:
        return
    now = _now()
    left = sa.select(post.c.id).where(
        post.c.state == VISIBLE,
        post.c.announced.is_(None),
        post.c.created.between(now - _GIVEN_UP, now - timedelta(minutes=2)),
    )
    for post_id in model.Session.scalars(left).all():
        announce(post_id)


def ask_to_confirm(subscription_id: str) -> None:
    """Send the link by which the owner of an address confirms it; the job."""
    row = subscriptions.get(subscription_id)
    user = model.User.get(row["user_id"]) if row else None
    if row is None or user is None or not user.email or subscriptions.confirmed(row, user):
        return
    what = [row["id"], links.address_hash(user.email)]
    _post("forum_confirm", user, {"address": _address("confirm", links.CONFIRM, what)}, None)


def leave_address(row: Mapping[str, Any]) -> str:
    """Return the address by which mail of a kind ends, without logging in.

    :param row: `subscription_id`, None where the account was mentioned, and `user_id`
    """
    return _address("leave", links.LEAVE, [row["subscription_id"], row["user_id"]])


def _plan(row: Mapping[str, Any]) -> None:
    """Write down who is to be told of a post; of one that was edited, whom it newly mentions."""
    announced = sa.select(post.c.announced).where(post.c.id == row["id"])
    told: dict[str, dict[str, Any]] = {}
    if model.Session.execute(announced).scalar_one() is None:
        for user_id, own in subscriptions.of_post(row["topic_id"], row["space_id"]).items():
            told[user_id] = {"kind": "forum_post", "subscription_id": own["id"]}
    quiet = subscriptions.quiet()
    for user_id in text.mentioned(row["body"]):
        if user_id not in quiet:
            told[user_id] = {"kind": "forum_mention", "subscription_id": None}
    told.pop(row["author_id"], None)
    for user_id, how in told.items():
        values = {"post_id": row["id"], "user_id": user_id, **how}
        model.Session.execute(insert(mail).values(values).on_conflict_do_nothing())
    model.Session.commit()


def _take(post_id: str) -> dict[str, Any] | None:
    """Take a mail that nobody else has taken."""
    free = sa.select(mail.c.user_id).where(mail.c.post_id == post_id, mail.c.claimed.is_(None))
    one = free.order_by(mail.c.user_id).limit(1).with_for_update(skip_locked=True)
    taking = (
        mail.update()
        .where(mail.c.post_id == post_id, mail.c.user_id == one.scalar_subquery())
        .values(claimed=_now())
        .returning(*mail.c)
    )
    row = next((dict(row) for row in model.Session.execute(taking).mappings()), None)
    model.Session.commit()
    return row


def _send(taken: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    user = model.User.get(taken["user_id"])
    if user is None or user.state != model.State.ACTIVE or not user.email:
        return
    if taken["subscription_id"]:
        own = subscriptions.get(taken["subscription_id"])
        if own is None or not subscriptions.confirmed(own, user):
            return
    if read.one_post(EVERYBODY, row["id"]) is None:  # hidden meanwhile
        return
    leave = leave_address(taken)
    facts = {"title": row["title"], "text": _shortened(row["body"]), "leave": leave}
    facts |= {"author": _author(row["author_id"]), "address": _of_post(row["id"])}
    if _post(taken["kind"], user, facts, leave):
        own = mail.update().where(
            mail.c.post_id == taken["post_id"], mail.c.user_id == taken["user_id"]
        )
        model.Session.execute(own.values(sent=_now()))
        model.Session.commit()


def _post(kind: str, user: model.User, facts: Mapping[str, Any], leave: str | None) -> bool:
    subject, body = mails.composed(kind, facts)
    headers = {}
    if leave:  # RFC 8058: mail programs offer it as a button
        headers = {
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    try:
        tk.mail_user(user, subject, body, headers=headers)
    except MailerException as error:
        log.warning("A mail to user %s was not sent: %s", user.id, type(error).__name__)
        return False
    return True


def _author(user_id: str) -> str:
    found = read.authors([user_id]).get(user_id)
    return found["display_name"] if found else "–"


def _shortened(body: str) -> str:
    return body if len(body) <= _LONGEST else body[:_LONGEST].rstrip() + " …"


def _address(page: str, act: str, what: Any) -> str:
    token = links.token(act, what)
    return tk.url_for(
        f"learningcity_forum_mail.{page}", token=token, locale="default", qualified=True
    )


def _of_post(post_id: str) -> str:
    return tk.url_for("learningcity_forum.post", post_id=post_id, locale="default", qualified=True)


def _now() -> datetime:
    return datetime.now(timezone.utc)
