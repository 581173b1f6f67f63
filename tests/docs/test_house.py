"""Style, and which room may import what: the tool's rules are part of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
RUFF = Path(sys.executable).with_name("ruff")


@pytest.mark.parametrize("words", [("check",), ("format", "--check")])
def test_ruff_has_nothing_to_say(words):
    done = subprocess.run(
        [RUFF, *words, "."], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("harvesters", "import ckan.plugins"),
        ("harvesters", "from ckanext.learningcity.indicators import release"),
        ("ckanext-learningcity/ckanext/learningcity/quality", "import ckan.plugins"),
        ("ckanext-learningcity/ckanext/learningcity/tables", "import sqlalchemy"),
        ("ckanext-learningcity/ckanext/learningcity/runtime", "from ckan import model"),
    ],
)
def test_a_room_that_reaches_where_it_must_not_is_caught(room, line):
    done = subprocess.run(
        [RUFF, "check", "--select", "TID", "--stdin-filename", HOUSE / room / "probe.py", "-"],
        input=f"{line}\n",
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TID251" in done.stdout, done.stdout + done.stderr


def test_no_part_of_a_plain_room_climbs_out_of_it():
    tables = HOUSE / "ckanext-learningcity/ckanext/learningcity/tables"
    climbing = [path for path in tables.rglob("*.py") if "from ..." in path.read_text()]
    assert not climbing
