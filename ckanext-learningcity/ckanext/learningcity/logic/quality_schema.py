"""What the actions about quality and general tables accept."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.quality.framework import states

from .schema import only


@validator_args
def quality_list(
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """Filters of the datasets by freshness."""
    organization_id = tk.get_validator("convert_group_name_or_id_to_id")
    most = tk.get_validator("limit_to_configured_maximum")("ckan.search.rows_max", 1000)  # pyright: ignore[reportCallIssue, reportArgumentType] - a factory
    return only(
        {
            "organization": [ignore_missing, unicode_safe, organization_id],
            "area": [ignore_missing, unicode_safe, tk.get_validator("learningcity_area")],
            "state": [ignore_missing, one_of(list(states()))],
            "limit": [default(20), natural_number_validator, most],
            "offset": [default(0), natural_number_validator],
        }
    )


@validator_args
def resource(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """One resource."""
    return only({"resource_id": [not_empty, unicode_safe]})
