"""How to cite a release: as a line of text, BibTeX, RIS and CITATION.cff.

The author is the organization that publishes; who pressed the button stays inside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import yaml

from ckanext.learningcity.indicators.sources import Source
from ckanext.learningcity.tables.periods import BUDDHIST_OFFSET

from .languages import Texts, both, filled
from .licences import Licence, licence

SHORT = 12  # digits of a checksum that a printed line carries

_LINES = {
    "en": "{publisher} ({year}). {title}, release {number} [Data set]. {portal}. {address}"
    " (SHA-256 {short})",
    "th": "{publisher}. ({year}). {title} ฉบับที่ {number} [ชุดข้อมูล]. {portal}. {address}"
    " (SHA-256 {short})",
}

_LATEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces even behind a backslash, so a lone one must go by its name.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class Citation:
    """A release as a reference: what every form of it is made from.

    `address` is the release's page, by the dataset's id, which outlives its name.
    """

    source: Source
    title: Texts
    publisher: Texts
    portal: Texts
    licence: Licence
    address: str

    @property
    def permalink(self) -> str:
        """Return the release's address with its checksum: the page says whether they agree."""
        return f"{self.address}?sha256={self.source.sha256}"

    @property
    def key(self) -> str:
        """Return the name of the reference in a bibliography."""
        return f"{self.source.dataset}-release-{self.source.number}"

    @property
    def day(self) -> str:
        """Return the day of the release, UTC."""
        return self.source.released.strftime("%Y-%m-%d")

    def line(self, language: str) -> str:
        """Return the reference as a line of text in `language`, `th` or `en`."""
        year = self.source.released.year
        if language == "th" and tk.config["ckanext.learningcity.buddhist_era"]:
            year += BUDDHIST_OFFSET
        return _LINES[language].format(
            publisher=self.publisher[language],
            year=year,
            title=self.title[language],
            number=self.source.number,
            portal=self.portal[language],
            address=self.address,
            short=self.source.sha256[:SHORT],
        )


def citation(source: Source) -> Citation:
    """Return the reference to a release, for the portal of this request."""
    portal = both(tk.h.learningcity_site_title)
    address = tk.url_for(
        "learningcity_release.read",
        dataset=source.dataset_id,
        number=source.number,
        locale="default",
        _external=True,
    )
    return Citation(
        source=source,
        title=filled(source.title_translated, source.title),
        publisher=filled(source.organization_translated, source.organization)
        if source.organization
        else portal,
        portal=portal,
        licence=licence(source.license_id),
        address=address,
    )


def bibtex(cited: Citation) -> str:
    """Return the reference for LaTeX; `@misc` is known to every style."""
    source = cited.source
    fields = {
        "author": f"{{{latex(source.organization or cited.portal['en'])}}}",
        "title": f"{{{latex(source.title)}}}",
        "year": str(source.released.year),
        "month": str(source.released.month),
        "version": str(source.number),
        "publisher": latex(cited.portal["en"]),
        "url": cited.permalink,
        "note": f"Data set, release {source.number}. SHA-256 {source.sha256}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{cited.key},", *lines, "}", ""])


def ris(cited: Citation) -> str:
    """Return the reference for reference managers."""
    source = cited.source
    fields = (
        ("TY", "DATA"),
        ("AU", source.organization or cited.portal["en"]),
        ("TI", source.title),
        ("PY", str(source.released.year)),
        ("DA", cited.day.replace("-", "/")),
        ("ET", f"Release {source.number}"),
        ("PB", cited.portal["en"]),
        ("UR", cited.permalink),
        ("N1", f"SHA-256 {source.sha256}"),
        ("ER", ""),
    )
    return "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in fields)


def cff(cited: Citation) -> str:
    """Return the reference as a Citation File Format document, version 1.2.0."""
    source = cited.source
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite the release.",
        "type": "dataset",
        "title": one_line(source.title),
        "authors": [{"name": one_line(source.organization or cited.portal["en"])}],
        "version": str(source.number),
        "date-released": source.released.date(),
        "url": cited.permalink,
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{source.sha256}",
                "description": "SHA-256 of the release's CSV file",
            }
        ],
    }
    if cited.licence.url:
        document["license-url"] = cited.licence.url
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)


def latex(text: str) -> str:
    """Return text as LaTeX prints it."""
    return "".join(_LATEX.get(letter, letter) for letter in one_line(text))


def one_line(text: str) -> str:
    """Return text without line breaks and control characters, which would end a reference."""
    return _BREAKS.sub(" ", text).strip()
