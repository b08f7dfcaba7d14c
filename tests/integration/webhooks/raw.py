"""A webhook's program that writes bytes of its own, where a server in order would not let it."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Final, TypeAlias

from tests.integration.webhooks.receiver import Asked
from tests.patience import PATIENCE_S
from tests.ports import kept_port

Conduct: TypeAlias = Callable[[socket.socket, threading.Event], None]
"""What is done with a connection, on which a request is to come; the event says that the test has what it wants."""

LINE: Final = b"HTTP/1.1 200 OK\r\n"


def asked(connection: socket.socket) -> Asked:
    """Read a request."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")[1:]]
    headers = {name.lower(): value for name, _, value in lines}
    while len(body) < int(headers["content-length"]):
        body += more(connection)
    return Asked(headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body)


def more(connection: socket.socket) -> bytes:
    """Read what is there."""
    received = connection.recv(65536)
    if not received:
        raise ConnectionError
    return received


def says(*chunks: bytes) -> Conduct:
    """Answer with some bytes, and close."""

    def conduct(connection: socket.socket, _: threading.Event) -> None:
        asked(connection)
        for each in chunks:
            connection.sendall(each)

    return conduct


def hangs_up(connection: socket.socket, _: threading.Event) -> None:
    """Close without a word."""
    asked(connection)


def resets(connection: socket.socket, _: threading.Event) -> None:
    """Break the connection in the middle of an answer."""
    asked(connection)
    connection.sendall(LINE + b"content-length: 1000\r\n\r\n{")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def never(connection: socket.socket, done: threading.Event) -> None:
    """Take the request and say nothing."""
    asked(connection)
    done.wait(PATIENCE_S)


def drips(connection: socket.socket, done: threading.Event) -> None:
    """Send a byte now and then, for ever: none of them is late."""
    asked(connection)
    connection.sendall(LINE + b"transfer-encoding: chunked\r\n\r\n")
    while not done.wait(0.01):
        connection.sendall(b"1\r\n \r\n")


def bomb(connection: socket.socket, _: threading.Event) -> None:
    """Send 100 MB of JSON in 100 KB, rightly signed."""
    small = gzip.compress(b'{"user_context":{"a":"' + b"0" * 20_000_000 + b'"}}')
    response = asked(connection).answer(small)
    signature = response.headers["webhook-signature"].encode()
    head = b"content-encoding: gzip\r\ncontent-length: %d\r\nwebhook-signature: %b\r\n\r\n" % (len(small), signature)
    connection.sendall(LINE + head + small)


def plain(connection: socket.socket, _: threading.Event) -> None:
    """Answer in order, as HTTP/1.0 does: what ends the body is the end of the connection."""
    response = asked(connection).answer({})
    signature = response.headers["webhook-signature"].encode()
    connection.sendall(b"HTTP/1.0 200 OK\r\nwebhook-signature: %b\r\n\r\n" % signature + bytes(response.body))


@contextmanager
def conducting(conduct: Conduct, family: socket.AddressFamily = socket.AF_INET) -> Generator[int]:
    """Run the program for a block, a thread for each connection; yields its port."""
    done, threads = threading.Event(), list[threading.Thread]()
    # Kept on both addresses of `localhost`, which a program tries one after the other.
    with kept_port() as port, socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1" if family == socket.AF_INET else "::1", port))
        listener.listen()

        def serve(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                conduct(connection, done)

        def accept() -> None:
            while True:
                connection, _ = listener.accept()
                if done.is_set():
                    connection.close()
                    return
                threads.append(threading.Thread(target=serve, args=[connection]))
                threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        address = listener.getsockname()
        try:
            yield port
        finally:
            done.set()
            with socket.create_connection(address[:2], PATIENCE_S):
                acceptor.join()
            for each in threads:
                each.join()
