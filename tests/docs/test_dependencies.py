"""docs/dependencies.md and pyproject.toml name the same packages."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[2]
SECTIONS = {"The portal": "", "Tests and checks": "dev"}  # heading -> extra of pyproject.toml


def documented(heading: str) -> dict[str, list[str]]:
    """The rows of one table: package -> reason, refused alternative, licence."""
    text = (TOP / "docs" / "dependencies.md").read_text()
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in row] for row in rows]
    names = [canonicalize_name(row[0].strip("`")) for row in cells]
    assert len(set(names)) == len(names), "a package has two lines"
    return {name: row[1:] for name, row in zip(names, cells, strict=True)}


def declared(extra: str) -> set[str]:
    project = _project()
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def _project() -> dict:
    tomllib = pytest.importorskip("tomllib", reason="Python 3.11 reads TOML, 3.10 does not")
    return tomllib.loads((TOP / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize(("heading", "extra"), SECTIONS.items())
def test_every_dependency_is_explained_and_nothing_else(heading, extra):
    assert set(documented(heading)) == declared(extra)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_line_gives_reason_alternative_and_licence(heading):
    for name, cells in documented(heading).items():
        assert len(cells) == 3, name
        assert all(cells), name


@pytest.mark.parametrize("heading", SECTIONS)
def test_licences_are_those_of_the_installed_packages(heading):
    """Compared by their families: metadata writes the same licence in many ways."""
    for name, cells in documented(heading).items():
        try:
            facts = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # a package of another platform or Python
            continue
        stated = " ".join(
            [
                facts.get("License-Expression") or "",
                (facts.get("License") or "").partition("\n")[0],
                *(item for item in facts.get_all("Classifier") or [] if item.startswith("License")),
            ]
        )
        # Some say it in a file alone, and a script may say another licence at its top.
        stated = stated.strip() or _licence_files(name)
        assert _families(cells[2]) <= _families(stated), f"{name}: {stated}"


def _licence_files(name: str) -> str:
    """Return the heads of a package's licence files and of the scripts that it carries."""
    files = [metadata.distribution(name).locate_file(file) for file in metadata.files(name) or ()]
    telling = [Path(str(file)) for file in files if re.search(r"LICEN[CS]E|\.min\.js$", str(file))]
    return " ".join(file.read_text(encoding="utf-8")[:500] for file in telling)


def _families(text: str) -> set[str]:
    text = text.replace("Affero General Public License", "AGPL").replace("Lesser General", "LGPL")
    return set(re.findall(r"\b(AGPL|LGPL|MIT|BSD|Apache|MPL|OFL)", text))
