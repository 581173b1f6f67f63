"""A mapping proposed for a sheet: by its headings, else by its contents, else by its title."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

import polars as pl

from .. import codelists, spellings
from ..layout import ROW, Grid
from ..mapping import Mapping, known_names, required_names
from ..report import Issue, Report
from .contents import guessed_name, share_known
from .headings import Heading, find_heading, said_by
from .titles import said_above

#: What a cell of the column may be to stand over values without saying which.
_NEUTRAL = ("TIME_PERIOD", "OBS_VALUE", *codelists.breakdowns())


@dataclass
class _Draft:
    """A mapping in the making, and what its reader should know."""

    grid: Grid
    heading: Heading
    columns: dict[str, str] = field(default_factory=dict)
    spread: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def tell(self, code: str, letter: str, expected: str | None = None) -> None:
        """Note a finding about the heading of column `letter`."""
        text = self.heading.text(letter) or letter
        row = max(self.heading.last, 1)
        self.issues.append(
            Issue(code, row, text, text, expected, f"{letter}{row}", self.grid.name or None)
        )

    @property
    def _letters(self) -> list[str]:
        return self.grid.cells.columns[1:]

    @property
    def names(self) -> frozenset[str]:
        """The names that are given so far."""
        return self.mapping.names

    @property
    def mapping(self) -> Mapping:
        """The mapping so far."""
        return Mapping(
            self.grid.name,
            self.heading.first,
            self.heading.last,
            {letter: self.columns[letter] for letter in self._letters if letter in self.columns},
            {letter: self.spread[letter] for letter in self._letters if letter in self.spread},
            self.constants,
        )


def proposed(grid: Grid, report: Report | None = None) -> Mapping:
    """Return how the columns of `grid` may be read; what is unsure goes to `report`."""
    draft = _Draft(grid, find_heading(grid))
    _by_heading(draft)
    _settle_totals(draft)
    _settle_wide(draft)
    _settle_repeated(draft)
    _by_contents(draft)
    _by_title(draft)
    _ignore_the_rest(draft)
    if report is not None:
        report.add(draft.issues)
    return draft.mapping


def _by_heading(draft: _Draft) -> None:
    """Take each column for what its heading says."""
    for letter, texts in draft.heading.texts.items():
        if any(map(spellings.is_target, texts)):
            continue
        named = {text: spellings.first_of(text, spellings.headings()) for text in texts}
        whole = spellings.first_of(" ".join(texts), spellings.headings())
        names = [name for name in named.values() if name]
        said = _said(texts, named)
        if whole and len(texts) > 1 and whole not in _NEUTRAL:
            draft.columns[letter] = whole
        elif said and all(name in _NEUTRAL for name in names):
            draft.spread[letter] = said
        elif names or whole:
            draft.columns[letter] = whole or names[-1]


def _said(texts: tuple[str, ...], named: Dictionary[str, str | None]) -> dict[str, str]:
    """Return what the rows of a heading say about the values below, with `_T` where still open."""
    said: dict[str, str] = {}
    single = len(texts) == 1
    for text in texts:
        if named[text] and (single or named[text] not in _NEUTRAL):
            continue
        for name, code in said_by(text).items():
            said.setdefault(name, code)
    joined = " ".join(texts)
    if "TIME_PERIOD" in said and not single and spellings.is_period(joined):
        said["TIME_PERIOD"] = joined  # ปีงบประมาณ over 2566 is one period
    return said


def _settle_totals(draft: _Draft) -> None:
    """Give `รวม` to the breakdown whose other codes stand beside it."""
    certain = {
        name
        for said in draft.spread.values()
        for name in said
        if name in codelists.breakdowns() and said[name] != "_T"
    }
    for letter, said in list(draft.spread.items()):
        totals = [name for name, code in said.items() if code == "_T"]
        other = {name: code for name, code in said.items() if code != "_T"}
        own = next((name for name in totals if name in certain), None)
        if own is not None and own not in other:
            other[own] = "_T"
        if other:
            draft.spread[letter] = other
        else:
            del draft.spread[letter]  # a sum over columns that are no parts of one breakdown


def _settle_wide(draft: _Draft) -> None:
    """Decide between a column of values and columns that spread them."""
    values = [letter for letter, name in draft.columns.items() if name == "OBS_VALUE"]
    if values and len(draft.spread) == 1:
        draft.spread.clear()
    _keep_one_of_each(draft)
    said = {name for heading in draft.spread.values() for name in heading}
    for letter, name in list(draft.columns.items()):
        if draft.spread and (name == "OBS_VALUE" or name in said):
            draft.columns[letter] = ""
            draft.tell("column_ambiguous", letter, ", ".join(draft.spread))


def _keep_one_of_each(draft: _Draft) -> None:
    """Ignore a spread column that says the same as one before it: its unit or target differs."""
    seen: dict[frozenset[tuple[str, str]], str] = {}
    for letter, said in list(draft.spread.items()):
        first = seen.setdefault(frozenset(said.items()), letter)
        if first != letter:
            del draft.spread[letter]
            draft.columns[letter] = ""
            draft.tell("column_ambiguous", letter, f"{first} ({draft.heading.text(first)})")


def _settle_repeated(draft: _Draft) -> None:
    """Keep the column that what stands in it speaks for, where two mean the same."""
    for name in known_names():
        letters = [letter for letter, own in draft.columns.items() if own == name]
        if len(letters) < 2 or name == "REF_AREA":
            continue
        shares = {
            letter: share_known(draft.grid, draft.heading.last, letter, name) for letter in letters
        }
        best = max(letters, key=lambda letter: shares[letter])
        for letter in letters:
            if letter == best:
                continue
            draft.columns[letter] = ""
            unsure = name in ("OBS_VALUE", "TIME_PERIOD") and shares[letter] >= shares[best]
            taken = name if unsure else f"{best} ({draft.heading.text(best)})"
            draft.tell("column_repeated" if unsure else "column_ambiguous", letter, taken)


def _by_contents(draft: _Draft) -> None:
    """Take columns for what stands in them, for the names that no heading gives."""
    free = [
        letter
        for letter in draft.grid.cells.columns[1:]
        if letter not in draft.columns
        and letter not in draft.spread
        and not _is_expendable(draft.heading.text(letter))
        and not spellings.is_target(draft.heading.text(letter))
    ]
    open_names = [name for name in known_names() if name not in draft.names]
    guesses = {
        letter: guessed_name(draft.grid, draft.heading.last, letter, open_names) for letter in free
    }
    for name in open_names:
        letters = [letter for letter, guess in guesses.items() if guess == name]
        if len(letters) == 1 and (name in required_names() or not draft.heading.texts):
            draft.columns[letters[0]] = name
            draft.tell("column_guessed", letters[0], name)


def _by_title(draft: _Draft) -> None:
    """Take what no column says from the rows above the table or from the sheet's name."""
    above = draft.grid.cells.filter(pl.col(ROW) < draft.heading.first)
    lines = [
        (int(line[0]), " ".join(dict.fromkeys(filter(None, line[1:]))))
        for line in above.iter_rows()
    ]
    for name in ("INDICATOR", "REF_AREA", "TIME_PERIOD"):
        if name in draft.names:
            continue
        for row, text in [*lines, (None, draft.grid.name)]:
            said = said_above(text, name) if text else None
            if said:
                draft.constants[name] = said
                issue = Issue(
                    "column_from_title",
                    row,
                    None,
                    text[:80],
                    f"{name} = {said}",
                    None,
                    draft.grid.name or None,
                )
                draft.issues.append(issue)
                break


def _ignore_the_rest(draft: _Draft) -> None:
    """Leave out the columns that nothing is known of; one with a heading is told."""
    for letter in draft.grid.cells.columns[1:]:
        if letter in draft.columns or letter in draft.spread:
            continue
        draft.columns[letter] = ""
        heading = draft.heading.text(letter)
        if heading and not _is_expendable(heading):
            draft.tell("column_unknown", letter, ", ".join(known_names()))


def _is_expendable(heading: str) -> bool:
    """Return whether nothing is lost where a column with this heading is left out."""
    folded = codelists.fold(heading)
    derived = {codelists.fold(name) for name in codelists.derived_columns()}
    return folded in derived or spellings.is_counter(heading)
