"""Messages on a development machine: printed and collected, not sent."""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Iterable
from typing import Final, Generic

from typing_extensions import TypeVar

KEPT: Final = 100
"""How many messages are collected; the oldest go first."""

# Control characters, also those of Unicode's second block, its own ends of lines, and halves of characters.
UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

ContentT = TypeVar("ContentT")


class Collector(Generic[ContentT]):
    """
    Prints messages on standard error and collects them.

    Attributes:
        collected: the messages, the latest last; 100 at most.
    """

    def __init__(self, *, prints: bool) -> None:
        self.collected: deque[ContentT] = deque(maxlen=KEPT)
        self._prints = prints

    def collect(self, content: ContentT, lines: Iterable[str]) -> None:
        """Keep a message, and print these lines of it."""
        self.collected.append(content)
        if self._prints:
            shown = "\n".join(f"| {UNPRINTABLE.sub('?', line)}" for line in lines if line)
            sys.stderr.write(f"{shown}\n")
