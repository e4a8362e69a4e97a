"""What people can see of a text, so that one that only looks empty counts as empty."""

import unicodedata

_SHAPELESS = {"Cc", "Cf"}
"""Kinds of characters without a shape: controls, and marks such as zero-width ones."""
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and patterns that are drawn as nothing."""


def seen(text: str) -> str:
    """Return a text with a single blank for all that stands between two words and is not seen."""
    shown = {ord(each): _shown(each) for each in set(text)}
    return " ".join(text.translate(shown).split())


def says_nothing(text: str) -> bool:
    """Tell whether no letter and no digit is in a text."""
    return not any(map(str.isalnum, seen(text)))


def _shown(character: str) -> str:
    if character in _FILLERS or character.isspace():
        return " "
    return "" if unicodedata.category(character) in _SHAPELESS else character
