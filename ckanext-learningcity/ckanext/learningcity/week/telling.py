"""Mail to those who signed up, where mail is on and they gave an address.

A job carries the id of a sign-up, never the person's data: queues and logs are read by others.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.mailer import MailerException

from ckanext.learningcity.desk import mail

from . import links, signups

log = logging.getLogger(__name__)


def tell(kind: str, signup_id: str, facts: Mapping[str, Any] | None = None) -> None:
    """Put the mail `kind` of `schemas/mails.yaml` to a person on the queue.

    :param facts: what the mail says beside the event's title and the person's link
    """
    if tk.config["ckanext.learningcity.mail"]:
        tk.enqueue_job(send, [kind, signup_id, dict(facts or {})], title=f"Mail: {kind}")


def send(kind: str, signup_id: str, facts: Mapping[str, Any]) -> None:
    """Send a mail; the job. Who has been forgotten since, or gave a number, gets none."""
    row = signups.get(signup_id)
    dataset = model.Package.get(row["event_id"]) if row else None
    if row is None or dataset is None or "@" not in row["contact"]:
        return
    subject, text = mail.written(kind, dataset, {"address": address(signup_id), **facts})
    try:
        tk.mail_recipient(row["name"], row["contact"], subject, text)
    except MailerException as error:
        log.warning("A mail about sign-up %s was not sent: %s", signup_id, type(error).__name__)


def address(signup_id: str) -> str:
    """Return the address at which a person sees, confirms and cancels a sign-up."""
    token = links.token(signup_id)
    return tk.url_for("learningcity_signup.read", token=token, locale="default", qualified=True)
