"""Statistics Sharing Hub of Thailand's National Statistical Office: .Stat Suite, SDMX REST 2.1.

The only one of the partners' interfaces with figures of provinces. Its years are of the Buddhist
era, in answers (`TIME_PERIOD` 2567 is 2024) as in questions. The slow `availableconstraint` is
never asked.

Source: https://stathub.nso.go.th
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.periods import BUDDHIST_OFFSET

from .sdmx import Sdmx
from .sdmx_mapping import TOTALS

DISTRICT, PROVINCE = "AMPHOE", "CWT"
#: The office's own groups of provinces, which are not the regions of our code list.
REGIONS = ("AREA", "REGION")


class StatHub(Sdmx):
    """Dataflows of the office; a province's figures stand under the province.

    The codes of provinces and districts are those of the Ministry of Interior. A region, and a
    district that the code list does not have, are reported.
    """

    year_offset: ClassVar[int] = BUDDHIST_OFFSET
    language: ClassVar[str] = "th"

    def places(self) -> tuple[str, ...]:
        """Return the components that say the place, the most exact first."""
        return (DISTRICT, PROVINCE, *REGIONS)

    def place(self, codes: Mapping[str, str | None]) -> str | None:
        """Return the most exact place; the country where no component divides it."""
        given = {name: code for name, code in codes.items() if code and code not in TOTALS}
        if DISTRICT in given:
            code = given[DISTRICT]
            place = f"TH-{code[:2]}-{code}"
        elif PROVINCE in given:
            place = f"TH-{given[PROVINCE]}"
        elif given:
            return None
        else:
            place = self.facts.country
        return place if place in codelists.areas() else None
