"""Whether anything has changed."""

from __future__ import annotations

from hashlib import sha256

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators.state import public_mark


@tk.side_effect_free
def learningcity_public_state(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Return a mark that changes whenever a release, dataset or organization does.

    What was read stays right as long as the mark is the same: a client that keeps copies asks for
    this instead of reading everything again.

    :returns: `mark`, a text without meaning
    """
    tk.check_access("learningcity_public_state", context, data_dict)
    mark = public_mark(model.Session.connection())
    return {"mark": sha256(mark.encode()).hexdigest()}
