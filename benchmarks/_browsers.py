"""
Browsers that refresh without a pause, as cheaply as Python can: they share the processors with what is measured.

One thread waits for all sockets at once. A request is made by putting the token into bytes that are there already; of
an answer nothing is read but its length and its new token.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Sequence
from typing import Final

import attrs

REQUEST: Final = (
    b"POST /auth/session/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nst-auth-mode: header\r\nContent-Length: 0\r\n"
    b"Authorization: Bearer %b\r\n\r\n"
)
STATUS: Final = b"HTTP/1.1 200 "
TOKEN: Final = b"\r\nst-refresh-token: "
LENGTH: Final = b"\r\ncontent-length: "


@attrs.define(eq=False)
class Browser:
    """A keep-alive connection, and the refresh token that came last."""

    connection: socket.socket
    token: bytes
    read: bytes = b""

    def ask(self) -> None:
        """Send a refresh."""
        self.connection.sendall(REQUEST % self.token)

    def is_answered(self) -> bool:
        """Read what has come; return whether that is the whole answer, whose token is the next one then."""
        came = self.connection.recv(65_536)
        answer = self.read + came
        head, ended, body = answer.partition(b"\r\n\r\n")
        if not came or (ended and not head.startswith(STATUS)):
            message = f"a refresh was answered with {answer[:200]!r}"
            raise RuntimeError(message)
        if not ended or len(body) < int(value_of(LENGTH, head)):
            self.read = answer
            return False
        self.token, self.read = value_of(TOKEN, head), b""
        return True


def value_of(name: bytes, head: bytes) -> bytes:
    """Return the value of a header; names come in small letters."""
    return head.partition(name)[2].partition(b"\r\n")[0]


def refreshes_a_second(browsers: Sequence[Browser], seconds: float) -> float:
    """Have browsers refresh for so long, each again as soon as it was answered; return how often they all did."""
    by_number = {each.connection.fileno(): each for each in browsers}
    done, left = 0, len(browsers)
    with select.epoll() as waiting:
        for number in by_number:
            waiting.register(number, select.EPOLLIN)
        end = time.perf_counter() + seconds
        for each in browsers:
            each.ask()
        while left:
            for number, _ in waiting.poll():
                browser = by_number[number]
                if not browser.is_answered():
                    continue
                if time.perf_counter() < end:
                    done += 1
                    browser.ask()
                else:
                    left -= 1
    return done / seconds
