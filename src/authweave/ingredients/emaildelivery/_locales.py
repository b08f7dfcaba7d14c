"""Which language a mail is in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext

MAX_CHARACTERS: Final = 1000
"""Of ``Accept-Language``, as far as it is read."""


def locale_of_request(user_context: UserContext, offered: Collection[str], default: str) -> str:
    """
    Return the language that a request prefers, of those on offer (RFC 9110, section 12.5.4).

    A language with a region finds that without one: ``de-AT`` finds ``de`` (RFC 4647, section 3.4).

    Args:
        user_context: the request's.
        offered: language tags (``en``, ``pt-BR``).
        default: where there is no request, or it prefers none of them.
    """
    request = get_request_from_user_context(user_context)
    if request is None:
        return default
    header = ",".join(value for name, value in request.headers if name == "accept-language")
    by_tag = {tag.lower(): tag for tag in offered}
    for wanted in preferred(header[:MAX_CHARACTERS]):
        tag = wanted
        while tag:
            if tag in by_tag:
                return by_tag[tag]
            tag = tag.rpartition("-")[0]
    return default


def preferred(header: str) -> list[str]:
    """Return the tags in ``Accept-Language`` in lower case, the most wanted first."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        weight = weight_of(parameter)
        if weight > 0 and tag.strip() not in {"", "*"}:
            weighted.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda each: -each[0])]


def weight_of(parameter: str) -> float:
    """Return how much a language is wanted; 0 where it cannot be read."""
    name, found, number = parameter.strip().partition("=")
    if not found:
        return 1.0
    try:
        weight = float(number)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0
