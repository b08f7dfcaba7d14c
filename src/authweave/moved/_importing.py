"""Import statements: which modules the names of one are in here, and the edits that say so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import libcst

from ._here import Missing, Place
from ._names import THERE
from ._source import Edit, Source


class Wanted(NamedTuple):
    """
    A name of a ``from ... import``.

    Attributes:
        alias: its node.
        found: what stands here for it.
        module: where it is to be imported from: where it is here, or where it was if it is not here.
        text: how it is written in the statement that imports it.
    """

    alias: libcst.ImportAlias
    found: Place | Missing
    module: str
    text: str


def wanted_name(source: Source, module: str, alias: libcst.ImportAlias, found: Place | Missing) -> Wanted:
    """Return how a name is to be imported, under the name that it had in the program."""
    text = source.between(*alias_span(source, alias))
    if isinstance(found, Missing):
        return Wanted(alias, found, module, text)
    parent, _, name = found.path.rpartition(".")
    there = alias.evaluated_name
    if name != there:
        text = text.replace(there, name, 1) if alias.asname else f"{name} as {there}"
    return Wanted(alias, found, parent, text)


def alias_span(source: Source, alias: libcst.ImportAlias) -> tuple[int, int]:
    """Return where a name stands, with its ``as``, without its comma."""
    start, end = source.span(alias.name)
    if alias.asname is not None:
        _, end = source.span(alias.asname.name)
    return start, end


def edits_of(source: Source, node: libcst.ImportFrom, names: Sequence[Wanted]) -> list[Edit] | None:
    """
    Return the edits of a ``from ... import``: of its module, and of names that are elsewhere or called otherwise.

    Names of several modules become statements of their own above it. None, where they cannot: comments between the
    names of a statement that shares its line with others.
    """
    if node.module is None:  # relative
        return []
    own = next((name.module for name in names if isinstance(name.found, Place)), names[0].module)
    edits = [Edit(*source.span(node.module), own)] if own.partition(".")[0] != THERE else []
    spans = [alias_span(source, name.alias) for name in names]
    if all(name.module == own for name in names):
        texts = [(span, name.text) for span, name in zip(spans, names, strict=True)]
        return edits + [Edit(*span, text) for span, text in texts if source.between(*span) != text]
    kept, comments = kept_names(source, names, spans, own)
    start, _ = source.span(node)
    indent = source.line_before(start)
    if indent.strip() == "":
        separator = source.line_end_after(start) + indent
    elif comments:
        return None
    else:
        separator = "; "
    others = dict.fromkeys(name.module for name in names if name.module != own)
    lines = comments + [
        f"from {module} import {', '.join(name.text for name in names if name.module == module)}" for module in others
    ]
    above = Edit(start, start, "".join(line + separator for line in lines))
    return [above, *edits, Edit(spans[0][0], spans[-1][1], kept)]


def kept_names(
    source: Source, names: Sequence[Wanted], spans: Sequence[tuple[int, int]], own: str
) -> tuple[str, list[str]]:
    """Return the names that stay in a statement, with what stands between them, and the comments that it loses."""
    between = [source.between(end, start) for (_, end), (start, _) in pairwise(spans)]
    last = max(index for index, name in enumerate(names) if name.module == own)
    text = ""
    comments: list[str] = []
    for index, name in enumerate(names):
        following = between[index] if index < len(between) else ""
        if name.module == own:
            text += name.text
        if name.module == own and index < last:
            text += following
        else:
            comments += [line[line.index("#") :].rstrip() for line in following.splitlines() if "#" in line]
    return text, comments
