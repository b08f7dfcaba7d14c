"""
A port for a program that opens it itself, maybe later, maybe again and again.

Where a test can open the socket, it hands that on (`integration/http/serving.py`): then nobody else can have the port.
"""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast


@contextmanager
def kept_port() -> Generator[int]:
    """
    Keep a port for a block, on each address of this machine.

    The socket that keeps it does not listen, so the program may (servers set SO_REUSEADDR), and until then whoever
    connects is refused. The system gives the port to nobody who asks for any: no other test, and no connection.
    """
    with both_families() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind(("", 0))
        yield cast("tuple[str, int]", keeper.getsockname()[:2])[1]  # of either family


def both_families() -> socket.socket:
    """Return a socket for IPv6 and IPv4, or for IPv4 alone where there is nothing else."""
    if not socket.has_dualstack_ipv6():
        return socket.socket()
    made = socket.socket(socket.AF_INET6)
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return made
