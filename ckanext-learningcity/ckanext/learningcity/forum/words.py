"""Finding posts by their words, Thai ones included, with the search room's analysis."""

from __future__ import annotations

from itertools import chain

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from ckanext.learningcity.search import analysis, lexemes

from .model import post


def vector(title: str, body: str) -> sa.ColumnElement[str]:
    """Return the words of a post; those of the title weigh more."""
    found = lexemes.Vector()
    found.add(analysis.chunks(title), "A")
    found.add(analysis.chunks(body), "C")
    return sa.cast(found.literal(_stems(found.words())), TSVECTOR)


def query(text: str) -> sa.ColumnElement[str] | None:
    """Return what a reader looks for; None where there is no word in it."""
    asked = [*analysis.chunks(text)]
    if not asked:
        return None
    found = lexemes.Query(asked, phrase=False)
    return sa.cast(found.text(_stems(found.words())), TSQUERY)


def matches(asked: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a post has the words."""
    return post.c.words.op("@@", is_comparison=True)(asked)


def rank(asked: sa.ColumnElement[str]) -> sa.ColumnElement[float]:
    """Return how well a post matches."""
    return sa.func.ts_rank_cd(post.c.words, asked, 1)


def _stems(words: set[str]) -> dict[str, str]:
    return lexemes.stem(model.Session.connection(), chain(words))
