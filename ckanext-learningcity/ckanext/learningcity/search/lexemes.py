"""Words to PostgreSQL's ``tsvector`` and ``tsquery``.

Vectors are written here rather than by ``to_tsvector`` because Thai words, their parts and joined
forms share positions, which no text that PostgreSQL could parse would express.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GAP = 100  # words of different values never stand side by side
_LAST_POSITION = 16_383  # PostgreSQL counts no further
_STEMMABLE = re.compile("[a-z]{3,}")
_STEM_CACHE_SIZE = 100_000
_stems: dict[str, str] = {}


def stem(connection: sa.Connection, words: Iterable[str]) -> dict[str, str]:
    """Word -> stem, for every word given. English only; other words stand for themselves."""
    wanted = set(words)
    missing = [word for word in wanted if word not in _stems and _STEMMABLE.fullmatch(word)]
    if missing:
        if len(_stems) > _STEM_CACHE_SIZE:
            _stems.clear()
        _stems.update(_ask_stems(connection, missing))
    return {word: _stems.get(word, word) for word in wanted}


def _ask_stems(connection: sa.Connection, words: list[str]) -> dict[str, str]:
    # A stop word has no stem (an empty array) and is kept: "the" is worth finding in a phrase.
    statement = sa.text(
        "SELECT word, coalesce((ts_lexize('english_stem', word))[1], word) AS stem"
        " FROM unnest(CAST(:words AS text[])) AS word"
    )
    return {row.word: row.stem for row in connection.execute(statement, {"words": words})}


class Vector:
    """Collects words and writes them as a ``tsvector``."""

    def __init__(self) -> None:
        self._words: dict[str, list[tuple[int, str]]] = {}
        self._position = 0

    def add(self, text: Iterable[analysis.Chunk], weight: str, prefix: str = "") -> None:
        """Append the words of a value. ``weight`` is A to D; parts of words weigh D."""
        words = self._words
        for chunk in text:
            if self._position > _LAST_POSITION:
                return
            at = self._position
            self._position += len(chunk.words)
            for word, step, whole in chunk.places:
                place = (min(at + step, _LAST_POSITION), weight if whole else "D")
                words.setdefault(prefix + word, []).append(place)
        self._position += _GAP

    def words(self) -> set[str]:
        """Every word so far, without prefix."""
        return {word.rpartition(":")[2] for word in self._words}

    def literal(self, stems: Mapping[str, str]) -> str:
        """The vector in PostgreSQL's notation, words replaced by their stems."""
        positions: dict[str, set[str]] = {}
        for word, places in self._words.items():
            prefix, mark, bare = word.rpartition(":")
            lexeme = prefix + mark + stems.get(bare, bare)
            positions.setdefault(lexeme, set()).update(f"{p}{w}" for p, w in places)
        return " ".join(f"{quote(lexeme)}:{','.join(at)}" for lexeme, at in positions.items())


def quote(lexeme: str) -> str:
    """A lexeme as PostgreSQL's text search notation writes it."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


class Query:
    """Words to look for, written as ``tsquery``.

    A joined form ("wifi") also matches its parts ("wi-fi"), and a name its other names. Other names
    ask for all their words, not for their order: an index knows which words a text has, but order
    means to read every text that might match.
    """

    def __init__(self, chunks: Iterable[analysis.Chunk], *, phrase: bool) -> None:
        self._chunks = tuple(chunks)
        self._phrase = phrase
        words = tuple(word.text for chunk in self._chunks for word in chunk.words)
        self._names = analysis.other_names(words) if len(words) > 1 else ()

    def words(self) -> set[str]:
        """Every word whose stem ``text`` needs."""
        found: set[str] = set()
        pending = [*self._chunks, *(chunk for name in self._names for chunk in name)]
        while pending:
            chunk = pending.pop()
            found.add(chunk.joined)
            for word in chunk.words:
                found.add(word.text)
                names = analysis.other_names((word.text,))
                found.update(w.text for name in names for c in name for w in c.words)
        return found - {""}

    def text(self, stems: Mapping[str, str], prefix: str = "") -> str:
        """The query in PostgreSQL's notation; ``prefix`` (``"title:"``) asks for one field."""

        def lexeme(word: str) -> str:
            return quote(prefix + stems[word])

        def together(words: Iterable[str]) -> str:
            return f"({(' <-> ' if self._phrase else ' & ').join(map(lexeme, words))})"

        def alternatives(word: analysis.Word) -> str:
            names = analysis.other_names((word.text,))
            others = [together(w.text for c in name for w in c.words) for name in names]
            return f"({' | '.join((lexeme(word.text), *others))})" if others else lexeme(word.text)

        def one(chunk: analysis.Chunk) -> str:
            between = " & " if chunk.thai and not self._phrase else " <-> "
            text = f"({between.join(map(alternatives, chunk.words))})"
            return f"({text} | {lexeme(chunk.joined)})" if chunk.joined else text

        whole = (" <-> " if self._phrase else " & ").join(map(one, self._chunks))
        names = [together(w.text for c in name for w in c.words) for name in self._names]
        return " | ".join((f"({whole})", *names))


def prefix_query(words: list[str], stems: Mapping[str, str], prefix: str = "") -> str:
    """Words in a row of which the last is only the beginning of one."""
    whole = [quote(prefix + stems[word]) for word in words[:-1]]
    beginnings = sorted({words[-1], stems[words[-1]]})
    last = " | ".join(f"{quote(prefix + beginning)}:*" for beginning in beginnings)
    return " <-> ".join((*whole, f"({last})"))
