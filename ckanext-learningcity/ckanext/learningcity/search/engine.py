"""One search: the page, the count and the facets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import facets, fields, parameters
from .model import document
from .question import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

_SORT_COLUMNS = {
    **{name: document.c[name] for name in ("id", "name", "metadata_created", "metadata_modified")},
    "views_recent": document.c.views_recent,
    **dict.fromkeys(("title", "title_string"), document.c.title_key),
}


def search(connection: sa.Connection, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Answer Solr's parameters in the shape of Solr's JSON (``response``, ``facet_counts``).

    :raises SearchQueryError: if a parameter is not understood
    """
    wanted = parameters.Page.of(asked)
    question = Question(connection, asked)
    if question.has_words:
        # The planner believes that testing a long text costs no more than comparing two numbers,
        # and would rather read every text than the index of words.
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
    hits = _count(connection, question)
    docs = _page(connection, question, wanted, hits) if wanted.rows and hits else []
    counted = facets.count(connection, question.where, asked)
    return {
        "response": {"docs": docs, "numFound": hits},
        "facet_counts": {"facet_fields": counted},
    }


def _page(
    connection: sa.Connection, question: Question, wanted: parameters.Page, hits: int
) -> list[dict[str, Any]]:
    names = wanted.fields
    blobs = [blob for blob in fields.BLOBS if names is None or blob in names]
    score = question.score(hits)
    order = _order(score, wanted.sort)
    # First the order, over narrow rows; the long columns are read for the page alone.
    page = (
        sa.select(
            document.c.index_id,
            (sa.literal(1.0) if score is None else score).label("score"),
            sa.func.row_number().over(order_by=order).label("place"),
        )
        .where(question.where)
        .order_by(*order)
        .offset(wanted.start)
        .limit(wanted.rows)
        .subquery()
    )
    statement = (
        sa.select(_stored(names, blobs), *(document.c[blob] for blob in blobs), page.c.score)
        .join(page, page.c.index_id == document.c.index_id)
        .order_by(page.c.place)
    )
    return [_answer(row, names, blobs) for row in connection.execute(statement).mappings()]


def _stored(names: list[str] | None, blobs: list[str]) -> sa.ColumnElement[Any]:
    """The stored fields, or as little of them as was asked for."""
    if names is None:
        return document.c.stored
    wanted = [name for name in names if name not in blobs and name != "score"]
    pairs = [part for name in wanted for part in (name, document.c.stored[name])]
    return sa.func.jsonb_build_object(*pairs, type_=document.c.stored.type).label("stored")


def _answer(row: Any, names: list[str] | None, blobs: list[str]) -> dict[str, Any]:
    found = {name: value for name, value in row["stored"].items() if value is not None}
    found.update((blob, row[blob]) for blob in blobs if row[blob] is not None)
    return found | ({"score": row["score"]} if names and "score" in names else {})


def _order(
    score: sa.ColumnElement[float] | None, keys: list[parameters.Sort]
) -> list[sa.ColumnElement[Any]]:
    """The order asked for, made total so that pages neither repeat nor miss a dataset."""
    order: list[sa.ColumnElement[Any]] = []
    for key in keys or parameters.sort("score desc, metadata_modified desc"):
        column = score if key.field == "score" else _sort_column(key.field)
        if column is not None:
            order.append((column.desc() if key.descending else column.asc()).nulls_last())
    return [*order, document.c.index_id]


def _sort_column(field: str) -> sa.ColumnElement[Any]:
    return _SORT_COLUMNS.get(field, document.c.keywords[field][0])


def _count(connection: sa.Connection, question: Question) -> int:
    statement = sa.select(sa.func.count()).select_from(document).where(question.where)
    return connection.execute(statement).scalar_one()
