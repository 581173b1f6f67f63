"""Mail in both languages: who reads it is known, in which language is not."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import ckan.plugins.toolkit as tk
import yaml
from ckan import model
from ckan.lib.mailer import MailerException

from ckanext.learningcity import existing
from ckanext.learningcity.indicators.titles import texts

log = logging.getLogger(__name__)

LANGUAGES = ("th", "en")


def send(kind: str, dataset_id: str, user_ids: list[str], facts: Mapping[str, Any]) -> None:
    """Send the mail `kind` of `schemas/mails.yaml` about a dataset to each user; a job.

    An address that does not work is logged and keeps nobody else from the mail.
    """
    dataset = model.Package.get(dataset_id)
    if dataset is None:
        return
    subject, text = written(kind, dataset, facts)
    for user_id in user_ids:
        send_to(user_id, subject, text)


def written(kind: str, dataset: model.Package, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return the subject and the text, Thai above English."""
    titles = texts(dataset.extras, "title_translated")
    named = {
        language: titles.get(language) or dataset.title or dataset.name for language in LANGUAGES
    }
    return composed(kind, facts, named)


def composed(
    kind: str, facts: Mapping[str, Any], titles: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Return the subject and the text of a mail, Thai above English.

    :param titles: `title` by language, where it is not among the facts
    """
    template = _templates()[kind]
    parts: dict[str, list[str]] = {"subject": [], "text": []}
    for language in LANGUAGES:
        own = {**facts, "title": titles[language]} if titles else facts
        for name, found in parts.items():
            found.append(template[name][language].format(**own))
    subject = " / ".join(dict.fromkeys(parts["subject"]))
    return " ".join(subject.split()), "\n\n---\n\n".join(part.strip() for part in parts["text"])


def send_to(user_id: str, subject: str, text: str) -> None:
    """Send a mail to a user; an address that does not work is logged."""
    try:
        tk.mail_user(existing.user(user_id), subject, text)
    except MailerException as error:
        log.warning("A mail to user %s was not sent: %s", user_id, error)


@cache
def _templates() -> Mapping[str, Any]:
    path = files("ckanext.learningcity.schemas").joinpath("mails.yaml")
    mails = yaml.safe_load(path.read_text(encoding="utf-8"))["mails"]
    return {mail["id"]: mail for mail in mails}
