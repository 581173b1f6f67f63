"""Plays a service that speaks SDMX REST, 2.1 or 3.0, in the formats that it is asked for.

It answers what the standard says: 204 where there is nothing, 404 where there is no such flow, 406
for another format, 413 where the answer would have more than `largest` observations. A flow has one
version and is not found under another. Keys are read in the order of the dimensions.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from agencies.server import AgencyServer, Reply, Request

Row = Mapping[str, str]

NAMES = {
    "THA": {"en": "Thailand", "th": "ประเทศไทย"},
    "LIT": {"en": "Literacy rate", "th": "อัตราการรู้หนังสือ"},
    "_T": {"en": "Total", "th": "รวม"},
    "F": {"en": "Female", "th": "หญิง"},
}

#: Facts of the agency that is played; the address is the server's.
FACTS = {
    "id": "example-agency",
    "title": {"en": "Example Agency", "th": "หน่วยงานตัวอย่าง"},
    "organization": "nso",
    "adapter": "sdmx",
    "licence": "cc-by",
    "citation": "Example Agency: {dataset} ({code}).",
    "options": {
        "agency": "EXAMPLE",
        "api": "2.1",
        "key": {"REF_AREA": "THA"},
        "codes": {"UNIT_MEASURE": {"PCNT": "PT", "NUMBER": "PS"}},
        "indicators": {
            "ADULT_LITERACY": "DF_LEARNING/INDICATOR=LIT",
            "POPULATION": "DF_LEARNING/INDICATOR=POP",
        },
    },
}


def row(indicator: str, period: str, value: str, **components: str) -> dict[str, str]:
    """Return one observation of Thailand."""
    usual = {"FREQ": "A", "REF_AREA": "THA", "INDICATOR": indicator, "SEX": "_T"}
    unit = {"LIT": "PCNT", "POP": "NUMBER"}.get(indicator, "PCNT")
    return {
        **usual,
        "TIME_PERIOD": period,
        "OBS_VALUE": value,
        "UNIT_MEASURE": unit,
        "UNIT_MULT": "3" if indicator == "POP" else "0",
        "OBS_STATUS": "A",
        **components,
    }


ROWS = (
    row("LIT", "2022", "94.1"),
    row("LIT", "2022", "93.2", SEX="F"),
    row("LIT", "2021", "93.8", OBS_STATUS="E"),
    row("POP", "2022", "71697.03"),
)
DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR", "SEX")


class SdmxServer(AgencyServer):
    """Serves `rows` of one dataflow; `largest` is the size above which it answers 413."""

    agency, flow, version = "EXAMPLE", "DF_LEARNING", "1.3"
    name: Mapping[str, str] = {"en": "Learning", "th": "การเรียนรู้"}
    dimensions: Sequence[str] = DIMENSIONS
    names: Mapping[str, Mapping[str, str]] = NAMES
    nothing = Reply(status=204)

    def __init__(self, rows: Sequence[Row] = ROWS, api: str = "2.1") -> None:
        super().__init__()
        self.rows = list(rows)
        self.api = api
        self.largest = 1_000_000

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return f"{self.url}/rest"

    def respond(self, request: Request) -> Reply:
        """Return dataflows, a structure or data."""
        path = request.path.removeprefix("/rest").removeprefix("/structure").strip("/")
        match path.split("/"):
            case ["dataflow", self.agency]:
                return self._structures(request, listing=True)
            case ["dataflow", self.agency, self.flow, self.version]:
                return self._structures(request, listing=False)
            case ["data", "dataflow", self.agency, self.flow, self.version] if self.api == "3.0":
                return self._data(request, _filters(request.query), "TIME_PERIOD")
            case ["data", reference, key] if self.api == "2.1":
                if reference == f"{self.agency},{self.flow},{self.version}":
                    return self._data(request, self._key(key), "startPeriod")
        return Reply(b"<Error>no such structure</Error>", 404, "application/xml")

    def _key(self, key: str) -> dict[str, str]:
        if key == "all":
            return {}
        codes = key.split(".")
        assert len(codes) == len(self.dimensions), key
        return {name: code for name, code in zip(self.dimensions, codes, strict=True) if code}

    def _data(self, request: Request, asked: Mapping[str, str], period: str) -> Reply:
        assert "labels=both" in request.headers["Accept"] or "csv" not in request.headers["Accept"]
        kept = [
            each
            for each in self.rows
            if all(each[name] in code.split("+") for name, code in asked.items() if name != period)
            and self._within(each["TIME_PERIOD"], request, asked)
        ]
        if not kept:
            return self.nothing
        if len(kept) > self.largest:
            return Reply(b"too large", 413, "text/plain")
        return self.written(kept, request)

    def _within(self, period: str, request: Request, asked: Mapping[str, str]) -> bool:
        limits = re.findall(r"\d{4}", asked.get("TIME_PERIOD", ""))
        first, last = limits or ("0000", "9999")
        first = request.query.get("startPeriod", first)
        return first <= period[:4] <= request.query.get("endPeriod", last)

    def written(self, rows: Sequence[Row], request: Request) -> Reply:
        """Return `rows` in the format that the request accepts."""
        accept = request.headers["Accept"]
        if "data+csv" in accept:
            return self._csv(rows, request.headers["Accept-Language"][:2])
        if "data+json" in accept:
            content = self._json(rows)
            return Reply(json.dumps(content).encode(), content_type="application/json")
        if "data+xml" in accept:
            return Reply(self._xml(rows).encode(), content_type="application/xml")
        return Reply(b"", 406)

    def _label(self, code: str, language: str) -> str:
        return f"{code}: {self.names[code][language]}" if code in self.names else code

    def _csv(self, rows: Sequence[Row], language: str) -> Reply:
        """SDMX-CSV with `labels=both`: headings and cells are `code: label`."""
        text = io.StringIO()
        structure = f"{self.agency}:{self.flow}({self.version})"
        first: dict[str, str] = {"DATAFLOW": f"{structure}: {self.name[language]}"}
        if self.api == "3.0":
            first = {"STRUCTURE": "dataflow", "STRUCTURE_ID": structure, "ACTION": "I"}
        writer = csv.writer(text)
        headings = [name if name in ("OBS_VALUE", *first) else f"{name}: x" for name in rows[0]]
        writer.writerow([*first, *headings])
        for each in rows:
            cells = [self._label(code, language) for code in each.values()]
            writer.writerow([*first.values(), *cells])
        return Reply(text.getvalue().encode(), content_type="application/vnd.sdmx.data+csv")

    def _json(self, rows: Sequence[Row]) -> dict[str, object]:
        """SDMX-JSON, flat; attributes by position (1.0, and 2.0 where they have codes)."""
        keys = [*self.dimensions, "TIME_PERIOD"]
        attributes = [name for name in rows[0] if name not in (*keys, "OBS_VALUE")]
        codes = {name: sorted({each[name] for each in rows}) for name in (*keys, *attributes)}
        observations = {}
        for each in rows:
            key = ":".join(str(codes[name].index(each[name])) for name in keys)
            said = [codes[name].index(each[name]) for name in attributes]
            observations[key] = [float(each["OBS_VALUE"]), *said]

        def listed(names: Sequence[str]) -> list[dict[str, object]]:
            return [
                {
                    "id": name,
                    "values": [
                        {"id": code, "name": self.names.get(code, {}).get("en", code)}
                        for code in codes[name]
                    ],
                }
                for name in names
            ]

        structure = {
            "dimensions": {"observation": listed(keys)},
            "attributes": {"observation": listed(attributes)},
        }
        held = {"structures": [structure]} if self.api == "3.0" else {"structure": structure}
        return {
            "data": {**held, "dataSets": [{"action": "Information", "observations": observations}]}
        }

    def _xml(self, rows: Sequence[Row]) -> str:
        """Structure-specific SDMX-ML, by series."""
        series = []
        for each in rows:
            key = {name: code for name, code in each.items() if name in self.dimensions}
            said = {name: code for name, code in each.items() if name not in self.dimensions}
            series.append(f"<Series{_attributes(key)}><Obs{_attributes(said)}/></Series>")
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<mes:StructureSpecificData xmlns:mes="http://www.sdmx.org/message">'
            f"<mes:Header/><mes:DataSet>{''.join(series)}</mes:DataSet></mes:StructureSpecificData>"
        )

    def _structures(self, request: Request, *, listing: bool) -> Reply:
        assert "structure+xml" in request.headers["Accept"]
        flow = self._flow(self.flow, self.version, self.name)
        other = self._flow("DF_OTHER", "1.0", {"en": "Other", "th": "อื่น ๆ"})
        old = self._flow(self.flow, "1.0", {"en": "Old"})
        parts = "<str:DataStructure id='DSD'><str:DataStructureComponents><str:DimensionList>"
        for position in reversed(range(len(self.dimensions))):
            parts += f"<str:Dimension id='{self.dimensions[position]}' position='{position + 1}'/>"
        parts += "<str:TimeDimension id='TIME_PERIOD' position='99'/></str:DimensionList>"
        parts += "<str:AttributeList><str:Attribute id='UNIT_MULT'><str:AttributeRelationship>"
        parts += "<str:Dimension><Ref id='SEX'/></str:Dimension></str:AttributeRelationship>"
        parts += "</str:Attribute></str:AttributeList></str:DataStructureComponents>"
        parts += "</str:DataStructure>"
        body = f"{flow}{old}{other}" if listing else f"{flow}{parts}"
        text = (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<mes:Structure xmlns:mes="http://www.sdmx.org/message"'
            ' xmlns:str="http://www.sdmx.org/structure" xmlns:com="http://www.sdmx.org/common">'
            f"<mes:Structures>{body}</mes:Structures></mes:Structure>"
        )
        return Reply(text.encode(), content_type="application/vnd.sdmx.structure+xml")

    def _flow(self, flow: str, version: str, name: Mapping[str, str]) -> str:
        names = "".join(
            f'<com:Name xml:lang="{language}">{text}</com:Name>' for language, text in name.items()
        )
        attributes = {"id": flow, "agencyID": self.agency, "version": version}
        return f"<str:Dataflow{_attributes(attributes)}>{names}</str:Dataflow>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(text)}" for name, text in values.items())


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of 3.0: `c[REF_AREA]=THA`."""
    found = {re.fullmatch(r"c\[(\w+)\]", name): text for name, text in query.items()}
    return {match[1]: text for match, text in found.items() if match}
