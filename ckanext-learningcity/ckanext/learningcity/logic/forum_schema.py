"""What the actions of the forum accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.forum.objects import KINDS
from ckanext.learningcity.forum.subscriptions import QUIET, SCOPES

from .forum_fields import (
    LONGEST_BODY,
    LONGEST_REASON,
    LONGEST_TITLE,
    both_languages,
    line,
    prose,
    space_id,
)
from .schema import only


@validator_args
def space_put(
    not_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    int_validator: Validator,
) -> Schema:
    """A space."""
    return only(
        {
            "id": [not_empty, unicode_safe, space_id],
            "name": [not_empty, both_languages],
            "about": [not_empty, both_languages],
            "position": [default(0), int_validator],
        }
    )


@validator_args
def topic_list(
    ignore_empty: Validator,
    unicode_safe: Validator,
    one_of: ValidatorFactory,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """Which topics."""
    return only(
        {
            "space": [ignore_empty, unicode_safe],
            "object_kind": [ignore_empty, one_of([*KINDS])],
            "object_id": [ignore_empty, unicode_safe],
            "q": [ignore_empty, unicode_safe],
            **_page(default, natural_number_validator),
        }
    )


@validator_args
def topic_show(
    not_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """A topic, and a page of its posts."""
    return only({"id": [not_empty, unicode_safe], **_page(default, natural_number_validator)})


@validator_args
def post_list(
    ignore_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """Which of the newest posts."""
    return only(
        {
            "space": [ignore_empty, unicode_safe],
            "topic": [ignore_empty, unicode_safe],
            "limit": _page(default, natural_number_validator)["limit"],
        }
    )


@validator_args
def queue(default: ValidatorFactory, natural_number_validator: Validator) -> Schema:
    """A page of what waits for a moderator."""
    return only(_page(default, natural_number_validator))


@validator_args
def topic_create(
    not_empty: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
) -> Schema:
    """A topic with its first post."""
    one_of: Any = tk.get_validator("one_of")
    return only(
        {
            "space": [not_empty, unicode_safe],
            "title": [not_empty, unicode_safe, line(LONGEST_TITLE)],
            "body": [not_empty, unicode_safe, prose(LONGEST_BODY)],
            "object_kind": [ignore_empty, one_of([*KINDS])],
            "object_id": [ignore_empty, unicode_safe],
            "subscribe": [default(False), boolean_validator],
            "demonstration": [default(False), boolean_validator],
        }
    )


@validator_args
def reply_create(
    not_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
) -> Schema:
    """A reply to a topic."""
    return only(
        {
            "topic": [not_empty, unicode_safe],
            "body": [not_empty, unicode_safe, prose(LONGEST_BODY)],
            "subscribe": [default(False), boolean_validator],
        }
    )


@validator_args
def preview(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """What a post is to say."""
    return only({"body": [not_empty, unicode_safe, prose(LONGEST_BODY)]})


@validator_args
def post_update(not_empty: Validator, ignore_empty: Validator, unicode_safe: Validator) -> Schema:
    """A post, and what it is to say."""
    return only(
        {
            "id": [not_empty, unicode_safe],
            "title": [ignore_empty, unicode_safe, line(LONGEST_TITLE)],
            "body": [not_empty, unicode_safe, prose(LONGEST_BODY)],
        }
    )


@validator_args
def reasoned(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """A topic or a post, and why."""
    return only(
        {
            "id": [not_empty, unicode_safe],
            "reason": [not_empty, unicode_safe, prose(LONGEST_REASON)],
        }
    )


@validator_args
def version_hide(
    not_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    boolean_validator: Validator,
) -> Schema:
    """A former text of a post, and why it is hidden or shown."""
    return only(
        {
            "id": [not_empty, unicode_safe],
            "number": [not_empty, natural_number_validator],
            "hidden": [default(True), boolean_validator],
            "reason": [not_empty, unicode_safe, prose(LONGEST_REASON)],
        }
    )


@validator_args
def topic_moderate(
    not_empty: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
) -> Schema:
    """What of a topic is to be changed, and why."""
    return only(
        {
            "id": [not_empty, unicode_safe],
            "locked": [tk.get_validator("ignore_missing"), boolean_validator],
            "pinned": [tk.get_validator("ignore_missing"), boolean_validator],
            "space": [ignore_empty, unicode_safe],
            "reason": [not_empty, unicode_safe, prose(LONGEST_REASON)],
        }
    )


@validator_args
def subscribe(
    not_empty: Validator, ignore_empty: Validator, unicode_safe: Validator, one_of: ValidatorFactory
) -> Schema:
    """What an account wants mail of."""
    return only(
        {
            "scope": [not_empty, one_of([*SCOPES, QUIET])],
            "target": [ignore_empty, unicode_safe],
        }
    )


@validator_args
def token(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """What stands in the signed link."""
    return only({"token": [not_empty, unicode_safe]})


def _page(default: ValidatorFactory, natural_number: Validator) -> Schema:
    return {
        "limit": [default(20), natural_number, _hundred],
        "offset": [default(0), natural_number],
    }


def _hundred(value: Any) -> Any:
    if isinstance(value, int) and value > 100:
        raise tk.Invalid(tk._("At most {most} a page.").format(most=100))
    return value
