"""Thai text: one spelling, words, and the words inside words."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
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
_LONGEST_WORD = 40
_UNKNOWN = 5  # steps that a cluster outside the dictionary costs
_FAR = 1_000_000


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
    direct = dict.fromkeys(part for _, part in _shortest_cuts(word, whole=False))
    deeper = dict.fromkeys(inner for part in direct for inner in parts(part))
    return tuple(direct | deeper)


def readings(run: str) -> list[tuple[int, str]]:
    """Words, with their offsets, of every way to cut a run into as few words as possible.

    พฤติกรรมการอ่าน (reading behaviour) can be cut into พฤติ, กรรมการ, อ่าน and into พฤติกรรม, การ,
    อ่าน; ``words`` gives one of them, and only the other may be what the writer meant.
    """
    return _shortest_cuts(run, whole=True)


def _shortest_cuts(text: str, *, whole: bool) -> list[tuple[int, str]]:
    """Dictionary words on any shortest path through the text.

    :param whole: the text itself may be a word, and clusters that are no word may be stepped over
    """
    from pythainlp.tokenize.tcc_p import tcc_pos  # noqa: PLC0415

    # Cuts fall between character clusters only, so that no consonant loses its vowel.
    marks = sorted({0, *tcc_pos(text)})
    steps = [
        (start, start + len(word), 1)
        for start in marks
        for word in _dictionary().prefixes(text[start : start + _LONGEST_WORD])
        if len(word) > 1 and (whole or word != text) and start + len(word) in marks
    ]
    if whole:
        steps += [(start, end, _UNKNOWN) for start, end in pairwise(marks)]
    steps.sort()
    before, after = {0: 0}, {len(text): 0}
    for start, end, cost in steps:
        if start in before:
            before[end] = min(before.get(end, _FAR), before[start] + cost)
    for start, end, cost in reversed(steps):
        if end in after:
            after[start] = min(after.get(start, _FAR), after[end] + cost)
    best = after.get(0, _FAR)
    return [
        (start, text[start:end])
        for start, end, cost in steps
        if cost == 1 and before.get(start, _FAR) + 1 + after.get(end, _FAR) == best
    ]


def sort_key(text: str) -> str:
    """A key whose plain order is dictionary order: vowels written first sort after their letter."""
    plain = _TONES.sub("", normalise(text)).casefold().strip()
    return _LEADING_VOWEL.sub(r"\2\1", plain)


@cache
def _dictionary() -> Any:
    from pythainlp.corpus import thai_words  # noqa: PLC0415
    from pythainlp.util import dict_trie  # noqa: PLC0415

    return dict_trie(frozenset(thai_words()) | synonyms.abbreviations())
