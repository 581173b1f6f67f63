"""The rules of places: the publisher's own, and figures of the level that they are said to be."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from .. import codelists
from . import suggest
from .keys import NUMBER, ranks, series, stride
from .table import VALUE, Row, Table

#: Periods in which two places must agree before one is taken for a copy of the other.
AGREEING = 3


def belong(table: Table, areas: frozenset[str]) -> None:
    """Report places that are not among `areas`, those that the publisher may report on.

    A place that contains one of them, or the district around a municipality, mixes up levels.
    """
    areas &= codelists.areas().keys()  # a place that left the code list is nobody's
    foreign = table.frame.drop_nulls("REF_AREA").filter(~pl.col("REF_AREA").is_in(areas))
    meant = {code: _meant(code, areas) for code in foreign["REF_AREA"].unique()}
    own = sorted(code for code in areas if codelists.areas()[code].get("parent") not in areas)
    mixed_up = pl.col("REF_AREA").is_in([code for code, found in meant.items() if found])

    def expected(row: Row) -> dict[str, str]:
        return suggest.places(meant[row["REF_AREA"]] or own)

    quoted = "REF_AREA_ORIGINAL"
    table.find(foreign.filter(mixed_up), "area_level", "REF_AREA", expected, quoted)
    table.find(foreign.filter(~mixed_up), "area_foreign", "REF_AREA", expected, quoted)


def _meant(code: str, areas: frozenset[str]) -> list[str]:
    """Return which of `areas` a publisher may have meant by a larger place or a district."""
    named = codelists.areas()
    inside = {
        own
        for own in areas
        if code in {area["id"] for area in codelists.area_ancestors(own)}
        or named[own].get("nearest_district", "") == named[code].get("moi")
    }
    return sorted(own for own in inside if named[own].get("parent") not in inside)


def mixed(table: Table, previous: pl.DataFrame | None) -> None:
    """Report a series that repeats the values of a place that contains it.

    :param previous: the last release with `keys.NUMBER`, which may hold the larger place
    """
    held = ["REF_AREA", NUMBER, VALUE]
    here = table.frame.drop_nulls(held)
    known = here.select(held)
    if previous is not None:
        older = previous.select("REF_AREA", NUMBER, pl.col("OBS_VALUE").alias(VALUE))
        known = pl.concat([known, older.drop_nulls(held)])
    given = set(known["REF_AREA"].unique())
    chains = {
        place: [area["id"] for area in reversed(codelists.area_ancestors(place))]
        for place in here["REF_AREA"].unique()
    }
    for depth in range(len(codelists.area_levels())):
        larger = {place: chain[depth] for place, chain in chains.items() if len(chain) > depth}
        larger = {place: code for place, code in larger.items() if code in given}
        if larger:
            _copied(table, here, known, larger)


def _copied(
    table: Table, here: pl.DataFrame, known: pl.DataFrame, larger: Mapping[str, str]
) -> None:
    """Report each series whose values are those of the place in `larger`, by its own place."""
    rank = ranks("REF_AREA")
    steps = {
        place: (rank[code] - rank[place]) * stride("REF_AREA") for place, code in larger.items()
    }
    step = pl.col("REF_AREA").replace_strict(steps, default=None, return_dtype=pl.Int64)
    theirs = known.filter(pl.col("REF_AREA").is_in(set(larger.values()))).unique(NUMBER)
    both = (
        here.filter(pl.col("UNIT_MEASURE") != "GRADE")
        .with_columns(_series=series(), _theirs=pl.col(NUMBER) + step)
        .join(theirs.select(_theirs=NUMBER, _value_there=VALUE), on="_theirs", how="inner")
    )
    same = (pl.col(VALUE) == pl.col("_value_there")).all()
    many = (pl.len() >= AGREEING) & (pl.col(VALUE).n_unique() > 1)
    copies = both.group_by("_series").agg(pl.col(NUMBER).min(), _copied=same & many)
    first = both.join(copies.filter("_copied"), on=["_series", NUMBER], how="semi")
    table.find(
        first,
        "area_level_mixed",
        "REF_AREA",
        lambda row: suggest.places([larger[row["REF_AREA"]]]),
        "REF_AREA_ORIGINAL",
    )
