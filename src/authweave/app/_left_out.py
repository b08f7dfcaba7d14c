"""Routes that are not served, for they need a recipe that the application does not list."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from authweave.http import Route

logger: Final = logging.getLogger("authweave.http")


def servable(
    routes: Mapping[str, Sequence[Route]], listed: Collection[str]
) -> tuple[dict[str, Sequence[Route]], tuple[Route, ...]]:
    """
    Return the routes that can be served, and those that cannot.

    Args:
        routes: those of each recipe, by its id.
        listed: the ids of the recipes that the application has.
    """
    left_out = tuple(each for some in routes.values() for each in some if each.needs and each.needs not in listed)
    return {
        recipe_id: tuple(each for each in some if each not in left_out) for recipe_id, some in routes.items()
    }, left_out


def tell_of_left_out(left_out: Sequence[Route]) -> None:
    """Say in the log which routes are not served, once for each recipe that they need."""
    for need in dict.fromkeys(each.needs for each in left_out if each.is_enabled):
        titles = [each.title for each in left_out if each.needs == need and each.is_enabled]
        logger.warning(
            "%s is not in recipe_list, so these are not served: %s. The functions work. In a process that serves "
            "nobody, that is as it should be; elsewhere, add %s.init().",
            need,
            ", ".join(titles),
            need,
            extra={"event": "routes_left_out", "recipe": need, "routes": titles},
        )
