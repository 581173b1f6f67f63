"""The room is plain Python: it loads no CKAN, and a tool sees to it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.learningcity import harvesters

ROOM = Path(harvesters.__file__).parent
LIBRARIES = {"defusedxml", "polars", "requests", "urllib3", "yaml"}


def test_importing_every_module_loads_no_ckan():
    modules = [f"ckanext.learningcity.harvesters.{file.stem}" for file in ROOM.glob("*.py")]
    script = (
        f"import importlib, json, sys\n"
        f"for name in {sorted(modules)}: importlib.import_module(name.removesuffix('.__init__'))\n"
        f"print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = json.loads(done.stdout)
    assert len([name for name in loaded if name.startswith("ckanext.learningcity.harvesters")]) > 5
    heavy = {"ckan", "flask", "sqlalchemy", "psycopg2"}
    assert not [name for name in loaded if name.split(".")[0] in heavy]


@pytest.mark.parametrize("file", sorted(ROOM.glob("*.py")), ids=lambda file: file.name)
def test_a_module_imports_only_what_the_room_may(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue  # a sibling; ruff refuses parents
        for name in names:
            ours = name.startswith("ckanext.learningcity.tables.")
            assert ours or name.split(".")[0] in sys.stdlib_module_names | LIBRARIES, name


@pytest.mark.parametrize(
    "line",
    [
        "import ckan",
        "from ckan.plugins import toolkit",
        "import flask",
        "import sqlalchemy",
        "from ..tables import model",
        "from ckanext.learningcity.logic import action",
        "from ckanext.learningcity import indicators",
    ],
)
def test_ruff_refuses_to_reach_out_of_the_room(line):
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select=TID", "--quiet"]
    place = ["--stdin-filename", str(ROOM / "probe.py"), "-"]
    done = subprocess.run(
        [*command, *place], input=line, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "TID25" in done.stdout
