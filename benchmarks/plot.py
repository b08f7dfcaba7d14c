"""
Draw what ``kernel.py --json FILE`` measured: the cost of a call against the depth of its stack.

Run ``python benchmarks/plot.py FILE docs/explanation/cost.svg``.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 20, 50
COLOURS: Final = {
    "closure": "#555555",
    "parameter": "#0b6e4f",
    "call": "#2f6db3",
    "seed": "#5aa469",
    "super": "#b08900",
    "replacement": "#999999",
    "wrapt": "#b3432b",
}
NAMES: Final = {
    "closure": "closures by hand",
    "parameter": "authweave, @override(...)",
    "call": "authweave, call style",
    "seed": "authweave, SuperTokens style",
    "super": "super() chain",
    "replacement": "attribute replacement",
    "wrapt": "wrapt",
}


def place(depth: int, nanoseconds: float, deepest: int) -> tuple[float, float]:
    """Return where a point stands: depth on a scale of square roots, cost on a logarithmic one of 100 ns to 2 ms."""
    x = LEFT + (WIDTH - LEFT - RIGHT) * math.sqrt(depth / deepest)
    low, high = math.log10(100), math.log10(2_000_000)
    y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(nanoseconds) - low) / (high - low)
    return round(x, 1), round(y, 1)


def drawing(points: dict[int, dict[str, float]]) -> str:
    """Return the picture as SVG."""
    deepest = max(points)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"',
        'font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for power in range(2, 7):
        _, y = place(0, 10**power, deepest)
        label = f"{10**power} ns" if power < 3 else f"{10 ** (power - 3)} us"
        lines.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#dddddd"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>')
    for depth in points:
        x, _ = place(depth, 100, deepest)
        lines.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{depth}</text>')
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    lines.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">layers around the function</text>')
    ends: list[float] = []
    for name in sorted(COLOURS, key=lambda name: -points[deepest][name]):  # so that labels keep the lines' order
        colour = COLOURS[name]
        path = " ".join(f"{x},{y}" for x, y in (place(depth, found[name], deepest) for depth, found in points.items()))
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = place(deepest, points[deepest][name], deepest)
        while any(abs(y - end) < 14 for end in ends):
            y += 2
        ends.append(y)
        lines.append(f'<text x="{x + 10}" y="{y + 4}" fill="{colour}">{NAMES[name]}</text>')
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    """Read the points and write the picture."""
    source, target = map(Path, sys.argv[1:])
    read = json.loads(source.read_text(encoding="utf-8"))
    target.write_text(drawing({int(depth): found for depth, found in read.items()}), encoding="utf-8")


if __name__ == "__main__":
    main()
