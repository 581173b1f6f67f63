"""Thai text: one spelling, words, and the words inside words."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from . import synonyms

#: Letters, vowels and marks; digits are converted and punctuation (ฯ, ๆ, ๏) separates words.
LETTERS = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e"
_RUN = re.compile(f"[{LETTERS}]")
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TONES = re.compile("[\u0e47-\u0e4c]")
_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_CACHE_WORDS = 50_000
_SHORTEST_COMPOUND = 8  # characters, marks included: โรงเรียน, but not จังหวัด
_MOST_PATHS = 8


def is_thai(text: str) -> bool:
    """Whether the text holds Thai letters."""
    return bool(_RUN.search(text))


def normalise(text: str) -> str:
    """One spelling for what looks the same: sara am, doubled sara e, mark order, digits."""
    if not any("\u0e00" <= char <= "\u0e7f" for char in text):
        return text
    from pythainlp.util import remove_zw, reorder_vowels  # noqa: PLC0415 - 0.6 s, only for Thai

    return reorder_vowels(remove_zw(text)).translate(_DIGITS)


def words(run: str) -> list[str]:
    """Dictionary words of a run of Thai letters, longest match with look-ahead (newmm)."""
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415

    return word_tokenize(run, custom_dict=_dictionary(), engine="newmm-safe")


@lru_cache(maxsize=_CACHE_WORDS)
def parts(word: str) -> tuple[str, ...]:
    """Shorter dictionary words that a compound is made of, at every level.

    องค์การบริหารส่วนจังหวัด gives องค์การ, บริหาร, ส่วน, จังหวัด (and องค์, การบริหาร, การ).
    A word counts only where the rest of the compound falls into words too, so วัด (temple) is
    not found in จังหวัด (province).
    """
    if len(word) < _SHORTEST_COMPOUND:
        return ()
    paths = _fewest(word)
    direct = dict.fromkeys(part for path in paths for part in path)
    deeper = dict.fromkeys(inner for part in direct for inner in parts(part))
    return tuple(direct | deeper)


@lru_cache(maxsize=_CACHE_WORDS)
def split(word: str) -> tuple[str, ...]:
    """The fewest dictionary words that, written one after the other, make the compound."""
    if len(word) < _SHORTEST_COMPOUND:
        return ()
    return next(iter(_fewest(word)), ())


def _fewest(word: str) -> list[tuple[str, ...]]:
    """Every way to cut the word into as few shorter dictionary words as possible."""
    from pythainlp.tokenize.tcc_p import tcc_pos  # noqa: PLC0415

    # Cuts fall between character clusters only, so that no consonant loses its vowel.
    edges = {0, *tcc_pos(word)}
    dictionary = _dictionary()
    paths: dict[int, list[tuple[str, ...]]] = {0: [()]}
    for start in sorted(edges):
        for part in dictionary.prefixes(word[start:]) if start in paths else ():
            end = start + len(part)
            if len(part) < 2 or part == word or end not in edges:
                continue
            found = [(*path, part) for path in paths[start]]
            known = paths.get(end)
            if known is None or len(found[0]) < len(known[0]):
                paths[end] = found
            elif len(found[0]) == len(known[0]):
                known.extend(found[: _MOST_PATHS - len(known)])
    return paths.get(len(word), [])


def sort_key(text: str) -> str:
    """A key whose plain order is dictionary order: vowels written first sort after their letter."""
    plain = _TONES.sub("", normalise(text)).casefold().strip()
    return _LEADING_VOWEL.sub(r"\2\1", plain)


@cache
def _dictionary() -> Any:
    from pythainlp.corpus import thai_words  # noqa: PLC0415
    from pythainlp.util import dict_trie  # noqa: PLC0415

    return dict_trie(frozenset(thai_words()) | synonyms.abbreviations())
