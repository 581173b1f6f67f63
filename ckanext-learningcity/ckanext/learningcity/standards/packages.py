"""Downloads as Frictionless Data Packages, version 1: `datapackage.json`."""

from __future__ import annotations

from typing import Any

from .about import About
from .dictionary import table_schema


def datapackage(about: About) -> dict[str, Any]:
    """Return the descriptor of an archive with `data.csv` and `dictionary.csv`."""
    described: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "observations",
        "title": about.title["en"],
        "homepage": about.address,
        "sources": [
            {"title": cited.title["en"], "path": cited.permalink} for cited in about.citations
        ],
        "contributors": [
            {"title": name, "role": "publisher"}
            for name in dict.fromkeys(cited.publisher["en"] for cited in about.citations)
        ],
        "resources": [
            _resource("data", table_schema(about.columns)),
            _resource("dictionary", _DICTIONARY),
        ],
    }
    if len(about.citations) == 1:
        cited = about.citations[0]
        described |= {
            "name": cited.key,
            "id": cited.permalink,
            "version": str(cited.source.number),
            "created": cited.source.released.isoformat(),
        }
        described["resources"][0]["description"] = cited.line("en")
    licences = [
        {"name": licence.id, "title": licence.title["en"]}
        | ({"path": licence.url} if licence.url else {})
        for licence in about.licences
        if licence.given
    ]
    # The specification wants at least one of each, or none.
    described |= {"licenses": licences} if licences else {}
    return {key: value for key, value in described.items() if value}


_DICTIONARY: dict[str, Any] = {
    "fields": [
        {"name": name, "type": "string"}
        for name in ("column", "code", "name_en", "name_th", "description_en", "description_th")
    ],
    "missingValues": [""],
}


def _resource(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
