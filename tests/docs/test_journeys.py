"""Every journey of docs/journeys.md is gone by a test, and no test goes another way."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
JOURNEYS = (ROOT / "docs/journeys.md").read_text(encoding="utf-8")


def written() -> list[str]:
    """The headings of the journeys, as names of tests."""
    headings = re.findall(r"^## (.+)$", JOURNEYS, re.MULTILINE)
    return ["test_" + re.sub(r"\W+", "_", one.lower().replace("'", "")) for one in headings]


def gone() -> list[str]:
    """The tests of the journeys."""
    return [
        node.name
        for file in (ROOT / "tests/acceptance").glob("test_journeys_*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_each_journey_has_its_test():
    assert len(written()) == 10
    assert sorted(written()) == sorted(gone())


def test_the_table_lists_the_journeys_in_their_order():
    listed = re.findall(r"^\| \d+ \| \[([^]]+)\]", JOURNEYS, re.MULTILINE)
    assert listed == re.findall(r"^## (.+)$", JOURNEYS, re.MULTILINE)


def test_no_journey_points_or_clicks():
    room = ROOT / "tests/acceptance"
    for file in (room / "keyboard.py", *room.glob("test_journeys_*.py")):
        words = re.findall(r"\.(?:click|tap|check|fill|hover|mouse|dblclick)\b", file.read_text())
        assert words == [], file.name
