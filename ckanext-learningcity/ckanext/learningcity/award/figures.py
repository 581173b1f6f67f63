"""Figures of an application: published values with the release that they come from."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.learningcity.tables.model import DIMENSIONS

from . import clock

_TOTALS = {name.lower(): ["_T"] for name in DIMENSIONS}


def drawn(indicator: str, area: str) -> dict[str, Any] | None:
    """Return the newest published value of a place as everybody sees it, None where there is none.

    :returns: `indicator`, `area`, `period`, `period_type`, `value`, `unit`, `status`, `dataset`
        (name), `release` (number) and `drawn` (moment): it does not change when a release follows
    """
    everybody = {"user": "", "ignore_auth": False}
    asked = {"indicator": [indicator], "area": [area], **_TOTALS}
    found = tk.get_action("learningcity_observation_search")(Context(**everybody), asked)
    known = [record for record in found["records"] if record["OBS_VALUE"] is not None]
    if not known:
        return None
    record = max(known, key=lambda each: each["PERIOD_END"])
    return {
        "indicator": indicator,
        "area": area,
        "period": record["TIME_PERIOD"],
        "period_type": record["PERIOD_TYPE"],
        "value": record["OBS_VALUE"],
        "unit": record["UNIT_MEASURE"],
        "status": record["OBS_STATUS"],
        "dataset": record["DATASET"],
        "release": record["RELEASE"],
        "drawn": clock.now().isoformat(),
    }
