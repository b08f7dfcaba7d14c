"""Requirements of an application: which lines name the package that it moves away from."""

from __future__ import annotations

import re
from typing import Final

from ._left import Left

NAMED: Final = re.compile(r"(?<![\w.-])supertokens[-_.]+python(?!-?[^\W\d])", re.IGNORECASE)
COMMENT: Final = re.compile(r"(?:^|\s)#")
TO_DO: Final = "supertokens-python is named here: require authweave, with the extra of the framework."


def required(raw: bytes) -> list[Left]:
    """Return the lines of a file of requirements that name the package, but those that are comments."""
    return [
        Left(number, match.start() + 1, TO_DO)
        for number, line in enumerate(raw.decode(errors="replace").splitlines(), 1)
        if (match := NAMED.search(COMMENT.split(line, maxsplit=1)[0]))
    ]
