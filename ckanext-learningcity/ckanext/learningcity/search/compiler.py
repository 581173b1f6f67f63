"""A query's tree to SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from luqum import tree
from sqlalchemy.dialects.postgresql import TSQUERY

from . import analysis, conditions, fields, lexemes
from .conditions import Bounds, Condition
from .lucene import Pattern, QuerySyntaxError, pattern, unescape
from .model import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_FIELD_NAME = re.compile(r"(?:[A-Za-z_][\w.\-]*|\*)", re.ASCII)


class Compiler:
    """Compiles the clauses of one search.

    ``None`` instead of a condition means that a clause holds no word ("&") and does not count.

    :param connection: answers the stems of English words
    :param default_field: where a term without a field looks
    :param default_operator: ``AND`` or ``OR``, between clauses without an operator
    """

    def __init__(
        self,
        connection: sa.Connection,
        default_field: str = "text",
        default_operator: str = "AND",
    ) -> None:
        self._connection = connection
        self._default_field = default_field
        self._default_operator = default_operator
        #: What was asked for, as tsqueries over the whole text: what ranking goes by.
        self.asked: list[str] = []

    def like(self, default_operator: str) -> Compiler:
        """The same compiler with another default operator."""
        return Compiler(self._connection, self._default_field, default_operator.upper())

    def condition(self, node: tree.Item, field: str | None = None) -> Condition | None:
        """The condition that a part of the tree stands for."""
        match node:
            case tree.SearchField(expr=tree.SearchField()):
                raise QuerySyntaxError(f"{node}: a colon inside a value is written \\:")
            case tree.SearchField():
                return self.condition(node.expr, _field_name(node.name))
            case tree.Not() | tree.Prohibit():
                return self._not(node.children[0], field)
            case tree.BaseGroup() | tree.Boost() | tree.Plus():
                return self.condition(node.children[0], field)
            case tree.BaseOperation():
                return self._operation(node, field)
        return self._clause(node, field or self._default_field)

    def words(self, field: str, text: str) -> Condition | None:
        """All words of a text are in the field."""
        return self._text(field, text, phrase=False)

    def phrase(self, field: str, text: str) -> Condition | None:
        """The words of a text stand in the field in this order, or the field is exactly it."""
        if fields.kind(field) == "text":
            return self._text(field, text, phrase=True)
        if fields.kind(field) == "ngram":
            return conditions.contains(field, text)
        return conditions.equals(field, [text])

    def _clause(self, node: tree.Item, field: str) -> Condition | None:
        match node:
            case tree.Range():
                return conditions.within(field, _bounds(node))
            case tree.Phrase():
                return self.phrase(field, unescape(node.value[1:-1]))
            case tree.Word():
                return self._word(field, pattern(node.value))
        name = type(node).__name__.lower()
        raise QuerySyntaxError(f"{name} queries are not supported: {node}")

    def _word(self, field: str, term: Pattern) -> Condition | None:
        if term.everything:
            return conditions.exists(field)
        if fields.kind(field) == "text":
            literal = term.literal
            return self._beginning(field, term) if literal is None else self.words(field, literal)
        if term.literal is None:
            return conditions.matches(field, term)
        return self.phrase(field, term.literal)

    def _not(self, node: tree.Item, field: str | None) -> Condition | None:
        asked = self.asked
        self.asked = []  # what is excluded does not rank
        condition = self.condition(node, field)
        self.asked = asked
        # NOT would lose the rows where the field has no value.
        return None if condition is None else condition.is_not(sa.true())

    def _operation(self, node: tree.BaseOperation, field: str | None) -> Condition | None:
        if isinstance(node, tree.OrOperation):
            values = _plain_values(node.children, field or self._default_field)
            if values and field:
                return conditions.equals(field, values)
        if isinstance(node, tree.UnknownOperation) and self._default_operator == "OR":
            return self._optional(node.children, field)
        found = [self.condition(child, field) for child in node.children]
        if isinstance(node, tree.OrOperation) and any(map(_scans, node.children)):
            found = [clause if clause is None else _apart(clause) for clause in found]
        return join(sa.or_ if isinstance(node, tree.OrOperation) else sa.and_, found)

    def _optional(self, nodes: Iterable[tree.Item], field: str | None) -> Condition | None:
        must: list[Condition | None] = []
        should: list[Condition | None] = []
        for node in nodes:
            decides = isinstance(node, tree.Plus | tree.Prohibit | tree.Not)
            (must if decides else should).append(self.condition(node, field))
        required = join(sa.and_, must)
        return join(sa.or_, should) if required is None else required

    def _text(self, field: str, text: str, *, phrase: bool) -> Condition | None:
        chunks = tuple(analysis.chunks(text))
        if not chunks:
            return None
        query = lexemes.Query(chunks, phrase=phrase)
        stems = lexemes.stem(self._connection, query.words())
        return self._matching(field, lambda prefix="": query.text(stems, prefix))

    def _beginning(self, field: str, term: Pattern) -> Condition | None:
        if term.beginning is None:
            raise QuerySyntaxError("inside text, * is accepted at the ends of a word only")
        words = [word.text for c in analysis.chunks(term.beginning) for word in c.words]
        if not words:
            return None
        stems = lexemes.stem(self._connection, words)
        return self._matching(field, lambda prefix="": lexemes.prefix_query(words, stems, prefix))

    def _matching(self, field: str, query: Callable[[str], str]) -> Condition:
        self.asked.append(query(""))
        if field == "text":
            return matching(document.c.words, query(""))
        return matching(document.c.field_words, query(f"{field}:"))


def matching(vector: sa.Column[str], query: str) -> Condition:
    """The text has the words of a query in ``tsquery`` notation."""
    return vector.op("@@", is_comparison=True)(sa.cast(query, TSQUERY))


def join(operator: Callable[..., Condition], found: Iterable[Condition | None]) -> Condition | None:
    """Conditions joined by ``sa.and_`` or ``sa.or_``, those that do not count left out."""
    counting = [condition for condition in found if condition is not None]
    return operator(*counting) if counting else None


def _scans(node: tree.Item) -> bool:
    """Whether no index answers a clause: part of a word, as autocomplete asks."""
    return isinstance(node, tree.SearchField) and fields.kind(node.name) == "ngram"


def _apart(condition: Condition) -> Condition:
    """The same condition, evaluated once by its own index and not on every row of a scan."""
    return document.c.index_id.in_(sa.select(document.c.index_id).where(condition))


def _field_name(name: str) -> str:
    if not _FIELD_NAME.fullmatch(unescape(name)):
        raise QuerySyntaxError(f"{name!r} is not the name of a field")
    return unescape(name)


def _bounds(node: tree.Range) -> Bounds:
    return Bounds(_end(node.low), _end(node.high), node.include_low, node.include_high)


def _end(node: tree.Item) -> str | None:
    sign = ""
    if isinstance(node, tree.Prohibit):
        sign, node = "-", node.children[0]
    if not isinstance(node, tree.Term):
        raise QuerySyntaxError(f"{node} cannot be the end of a range")
    text = node.value[1:-1] if isinstance(node, tree.Phrase) else node.value
    return None if text == "*" else sign + unescape(text)


def _plain_values(nodes: Iterable[tree.Item], field: str) -> list[str]:
    """The values of ``(a OR "b c" OR d)`` on an exact field, empty if it is anything else."""
    values: list[str] = []
    for node in nodes:
        literal = None
        if isinstance(node, tree.Phrase):
            literal = unescape(node.value[1:-1])
        elif isinstance(node, tree.Word):
            literal = pattern(node.value).literal
        if literal is None or fields.kind(field) in ("text", "ngram"):
            return []
        values.append(literal)
    return values
