"""
Draw the rooms of the library, what each imports, and the ways that ``how-it-is-built.md`` tells.

``python docs/rooms.py`` writes ``docs/explanation/rooms.svg``; with ``--check`` it says whether that is due. The rooms
and the arrows are read from the import graph, their order from ``.importlinter``, the ways from the numbered lists of
the page.
"""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import grimp

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "explanation" / "how-it-is-built.md"
PICTURE: Final = PAGE.with_name("rooms.svg")
LIBRARY: Final = "authweave"
STEP: Final = re.compile(r"^(\d+)\. `([\w.]+)`: ", re.MULTILINE)
WAYS: Final = {"One request": "#2f6db3", "One access token": "#b3432b"}

LEAST_WIDTH: Final = 860  # of the rooms; they take more where they need it
LANES: Final = 70  # on the right, for arrows that pass rows by
ROW_GAP, GAP, PADDING, TITLE = 34, 10, 10, 26
FILLS: Final = ("#f4f6f8", "#ffffff")
BOLD: Final = ' font-weight="bold"'
MIDDLE: Final = ' text-anchor="middle"'


class Room(NamedTuple):
    """A package of the library, or a module that stands in the place of one, with the packages in it."""

    name: str
    inner: tuple[Room, ...]

    @property
    def label(self) -> str:
        """The last part of the name, which stands for the rest in the picture."""
        return self.name.rpartition(".")[2]


class Box(NamedTuple):
    """Where a room is drawn."""

    x: float
    y: float
    width: float
    height: float


Marks = Mapping[str, list[tuple[str, str]]]
"""The steps in each room: number and colour."""


def layers() -> list[list[str]]:
    """Return the rooms from the highest layer to the lowest, as ``.importlinter`` has them."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    lines = config["importlinter:contract:rooms"]["layers"].split("\n")
    return [re.findall(r"\w+", line) for line in lines if line.strip()]


def room_of(graph: grimp.ImportGraph, name: str) -> Room:
    """Return a room with those in it."""
    inner = sorted(each for each in graph.find_children(name) if graph.find_children(each))
    return Room(name.removeprefix(f"{LIBRARY}."), tuple(room_of(graph, each) for each in inner))


def imports_between(graph: grimp.ImportGraph, rooms: Iterable[str]) -> set[tuple[str, str]]:
    """Return which of the top rooms imports which."""
    names = {room: {f"{LIBRARY}.{room}", *graph.find_descendants(f"{LIBRARY}.{room}")} for room in rooms}
    home = {module: room for room, modules in names.items() for module in modules}
    return {
        (room, home[imported])
        for room, modules in names.items()
        for module in modules
        for imported in graph.find_modules_directly_imported_by(module)
        if home.get(imported, room) != room
    }


def needed(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out the arrows that follow from others: whoever imports a room may import what that one imports."""
    beyond: dict[str, set[str]] = {}

    def reached(room: str) -> set[str]:
        if room not in beyond:
            following = {end for start, end in edges if start == room}
            beyond[room] = following.union(*map(reached, following))
        return beyond[room]

    return {
        (start, end)
        for start, end in edges
        if not any(end in reached(other) for first, other in edges if first == start and other != end)
    }


def marks(rooms: Iterable[Room], page: str) -> Marks:
    """Read the ways from the page, and find each step's room."""
    names = {name for room in rooms for name in names_in(room)}
    found: dict[str, list[tuple[str, str]]] = {}
    for heading, colour in WAYS.items():
        _, _, rest = page.partition(f"\n## {heading}\n")
        steps = STEP.findall(rest.partition("\n## ")[0])
        if [number for number, _ in steps] != [str(number) for number in range(1, len(steps) + 1)] or not steps:
            sys.exit(f"{PAGE.name}: the steps under {heading!r} are not counted from 1")
        for number, room in steps:
            if room not in names:
                sys.exit(f"{PAGE.name}: step {number} of {heading!r} is in {room!r}; rooms are {sorted(names)}")
            found.setdefault(room, []).append((number, colour))
    return found


def names_in(room: Room) -> Iterable[str]:
    """Return the names of a room and of those in it."""
    return [room.name, *(name for each in room.inner for name in names_in(each))]


def title_width(room: Room, steps: Marks) -> float:
    """Return how much room the name and the steps take."""
    return 2 * PADDING + 7.5 * len(room.label) + 20 * len(steps.get(room.name, ()))


def side_by_side(rooms: tuple[Room, ...]) -> list[tuple[Room, ...]]:
    """Return rooms as they stand in another one: three in a row."""
    return [rooms[first : first + 3] for first in range(0, len(rooms), 3)]


def size(room: Room, steps: Marks) -> tuple[float, float]:
    """Return the least width and the height of a room."""
    width, height = title_width(room, steps), float(TITLE)
    for row in side_by_side(room.inner):
        sizes = [size(each, steps) for each in row]
        width = max(width, sum(each for each, _ in sizes) + GAP * (len(row) - 1) + 2 * PADDING)
        height += max(each for _, each in sizes) + PADDING
    return width, height


def draw(room: Room, box: Box, steps: Marks, depth: int = 0) -> list[str]:
    """Draw a room and those in it, which share the width that there is."""
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    lines = [
        f'<rect {place} rx="5" fill="{FILLS[depth % len(FILLS)]}" stroke="#8a939c"/>',
        f'<text x="{box.x + PADDING:g}" y="{box.y + 17:g}"{"" if depth else BOLD}>{room.label}</text>',
    ]
    x = box.x + box.width - PADDING - 8
    for number, colour in reversed(steps.get(room.name, [])):
        lines.append(f'<circle cx="{x:g}" cy="{box.y + 13:g}" r="8.5" fill="{colour}"/>')
        lines.append(f'<text x="{x:g}" y="{box.y + 17:g}" fill="white" font-size="11"{MIDDLE}>{number}</text>')
        x -= 20
    y = box.y + TITLE
    for row in side_by_side(room.inner):
        sizes = [size(each, steps) for each in row]
        left = box.width - 2 * PADDING - GAP * (len(row) - 1) - sum(width for width, _ in sizes)
        x, height = box.x + PADDING, max(each for _, each in sizes)
        for each, (least, _) in zip(row, sizes, strict=True):
            width = least + left / len(row)
            lines += draw(each, Box(round(x, 1), y, round(width, 1), height), steps, depth + 1)
            x += width + GAP
        y += height + PADDING
    return lines


def heights(edges: set[tuple[str, str]], rooms: Iterable[str]) -> dict[str, int]:
    """Return how high each room stands: right above the highest of those that it imports."""
    found: dict[str, int] = {}

    def height(room: str) -> int:
        if room not in found:
            found[room] = max((height(end) + 1 for start, end in edges if start == room), default=0)
        return found[room]

    return {room: height(room) for room in rooms}


def arrows(edges: Iterable[tuple[str, str]], boxes: Mapping[str, Box], levels: Mapping[str, int]) -> list[str]:
    """Draw which room imports which: straight to the next row, else between rows and past those in between."""
    lines: list[str] = []
    lane = right = max(box.x + box.width for box in boxes.values())
    for start, end in sorted(edges, key=lambda edge: (-levels[edge[0]], -levels[edge[1]], edge)):
        source, target = boxes[start], boxes[end]
        bottom, top = source.y + source.height, target.y - 2
        low, high = max(source.x, target.x), min(source.x + source.width, target.x + target.width)
        if levels[start] - levels[end] > 1:
            lane += 14
            aside = (lane - right) / 2
            x, there = source.x + source.width / 2 + 10 + aside, target.x + target.width - 10 - aside
            path = f"M{x:g} {bottom:g}v{aside:g}H{lane:g}V{top - 6 - aside:g}H{there:g}V{top:g}"
        elif low < high:
            path = f"M{(low + high) / 2:g} {bottom:g}V{top:g}"
        else:
            path = f"M{source.x + source.width / 2:g} {bottom:g}L{target.x + target.width / 2:g} {top:g}"
        lines.append(f'<path d="{path}" fill="none" stroke="#55606a" marker-end="url(#tip)"/>')
    return lines


def drawing() -> str:
    """Return the picture as SVG."""
    graph = grimp.build_graph(LIBRARY, cache_dir=None)
    there = {each.partition(".")[2] for each in graph.find_children(LIBRARY)}
    layer_of = {name: number for number, layer in enumerate(layers()) for name in layer if name in there}
    if strange := sorted(there - layer_of.keys()):
        sys.exit(f".importlinter has no layer for {strange}")
    rooms = {name: room_of(graph, f"{LIBRARY}.{name}") for name in layer_of if not name.startswith("_")}
    steps = marks(rooms.values(), PAGE.read_text(encoding="utf-8"))
    imports = imports_between(graph, rooms)
    edges = needed({(start, end) for start, end in imports if layer_of[end] > layer_of[start]})
    levels = heights(edges, rooms)
    rows = [[name for name in rooms if levels[name] == level] for level in sorted(set(levels.values()), reverse=True)]
    sizes = {name: size(room, steps) for name, room in rooms.items()}
    whole = max(LEAST_WIDTH, *(sum(sizes[name][0] + GAP for name in row) - GAP for row in rows))
    boxes: dict[str, Box] = {}
    lines: list[str] = []
    y = float(GAP)
    for row in rows:
        height = max(sizes[name][1] for name in row)
        more = (whole + GAP - sum(sizes[name][0] + GAP for name in row)) / len(row)
        x = float(GAP)
        for name in row:
            boxes[name] = Box(round(x, 1), y, round(sizes[name][0] + more, 1), height)
            lines += draw(rooms[name], boxes[name], steps)
            x += sizes[name][0] + more + GAP
        y += height + ROW_GAP
    return framed([*lines, *arrows(edges, boxes, levels)], whole + GAP + LANES, y - ROW_GAP + GAP)


def framed(lines: Iterable[str], width: float, height: float) -> str:
    """Return a picture of this size."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-family="sans-serif"',
        'font-size="13">',
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
        '<path d="M0 0L8 4L0 8z" fill="#55606a"/></marker>',
        f'<rect width="{width:g}" height="{height:g}" fill="white"/>',
    )
    return "\n".join([*head, *lines, "</svg>", ""])


def main() -> None:
    """Write the picture, or say that it has to be written."""
    now = drawing()
    if sys.argv[1:] != ["--check"]:
        PICTURE.write_text(now, encoding="utf-8")
    elif not PICTURE.is_file() or PICTURE.read_text(encoding="utf-8") != now:
        sys.exit("docs/explanation/rooms.svg is not up to date: run `python docs/rooms.py` and look at the difference")


if __name__ == "__main__":
    main()
