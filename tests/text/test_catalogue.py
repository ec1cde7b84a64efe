"""Every sentence is there in both languages, is used, and is given what it has places for."""

import re

import pytest

from gst_opt.text import Lang, Message, say
from gst_opt.text.message import catalogue
from tests.text.keys import families, family_uses, literal_uses, places

ENGLISH = re.compile(r"\b(the|of|and|with|is|are|not|that|this|from|which|no|has|have|must|cannot|to)\b", re.IGNORECASE)
FRENCH = re.compile(r"\b(le|la|les|des|une|du|dans|avec|est|sont|qui|que|pas|aucun|aucune|pour|sur)\b")
QUOTED = re.compile(r"«[^»]*»|'[^']*'|\"[^\"]*\"|\{[^}]*\}")

NAMES = {"samples.tanger", "samples.province"}
"""English sentences with French names of places in them."""


class AnyValue:
    """Fills any place, whatever its format."""

    def __format__(self, spec: str) -> str:
        return "x"


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_sentence_is_whole_in_both_languages(key: str) -> None:
    sentences = catalogue()[key]
    assert set(sentences) == {Lang.FR, Lang.EN}
    assert places(sentences[Lang.FR]) == places(sentences[Lang.EN])
    for lang in Lang:
        assert sentences[lang].strip(), lang
        assert "x" in say(key, lang, dict.fromkeys(places(sentences[lang]), AnyValue())) or not places(sentences[lang])


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_sentence_is_in_its_own_language(key: str) -> None:
    french, english = (QUOTED.sub("", catalogue()[key][lang]) for lang in (Lang.FR, Lang.EN))
    if " " in english.strip():
        assert french != english
    assert not ENGLISH.search(french.replace("no.", ""))
    assert key in NAMES or not FRENCH.search(english)


def test_every_key_used_is_in_the_catalogue() -> None:
    assert [use for use in literal_uses() if use.key not in catalogue()] == []
    unknown = [(where, begins) for where, begins in family_uses() if begins not in families()]
    assert unknown == [], "add the family to tests/text/keys.py"
    made = {begins + end for _, begins in family_uses() for end in families()[begins]}
    assert made - set(catalogue()) == set()


def test_every_key_of_the_catalogue_is_used() -> None:
    used = {use.key for use in literal_uses()}
    used |= {begins + end for _, begins in family_uses() for end in families().get(begins, ())}
    assert set(catalogue()) - used == set()


def test_sentences_are_given_the_values_that_they_have_places_for() -> None:
    wrong = [
        (use, places(catalogue()[use.key][Lang.EN]))
        for use in literal_uses()
        if use.values is not None and use.key in catalogue() and use.values != places(catalogue()[use.key][Lang.EN])
    ]
    assert wrong == []


def test_message_says_its_messages_in_the_same_language() -> None:
    inner = Message("core.unknown_reference", {"table": "skills"})
    outer = Message("core.problem_in_table", {"table": "staff", "column": "", "value": "x", "expected": inner})
    assert outer.text(Lang.EN) == str(outer) == "staff: x; expected an id that the table skills has"
    assert outer.text(Lang.FR) == "staff : x ; attendu : un identifiant présent dans la table skills"


def test_missing_key_and_missing_value_are_errors() -> None:
    with pytest.raises(KeyError):
        say("core.nothing_of_the_kind", Lang.EN)
    with pytest.raises(KeyError, match="table"):
        say("core.unknown_reference", Lang.EN)
