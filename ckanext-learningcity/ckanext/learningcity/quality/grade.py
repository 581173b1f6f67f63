"""The grade of a dataset from A to F: five parts, what each lacks, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import freshness, metadata
from .framework import grades, parts, states

Record = Mapping[str, Any]

#: Files that the portal itself keeps.
_KEPT = ("upload", "datastore", "tabledesigner")


@dataclass(frozen=True)
class Subject:
    """What is graded: a dataset's record, its items and state, and the ids of unreadable files."""

    dataset: Record
    items: Sequence[Record]
    state: str
    faulty: Collection[str]

    @property
    def files(self) -> Sequence[Record]:
        """The dataset's resources."""
        return self.dataset.get("resources") or ()


#: The share of a part's points that a dataset earns, from 0 to 1, and what keeps it from the rest.
Earned = tuple[float, list[dict[str, Any]]]


def assess(dataset: Record, today: date, faulty: Collection[str] = ()) -> dict[str, Any]:
    """Return everything about a dataset's quality.

    :param dataset: the dataset as `package_show` gives it
    :param faulty: ids of its resources whose file could not be read
    :returns: `items` (the fourteen, see `metadata.assess`), `items_met`; `parts`, each with `id`,
        `name`, `met`, `points` of `of`, `missing` (each with `name`, and `form` or `resource`) and
        `mend`; `points` (0 to 100), `grade` with its `name`; and `freshness`: `frequency`,
        `last_period`, `modified`, `due`, `state` with its `name` and `meaning`
    """
    age = freshness.of(dataset)
    items = metadata.assess(dataset)
    subject = Subject(dataset, items, age.state(today), faulty)
    assessed = [_part(entry, subject) for entry in parts().values()]
    points = round(sum(part["points"] for part in assessed), 1)
    grade = next(entry for entry in grades().values() if points >= entry["from"])
    return {
        "items": items,
        "items_met": sum(item["met"] for item in items),
        "parts": assessed,
        "points": points,
        "grade": grade["id"],
        "grade_name": grade["name"],
        "freshness": _freshness(dataset, age, subject.state),
    }


def _freshness(dataset: Record, age: freshness.Freshness, state: str) -> dict[str, Any]:
    return {
        "frequency": age.frequency,
        "last_period": dataset.get("period_end") or None,
        "modified": age.modified.isoformat() if age.modified else None,
        "due": age.due.isoformat() if age.due else None,
        "state": state,
        "name": states()[state]["name"],
        "meaning": states()[state]["meaning"],
    }


def _part(entry: Record, subject: Subject) -> dict[str, Any]:
    share, missing = _EARNED[entry["id"]](subject)
    return {
        "id": entry["id"],
        "name": entry["name"],
        "met": share >= 1,
        "points": round(entry["points"] * share, 1),
        "of": entry["points"],
        "missing": missing,
        "mend": entry["mend"],
        "verified": entry["verified"],
    }


def _completeness(subject: Subject) -> Earned:
    missing = [
        {"name": item["name"], "form": item["form"]} for item in subject.items if not item["met"]
    ]
    return 1 - len(missing) / len(subject.items), missing


def _timeliness(subject: Subject) -> Earned:
    share = _rule("timeliness")["shares"][subject.state]
    return share, [] if share >= 1 else [{"name": states()[subject.state]["name"]}]


def _accessibility(subject: Subject) -> Earned:
    kinds = [_access(file) for file in subject.files]
    short = [file for file, kind in zip(subject.files, kinds, strict=True) if kind != "kept"]
    shares = _rule("accessibility")["shares"]
    return _mean([shares[kind] for kind in kinds]), _named(short)


def _access(file: Record) -> str:
    """Return `kept` for a file of ours, `linked` for an address elsewhere, else `broken`."""
    if file.get("observations") or file.get("url_type") in _KEPT:
        return "kept"
    return "linked" if str(file.get("url") or "").startswith(("http://", "https://")) else "broken"


def _machine_readable(subject: Subject) -> Earned:
    short = [file for file in subject.files if not _readable(file)]
    return _mean([file not in short for file in subject.files]), _named(short)


def _readable(file: Record) -> bool:
    plain = str(file.get("format") or "").lower().replace("-", "").strip(" .")
    return bool(file.get("observations")) or plain in _rule("machine_readable")["formats"]


def _validity(subject: Subject) -> Earned:
    """Count the files that were read; where none was, part of what can be downloaded counts."""
    short = [file for file in subject.files if file.get("id") in subject.faulty]
    tested = [
        file
        for file in subject.files
        if file in short or file.get("observations") or file.get("datastore_active")
    ]
    if tested:
        return _mean([file not in short for file in tested]), _named(short)
    share, _missing = _accessibility(subject)
    return share * _rule("validity")["shares"]["untested"], _named(subject.files)


def _rule(part: str) -> Record:
    return parts()[part]


def _mean(shares: Sequence[float]) -> float:
    """Return the mean; a dataset without files earns nothing."""
    return sum(shares) / len(shares) if shares else 0.0


def _named(files: Sequence[Record]) -> list[dict[str, Any]]:
    return [
        {
            "name": file.get("name_translated") or file.get("name") or file.get("url") or "",
            "resource": file.get("id"),
        }
        for file in files
    ]


_EARNED: Mapping[str, Callable[[Subject], Earned]] = {
    "completeness": _completeness,
    "timeliness": _timeliness,
    "accessibility": _accessibility,
    "machine_readable": _machine_readable,
    "validity": _validity,
}
