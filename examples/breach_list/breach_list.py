"""
A list of breached passwords in a file, for `emailpassword.BreachCheck`: no network, and one read of a few kilobytes.

The file has a line for each password, ``SHA1:COUNT`` in upper case, sorted. That is what the downloader of Have I Been
Pwned writes (https://github.com/HaveIBeenPwned/PwnedPasswordsDownloader), some 40 GB; a list of your own is made with
``python breach_list.py passwords.txt > breached.txt``.
"""

import asyncio
import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 64
MOST = 20_000


class HashFile:
    """Finds hashes in a sorted file by halving it. Safe in every thread: each call opens the file anew."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def suffixes(self, prefix: str) -> list[str]:
        return await asyncio.to_thread(self.read, prefix.encode("ascii"))

    def read(self, prefix: bytes) -> list[str]:
        with self.path.open("rb") as file:
            low, high = 0, self.path.stat().st_size
            while low < high:  # the first line that is not before the prefix begins at `low` or after it
                middle = (low + high) // 2
                line = line_after(file, middle)
                if line and line < prefix:
                    low = middle + 1
                else:
                    high = middle
            file.seek(start_after(file, low))
            return [line[len(prefix) :].decode("ascii").strip() for line in those_with(file, prefix)]


def start_after(file: BinaryIO, position: int) -> int:
    """Return where the first line begins that begins at or after a position."""
    if position == 0:
        return 0
    file.seek(position - 1)
    file.readline()
    return file.tell()


def line_after(file: BinaryIO, position: int) -> bytes:
    file.seek(start_after(file, position))
    return file.readline(LONGEST_LINE)


def those_with(file: BinaryIO, prefix: bytes) -> Iterator[bytes]:
    for _ in range(MOST):
        line = file.readline(LONGEST_LINE)
        if not line.startswith(prefix):
            return
        yield line


def hashed(passwords: Iterable[str]) -> list[str]:
    """Return the lines of a file for some passwords."""
    digests = {hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest().upper() for each in passwords}
    return sorted(f"{digest}:1" for digest in digests)


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as passwords:
        for line in hashed(password.rstrip("\n") for password in passwords):
            print(line)
