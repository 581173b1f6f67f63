"""A publication out of the Dublin Core of a repository (`oai_dc`, or DSpace's `dim`).

Repositories mark Thai titles as `en_US` and write years in either era; letters and ranges decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from ckanext.learningcity.tables.periods import PeriodError, gregorian_year
from ckanext.learningcity.tables.report import Issue, Report

from .base import Link
from .texts import by_language, creative_commons, keywords, language_of

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
_DATE = re.compile(r"(\d{4})(-(?:0[1-9]|1[0-2]))?(-(?:0[1-9]|[12]\d|3[01]))?")
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|zip|csv|epub)(?:[?#].*)?$", re.IGNORECASE)
#: Elements of `dim` that say what one of `oai_dc` says, by element and qualifier.
_DIM = {
    ("contributor", "author"): "creator",
    ("description", "abstract"): "description",
    ("date", "issued"): "date",
    ("rights", "uri"): "rights",
    ("language", "iso"): "language",
}
_DIM_WHOLE = frozenset({"title", "creator", "subject", "identifier", "type", "publisher", "rights"})
_LANGUAGES = {"th": "th", "tha": "th", "thai": "th", "en": "en", "eng": "en", "english": "en"}


@dataclass(frozen=True)
class Statement:
    """One element: its name in Dublin Core, the language that it claims, and its text."""

    name: str
    claimed: str
    text: str

    @property
    def language(self) -> str:
        """The language by its letters; text without Thai ones may still be a Thai title."""
        return "th" if self.claimed == "th" else language_of(self.text)


class Publication:
    """What the metadata of one record say."""

    def __init__(self, metadata: Element) -> None:
        self._said: dict[str, list[Statement]] = {}
        for statement in _statements(metadata):
            listed = self._said.setdefault(statement.name, [])
            if statement not in listed:
                listed.append(statement)

    def title(self) -> dict[str, str]:
        """Return the first title in each language."""
        return self._first("title")

    def notes(self) -> dict[str, str]:
        """Return the abstracts in each language."""
        found: dict[str, list[str]] = {}
        for statement in self._said.get("description", ()):
            found.setdefault(statement.language, []).append(statement.text)
        return {language: "\n\n".join(texts) for language, texts in found.items()}

    def keywords(self) -> dict[str, tuple[str, ...]]:
        """Return the subjects; several may stand in one."""
        return keywords(word for text in self._texts("subject") for word in re.split(r"[;,]", text))

    def licence(self) -> str | None:
        """Return the CKAN id of the licence, where the rights name one that is known."""
        found = map(creative_commons, self._texts("rights"))
        return next(filter(None, found), None)

    def links(self) -> tuple[Link, ...]:
        """Return the files that the record names."""
        found = [(url, _FILE.search(url)) for url in self._addresses()]
        return tuple(
            Link(url, by_language(url.rpartition("/")[2]), file[1].upper())
            for url, file in found
            if file
        )

    def fields(self, problems: Report) -> dict[str, Any]:
        """Return the fields of the dataset type `research`."""
        pages = [url for url in self._addresses() if not _FILE.search(url)]
        dois = (_DOI.search(text) for text in self._texts("identifier"))
        given: dict[str, Any] = {
            "kind": "review" if "review" in " ".join(self._texts("type")).lower() else "study",
            "authors": self._texts("creator"),
            "doi": next((doi[0].rstrip(".,;") for doi in dois if doi), ""),
            "publication_date": self._date(problems),
            "publisher_translated": self._first("publisher"),
            "language": _known_languages(self._texts("language")),
            "url": next((url for url in pages if "doi.org" not in url), "") or "".join(pages[:1]),
        }
        return {name: value for name, value in given.items() if value}

    def _texts(self, name: str) -> list[str]:
        return [statement.text for statement in self._said.get(name, ())]

    def _first(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for statement in self._said.get(name, ()):
            found.setdefault(statement.language, statement.text)
        return found

    def _addresses(self) -> list[str]:
        return [text for text in self._texts("identifier") if re.match(r"https?://\S+$", text)]

    def _date(self, problems: Report) -> str:
        """Return the day or year of publication; moments are those of the repository's own work."""
        texts = self._texts("date")
        for text in [text for text in texts if "T" not in text] or sorted(texts)[:1]:
            shape = _DATE.match(text)
            try:
                if shape is None:
                    raise PeriodError("period_format", text)
                year = gregorian_year(int(shape[1]), text)
            except PeriodError as error:
                problems.add([Issue(error.code, None, "date", text, "2567, 2024, 2024-01-31")])
                continue
            return f"{year}{shape[2]}{shape[3]}" if shape[2] and shape[3] else str(year)
        return ""


def _statements(metadata: Element) -> Iterator[Statement]:
    for container in metadata:
        for element in container:
            text = " ".join((element.text or "").split())
            name, language = _name(element), element.get(_LANG) or element.get("lang") or ""
            if name and text:
                yield Statement(name, _LANGUAGES.get(language[:2].lower(), ""), text)


def _name(element: Element) -> str:
    """Return what an element is called in `oai_dc`; nothing for one that is not read."""
    name = element.tag.rpartition("}")[2]
    if name != "field":
        return name
    if element.get("mdschema") != "dc":
        return ""
    whole, qualifier = element.get("element", ""), element.get("qualifier")
    return _DIM.get((whole, qualifier or ""), whole if whole in _DIM_WHOLE else "")


def _known_languages(texts: Iterable[str]) -> list[str]:
    found = (_LANGUAGES.get(re.split(r"[-_]", text.lower())[0]) for text in texts)
    return list(dict.fromkeys(language for language in found if language))
