"""Mail about reports, where mail is on: to those who may answer, and to who asked to be told.

A job carries the number of a report, never an address: queues and logs are read by others.
"""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.mailer import MailerException

from ckanext.learningcity.desk import mail, roles
from ckanext.learningcity.tables import codelists

from . import store

log = logging.getLogger(__name__)


def tell(kind: str, number: int) -> None:
    """Put the mail `kind` of `schemas/mails.yaml` about a report on the queue."""
    if tk.config["ckanext.learningcity.mail"]:
        tk.enqueue_job(_JOBS[kind], [number], title=f"Mail: {kind}")


def reported(number: int) -> None:
    """Tell the editors of the dataset's organization, and the secretariat's, of a report; a job."""
    found = store.get(number)
    if found is None:
        return
    dataset = model.Package.get(found["dataset_id"]) if found["dataset_id"] else None
    facts = {"number": number, "address": f"{tk.config['ckan.site_url']}/problem/{number}"}
    subject, text = mail.composed("problem_reported", facts, _titles(found))
    for user in roles.responsible(dataset):
        if user.email:
            mail.send_to(user.id, subject, text)


def answered(number: int) -> None:
    """Tell who reported a problem what the answer is; a job."""
    found = store.get(number)
    if found is None or not found["email"]:
        return
    facts = {"number": number, "reason": found["answer"], "address": tk.config["ckan.site_url"]}
    subject, text = mail.composed("problem_answered", facts, _titles(found))
    try:
        tk.mail_recipient("", found["email"], subject, text)
    except MailerException as error:
        log.warning("The answer to report %s was not sent: %s", number, type(error).__name__)


def _titles(found: store.Problem) -> dict[str, str]:
    """Return in both languages what a report is about."""
    given = found["title_translated"]
    if not found["dataset"]:
        entry = codelists.indicators().get(found["indicator"] or "")
        area = codelists.areas().get((found["areas"] or [""])[0])
        given = (entry or area or {}).get("name", {})
    plain = found["title"] or found["dataset"] or found["indicator"] or "–"
    return {language: given.get(language) or plain for language in mail.LANGUAGES}


_JOBS = {"problem_reported": reported, "problem_answered": answered}
