"""Names in a document: of components, and of operations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain, count
from typing import Final

from authweave.http import Route

OF_TENANT: Final = "_of_tenant"


def free_name(wanted: str, instead: str, is_theirs: Callable[[str], bool], is_ours: Callable[[str], bool]) -> str:
    """
    Return a name that says one thing only.

    Args:
        wanted: what it is to be.
        instead: what it is to be where the document that ours is merged into has something else of that name.
        is_theirs: whether that document has something else of a name.
        is_ours: whether we have; then a number tells the two apart.
    """
    stem = instead if is_theirs(wanted) else wanted
    numbered = chain((stem,), (f"{stem}{number}" for number in count(2)))
    return next(each for each in numbered if not is_theirs(each) and not is_ours(each))


def operation_ids(routes: Iterable[Route], theirs: frozenset[str]) -> dict[str, str]:
    """
    Return the id of each route's operation, by its title: clients name functions after it (``post_signin``).

    The operation below the path of a tenant has the same id with `OF_TENANT` behind it, which is free too.

    Args:
        routes: all that are described.
        theirs: those that the document has which ours is merged into.
    """
    taken: set[str] = set()
    ids: dict[str, str] = {}

    def among(used: set[str] | frozenset[str]) -> Callable[[str], bool]:
        return lambda name: not used.isdisjoint((name, name + OF_TENANT))

    for each in routes:
        wanted = re.sub(r"[^a-z0-9]+", "_", each.title.lower()).strip("_")
        ids[each.title] = free_name(wanted, f"auth_{wanted}", among(theirs), among(taken))
        taken |= {ids[each.title], ids[each.title] + OF_TENANT}
    return ids
