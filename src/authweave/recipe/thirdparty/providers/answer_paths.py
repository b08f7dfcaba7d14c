"""
Where in a provider's answer something stands.

There are three ways to say it:

- a name, whole, of what stands at the top: ``email``, ``https://example.com/email``;
- names with dots between them, which lead into objects and, as numbers, into lists: ``data.0.id``;
- a JSON Pointer (RFC 6901), which begins with a slash and can name everything: ``/data/0/id``,
  ``/https:~1~1example.com~1email``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from authweave.types import JSON

INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
"""Of a list (RFC 6901, section 4). No answer has room for a longer one."""

REMEMBERED: Final = 256
"""Paths, all of which configurations have written."""


def field_at(content: JSON, path: str | None) -> JSON:
    """Return what stands at a path, or None."""
    if path is None:
        return None
    if isinstance(content, Mapping) and path in content and not path.startswith("/"):
        return content[path]
    for step in steps_of(path):
        content = entry_at(content, step)
    return content


@lru_cache(REMEMBERED)
def steps_of(path: str) -> Sequence[str]:
    """Return the names, and indices, that lead to a place."""
    if not path.startswith("/"):
        return tuple(path.split("."))
    # A tilde that escapes nothing, which the standard does not have, stands for itself.
    return tuple(each.replace("~1", "/").replace("~0", "~") for each in path[1:].split("/"))


def entry_at(content: JSON, step: str) -> JSON:
    """Return what an object has under a name, or a list at an index; else None."""
    if isinstance(content, Mapping):
        return content.get(step)
    listed: Sequence[JSON] = content if isinstance(content, list) else ()
    return listed[int(step)] if INDEX.fullmatch(step) and int(step) < len(listed) else None
