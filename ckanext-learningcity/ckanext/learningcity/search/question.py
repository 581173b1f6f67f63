"""The question of one search: ``q``, ``fq`` and how well they match."""

from __future__ import annotations

import re
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan.lib.search.common import SearchQueryError
from luqum import tree
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from . import lucene, parameters, spatial
from .compiler import Compiler, join, matching
from .model import document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .conditions import Condition

# Weight of a word by class D to A (ts_rank_cd's order). Core asks Solr for title and name at 4,
# tags and groups at 2, the rest at 1; notes stand above the rest here.
_RANK_WEIGHTS = [0.1, 0.25, 0.5, 1.0]
_RANK_BY_LENGTH = 1  # divide by 1 + log(length): a word in a short title says more
_FULLY_RANKED = 1_000
_MOST_COMBINATIONS = 50
_PUNCTUATION = re.compile(r"[^\w\s\u0e00-\u0e7f]+")
_OPERATORS = {"AND", "OR", "NOT", "TO"}
_DANGLING_SIGN = re.compile(r"(?:^|(?<=\s))[+\-!]+(?=\s|$)")
_LOCAL = re.compile(r"\{!(?P<arguments>[^}]*)\}(?P<rest>.*)", re.DOTALL)
_ARGUMENT = re.compile(r"""(?:([\w.]+)=)?("[^"]*"|'[^']*'|\S+)""")


class Question:
    """What a search asks, as SQL.

    :param connection: answers the stems of English words
    :param asked: Solr's parameters as core sends them
    :raises SearchQueryError: if a filter is not in the query language
    """

    def __init__(self, connection: sa.Connection, asked: Mapping[str, Any]) -> None:
        self._asked = asked
        self._compiler = Compiler(
            connection, asked.get("df") or "text", str(asked.get("q.op") or "AND").upper()
        )
        main = self._main(str(asked.get("q") or "*:*").strip())
        filters = [self._filter(text) for text in parameters.listed(asked.get("fq"))]
        self.where: Condition = sa.and_(main, *(f for f in filters if f is not None))
        self._boost = spatial.box(str(asked.get("bf") or ""))

    @property
    def has_words(self) -> bool:
        """Whether words are looked for, not only exact values."""
        return bool(self._words)

    def score(self, hits: int) -> sa.ColumnElement[float] | None:
        """How well a document matches; ``None`` if every document matches equally well.

        Reading the whole text of a document to rank it takes a tenth of a millisecond, so where
        there are many hits, names, titles, tags and groups decide.
        """
        text = document.c.words if hits <= _FULLY_RANKED else document.c.head
        parts: list[sa.ColumnElement[float]] = []
        if self._words:
            query = sa.cast(" | ".join(f"({words})" for words in self._words), TSQUERY)
            weights = sa.cast(_RANK_WEIGHTS, ARRAY(sa.REAL))
            rank = sa.func.ts_rank_cd(weights, text, query, _RANK_BY_LENGTH, type_=sa.Float)
            parts.append(rank)
        if self._boost:
            parts.append(spatial.overlap(self._boost))
        return sum(parts[1:], parts[0]) if parts else None

    def _main(self, q: str) -> Condition:
        if q.startswith("{!"):
            found = self._filter(q)
        else:
            try:
                found = self._parsed(q)
            except lucene.QuerySyntaxError:
                # What people type is words, whatever signs stand between them.
                self._compiler.asked.clear()
                found = self._words_of(_PUNCTUATION.sub(" ", q))
        self._words = list(self._compiler.asked)
        return sa.false() if found is None else found

    def _parsed(self, q: str) -> Condition | None:
        node = lucene.parse(_DANGLING_SIGN.sub(" ", q))
        if "qf" in self._asked and isinstance(node, tree.UnknownOperation | tree.Term):
            return self._loose(node)
        return self._compiler.condition(node)

    def _loose(self, node: tree.Item) -> Condition | None:
        """dismax: required and excluded clauses count, of the others as many as ``mm`` says."""
        clauses = node.children if isinstance(node, tree.UnknownOperation) else [node]
        decided = tree.Plus, tree.Prohibit, tree.Not
        fixed = [self._in_fields(clause) for clause in clauses if isinstance(clause, decided)]
        free = [clause for clause in clauses if not isinstance(clause, decided)]
        before = len(self._compiler.asked)
        found = [self._in_fields(clause) for clause in free]
        plain = "text" in self._fields and all(isinstance(clause, tree.Term) for clause in free)
        loose = self._enough(found, self._compiler.asked[before:] if plain else [])
        return join(sa.and_, [*fixed, loose])

    def _words_of(self, text: str) -> Condition | None:
        words = [word for word in text.split() if word not in _OPERATORS]
        found = [self._compiler.words("text", word) for word in words]
        return self._enough(found, self._compiler.asked)

    @property
    def _fields(self) -> list[str]:
        return parameters.fields_searched(str(self._asked.get("qf") or "text"))

    def _in_fields(self, clause: tree.Item) -> Condition | None:
        if "text" in self._fields or not isinstance(clause, tree.Term):
            return self._compiler.condition(clause)
        return join(sa.or_, [self._compiler.condition(clause, name) for name in self._fields])

    def _enough(self, found: list[Condition | None], texts: Sequence[str]) -> Condition | None:
        """As many of the clauses as ``mm`` asks for; ``texts`` if all of them are only words."""
        clauses = [clause for clause in found if clause is not None]
        needed = parameters.minimum_match(str(self._asked.get("mm") or "100%"), len(clauses))
        if needed == len(clauses):
            return join(sa.and_, clauses)
        if len(texts) == len(clauses) and comb(len(clauses), needed) <= _MOST_COMBINATIONS:
            enough = (
                " & ".join(f"({text})" for text in some) for some in combinations(texts, needed)
            )
            return matching(document.c.words, " | ".join(f"({query})" for query in enough))
        matched = sum((sa.case((clause, 1), else_=0) for clause in clauses), sa.literal(0))
        # To leave out n clauses at most, one of any n + 1 must match: that, an index can answer.
        some = sa.or_(*clauses[: len(clauses) - needed + 1])
        return sa.and_(some, matched >= needed)

    def _filter(self, text: str) -> Condition | None:
        local = _LOCAL.fullmatch(text.strip())
        try:
            if local:
                return self._local(local["arguments"], local["rest"])
            return self._compiler.condition(lucene.parse(text)) if text.strip() else None
        except lucene.QuerySyntaxError as error:
            raise SearchQueryError(f"Invalid filter query {text!r}: {error}") from error

    def _local(self, arguments: str, rest: str) -> Condition | None:
        """``{!parser …}``: the few that core's guard lets through and this engine knows."""
        pairs = [(name or "type", v.strip("'\"")) for name, v in _ARGUMENT.findall(arguments)]
        given, box = dict(pairs), spatial.box(rest)
        if given.get("type") == "frange" and box:
            return spatial.overlaps(box)
        if given.get("type") == "bool":
            return self._bool(pairs)
        if given.get("type") == "lucene":
            compiler = self._compiler.like(given.get("q.op", "AND"))
            return compiler.condition(lucene.parse(rest))
        raise lucene.QuerySyntaxError(f"the query parser {given.get('type')!r} is not supported")

    def _bool(self, pairs: list[tuple[str, str]]) -> Condition | None:
        """``{!bool must=a should=b must_not=c}``."""
        clauses = {
            role: [self._filter(text) for name, text in pairs if name == role]
            for role in ("must", "filter", "should", "must_not")
        }
        excluded = join(sa.or_, clauses["must_not"])
        required = [*clauses["must"], *clauses["filter"]]
        return join(
            sa.and_,
            [
                *(required or [join(sa.or_, clauses["should"])]),
                None if excluded is None else excluded.is_not(sa.true()),
            ],
        )
