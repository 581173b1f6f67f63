"""Solr's query language to a tree.

luqum parses Lucene's grammar. Before it sees a query, ``_translate`` rewrites what Solr accepts and
luqum reads differently: ``&&``, ``||`` and ``!`` are operators in Solr; ``<``, ``>``, ``'`` and
``~`` are, for our purpose, letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from luqum import thread, tree
from luqum.exceptions import ParseError

MAX_LENGTH = 100_000
MAX_DEPTH = 50


class QuerySyntaxError(ValueError):
    """The query is not in the query language; the message says where."""


_TOKEN = re.compile(
    r"""
    (?P<phrase>"(?:\\.|[^"\\])*"(?:~[\d.]*)?)
  | (?P<escaped>\\.)
  | (?P<and>&&) | (?P<or>\|\|)
  | (?P<not>!(?=[^\s)]))
  | (?P<fuzzy>~[\d.]*)
  | (?P<letter>[<>'])
    """,
    re.VERBOSE | re.DOTALL,
)


def parse(query: str) -> tree.Item:
    """The tree of a query; :raises QuerySyntaxError: if there is none."""
    if len(query) > MAX_LENGTH:
        raise QuerySyntaxError(f"the query is longer than {MAX_LENGTH:,} characters")
    if _depth(query) > MAX_DEPTH:
        raise QuerySyntaxError(f"parentheses are nested more than {MAX_DEPTH} deep")
    try:
        return thread.parse(_translate(query))
    except ParseError as error:
        raise QuerySyntaxError(str(error)) from error


def _translate(query: str) -> str:
    def replace(match: re.Match[str]) -> str:
        name, text = match.lastgroup, match[0]
        replacements = {"and": " AND ", "or": " OR ", "not": " NOT ", "fuzzy": " "}
        if name == "letter":
            return "\\" + text
        if name == "phrase":
            return text[: text.rindex('"') + 1]
        return replacements.get(name or "", text)

    return _TOKEN.sub(replace, query)


def _depth(query: str) -> int:
    depth = deepest = 0
    for char in query:
        depth += {"(": 1, ")": -1}.get(char, 0)
        deepest = max(deepest, depth)
    return deepest


@dataclass(frozen=True)
class Pattern:
    """A term with its wildcards told from its escaped letters."""

    pieces: tuple[str, ...]  # text between wildcards, and "*" or "?" as single wildcards
    wild: tuple[bool, ...]

    @property
    def literal(self) -> str | None:
        """The term's text if it has no wildcard."""
        return None if any(self.wild) else "".join(self.pieces)

    @property
    def everything(self) -> bool:
        """Whether the term is ``*``."""
        return self.pieces == ("*",) and self.wild == (True,)

    @property
    def beginning(self) -> str | None:
        """``foo`` if the term is ``foo*`` or ``*foo*``: words are found from their beginning."""
        if self.wild in ((False, True), (True, False, True), (True, False)):
            stars = [p for p, wild in zip(self.pieces, self.wild, strict=True) if wild]
            return self.pieces[self.wild.index(False)] if set(stars) == {"*"} else None
        return None

    def regex(self) -> str:
        """An anchored regular expression in the dialect that SQL/JSON path shares with Python."""
        wildcards = {"*": ".*", "?": "."}
        body = "".join(
            wildcards[piece] if wild else re.sub(r"([^\w\s])", r"\\\1", piece)
            for piece, wild in zip(self.pieces, self.wild, strict=True)
        )
        return f"^{body}$"


def pattern(value: str) -> Pattern:
    r"""Read a term as written in a query: ``\:`` is a colon, ``*`` and ``?`` are wildcards."""
    pieces: list[str] = []
    wild: list[bool] = []
    for match in re.finditer(r"(?P<wild>[*?])|(?:\\.|[^*?\\]|\\$)+", value, re.DOTALL):
        pieces.append(match[0] if match["wild"] else unescape(match[0]))
        wild.append(bool(match["wild"]))
    return Pattern(tuple(pieces), tuple(wild))


def unescape(value: str) -> str:
    """Take the backslashes out of an escaped text."""
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
