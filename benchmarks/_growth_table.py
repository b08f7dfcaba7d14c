"""The table and the plot of ``growth.py``, made from its rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from _rows import Row
from plot import BOTTOM, HEIGHT, LEFT, TOP, WIDTH

Measure: TypeAlias = tuple[str, str]
"""A subject, and what was measured of it."""

RIGHT: Final = 300
LARGEST: Final = 10_000_000
LEAST, MOST = 0.25, 64.0
DRAWN: Final[Mapping[Measure, str]] = {
    ("overrides", "composing, an override"): "#0b6e4f",
    ("overrides", "a call, a layer"): "#5aa469",
    ("tenants", "finding a tenant's provider"): "#b3432b",
    ("sessions", "sign-in, no hash"): "#2f6db3",
    ("sessions", "refresh"): "#7aa6d8",
    ("tokens", "verifying a new token"): "#b08900",
    ("tokens", "longest pause"): "#999999",
    ("tokens, all remembered", "longest pause"): "#555555",
}


def by_measure(rows: Sequence[Row]) -> dict[Measure, dict[int, Row]]:
    """Return the rows that have a size, by subject and measure, and then by size; of several the last."""
    found: dict[Measure, dict[int, Row]] = {}
    for row in rows:
        if row.size is not None:
            subject, _, name = row.measure.partition(": ")
            found.setdefault((subject, name), {})[row.size] = row
    return {measure: dict(sorted(sizes.items())) for measure, sizes in found.items()}


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of one table in Markdown: for each subject its sizes, and below them what was measured."""
    found = by_measure(rows)
    columns = max((len(sizes) for sizes in found.values()), default=1)
    yield line("what grows", "unit", [""] * columns)
    yield line("---", "---", ["---"] * columns)
    seen: set[str] = set()
    for (subject, name), sizes in found.items():
        blank = [""] * (columns - len(sizes))
        if subject not in seen:
            seen.add(subject)
            yield line(f"**{subject}**", "", [f"**{size:,}**" for size in sizes] + blank)
        yield line(name, unit_of(sizes), [written(row.figure) for row in sizes.values()] + blank)


def unit_of(sizes: Mapping[int, Row]) -> str:
    """Return the unit of a measure, which is the same at each size."""
    return next(iter(sizes.values())).unit


def written(figure: float) -> str:
    """Return a figure with as many digits as tell something."""
    digits = 0 if figure >= 100 else 1 if figure >= 10 else 2
    return f"{figure:,.{digits}f}"


def line(first: str, unit: str, cells: Sequence[str]) -> str:
    """Return a line of a table."""
    return f"| {' | '.join([first, unit, *cells])} |"


def place(size: int, ratio: float) -> tuple[float, float]:
    """Return where a point stands; both scales are logarithmic."""
    x = LEFT + (WIDTH - LEFT - RIGHT) * math.log10(size) / math.log10(LARGEST)
    part = (math.log2(min(max(ratio, LEAST), MOST)) - math.log2(LEAST)) / (math.log2(MOST) - math.log2(LEAST))
    return round(x, 1), round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part, 1)


def drawing(rows: Sequence[Row]) -> str:
    """Return the picture as SVG: each measure against what it was at its smallest size."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"',
        'font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for power in range(round(math.log2(LEAST)), round(math.log2(MOST)) + 1):
        _, y = place(1, 2.0**power)
        lines.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#dddddd"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{2.0**power:g} x</text>')
    for power in range(round(math.log10(LARGEST)) + 1):
        x, _ = place(10**power, 1)
        lines.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{axis(10**power)}</text>')
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    said = "how many there are; against the smallest number"
    lines.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{said}</text>')
    found = by_measure(rows)
    drawn = {measure: relative(found[measure]) for measure in DRAWN if measure in found}
    ends: list[float] = []
    for measure in sorted(drawn, key=lambda each: -max(drawn[each].items())[1]):  # so that labels keep the lines' order
        points = [place(size, ratio) for size, ratio in drawn[measure].items()]
        colour = DRAWN[measure]
        path = " ".join(f"{x},{y}" for x, y in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines.extend(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points)
        y = points[-1][1]
        while any(abs(y - end) < 14 for end in ends):
            y += 2
        ends.append(y)
        lines.append(f'<text x="{WIDTH - RIGHT + 10}" y="{y + 4}" fill="{colour}">{": ".join(measure)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def relative(sizes: Mapping[int, Row]) -> dict[int, float]:
    """Return each figure against that of the smallest size."""
    first = next(iter(sizes.values())).figure
    return {size: row.figure / first for size, row in sizes.items()}


def axis(number: int) -> str:
    """Return a number as it stands at the axis."""
    for unit, factor in {"M": 1_000_000, "k": 1_000}.items():
        if number >= factor:
            return f"{number // factor} {unit}"
    return str(number)
