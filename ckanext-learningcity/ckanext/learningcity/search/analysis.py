"""Text to words, the same way for a dataset and for a question.

A *chunk* is what stands between spaces. A chunk is cut where Solr's ``text`` type cuts it (signs,
letter case, letters next to digits) and where Thai words end. English endings are taken off later
by PostgreSQL's own Snowball stemmer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from . import synonyms, thai

if TYPE_CHECKING:
    from collections.abc import Iterator

_CASE = re.compile("(?<=[a-z])(?=[A-Z])")
_RUN = re.compile(rf"(?P<thai>[{thai.LETTERS}]+)|\d+|[^\W\d_{thai.LETTERS}]+")
_LATIN = re.compile("[a-z]+")
_MAX_WORD_BYTES = 500  # with the name of a field before it; PostgreSQL takes no more than 2,046
_MAX_JOINED = 4  # "wi-fi" is also "wifi"; a sentence in a URL is not one word


@dataclass(frozen=True)
class Word:
    """A word of a text, and other Thai words that can be read in it or from its first letter."""

    text: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """The words between two spaces, and their joined form if they read as one compound."""

    words: tuple[Word, ...]
    joined: str = ""
    thai: bool = False

    @cached_property
    def places(self) -> tuple[tuple[str, int, bool], ...]:
        """Every word for an index, its position from 1 on, and whether it is no part of another."""
        found = [(self.joined, 1, True)] if self.joined else []
        for position, word in enumerate(self.words, 1):
            found.append((word.text, position, True))
            found += ((part, position, False) for part in word.parts)
        return tuple(place for place in found if len(place[0].encode()) <= _MAX_WORD_BYTES)


@lru_cache(maxsize=5_000)
def known_chunks(text: str) -> tuple[Chunk, ...]:
    """The chunks of a text that comes again and again: a keyword, an organization."""
    return tuple(chunks(text))


def chunks(text: str) -> Iterator[Chunk]:
    """The chunks of a text that hold at least one word."""
    for raw in normalise(text).split():
        chunk = _chunk(raw)
        if chunk.words:
            yield chunk


def other_names(words: tuple[str, ...]) -> tuple[tuple[Chunk, ...], ...]:
    """What else the thing is called that these words name, from ``synonyms.yaml``."""
    return _names().get(words, ())


def normalise(text: str) -> str:
    """Compatible characters made one, accents of Latin letters dropped, Thai spelling unified."""
    folded = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in folded if not "\u0300" <= c <= "\u036f")
    return thai.normalise(unicodedata.normalize("NFC", plain))


@cache
def _names() -> dict[tuple[str, ...], tuple[tuple[Chunk, ...], ...]]:
    table: dict[tuple[str, ...], tuple[tuple[Chunk, ...], ...]] = {}
    for group in synonyms.groups():
        names = [tuple(chunks(name)) for name in group]
        for name in names:
            words = tuple(word.text for chunk in name for word in chunk.words)
            table[words] = tuple(other for other in names if other != name)
    return table


@lru_cache(maxsize=20_000)
def _chunk(raw: str) -> Chunk:
    """Take a chunk apart; the texts of one publisher repeat each other."""
    words: list[Word] = []
    has_thai = False
    for match in _RUN.finditer(_CASE.sub(" ", raw)):
        run = match[0].casefold()
        if match["thai"]:
            has_thai = True
            words.extend(_thai_words(run))
        else:
            words.append(Word(run))
    latin = 1 < len(words) <= _MAX_JOINED and all(_LATIN.fullmatch(w.text) for w in words)
    return Chunk(tuple(words), "".join(w.text for w in words) if latin else "", has_thai)


def _thai_words(run: str) -> Iterator[Word]:
    others: dict[int, list[str]] = {}
    for start, word in thai.readings(run):
        others.setdefault(start, []).append(word)
    start = 0
    for word in thai.words(run):
        end = start + len(word)
        read = [other for at in range(start, end) for other in others.get(at, ()) if other != word]
        yield Word(word, tuple(dict.fromkeys((*thai.parts(word), *read))))
        start = end
