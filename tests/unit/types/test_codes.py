"""Codes as people type them."""

import pytest

from authweave.types import typed_code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("123456", "123456"),
        (" 123 456\n", "123456"),
        ("12-34\N{EN DASH}56", "123456"),
        ("12\N{MINUS SIGN}3\N{NON-BREAKING HYPHEN}456", "123456"),
        ("\N{LEFT-TO-RIGHT MARK}1\N{ZERO WIDTH SPACE}2\N{NO-BREAK SPACE}3\N{IDEOGRAPHIC SPACE}456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("१२३४५६", "123456"),
        ("\N{FULLWIDTH DIGIT ONE}2\N{MATHEMATICAL BOLD DIGIT THREE}456", "123456"),
        ("Ab-cD", "AbcD"),
        ("\N{VULGAR FRACTION ONE HALF}", "1\N{FRACTION SLASH}2"),
        ("\ud800", "\ud800"),
        ("", ""),
        ("1" * 100, "1" * 100),
        ("1" * 101, ""),
    ],
)
def test_what_is_meant(typed: str, meant: str) -> None:
    """Without spaces, dashes and what shows nothing; letters stay as they are."""
    assert typed_code(typed) == meant
