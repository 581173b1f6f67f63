"""The tile map: every province once, and where a reader of a map looks for it."""

from __future__ import annotations

from itertools import combinations
from statistics import correlation

import pytest

from ckanext.learningcity.tables.codelists import areas, tiles

#: Provinces that share a border, from all over the country.
NEIGHBOURS = [
    ("TH-57", "TH-56"),
    ("TH-50", "TH-58"),
    ("TH-50", "TH-51"),
    ("TH-43", "TH-38"),
    ("TH-41", "TH-43"),
    ("TH-37", "TH-34"),
    ("TH-30", "TH-31"),
    ("TH-10", "TH-11"),
    ("TH-10", "TH-12"),
    ("TH-20", "TH-21"),
    ("TH-70", "TH-71"),
    ("TH-76", "TH-77"),
    ("TH-85", "TH-86"),
    ("TH-83", "TH-82"),
    ("TH-90", "TH-91"),
    ("TH-94", "TH-95"),
    ("TH-95", "TH-96"),
]


def test_every_province_has_one_square_and_no_other_place_has():
    provinces = {area["id"] for area in areas().values() if area["level"] == "province"}
    squares = [(tile["row"], tile["column"]) for tile in tiles().values()]
    assert set(tiles()) == provinces
    assert len(set(squares)) == len(squares) == 77


@pytest.mark.parametrize("language", ["en", "th"])
def test_labels_are_short_and_belong_to_one_province(language):
    labels = [tile["label"][language] for tile in tiles().values()]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 3


@pytest.mark.parametrize(("one", "other"), NEIGHBOURS)
def test_neighbours_touch(one, other):
    assert distance(one, other) <= 1.5


def test_north_is_up_and_east_is_right():
    places = [(tile, areas()[tile["id"]]) for tile in tiles().values()]
    rows = [-tile["row"] for tile, _ in places]
    columns = [tile["column"] for tile, _ in places]
    assert correlation(rows, [place["lat"] for _, place in places]) > 0.95
    assert correlation(columns, [place["lon"] for _, place in places]) > 0.8


def test_places_that_are_far_apart_are_not_side_by_side():
    for one, other in combinations(tiles(), 2):
        if distance(one, other) <= 1:
            apart = [abs(areas()[one][axis] - areas()[other][axis]) for axis in ("lat", "lon")]
            assert sum(apart) < 3.5, (one, other)


def distance(one: str, other: str) -> float:
    first, second = tiles()[one], tiles()[other]
    return sum((first[axis] - second[axis]) ** 2 for axis in ("row", "column")) ** 0.5
