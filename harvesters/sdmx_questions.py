"""What an SDMX REST service is asked, in the words of version 2.1 or 3.0.

Source: https://github.com/sdmx-twg/sdmx-rest
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

#: Media types by format and version of the interface; none relies on a service's default.
DATA: Mapping[tuple[str, str], str] = {
    ("csv", "2.1"): "application/vnd.sdmx.data+csv;version=1.0.0;labels=both",
    ("csv", "3.0"): "application/vnd.sdmx.data+csv;version=2.0.0;labels=both",
    ("json", "2.1"): "application/vnd.sdmx.data+json;version=1.0.0",
    ("json", "3.0"): "application/vnd.sdmx.data+json;version=2.0.0",
    ("xml", "2.1"): "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    ("xml", "3.0"): "application/vnd.sdmx.data+xml;version=3.0.0",
}
STRUCTURE: Mapping[str, str] = {
    "2.1": "application/vnd.sdmx.structure+xml;version=2.1",
    "3.0": "application/vnd.sdmx.structure+xml;version=3.0.0",
}


@dataclass(frozen=True)
class Question:
    """Which part of a dataflow is asked: codes by dimension, and years, both limits included.

    A question that is too large for the service falls apart into `narrower` ones.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    years: tuple[int, int] | None = None

    def narrower(self, parts: Sequence[Mapping[str, str]], span: tuple[int, int]) -> list[Question]:
        """Return questions that together ask the same, none if there are no smaller ones.

        :param parts: codes of which each names a part of the whole: the series that are wanted
        :param span: the years that there can be
        """
        if not any(part.items() <= self.codes.items() for part in parts):
            return [replace(self, codes={**self.codes, **part}) for part in parts]
        first, last = self.years or span
        if first >= last:
            return []
        middle = (first + last) // 2
        return [replace(self, years=(first, middle)), replace(self, years=(middle + 1, last))]


class Interface:
    """The addresses of one service.

    :param url: its base, before `/data`
    :param api: the version of its interface, `2.1` or `3.0`
    :param agency: who maintains the dataflows
    """

    def __init__(self, url: str, api: str, agency: str) -> None:
        self.url, self.api, self.agency = url.rstrip("/"), api, agency
        self._structure = "/structure" if api == "3.0" else ""

    def listing(self) -> str:
        """Return the address of the list of dataflows."""
        return f"{self.url}{self._structure}/dataflow/{self.agency}"

    def flow(self, flow: str, version: str) -> str:
        """Return the address of a dataflow and the structure that it refers to."""
        return f"{self.listing()}/{flow}/{version}?references=children"

    def data(self, flow: str, version: str) -> str:
        """Return the address of a dataflow's data."""
        if self.api == "3.0":
            return f"{self.url}/data/dataflow/{self.agency}/{flow}/{version}"
        return f"{self.url}/data/{self.agency},{flow},{version}"

    def asked(
        self, data: str, question: Question, dimensions: Sequence[str], offset: int = 0
    ) -> tuple[str, dict[str, str | int]]:
        """Return address and parameters that ask `question` of the data at `data`.

        :param dimensions: the order of a key
        :param offset: what the service's years are ahead of Gregorian ones
        """
        years = question.years and [str(year + offset) for year in question.years]
        parameters: dict[str, str | int] = {"dimensionAtObservation": "AllDimensions"}
        if self.api == "3.0":
            parameters |= {f"c[{name}]": code for name, code in question.codes.items()}
            if years:
                parameters["c[TIME_PERIOD]"] = f"ge:{years[0]}+le:{years[1]}"
            return data, parameters
        if years:
            parameters |= {"startPeriod": years[0], "endPeriod": years[1]}
        key = ".".join(question.codes.get(name, "") for name in dimensions)
        return f"{data}/{key if question.codes else 'all'}", parameters
