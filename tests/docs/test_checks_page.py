from __future__ import annotations

from pathlib import Path

from ckanext.learningcity.tables import codelists

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_page_lists_every_code_with_its_sentences():
    rows = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    assert rows == [
        f"| `{code}` | {entry['severity']} | {entry['text']['en']} | {entry['text']['th']} |"
        for code, entry in codelists.messages().items()
    ]
