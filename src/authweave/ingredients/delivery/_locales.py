"""Which language a message is in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeAlias

from typing_extensions import TypeVar

from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext

from ._texts import ENGLISH

TemplateVarsT = TypeVar("TemplateVarsT", default=object)

ChooseLocale: TypeAlias = Callable[[TemplateVarsT, UserContext], Awaitable[str] | str]
"""Takes what a message is to say and the request's context, and returns a language tag (``pt-BR``)."""

MAX_CHARACTERS: Final = 1000
"""Of ``Accept-Language``, as far as it is read."""


async def choose_locale(
    choose: ChooseLocale[TemplateVarsT] | None,
    template_vars: TemplateVarsT,
    user_context: UserContext,
    translated: Collection[str],
) -> str:
    """
    Choose the language of a message.

    Args:
        choose: the application's function; None: the request says which it prefers.
        template_vars: what the message is to say.
        user_context: the request's.
        translated: the language tags on offer beside English.
    """
    offered = (ENGLISH, *translated)
    if choose is None:
        return locale_of_request(user_context, offered, ENGLISH)
    chosen = choose(template_vars, user_context)
    locale = chosen if isinstance(chosen, str) else await chosen
    return locale if locale in offered else ENGLISH


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
