"""The biennial progress report of a member city, prefilled from its scorecard, as DOCX."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Pt

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.periods import BUDDHIST_OFFSET

Card = Mapping[str, Any]
Words = Callable[..., str]

_FONT = "Sarabun"
_COLUMNS = ("indicator", "value", "period", "trend", "source")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can carry


def progress_report(card: Card, area: Mapping[str, Any], language: str) -> bytes:
    """Return the report of a place as a DOCX file; the same card gives the same bytes.

    :param card: of `learningcity_scorecard_show`
    :param area: the place, of the code list
    :param language: `en` or `th`
    """
    say = partial(_words, language)
    document = Document()
    _dress(document)
    document.add_heading(say("title", place=area["name"][language]), level=0)
    document.add_paragraph(say("draft")).runs[0].italic = True
    if card["demonstration"]:
        document.add_paragraph(say("demonstration")).runs[0].bold = True
    if area.get("gnlc"):
        document.add_paragraph(say("membership", year=_year(area["gnlc"]["joined"], language)))
    evaluation = card["evaluation"]
    document.add_paragraph(
        say(
            "as_of",
            evaluation=evaluation["title"][language],
            year=_year(evaluation["year"], language),
            moment=datetime.fromisoformat(card["as_of"]).strftime("%Y-%m-%d %H:%M"),
        )
    )
    document.add_paragraph(say("summary", **card["totals"]))
    for group in card["groups"]:
        document.add_heading(group["name"][language], level=1)
        for focal_area in group["focal_areas"]:
            _focal_area(document, focal_area, say, language)
    document.add_heading(say("next"), level=1)
    document.add_paragraph(say("write_here"))
    document.core_properties.title = say("title", place=area["name"][language])
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = datetime(1980, 1, 1)  # noqa: DTZ001 - the format has no zone
    return _timeless(document)


def _focal_area(document: DocumentType, entry: Card, say: Words, language: str) -> None:
    document.add_heading(f"{entry['id']} {entry['name'][language]}", level=2)
    held = [indicator for indicator in entry["indicators"] if indicator["reported"]]
    if held:
        _table(document, held, say, language)
    missing = [i["name"][language] for i in entry["indicators"] if not i["reported"]]
    if missing:
        document.add_paragraph(say("missing", names=", ".join(missing)))
    document.add_paragraph(say("narrative"))
    document.add_paragraph(say("write_here"))


def _table(document: DocumentType, held: list[Card], say: Words, language: str) -> None:
    table = document.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    for cell, column in zip(table.rows[0].cells, _COLUMNS, strict=True):
        cell.text = say(column)
        cell.paragraphs[0].runs[0].bold = True
    for entry in held:
        texts = _row(entry, say, language)
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text


def _row(entry: Card, say: Words, language: str) -> tuple[str, ...]:
    name = entry["name"][language]
    if entry["demonstration"]:
        name = f"{name} {say('demonstration_mark')}"
    if entry["measure"] == "qualitative":
        value = f"{entry['value']:.0f} {codelists.grades()[entry['value']]['name'][language]}"
    else:
        unit = codelists.units()[entry["unit"]]["name"][language]
        value = f"{entry['value']:,.{entry['decimals']}f} {unit}"
    trend = entry["trend"]
    record = entry["record"]
    return (
        name,
        value,
        _year(record["TIME_PERIOD"], language) if record else "",
        codelists.evaluation_words("trends")[trend]["name"][language] if trend else "–",
        f"{record['DATASET']}, {record['RELEASE']}" if record else "",
    )


def _year(period: Any, language: str) -> str:
    """Return a Gregorian year or period, its year as the language counts it."""
    year, rest = str(period)[:4], str(period)[4:]
    return f"{int(year) + (BUDDHIST_OFFSET if language == 'th' else 0)}{rest}"


def _words(language: str, key: str, **values: Any) -> str:
    return codelists.report_words()[key]["text"][language].format(**values)


def _dress(document: DocumentType) -> None:
    """Set a face that has Thai letters; Word asks for it twice, once for complex scripts."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style: Any = document.styles[name]
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:cs", "w:eastAsia", "w:hAnsi"):
            fonts.set(qn(script), _FONT)
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(11)


def _timeless(document: DocumentType) -> bytes:
    """Return the file without the moment of its making, which ZIP notes at every part."""
    made, kept = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(kept, "w") as target:
        for part in source.infolist():
            info = zipfile.ZipInfo(part.filename, _EPOCH)
            target.writestr(info, source.read(part), zipfile.ZIP_DEFLATED)
    return kept.getvalue()
