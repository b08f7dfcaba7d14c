"""Source text, and edits of it that leave every other byte as it is."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterable
from os.path import commonprefix
from typing import Final, NamedTuple

import libcst
from libcst import metadata

TOO_DEEP: Final = "its expressions are nested too deeply to be read"
MOST_BRACKETS: Final = 200
"""As many as Python takes."""
BRACKET: Final = re.compile(r"[][(){}]")
LINE_END: Final = re.compile(rb"\r\n|\r|\n")


class UnreadableError(Exception):
    """
    A file is not Python that can be read.

    Attributes:
        line: where, from 1.
    """

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class Edit(NamedTuple):
    """Bytes to put in the place of others: from `start` up to `end`."""

    start: int
    end: int
    text: str


class Source:
    """
    A file's source, with the tree of it.

    Positions are in bytes of the text in UTF-8, whatever the file's own encoding is.
    """

    def __init__(self, raw: bytes) -> None:
        """
        Read a file's bytes.

        Raises:
            UnreadableError: they are not text, or not Python.
        """
        self.encoding: Final = encoding_of(raw)
        try:
            text = raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            message = f"not text in {self.encoding}: {error.reason}"
            raise UnreadableError(message, line) from error
        if text.encode(self.encoding) != raw:
            message = f"its text in {self.encoding} cannot be written again as it is"
            raise UnreadableError(message)
        # libcst drops a form feed in front of everything.
        self._before: Final = len(text) - len(text.lstrip("\f"))
        self.text: Final = text.encode()
        refuse_deep(text)
        try:
            self.tree: Final = metadata.MetadataWrapper(
                libcst.parse_module(text[self._before :]), unsafe_skip_copy=True
            )
            self._spans: Final = self.tree.resolve(metadata.ByteSpanPositionProvider)
        except libcst.ParserSyntaxError as error:
            line, reason = what_is_wrong(text) or (error.raw_line, error.message)
            message = f"not Python: {reason}"
            raise UnreadableError(message, line) from error
        except RecursionError as error:
            raise UnreadableError(TOO_DEEP) from error
        # White space at the very end is all that libcst changes; up to there its positions are those of the file.
        code = self.tree.module.code.encode()
        rest = self.text[self._before :]
        self._same: Final = self._before + len(rest if rest == code else commonprefix((rest, code)))  # noqa: RUF071  character by character is meant
        self._lines: Final = [0, *(each.end() for each in LINE_END.finditer(self.text))]

    def span(self, node: libcst.CSTNode) -> tuple[int, int]:
        """
        Return where a node starts and ends.

        Raises:
            UnreadableError: the tree is not that of the file there.
        """
        span = self._spans[node]
        start = self._before + span.start
        end = start + span.length
        if end > self._same:
            message = "its white space is such that it cannot be kept as it is"
            raise UnreadableError(message, self.line(start))
        return start, end

    def between(self, start: int, end: int) -> str:
        """Return the text of a span."""
        return self.text[start:end].decode()

    def line(self, position: int) -> int:
        """Return the line of a position, from 1."""
        return bisect_right(self._lines, position)

    def column(self, position: int) -> int:
        """Return the column of a position, from 1, in characters."""
        start = self._lines[self.line(position) - 1]
        return len(self.text[start:position].decode(errors="replace")) + 1

    def line_before(self, position: int) -> str:
        """Return what stands before a position in its line."""
        return self.between(self._lines[self.line(position) - 1], position)

    def line_end_after(self, position: int) -> str:
        """Return the characters that end the line of a position, or those that end lines elsewhere in the file."""
        found = LINE_END.search(self.text, position) or LINE_END.search(self.text)
        return found[0].decode() if found else "\n"

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Return the file's bytes with edits, which do not overlap."""
        pieces: list[bytes] = []
        end = 0
        for edit in sorted(edits):
            pieces += self.text[end : edit.start], edit.text.encode()
            end = edit.end
        return b"".join((*pieces, self.text[end:])).decode().encode(self.encoding)


def encoding_of(raw: bytes) -> str:
    """Return the encoding that the first lines say, by the rules of Python."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except SyntaxError as error:
        raise UnreadableError(f"not text: {error}") from error
    return encoding


def refuse_deep(text: str) -> None:
    """Raise UnreadableError for brackets in brackets that libcst's parser, which ends the process, cannot take."""
    depth = deepest = 0
    for bracket in BRACKET.findall(text):
        depth += 1 if bracket in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > MOST_BRACKETS:
        raise UnreadableError(TOO_DEEP)


def what_is_wrong(text: str) -> tuple[int, str] | None:
    """Return the line of a fault, and the fault, as this Python sees it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError as fault:
            return fault.lineno or 1, fault.msg
        except ValueError as fault:  # a null byte, in some releases
            return 1, str(fault)
    return None
