"""Text and keywords in two languages beside the plain ones that stock clients know."""

from __future__ import annotations

import pytest

from ckanext.learningcity.logic.languages import language_of, merge_texts, merge_words, pick

BOTH = {"th": "ประชากร", "en": "Population"}


@pytest.mark.parametrize(
    ("text", "language"),
    [("ประชากร", "th"), ("Population", "en"), ("GDP ของไทย", "th"), ("2567", "en"), ("", "en")],
)
def test_language_of(text, language):
    assert language_of(text) == language


def test_pick_falls_back():
    assert pick(BOTH, "th") == "ประชากร"
    assert pick({"en": "Population"}, "th") == "Population"
    assert pick(BOTH, "fr") == "ประชากร"
    assert pick({"th": "", "en": ""}, "th") == ""


@pytest.mark.parametrize(
    ("texts", "plain", "stored", "merged"),
    [
        pytest.param({}, "Population", None, {"en": "Population"}, id="plain only"),
        pytest.param({}, "ประชากร", None, {"th": "ประชากร"}, id="plain Thai only"),
        pytest.param(BOTH, None, None, BOTH, id="both languages, no plain"),
        pytest.param(BOTH, "Population", None, BOTH, id="plain is one of them"),
        pytest.param({"th": "ก"}, "Pop", None, {"th": "ก", "en": "Pop"}, id="plain fills a gap"),
        pytest.param(BOTH, "Pop", None, BOTH, id="plain loses against its language"),
        pytest.param(BOTH, "พลเมือง", "ประชากร", {**BOTH, "th": "พลเมือง"}, id="plain was changed"),
        pytest.param(BOTH, "Pop", "ประชากร", {"en": "Pop"}, id="plain was changed to English"),
        pytest.param(BOTH, "old", "old", BOTH, id="texts were changed, plain came back"),
        pytest.param({}, "same", "same", {"en": "same"}, id="a stock client sends all it knows"),
        pytest.param({"th": " ", "en": ""}, None, "x", {}, id="blank"),
    ],
)
def test_merge_texts(texts, plain, stored, merged):
    assert merge_texts(texts, plain, stored) == merged


@pytest.mark.parametrize(
    ("words", "tags", "stored", "merged"),
    [
        pytest.param({}, ["อ่าน", "read"], [], {"th": ["อ่าน"], "en": ["read"]}, id="tags only"),
        pytest.param({"en": ["read"]}, None, ["old"], {"en": ["read"]}, id="keywords only"),
        pytest.param({"en": ["a"]}, ["a", "b"], ["a"], {"en": ["a", "b"]}, id="a tag was added"),
        pytest.param({"en": ["a", "b"]}, ["a"], ["a", "b"], {"en": ["a"]}, id="a tag was removed"),
        pytest.param({"en": ["a"]}, ["a", "b"], ["a", "b"], {"en": ["a"]}, id="keyword removed"),
        pytest.param({"en": ["a", "a"]}, ["a"], [], {"en": ["a"]}, id="twice is once"),
        pytest.param({}, ["a"], ["a"], {"en": ["a"]}, id="a stock client sends all it knows"),
        pytest.param({}, None, [], {}, id="nothing"),
    ],
)
def test_merge_words(words, tags, stored, merged):
    assert merge_words(words, tags, stored) == merged
