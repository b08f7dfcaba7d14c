"""Addresses in one form."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from authweave.types import is_visible, normal_email


@pytest.mark.untraced
def test_the_normal_form_is_one_for_every_character() -> None:
    """However a character is written, the form is the same, and its own form."""
    for character in map(chr, range(sys.maxunicode + 1)):
        written = f"a{character}b"
        normal = normal_email(written)
        assert normal_email(normal) == normal
        assert normal_email(unicodedata.normalize("NFD", written)) == normal
        assert normal_email(unicodedata.normalize("NFC", written)) == normal


@pytest.mark.untraced
def test_no_letter_is_invisible() -> None:
    """Of letters, marks, digits and symbols few are; those of the categories Cf that are drawn stay."""
    refused = [each for each in map(chr, range(sys.maxunicode + 1)) if not is_visible(each)]
    kinds = {unicodedata.category(each) for each in refused}
    assert kinds == {"Cf", "Cn", "Lo", "Mn", "So"}
    assert [f"{ord(each):04X}" for each in refused if unicodedata.category(each) in {"Lo", "So"}] == [
        "115F",
        "1160",
        "2800",
        "3164",
        "FFA0",
        "1D159",
    ]


@pytest.mark.parametrize("visible", ["ada@example.com", "josé@example.com", "비밀@example.com", "नमस्ते@example.com"])
def test_what_people_write_is_visible(visible: str) -> None:
    """In any script."""
    assert is_visible(visible)
