"""What a download says about itself: where its data come from, their licence, how to cite them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.indicators.sources import Source
from ckanext.learningcity.logic.languages import LANGUAGES

from .citations import Citation, citation
from .dictionary import table_schema
from .languages import both
from .licences import Licence

# What changes although nobody describes the dataset anew, and what is nobody's business.
_LEFT_OUT = frozenset(
    (
        "creator_user_id",
        "license_title",
        "metadata_modified",
        "num_resources",
        "num_tags",
        "organization",
        "relationships_as_object",
        "relationships_as_subject",
        "resources",
        "tracking_summary",
    )
)


@dataclass(frozen=True)
class About:
    """What a download is.

    `address` is its own, absolute. `filters` are those that chose the observations. `dataset` is
    the dataset as `package_show` gives it, where all comes from one.
    """

    sources: Sequence[Source]
    address: str
    columns: tuple[str, ...]
    filters: Mapping[str, Any]
    dataset: Mapping[str, Any] | None = None

    @cached_property
    def citations(self) -> list[Citation]:
        """Return a reference for each release that the data come from."""
        return [citation(source) for source in self.sources]

    @property
    def licences(self) -> list[Licence]:
        """Return the licences of the data, each once."""
        return list({cited.licence.id: cited.licence for cited in self.citations}.values())

    @property
    def portal(self) -> dict[str, str]:
        """Return the portal's name in both languages."""
        return both(tk.h.learningcity_site_title)

    @property
    def title(self) -> Mapping[str, str]:
        """Return the name of what the data are, in both languages."""
        return self.citations[0].title if len(self.citations) == 1 else self.portal

    @property
    def demonstration(self) -> bool:
        """Whether any of it is demonstration data."""
        return any(source.demonstration for source in self.sources)

    def metadata(self) -> dict[str, Any]:
        """Return all of it as JSON carries it."""
        described = {
            "portal": {"name": self.portal, "address": tk.config["ckan.site_url"]},
            "address": self.address,
            "filters": dict(self.filters),
            "sources": [_source(cited) for cited in self.citations],
            "schema": table_schema(self.columns),
        }
        if self.dataset:
            described["dataset"] = {
                key: value for key, value in self.dataset.items() if key not in _LEFT_OUT
            }
        return described

    def lines(self) -> Iterator[tuple[str, str, str]]:
        """Yield all of it as lines of a sheet: what it is in English and in Thai, and the text."""
        yield "About these data", "เกี่ยวกับข้อมูลนี้", ""
        yield "Address", "ที่อยู่เว็บ", self.address
        for name, value in self.filters.items():
            yield f"Filter: {name}", f"ตัวกรอง: {name}", _text(value)
        if self.demonstration:
            yield "Demonstration data", "ข้อมูลสาธิต", "Not measurements. ไม่ใช่ค่าที่วัดจริง"
        for cited in self.citations:
            yield "Cite as", "อ้างอิงว่า", cited.line("en")
            yield "Cite as (Thai)", "อ้างอิงว่า (ไทย)", cited.line("th")
            licence = cited.licence
            yield "Licence", "สัญญาอนุญาต", f"{licence.title['en']} {licence.url}".strip()


def _source(cited: Citation) -> dict[str, Any]:
    source, licence = cited.source, cited.licence
    return {
        "dataset": source.dataset,
        "dataset_id": source.dataset_id,
        "title": cited.title,
        "publisher": cited.publisher,
        "licence": {"id": licence.id, "title": licence.title, "url": licence.url},
        "demonstration": source.demonstration,
        "release": source.number,
        "released": source.released.isoformat(),
        "observations": source.observations,
        "sha256": source.sha256,
        "permalink": cited.permalink,
        "citation": {language: cited.line(language) for language in LANGUAGES},
    }


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
