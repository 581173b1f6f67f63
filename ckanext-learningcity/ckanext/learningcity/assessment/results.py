"""The results of an evaluation as a dataset with releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan import model
from ckan.model import group_table
from ckan.types import Context

from ckanext.learningcity.indicators import derived
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.layout import ROW, Layout
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

from . import figures
from .rounds import Evaluation

COMPOSITE = "EVALUATION_COMPOSITE"

_LANGUAGES = ("en", "th")
_COLUMNS = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "COMMENT_OBS")


def publish(user: str, evaluation: Evaluation) -> str:
    """Make the results of a closed evaluation the next release of its dataset.

    Doing it again changes nothing, so an interrupted publication is simply repeated.

    :returns: the dataset's id
    :raises ValidationError: no place has a composite, or there is no secretariat to publish it
    """
    assert evaluation.as_of is not None  # noqa: S101 - it is closed
    held = figures.gather(model.Session.connection(), evaluation, evaluation.as_of)
    found = figures.table(held, evaluation.method)
    if all(place["score"] is None for place in found["places"]):
        raise tk.ValidationError({"areas": [tk._("No place has enough values for a composite.")]})
    table = _table(evaluation, found)
    dataset = _dataset(user, evaluation, demonstration=held.demonstration)
    source = {
        "kind": "evaluation",
        "evaluation": evaluation.id,
        "as_of": evaluation.as_of.isoformat(),
        "normalisation": evaluation.method.normalisation,
        "missing": evaluation.method.missing,
        "weights": dict(evaluation.method.weights),
        "coverage": evaluation.method.coverage,
    }
    derived.publish(user, dataset, table, source)
    return dataset


def indicator_of(focal_area: str) -> str:
    """Return the indicator that carries the score of a focal area."""
    return f"EVALUATION_{focal_area.replace('.', '_')}"


def _table(evaluation: Evaluation, found: Mapping[str, Any]) -> pl.DataFrame:
    lines = list(_lines(evaluation, found["places"]))
    rows = pl.DataFrame(
        [dict(zip((ROW, *_COLUMNS), (at, *line), strict=True)) for at, line in enumerate(lines)]
    )
    report = Report()
    table = check(rows, Layout(), report)
    if report.has_errors:
        raise tk.ValidationError({"issues": report.as_dict("en")["issues"]})
    return table


def _lines(
    evaluation: Evaluation, places: list[dict[str, Any]]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield an observation a line, the columns of `_COLUMNS`: computed values are estimates (E)."""
    year = str(evaluation.year)
    for place in places:
        if place["score"] is not None:
            comment = " / ".join(_about(place, language) for language in _LANGUAGES)
            yield COMPOSITE, place["area"], year, _number(place["score"]), "E", comment
        for code, score in place["focal_areas"].items():
            if score is not None:
                yield indicator_of(code), place["area"], year, _number(score), "E", ""


def _about(place: Mapping[str, Any], language: str) -> str:
    template = codelists.evaluation_words("dataset")["composite"]["name"][language]
    ranks = place["ranks"]
    return template.format(
        coverage=f"{place['coverage']:.0%}",
        best=f"{ranks['best']:g}",
        worst=f"{ranks['worst']:g}",
        methods=ranks["methods"],
    )


def _number(score: float) -> str:
    return f"{score:.4f}"


def _dataset(user: str, evaluation: Evaluation, *, demonstration: bool) -> str:
    """Return the id of the dataset of an evaluation's results, made where it is not there."""
    name = f"evaluation-{evaluation.id}"
    existing = model.Package.get(name)
    if existing is not None:
        return existing.id
    normalisation = codelists.evaluation_words("normalisations")[evaluation.method.normalisation]
    words = codelists.evaluation_words("dataset")

    def text(key: str) -> dict[str, str]:
        return {
            language: words[key]["name"][language].format(
                title=evaluation.title[language],
                year=evaluation.year + (543 if language == "th" else 0),
                method=normalisation["name"][language],
                places=len(evaluation.areas),
            )
            for language in _LANGUAGES
        }

    fields = {
        "name": name,
        "owner_org": _secretariat(),
        "title_translated": text("title"),
        "notes_translated": text("notes"),
        "keywords": {"en": ["evaluation"], "th": ["การประเมิน"]},
        "areas": list(evaluation.areas),
        "period_end": f"{evaluation.year}-12-31",
        "data_type": "statistics",
        "data_format": ["csv"],
        "data_category": "public",
        "data_source": " / ".join(reversed(text("source").values())),
        "objective": ["other"],
        "update_frequency_unit": "never",
        "license_id": "cc-by",
        "demonstration": demonstration,
    }
    made = tk.get_action("package_create")(Context(user=user, ignore_auth=True), fields)
    return made["id"]


def _secretariat() -> str:
    """Return the id of the organization that publishes the results."""
    wanted = sa.select(group_table.c.id).where(
        group_table.c.is_organization.is_(True),
        group_table.c.state == model.State.ACTIVE,
        group_table.c.extras["org_role"].astext == "secretariat",
    )
    found = model.Session.scalars(wanted.order_by(group_table.c.created).limit(1)).first()
    if found is None:
        message = tk._("No organization has the role of the secretariat.")
        raise tk.ValidationError({"owner_org": [message]})
    return found
