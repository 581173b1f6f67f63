"""What a check of a table found: coded, placed by row and column, in Thai and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .codelists import messages
from .personal import masked

#: Of one code, more findings than anyone reads; the counts stay exact.
LISTED = 1000

Text = str | Mapping[str, str]


@dataclass(frozen=True)
class Issue:
    """One finding.

    `row` is the line in the source as a spreadsheet numbers it (the first is 1), `column` the
    heading as written; both are None where the finding is about the whole table. `cell` is the
    address in a spreadsheet (`D7`) of what was found, on `sheet`.
    """

    code: str
    row: int | None = None
    column: str | None = None
    found: str | None = None
    expected: Text | None = None
    cell: str | None = None
    sheet: str | None = None

    @property
    def severity(self) -> str:
        """What follows: `error` stops a release, `confirm` waits for the publisher, `notice`."""
        return severity(self.code)

    def message(self, language: str) -> str:
        """Return the sentence for people in `language` (`th` or `en`)."""
        return str(messages()[self.code]["text"][language]).format(
            found=self.found or "", expected=_in(self.expected, language)
        )

    def as_dict(self, language: str) -> dict[str, Any]:
        """Return the finding as JSON carries it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "sheet": self.sheet,
            "found": self.found,
            "expected": _in(self.expected, language),
            "message": self.message(language),
        }


@dataclass
class Report:
    """The findings of one check; `issues` holds the first `LISTED` of each code, in row order.

    A report is kept and sent about, so what it quotes carries no personal data (`personal.masked`).
    """

    issues: list[Issue] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, issues: Iterable[Issue]) -> None:
        """Take `issues` in."""
        for issue in issues:
            self.counts[issue.code] += 1
            self.issues.append(replace(issue, found=masked(issue.found)))
        kept: Counter[str] = Counter()
        ordered = sorted(self.issues, key=lambda issue: (issue.row or 0, issue.column or ""))
        self.issues.clear()
        for issue in ordered:
            kept[issue.code] += 1
            if kept[issue.code] <= LISTED:
                self.issues.append(issue)

    def count(self, code: str, number: int) -> None:
        """Count `number` more findings of `code` that are too many to list."""
        self.counts[code] += number

    @property
    def has_errors(self) -> bool:
        """Whether something stands in the way of a release."""
        return any(severity(code) == "error" for code in self.counts)

    @property
    def to_confirm(self) -> list[str]:
        """The codes found that the publisher has to confirm, in the order of the messages."""
        return [code for code in messages() if code in self.counts and severity(code) == "confirm"]

    def as_dict(self, language: str) -> dict[str, Any]:
        """Return the report as JSON carries it."""
        return {
            "valid": not self.has_errors,
            "to_confirm": self.to_confirm,
            "counts": dict(self.counts),
            "listed": len(self.issues),
            "issues": [issue.as_dict(language) for issue in self.issues],
        }


def severity(code: str) -> str:
    """Return `error`, `confirm` or `notice`.

    :raises KeyError: there is no such code
    """
    return str(messages()[code]["severity"])


def _in(text: Text | None, language: str) -> str:
    if isinstance(text, Mapping):
        return text[language]
    return text or ""
