"""Codes and the texts of the Thai Government Data Catalog: there and back without loss."""

from __future__ import annotations

import pytest

from ckanext.learningcity.tables import codelists, gd_catalog

#: Choices of ours that have no text in the standard: see `schemas/presets.yaml`.
CHOICES = [
    (field, code)
    for field, preset in gd_catalog.PRESETS.items()
    for code in codelists.choices(preset)
]


@pytest.mark.parametrize(("field", "code"), CHOICES)
def test_every_code_comes_back_from_its_text(field, code):
    [text] = gd_catalog.texts(field, [code])
    assert gd_catalog.codes(field, [text]) == ([code], [])


@pytest.mark.parametrize("field", gd_catalog.PRESETS)
def test_several_texts_keep_their_order_and_what_is_none_is_told(field):
    codes = list(codelists.choices(gd_catalog.PRESETS[field]))[:2]
    texts = gd_catalog.texts(field, reversed(codes))
    found, unknown = gd_catalog.codes(field, [*texts, "ไม่มีในมาตรฐาน", *texts])
    assert (found, unknown) == (codes[::-1], ["ไม่มีในมาตรฐาน"])


@pytest.mark.parametrize(
    "text",
    [
        "License not specified",
        "Creative Commons Attributions",
        "Creative Commons Attribution Share-Alike",
        "Creative Commons Non-Commercial (Any)",
        "Open Data Common",
        "GNU Free Documentation License",
    ],
)
def test_every_licence_of_the_standard_comes_back(text):
    assert gd_catalog.licence_text(gd_catalog.licence(text)) == text


def test_another_licence_is_not_guessed():
    assert gd_catalog.licence("อื่นๆ") == "notspecified"
    assert gd_catalog.licence("สัญญาอนุญาตของเรา") is None
    assert gd_catalog.licence("CC-BY") == "cc-by"
    assert gd_catalog.licence_text("uk-ogl") == "อื่นๆ"
