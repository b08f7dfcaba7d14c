"""
How many lines declare or generate the signatures of the recipes, against a revision that had all of them by hand.

Run ``python benchmarks/signature_lines.py [REVISION]``. Lines are told apart by who writes them: those that
``python -m authweave.kernel`` writes from the classes of calls are read by people, but are nobody's work.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from measure import verdict

ROOT: Final = Path(__file__).parents[1]
REVISION: Final = "da3a8e5"  # the last one before there were classes of calls
BAR: Final = 0.6
RECIPES: Final = ("emailpassword", "session", "thirdparty")
BEGIN: Final = "# Written from calls.py"
END: Final = "# fmt: on"
COMMAND: Final = "src/authweave/kernel/__main__.py"

# What is compared: the files of each recipe that declare its functions, and the command that writes some of them.
FILES: Final = (
    *(
        f"src/authweave/recipe/{recipe}/{name}.py"
        for recipe in RECIPES
        for name in ("calls", "interfaces", "signatures")
    ),
    COMMAND,
)
# Declared the same way, but not of the 1,197: claims have a file of their own, and so has what a provider does. Of the
# latter the interface counts, and not the settings and results beside it.
BESIDE: Final = (
    "src/authweave/recipe/session/claim_interface.py",
    "src/authweave/recipe/thirdparty/provider.py",
    "src/authweave/recipe/thirdparty/provider_signatures.py",
)
ONLY_CLASS: Final = {"src/authweave/recipe/thirdparty/provider.py": "class Provider("}

Read = Callable[[str], str]


def today(path: str) -> str:
    """Return a file's text, or nothing where there is no such file."""
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""


def at(revision: str) -> Read:
    """Return what reads files of a revision. Needs the repository's history: a shallow clone has none."""
    known = ["git", "-C", str(ROOT), "rev-parse", "--verify", f"{revision}^{{commit}}"]
    subprocess.run(known, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  the git on the PATH

    def read(path: str) -> str:
        shown = subprocess.run(  # noqa: S603  see above
            ["git", "-C", str(ROOT), "show", f"{revision}:{path}"],  # noqa: S607  the same
            capture_output=True,
            text=True,
            check=False,
        )
        return shown.stdout

    return read


def counted(path: str, text: str) -> Iterator[str]:
    """Return the lines of a file that count."""
    start = ONLY_CLASS.get(path)
    inside = start is None
    for line in text.splitlines():
        if start is not None and not line.startswith((" ", ")")) and line:
            inside = line.startswith(start)
        if inside:
            yield line


def by_hand_and_written(path: str, text: str) -> tuple[int, int]:
    """Return how many lines of a file people write, and how many the command does."""
    lines = list(counted(path, text))
    if path.endswith("/signatures.py") and "Written from calls.py" in text:
        return 0, len(lines)
    written, inside = 0, False
    for line in lines:
        inside = inside or line.strip().startswith(BEGIN)
        written += inside
        inside = inside and line.strip() != END
    return len(lines) - written, written


def total(read: Read, files: Sequence[str]) -> tuple[int, int]:
    """Return the two sums over files."""
    counts = [by_hand_and_written(path, read(path)) for path in files]
    return sum(hand for hand, _ in counts), sum(written for _, written in counts)


def main() -> None:
    """Print each file, then the sums beside their bars."""
    revision = sys.argv[1] if len(sys.argv) > 1 else REVISION
    then = at(revision)
    print(f"{'lines':<60} {revision:>8}   by hand   written   (today)")
    for path in (*FILES, *BESIDE):
        before = sum(by_hand_and_written(path, then(path)))
        hand, written = by_hand_and_written(path, today(path))
        print(f"{path.removeprefix('src/authweave/'):<60} {before:>8} {hand:>9} {written:>9}")
    for title, files in (("", FILES), (", with claims and providers", (*FILES, *BESIDE))):
        before = sum(total(then, files))
        hand, written = total(today, files)
        command = total(today, [COMMAND])[0]
        print(f"{before} lines then; today {hand} by hand and {written} written{title}")
        print(verdict(f"all lines{title}", (hand + written) / before, BAR))
        print(f"{'':4}(by hand {hand / before:.2f} x; by hand without the command {(hand - command) / before:.2f} x)")


if __name__ == "__main__":
    main()
