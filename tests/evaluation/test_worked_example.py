"""The worked example of docs/evaluation.md, worked out by hand there, comes out of the code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.learningcity.evaluation.composite import Measure, Method, composite
from ckanext.learningcity.evaluation.sensitivity import sensitivity

PAGE = Path(__file__).parents[2] / "docs/evaluation.md"
PLACES = ["A", "B", "C"]


def rows(heading: str) -> Iterator[list[str]]:
    """Yield the cells of the table that begins with `heading`."""
    lines = PAGE.read_text(encoding="utf-8").split(f"| {heading} |")[1].splitlines()[2:]
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def measures() -> list[Measure]:
    columns = list(zip(*rows("place"), strict=True))[1:]
    values = [
        {place: float(cell) if cell else None for place, cell in zip(PLACES, column, strict=True)}
        for column in columns
    ]
    return [
        Measure("literacy", "1.1", "up", values[0]),
        Measure("neet", "2.3", "down", values[1]),
        Measure("internet", "2.4", "up", values[2]),
    ]


def weights(cell: str) -> dict[str, float]:
    return {cell.split(":", maxsplit=1)[0]: float(cell.split(":")[1])} if cell else {}


@pytest.mark.parametrize("row", list(rows("normalisation")), ids=" ".join)
def test_composites_are_those_worked_out_by_hand(row):
    method = Method(row[0], row[1], weights(row[2]))
    scores = composite(measures(), PLACES, method).scores
    assert [f"{scores[place]:.2f}" if scores[place] is not None else "" for place in PLACES] == row[
        3:
    ]


def test_coverage_and_ranges_are_those_of_the_text():
    assert composite(measures(), PLACES, Method()).coverage["C"] == pytest.approx(2 / 3)
    found = sensitivity(measures(), PLACES, Method())
    assert (found["B"].best, found["B"].worst) == (1, 2)
    assert (found["C"].best, found["C"].worst) == (1, 2)
    assert found["A"].worst == 3
