"""Plays the Statistics Sharing Hub of Thailand's National Statistical Office (.Stat Suite).

Its years are of the Buddhist era, in answers and in questions; `CWT` has the Ministry of Interior's
codes of provinces, `AREA` the office's own regions; nothing found is a 404 that says so. The
figures are made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agencies.sdmx import Row, SdmxServer
from agencies.server import Reply, Request

NAMES = {
    "DEM_IND101": {"en": "Ageing index", "th": "ดัชนีการสูงวัย"},
    "DEM_IND102": {"en": "Dependency ratio", "th": "อัตราส่วนพึ่งพิง"},
    "56": {"en": "Phayao", "th": "พะเยา"},
    "58": {"en": "Mae Hong Son", "th": "แม่ฮ่องสอน"},
    "TH2": {"en": "Central", "th": "ภาคกลาง"},
    "_T": {"en": "Total", "th": "รวม"},
}


def row(period: str, value: str, **components: str) -> dict[str, str]:
    """Return one value of the ageing index of the whole kingdom, or of what `components` say."""
    return {
        "POP_IND": "DEM_IND101",
        "SEX": "_T",
        "AREA": "_T",
        "CWT": "_T",
        "UNIT_MUL": "0",
        "UNIT": "INX",
        "FREQ": "A3",
        "TIME_PERIOD": period,
        "OBS_VALUE": value,
        "OBS_STATUS": "A",
        **components,
    }


ROWS = (
    row("2567", "120.5"),
    row("2564", "110.25"),
    row("2567", "98.75", CWT="58"),
    row("2567", "190.5", CWT="56"),
)


class StatHubServer(SdmxServer):
    """Serves `rows` of one dataflow, whose version is not 1.0."""

    agency, flow, version = "TNSO", "DF_01DI_IND_AGING", "1.1"
    name: Mapping[str, str] = {"en": "Ageing index by province", "th": "ดัชนีการสูงวัยรายจังหวัด"}
    dimensions: Sequence[str] = ("POP_IND", "SEX", "AREA", "CWT", "UNIT_MUL", "UNIT", "FREQ")
    names = NAMES
    nothing = Reply(b"NoRecordsFound", 404, "text/plain")

    def __init__(self, rows: Sequence[Row] = ROWS) -> None:
        super().__init__(rows)

    def respond(self, request: Request) -> Reply:
        """Answer as the service does; the slow constraint of availability is never asked."""
        assert "availableconstraint" not in request.path
        return super().respond(request)
