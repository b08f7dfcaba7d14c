"""Users in files: a JSON object a line, or in a list within one document. Neither is ever read whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from authweave.types import ConfigurationError

from ._source import Item
from ._user import LineFaultError

MAX_LINE_BYTES: Final = 1024 * 1024
MAX_VALUE_CHARACTERS: Final = 64 * 1024 * 1024
"""Of what stands in a document beside its users."""
CHUNK: Final = 1024 * 1024
DEPTH_FAULT: Final = "it is nested too deeply"

Raw = TypeVar("Raw")

Convert = Callable[[object], object]
"""Makes a line of our own format of what another system wrote; raises `LineFaultError`, and no other error."""


def as_it_is(value: object) -> object:
    """Return what was read: it is a line of our own format already, or is to be converted."""
    return value


class LinesFile:
    """
    A file with a JSON object a line.

    Args:
        file: where it is; or what is open for reading bytes and cannot be read again, like standard input.
        kind: of the objects, for the key.
        convert: makes lines of our own format.
    """

    def __init__(self, file: Path | BinaryIO, kind: str, convert: Convert = as_it_is) -> None:
        self._file = file
        self._convert = convert
        self.key: str | None = key_of(kind, file) if isinstance(file, Path) else None
        self.size: int | None = file.stat().st_size if isinstance(file, Path) else None

    def items(self, after: str | None) -> Iterator[Item]:
        """Yield the lines. A place is the offset of a line and its number."""
        offset, number = (0, 0) if after is None else map(int, after.split(":"))
        with self._file.open("rb") if isinstance(self._file, Path) else nullcontext(self._file) as file:
            if offset:
                file.seek(offset)
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                offset += len(line)
                value: object
                if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                    offset += skip_line(file)
                    value = LineFaultError(f"it is longer than {MAX_LINE_BYTES} bytes")
                elif not line.strip():
                    continue
                else:
                    value = converted(self._convert, parse_line, line)
                yield Item(f"{offset}:{number}", number, value, offset)


class ListFile:
    """
    A document with a list of objects, at the top or under one of its keys.

    Args:
        path: where it is.
        kind: of the objects, for the key.
        name: the key of the list.
        convert: makes lines of our own format.
    """

    def __init__(self, path: Path, kind: str, name: str, convert: Convert) -> None:
        self._path = path
        self._name = name
        self._convert = convert
        self.key: str | None = key_of(kind, path)
        self.size: int | None = path.stat().st_size

    def items(self, after: str | None) -> Iterator[Item]:
        """Yield the objects. A place is how many are before."""
        first = 0 if after is None else int(after)
        with self._path.open(encoding="utf-8", errors="strict") as file:
            document = Document(file.read)
            try:
                for number, value in enumerate(document.list_under(self._name), 1):
                    if number > first:
                        yield Item(str(number), number, converted(self._convert, as_it_is, value), document.read)
            except UnicodeDecodeError:
                raise ConfigurationError(f"{str(self._path)!r} is not UTF-8: is it the export itself?") from None


def converted(convert: Convert, read: Callable[[Raw], object], raw: Raw) -> object:
    """Return a line of our own format, or why there is none."""
    try:
        return convert(read(raw))
    except LineFaultError as fault:
        return fault
    except RecursionError:
        return LineFaultError(DEPTH_FAULT)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return LineFaultError("it is not as that system writes it")


def parse_line(line: bytes) -> object:
    """
    Read a line.

    Raises:
        LineFaultError: it is no JSON. The message holds nothing of it.
    """
    try:
        value: object = json.loads(line)
    except UnicodeDecodeError:
        raise LineFaultError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise LineFaultError(f"it is no JSON ({error.msg}, at character {error.pos})") from None
    except ValueError:  # a number of thousands of digits
        raise LineFaultError("it holds a number that is too long") from None
    return value


def skip_line(file: BinaryIO) -> int:
    """Read to the end of a line, of whatever length; return how many bytes that were."""
    skipped = 0
    while part := file.readline(CHUNK):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def key_of(kind: str, path: Path) -> str:
    """
    Return what tells a file from others: its contents.

    Raises:
        authweave.types.ConfigurationError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return f"{kind}:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise ConfigurationError(f"{str(path)!r} cannot be read ({error.strerror}).") from None


class Document:
    """
    A JSON document that is read from its beginning, a value at a time.

    Attributes:
        read: how many characters were.
    """

    def __init__(self, read: Callable[[int], str]) -> None:
        self.read: int = 0
        self._read_more = read
        self._decoder = json.JSONDecoder()
        self._buffer = ""
        self._place = 0

    def list_under(self, name: str) -> Iterator[object]:
        """
        Yield what is in the list under a key of the document, or in the list that it is.

        Raises:
            authweave.types.ConfigurationError: it is no JSON, or has no such list.
        """
        opening = self._next()
        if opening == "[":
            yield from self._elements()
            return
        self._expect("{", opening)
        while (character := self._next()) != "}":
            if character == ",":
                continue
            self._place -= 1
            key = self._value()
            self._expect(":", self._next())
            if key == name:
                self._expect("[", self._next())
                yield from self._elements()
                return
            self._value()
        raise ConfigurationError(f"The file has no list {name!r}: is it the export of the users?")

    def _elements(self) -> Iterator[object]:
        while (character := self._next()) != "]":
            if character != ",":
                self._place -= 1
                yield self._value()

    def _expect(self, wanted: str, found: str) -> None:
        if found != wanted:
            raise ConfigurationError(f"The file is no JSON document with a list: {wanted!r} was expected.")

    def _next(self) -> str:
        """Return the next character that is no blank, and go past it."""
        while True:
            while self._place < len(self._buffer):
                character = self._buffer[self._place]
                self._place += 1
                if character not in " \t\r\n\ufeff":
                    return character
            if not self._fill():
                raise ConfigurationError("The file ends in the middle: export it again.")

    def _value(self) -> object:
        """Return the next value. What is not whole yet is read on, each time twice as much."""
        wanted = CHUNK
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._skip_blanks())
            except json.JSONDecodeError:
                value, end = None, -1
            except RecursionError:
                raise ConfigurationError("The file is nested too deeply.") from None
            except ValueError:  # a number of thousands of digits
                raise ConfigurationError("The file holds a number that is too long.") from None
            # A number may go on in what is not read yet.
            if 0 <= end < len(self._buffer):
                self._place = end
                return value
            if len(self._buffer) - self._place > MAX_VALUE_CHARACTERS or not self._fill(wanted):
                raise ConfigurationError(f"The file is no JSON: it cannot be read after {self.read} characters.")
            wanted *= 2

    def _skip_blanks(self) -> int:
        while self._place < len(self._buffer) and self._buffer[self._place] in " \t\r\n":
            self._place += 1
        return self._place

    def _fill(self, count: int = CHUNK) -> bool:
        more = self._read_more(count)
        self.read += len(more)
        self._buffer = self._buffer[self._place :] + more
        self._place = 0
        return bool(more)
