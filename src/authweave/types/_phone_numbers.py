"""Phone numbers, as all recipes compare them."""

from __future__ import annotations

import re
from typing import Final

BETWEEN_DIGITS: Final = re.compile(r"[\s().-]")


def normal_phone_number(number: str) -> str:
    """Return a phone number without what people write between its digits."""
    return BETWEEN_DIGITS.sub("", number)
