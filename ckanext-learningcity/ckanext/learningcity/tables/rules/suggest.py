""" "Did you mean …?": what a code or a name that is not known was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from .. import codelists
from ..report import Text

A_CODE = {
    "en": "Use an id or a name of the code list.",
    "th": "โปรดใช้รหัสหรือชื่อในรายการ",
}
A_PLACE = {
    "en": "Use a code or a name of the list of places.",
    "th": "โปรดใช้รหัสหรือชื่อในรายการพื้นที่",
}

#: Entries up to which a code list is shown whole.
SHORT = 20

#: Candidates that a reader can take in.
MOST = 8

#: Share of neighbouring letters in common from which a spelling is offered.
NEAR = 0.5

_MUEANG = frozenset({"mueang", "muang", "เมือง"})


def did_you_mean(codes: Iterable[str], entries: Mapping[str, codelists.Entry]) -> dict[str, str]:
    """Return the question in both languages, naming each of `codes` from `entries`."""
    listed = list(codes)
    english = ", ".join(_described(code, entries[code], "en") for code in listed)
    thai = ", ".join(_described(code, entries[code], "th") for code in listed)
    return {"en": f"Did you mean {english}?", "th": f"หมายถึง {thai} หรือไม่"}


def close_codes(text: str, spellings: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the codes whose spelling is nearest to `text`, the nearest first.

    Nearness is the share of neighbouring letters that two spellings have in common: it finds a
    swapped, missing or wrong letter, and takes a millisecond for all places of the country.

    :param spellings: folded spelling to the codes that it may mean
    """
    pairs = _pairs(codelists.fold(text)[:80])
    near = [
        (share, spelling)
        for spelling in spellings
        if (share := _share(pairs, _pairs(spelling))) >= NEAR
    ]
    near.sort(key=lambda each: (-each[0], each[1]))
    return list(dict.fromkeys(code for _, spelling in near for code in spellings[spelling]))[:3]


def expected_of(
    text: str, spellings: Mapping[str, Iterable[str]], entries: Mapping[str, codelists.Entry]
) -> Text:
    """Return what was expected for `text`: the nearest codes, and all of a short list."""
    near = close_codes(text, spellings)
    question = did_you_mean(near, entries) if near else None
    if len(entries) > SHORT:
        return question or A_CODE
    known = ", ".join(entries)
    return {
        "en": f"one of {known}. {question['en'] if question else ''}".strip(),
        "th": f"หนึ่งใน {known} {question['th'] if question else ''}".strip(),
    }


def places(codes: Iterable[str]) -> dict[str, str]:
    """Return the places by code, name, level and what they lie in, in both languages."""
    listed = list(codes)
    more = len(listed) - MOST
    texts = {
        language: ", ".join(_place(code, language) for code in listed[:MOST])
        for language in ("en", "th")
    }
    if more > 0:
        texts = {"en": f"{texts['en']} and {more} more", "th": f"{texts['th']} และอีก {more} แห่ง"}
    return texts


def places_meant(text: str) -> dict[str, str]:
    """Return the question for a name of a place that is not known."""
    near = bare_places(text)[:3]
    if not near:
        names = _bare(codelists.fold(text))
        bare = min(names, key=len, default="")  # words for levels make every name look alike
        near = _at_level(names, close_codes(bare, _bare_names()))
    if not near:
        return A_PLACE
    named = places(near)
    return {"en": f"Did you mean {named['en']}?", "th": f"หมายถึง {named['th']} หรือไม่"}


def bare_places(text: str) -> tuple[str, ...]:
    """Return the places that `text` names without the word for their level, or with another.

    เมือง alone is the chief district of its province, and so it is many.
    """
    meant = _bare(codelists.fold(text))
    areas = codelists.areas()
    if not _MUEANG.isdisjoint(meant):
        return tuple(
            code
            for code, area in areas.items()
            if area["level"] == "district"
            and codelists.fold(area["name"]["en"]).startswith("mueang ")
        )
    codes = dict.fromkeys(code for name in meant for code in _bare_names().get(name, ()))
    return _at_level(meant, codes)


def _at_level(names: Mapping[str, str], codes: Iterable[str]) -> tuple[str, ...]:
    """Return those of `codes` whose level `names`, as `_bare` gives them, say; all if none is."""
    listed = tuple(codes)
    said = {level for level in names.values() if level}
    of_level = tuple(code for code in listed if codelists.areas()[code]["level"] in said)
    return of_level or listed


@cache
def _bare_names() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = {}
    for code, area in codelists.areas().items():
        for spelling in (*area["name"].values(), *area.get("aliases", [])):
            for name in _bare(codelists.fold(spelling)):
                names.setdefault(name, {})[code] = None
    return {name: tuple(codes) for name, codes in names.items()}


def _bare(folded: str) -> dict[str, str]:
    """Return a folded name as it is and without each word for a level that stands around it.

    :returns: the level whose word was taken away, "" for none, by name
    """
    names = {folded: ""}
    for word, level in _level_words():
        if folded.startswith(word):
            names.setdefault(folded.removeprefix(word).strip(), level)
        elif folded.endswith(f" {word}"):
            names.setdefault(folded.removesuffix(word).strip(), level)
    return {name: level for name, level in names.items() if name}


@cache
def _level_words() -> tuple[tuple[str, str], ...]:
    """Return the words that stand before or behind a name, and their level."""
    return tuple(
        (codelists.fold(word), level["id"])
        for level in codelists.area_levels().values()
        for word in (*level["prefixes"], *level["suffixes"])
    )


@lru_cache(maxsize=8192)
def _pairs(spelling: str) -> frozenset[str]:
    framed = f" {spelling} "
    return frozenset(framed[at : at + 2] for at in range(len(framed) - 1))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _place(code: str, language: str) -> str:
    area = codelists.areas()[code]
    level = codelists.area_levels()[area["level"]]["name"][language]
    parent = codelists.areas().get(area.get("parent", ""))
    name = area["name"][language]
    if not parent or parent["level"] in ("country", "region"):
        return f"{code} ({name}, {level})"
    above = codelists.area_levels()[parent["level"]]["name"]["th"]
    inside = {
        "en": f"{level} in {parent['name']['en']}",
        "th": f"{level}ใน{above}{parent['name']['th']}",
    }
    return f"{code} ({name}, {inside[language]})"


def _described(code: str, entry: codelists.Entry, language: str) -> str:
    name = entry["name"][language] if "name" in entry else entry[language]
    return code if code == name else f"{code} ({name})"
