"""What the address of a chart or page asks for; what cannot be is refused by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import area_levels, areas, breakdowns
from ckanext.learningcity.words import faults_by_field

from .figures import MOST_PLACES, Choice

MAPS = ("squares", "shapes")  # how provinces are drawn; squares are always there


def asked_choice(most: int = MOST_PLACES, leave_out: Collection[str] = ()) -> Choice:
    """Return the values that the address asks for.

    Parameters: `area`, `start`, `end`, `as_of`, `map`, and codes of breakdowns (`sex=F`).

    :param most: places that may be named
    :param leave_out: parameters that are wrong
    """
    names = {
        name: asked_list(name.lower()) for name in breakdowns() if name.lower() not in leave_out
    }
    texts = {name: asked(name) for name in ("start", "end", "as_of") if name not in leave_out}
    return Choice(
        areas=asked_areas(most),
        **texts,
        drawn=asked_map(),
        dimensions={name: codes for name, codes in names.items() if codes},
    )


def asked_map(default: str = "") -> str:
    """Return how the address wants provinces drawn; answers 400 to any other word."""
    return asked_one("map", MAPS, default)


def asked(name: str) -> str:
    """Return a parameter without the spaces around it, empty if it is not there."""
    return tk.request.args.get(name, "").strip()


def asked_list(name: str) -> list[str]:
    """Return a parameter that is repeated or has commas, each value once, in capitals.

    `_T` stays as it is.
    """
    values = [value for text in tk.request.args.getlist(name) for value in text.split(",")]
    return list(dict.fromkeys(value.strip().upper() for value in values if value.strip()))


def asked_areas(most: int = MOST_PLACES) -> list[str]:
    """Return the places that the address names.

    Answers 400 if there are more than `most` or one does not exist.
    """
    chosen = asked_list("area")
    if len(chosen) > most:
        tk.abort(400, tk._("area: at most {number} places").format(number=most))
    if unknown := [area for area in chosen if area not in areas()]:
        tk.abort(400, tk._("area: unknown place {place}").format(place=", ".join(unknown)))
    return chosen


def asked_level(default: str = "") -> str:
    """Return the administrative level that the address names; answers 400 if there is none such."""
    return asked_one("level", tuple(area_levels()), default)


def asked_one(name: str, choices: Sequence[str], default: str) -> str:
    """Return a parameter that is one of a few words; answers 400 to any other."""
    value = asked(name) or default
    if value and value not in choices:
        message = tk._("{name}: choose one of {choices}")
        tk.abort(400, message.format(name=name, choices=", ".join(choices)))
    return value


def problems(error: tk.ValidationError) -> dict[str, str]:
    """Return what is wrong with which parameter, as an action found it."""
    return {name: " ".join(texts) for name, texts in faults_by_field(error).items()}


def refuse(error: tk.ValidationError) -> NoReturn:
    """Answer 400 with the parameters that an action refused."""
    tk.abort(400, "; ".join(f"{name}: {text}" for name, text in problems(error).items()))
