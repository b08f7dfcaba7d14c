"""Codes that people type, from a screen, a letter or memory."""

from __future__ import annotations

import unicodedata
from typing import Final

MAX_TYPED_CHARACTERS: Final = 100
"""A code that is longer, with all its spaces, is none."""

LEFT_OUT: Final = frozenset({"Pd", "Cf"})
"""Categories of Unicode: dashes, and what shows nothing, as a mark of direction that was copied along."""

MINUS: Final = "\N{MINUS SIGN}"


def typed_code(text: str) -> str:
    """
    Return a code as it was meant: without spaces and dashes, and with the digits 0 to 9 for those of other scripts.

    What is far too long for a code becomes none, which is no code of anybody.
    """
    if len(text) > MAX_TYPED_CHARACTERS:
        return ""
    if text.isascii() and text.isalnum():  # as most are, and as they stay
        return text
    return "".join(
        str(unicodedata.decimal(each, each))
        for each in unicodedata.normalize("NFKC", text)
        if not each.isspace() and each != MINUS and unicodedata.category(each) not in LEFT_OUT
    )
