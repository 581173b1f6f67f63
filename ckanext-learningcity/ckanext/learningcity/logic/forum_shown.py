"""Topics and posts as the actions give them: no more of a person than the account's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ckan.types import Context

from ckanext.learningcity.forum import objects, read, text

_SLUG = re.compile(r"[^\w\u0e00-\u0e7f]+")
_LONGEST_SLUG = 60

Row = Mapping[str, Any]


def topics(context: Context, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return topics; `author` and `object` are None where they are gone or not for the reader."""
    rows = [*rows]
    authors = read.authors(row["author_id"] for row in rows)
    kept = ("id", "title", "state", "locked", "pinned", "demonstration", "replies")
    return [
        {
            **{name: row[name] for name in kept},
            "slug": slug(row["title"]),
            "space": row["space_id"],
            "author": authors.get(row["author_id"]),
            "created": row["created"].isoformat(),
            "active": row["active"].isoformat(),
            "object": objects.describe(
                context.get("user") or "", row["object_kind"], row["object_id"]
            ),
        }
        for row in rows
    ]


def posts(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return posts; `html` is safe to show, `edits` how often one was edited."""
    rows = [*rows]
    authors = read.authors(row["author_id"] for row in rows)
    edits = read.edited(row["id"] for row in rows)
    return [
        {
            "id": row["id"],
            "topic": row["topic_id"],
            "first": row["first"],
            "state": row["state"],
            "author": authors.get(row["author_id"]),
            "created": row["created"].isoformat(),
            "edited": _iso(row["edited"]),
            "edits": edits.get(row["id"], 0),
            "body": row["body"],
            "html": str(text.html(row["body"])),
            **({"title": row["title"]} if "title" in row else {}),
        }
        for row in rows
    ]


def slug(title: str) -> str:
    """Return what of a title stands in the address, for people; the id alone finds the topic."""
    words = _SLUG.sub("-", title.casefold()).strip("-")
    return words[:_LONGEST_SLUG].strip("-") or "-"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
