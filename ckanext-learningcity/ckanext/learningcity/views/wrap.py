"""Breaking text into lines for pictures, where no browser does it.

Thai has no spaces between words, so lines are broken at the word limits of a dictionary.
"""

from __future__ import annotations

import unicodedata

from pythainlp.tokenize import word_tokenize


def wrap(text: str, letters: int) -> list[str]:
    """Return `text` in lines of at most `letters` letters, broken between words."""
    if width(text) <= letters:
        return [text]
    lines = [""]
    for word in word_tokenize(text, engine="newmm", keep_whitespace=True):
        if lines[-1] and width(lines[-1]) + width(word.rstrip()) > letters:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return [line.rstrip() for line in lines]


def width(text: str) -> int:
    """Return the number of letters; Thai marks above and below take no room of their own."""
    return sum(unicodedata.category(letter) != "Mn" for letter in text)
