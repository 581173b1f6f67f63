"""PostgreSQL behind the interface of ``pysolr.Solr`` that CKAN uses."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import SearchQueryError
from psycopg2.errors import UndefinedTable
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, ProgrammingError

from . import engine
from .document import row
from .lucene import QuerySyntaxError
from .model import document
from .question import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

log = logging.getLogger(__name__)

#: The transaction that calls join: see `together`.
_shared: ContextVar[sa.Connection | None] = ContextVar("learningcity_search", default=None)

#: Rows that wait for the end of that transaction.
_waiting: ContextVar[list[dict[str, Any]] | None] = ContextVar("learningcity_rows", default=None)

_NO_TABLE = "The search table is missing: run 'ckan db upgrade'"


class PostgresConnection:
    """Answers what CKAN asks of a Solr connection.

    Every call is a transaction of its own: what is written is found at once, and a failure leaves
    the dataset's own transaction alone. Errors are ``pysolr.SolrError``, which core turns into its
    own, except for a question that is wrong, which is core's ``SearchQueryError`` right away.
    """

    def __init__(self, url: str, decoder: Any = None, **_settings: Any) -> None:
        self.url = url
        self._decoder = decoder

    def search(self, q: str = "*:*", **asked: Any) -> pysolr.Results:
        """Search with Solr's parameters; results have ``docs``, ``hits`` and ``facets``."""
        with _transaction() as connection:
            answer = engine.search(connection, {"q": q, **asked})
        docs = answer["response"]["docs"]
        if self._decoder is not None:
            answer["response"]["docs"] = [self._decode(doc) for doc in docs]
        return pysolr.Results(answer)

    def add(self, docs: Iterable[dict[str, Any]], **_options: Any) -> None:
        """Index documents, each replacing the one with its ``index_id``."""
        with _transaction() as connection:
            rows = [row(connection, doc) for doc in docs]
            waiting = _waiting.get()
            if waiting is None:
                _write(connection, rows)
            else:
                waiting += rows

    def delete(self, q: str, **_options: Any) -> None:
        """Remove the documents that match a query."""
        try:
            with _transaction() as connection:
                where = Question(connection, {"fq": q}).where
                connection.execute(sa.delete(document).where(where))
        except MissingTableError:
            log.debug("Nothing to remove: %s", _NO_TABLE)

    def commit(self, **_options: Any) -> None:
        """Do nothing: every write is committed when ``add`` or ``delete`` returns."""

    def _decode(self, doc: dict[str, Any]) -> dict[str, Any]:
        """Dates as ``datetime``, by the hook of the JSON decoder that core passes."""
        return self._decoder.object_hook(doc)


class MissingTableError(pysolr.SolrError):
    """The migration has not been run."""


@contextmanager
def together() -> Iterator[None]:
    """Let every call inside be one transaction; what was added is written and found at its end."""
    with _transaction() as connection:
        rows: list[dict[str, Any]] = []
        tokens = _shared.set(connection), _waiting.set(rows)
        try:
            yield
            _write(connection, rows)
        finally:
            _shared.reset(tokens[0])
            _waiting.reset(tokens[1])


def _write(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Write rows of the table, each in place of the one with its ``index_id``."""
    if rows:
        statement = insert(document)
        changed = {name: statement.excluded[name] for name in rows[0]}
        replaced = statement.on_conflict_do_update(index_elements=["index_id"], set_=changed)
        # What returns something is sent as one statement, not as one for each row.
        connection.execute(replaced.returning(document.c.index_id), rows)


@contextmanager
def _transaction() -> Iterator[sa.Connection]:
    shared = _shared.get()
    if shared is not None:
        yield shared
        return
    try:
        with model.ensure_engine().begin() as connection:
            yield connection
    except QuerySyntaxError as error:
        raise SearchQueryError(str(error)) from error
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable):
            raise MissingTableError(_NO_TABLE) from error
        raise pysolr.SolrError(str(error.orig)) from error
    except DBAPIError as error:
        raise pysolr.SolrError(str(error.orig)) from error
