"""Titles and descriptions on core's own pages, in the reader's language where there is one.

Core's templates print `title`, which is one language's. Actions keep giving what is stored: only
what is made for a page (`for_view`) changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from flask import has_request_context
from markupsafe import Markup

from ckanext.learningcity.existing import extras
from ckanext.learningcity.search.thai import LETTERS

_THAI = re.compile(f"[{LETTERS}]")
_LETTER = re.compile(f"[A-Za-z{LETTERS}]")
_LANGUAGES = ("th", "en")
#: What stands between the languages where a field has room for one text only.
_BETWEEN = " / "


class ReadersLanguage(p.SingletonPlugin):
    """Gives pages the texts of datasets, resources and organizations in the reader's language."""

    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IOrganizationController, inherit=True)

    def before_dataset_view(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Translate a dataset, its resources and its organization."""
        dataset = _spoken(super().before_dataset_view(pkg_dict), ("title", "notes"))  # pyright: ignore[reportAttributeAccessIssue]
        resources = [_spoken(one, ("name", "description")) for one in dataset.get("resources", [])]
        publisher = dataset.get("organization")
        publisher = learningcity_organization(publisher) if publisher else publisher
        return {**dataset, "resources": resources, "organization": publisher}

    def before_view(self, data_dict: dict[str, Any]) -> dict[str, Any]:
        """Translate an organization."""
        return learningcity_organization(data_dict)

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],  # noqa: ARG002 - CKAN fixes the signature
    ) -> dict[str, Any]:
        """Name the organizations among the filters of a page in the reader's language."""
        facet = search_results["search_facets"].get("organization")
        if facet and _on_a_page():
            for item in facet["items"]:
                item["display_name"] = _title(item["name"]) or item["display_name"]
        return search_results


@tk.chained_helper
def get_organization(next_helper: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Return CKAN's organization, which stands beside a dataset, in the reader's language."""
    found = next_helper(*args, **options)
    return learningcity_organization(found) if found else found


@tk.chained_helper
def organizations_available(next_helper: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Return the organizations to choose from in CKAN's forms, in the reader's language."""
    return [learningcity_organization(each) for each in next_helper(*args, **options)]


@tk.chained_helper
def list_dict_filter(next_helper: Callable[..., Any], *args: Any) -> Any:
    """Return CKAN's name of a chosen filter; one in another language says so."""
    return learningcity_written(next_helper(*args))


@tk.chained_helper
def render_markdown(next_helper: Callable[..., Any], data: str, *args: Any, **options: Any) -> Any:
    """Return CKAN's rendering of a text; one in another language says so."""
    foreign = learningcity_foreign(data or "")
    html = next_helper(data, *args, **options)
    return Markup('<div lang="{}">{}</div>').format(foreign, html) if foreign else html


def learningcity_lang(text: str) -> str:
    """Return the `lang` of a text that was written by people: `th` or `en`, by its letters."""
    return "th" if _THAI.search(text) else "en"


def learningcity_foreign(text: str) -> str:
    """Return the language of a text if it is not the reader's; nothing for figures alone."""
    lang = learningcity_lang(text)
    return "" if lang == tk.h.lang() or not _LETTER.search(text) else lang


def learningcity_written(text: str, length: int = 0) -> str:
    """Return a text that was written by people as a page shows it.

    Of “English / ไทย” it is the reader's half. In another language than the page's it says so.

    :param length: characters after which it is cut; 0 for all of it
    """
    own = learningcity_half(text)
    foreign = learningcity_foreign(own)
    shown = f"{own[: length - 1].rstrip()}…" if 0 < length < len(own) else own
    return Markup('<span lang="{}">{}</span>').format(foreign, shown) if foreign else shown


def learningcity_half(text: str) -> str:
    """Return the reader's half of a text in both languages, “English / ไทย”; else the text."""
    halves = {learningcity_lang(half): half for half in text.split(_BETWEEN)}
    both = text.count(_BETWEEN) == 1 and len(halves) == len(_LANGUAGES)
    return halves.get(tk.h.lang(), text) if both else text


def learningcity_language_name(lang: str) -> str:
    """Return the name of `th` or `en` in the reader's language."""
    return {"th": tk._("Thai"), "en": tk._("English")}[lang]


def learningcity_activity_type(kind: str) -> str:
    """Return a kind of activity, `new package`, in words; an unknown one as it is."""
    words = {
        "new package": tk._("Dataset created"),
        "changed package": tk._("Dataset changed"),
        "deleted package": tk._("Dataset deleted"),
        "follow dataset": tk._("Dataset followed"),
        "new resource view": tk._("View created"),
        "changed resource view": tk._("View changed"),
        "deleted resource view": tk._("View deleted"),
        "new organization": tk._("Organization created"),
        "changed organization": tk._("Organization changed"),
        "deleted organization": tk._("Organization deleted"),
        "follow organization": tk._("Organization followed"),
        "new group": tk._("Group created"),
        "changed group": tk._("Group changed"),
        "deleted group": tk._("Group deleted"),
        "follow group": tk._("Group followed"),
        "new user": tk._("User signed up"),
        "changed user": tk._("User changed"),
        "follow user": tk._("User followed"),
        "learningcity published": tk._("Release published"),
        "learningcity withdrawn": tk._("Release withdrawn"),
        "learningcity rolled back": tk._("Rolled back to a release"),
        "learningcity adopted": tk._("Innovation adopted"),
        "learningcity adoption changed": tk._("Adoption changed"),
    }
    return words.get(kind, kind)


def _spoken(thing: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """Return `thing` with each field in the reader's language, if it has a translation."""
    lang = tk.h.lang()
    texts = {field: _read(thing.get(f"{field}_translated")).get(lang) for field in fields}
    return {**thing, **{field: text for field, text in texts.items() if text}}


def _read(texts: Any) -> Mapping[str, str]:
    """Return a field's texts by language; core gives some of them as they are stored, in JSON."""
    return json.loads(texts) if isinstance(texts, str) and texts else texts or {}


def organization_texts(thing: Mapping[str, Any]) -> dict[str, Any]:
    """Return an organization with its texts in both languages.

    A list of core's leaves them out, or has them made of the title alone, in Thai.
    """
    return {**thing, **_translations(str(thing["name"]))}


def learningcity_organization(thing: Mapping[str, Any]) -> dict[str, Any]:
    """Return an organization with its texts in the reader's language."""
    shown = _spoken(organization_texts(thing), ("title", "description"))
    return {**shown, "display_name": shown.get("title") or shown["name"]}


def _on_a_page() -> bool:
    """Return whether what is asked for is read by a person: the API gives what is stored."""
    return has_request_context() and tk.request.blueprint != "api"


def _title(name: str) -> str:
    return _translations(name).get("title_translated", {}).get(tk.h.lang(), "")


def _translations(name: str) -> dict[str, Any]:
    """Return the translated fields of an organization, read once in a request."""
    kept = tk.g.setdefault("learningcity_organizations", {})
    if name not in kept:
        group = model.Group.get(name)
        held = extras(group)
        fields = ("title_translated", "description_translated")
        kept[name] = {field: json.loads(held[field]) for field in fields if held.get(field)}
    return kept[name]
