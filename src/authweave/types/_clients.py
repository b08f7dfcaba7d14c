"""The address of a request's client: that of the connection, or what named proxies say of theirs."""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from ._errors import ConfigurationError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

UNIX: Final = "unix"
"""What stands in a list of proxies for one that connects through a Unix socket, and so has no address."""

MAX_HOPS: Final = 16
"""How many entries of ``X-Forwarded-For`` are read, from the right. More proxies of one's own stand in no row."""

MAX_HOP_CHARACTERS: Final = 64
"""An address of 39 characters, with brackets and a port."""

MAX_KNOWN: Final = 1024
"""How many addresses are remembered, so that they are not read anew with each request of a client."""

IPV6_NETWORK_BITS: Final = 64
"""What one subscriber has at least (RFC 6177, RIPE-690): he moves in it as he likes."""

MAPPED_BITS: Final = 96

PORT: Final = re.compile(r":[0-9]{1,5}")

logger: Final = logging.getLogger("authweave.http")


@attrs.frozen
class Client:
    """
    Who sent a request, as far as can be known.

    Attributes:
        address: in normal form; None where nothing that may be believed tells one.
        network: what it is counted by; None where that would count many clients as one.
        why_uncounted: why there is none, for the log.
    """

    address: str | None
    network: str | None
    why_uncounted: str = ""


@attrs.frozen
class Proxies:
    """
    The proxies whose ``X-Forwarded-For`` is believed.

    ``Forwarded`` (RFC 7239) is not read: a proxy that writes one of the two hands on the other as the client sent it.

    Attributes:
        named: whether the application said which there are. That there are none is said too.
        networks: their addresses.
        unix: whether who connects without an address is one.
    """

    named: bool = False
    networks: tuple[Network, ...] = ()
    unix: bool = False

    @classmethod
    def of(cls, written: Sequence[str] | None) -> Proxies:
        """
        Read a setting.

        Raises:
            authweave.types.ConfigurationError: something in it is no address and no network, or everybody's.
        """
        if written is None:
            return cls()
        check_list(written)
        networks = tuple(proxy_network(each) for each in written if each != UNIX)
        return cls(named=True, networks=networks, unix=UNIX in written)

    def trust(self, address: Address | None) -> bool:
        """Return whether an address is that of one of them; None is a connection without an address."""
        return self.unix if address is None else any(address in network for network in self.networks)

    def client(self, peer: str | None, forwarded_for: Sequence[str]) -> Client:
        """
        Find the client.

        From one proxy to the next, beginning with the connection: the first who is none of them is the client. What
        stands left of it is the client's own words.

        Args:
            peer: the other end of the connection, as the server names it.
            forwarded_for: the request's ``X-Forwarded-For`` headers, in order.
        """
        address = read_address(peer or "")
        hops = hops_from_the_right(forwarded_for)
        while self.trust(address) and (hop := next(hops, None)) is not None:
            if (before := read_address(hop, with_port=True)) is None:
                break
            address = before
        text = None if address is None else str(address)
        if self.trust(address):
            which = "the Unix socket" if text is None else text
            return Client(text, None, f"{which} is a trusted proxy's, which names no client in X-Forwarded-For")
        if address is None:
            why = "the connection has no address; where a proxy connects through a Unix socket, name it"
            return Client(None, None, f"{why}: init(trusted_proxies=['unix'])")
        if not self.named and not address.is_global:
            why = f"{text} is a private address, perhaps that of a proxy"
            what = f"if so, name it, init(trusted_proxies=['{text}']), or [] where clients connect directly"
            return Client(text, None, f"{why}; {what}")
        return Client(text, counted_network(address))


@attrs.define(eq=False)
class Clients:
    """
    Finds the clients of an application's requests.

    Attributes:
        proxies: those that are believed.
    """

    proxies: Proxies = Proxies()
    # Of the threads that have something to warn of, the one that gets the only element says it.
    _unwarned: list[None] = attrs.field(init=False, factory=lambda: [None], repr=False)

    def find(self, peer: str | None, forwarded_for: Sequence[str]) -> Client:
        """Find the client of a request. Arguments as for `Proxies.client`."""
        return self.proxies.client(peer, forwarded_for)

    def warn_once(self, client: Client) -> None:
        """Say in the log that clients are not counted, and why; once."""
        if self._unwarned:
            self._unwarned.clear()
            logger.warning(
                "Requests are not counted by the client's address: %s.",
                client.why_uncounted,
                extra={"event": "clients_uncounted", "address": client.address},
            )


UNKNOWN_PROXIES: Final = Clients()
"""For requests that no application serves."""


def check_list(written: object) -> None:
    """
    Check a list of proxies, in programs that were not type-checked.

    Raises:
        ConfigurationError: it is none.
    """
    if isinstance(written, str) or not isinstance(written, Sequence):
        raise ConfigurationError(f"trusted_proxies={written!r} takes a list: write trusted_proxies=[{written!r}].")


def proxy_network(written: object) -> Network:
    """
    Return the network of an entry of ``trusted_proxies``.

    Raises:
        ConfigurationError: it is none, or has everybody in it.
    """
    try:
        network = ipaddress.ip_network(written if isinstance(written, str) else repr(written))
    except ValueError as error:
        message = (
            f"trusted_proxies has {written!r}, which is no address and no network ({error}): write '10.0.0.7', "
            "'10.0.0.0/8', '2001:db8::/32', or 'unix' for a Unix socket. Host names and '*' are not taken."
        )
        raise ConfigurationError(message) from error
    if network.prefixlen == 0:
        message = f"trusted_proxies has {written!r}, which trusts everybody: name the networks of your proxies."
        raise ConfigurationError(message)
    mapped = network.network_address.ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    if mapped is None or network.prefixlen < MAPPED_BITS:
        return network
    return ipaddress.IPv4Network((mapped, network.prefixlen - MAPPED_BITS))


def hops_from_the_right(headers: Sequence[str]) -> Iterator[str]:
    """Return the entries of headers, those that were written last first."""
    left = MAX_HOPS
    for header in reversed(headers):
        entries = header.rsplit(",", left)
        for entry in reversed(entries[-left:]):
            yield entry.strip(" \t")
        left -= min(left, len(entries))
        if left == 0:
            return


def read_address(text: str, *, with_port: bool = False) -> Address | None:
    """
    Return an address in normal form: without a zone, and IPv4 as itself where it is mapped into IPv6.

    Args:
        text: of an address.
        with_port: whether a port may follow, and IPv6 may stand in brackets (RFC 7239, section 6, which proxies follow
            in ``X-Forwarded-For`` too).

    Returns:
        The address; None where the text is none.
    """
    if len(text) > MAX_HOP_CHARACTERS:
        return None
    if with_port and text.startswith("["):
        text, closed, port = text[1:].partition("]")
        if not closed or ":" not in text or (port and not is_port(port)):
            return None
    elif with_port and text.count(":") == 1:
        text, colon, port = text.partition(":")
        if not is_port(colon + port):
            return None
    return known_address(text)


@lru_cache(MAX_KNOWN)
def known_address(text: str) -> Address | None:
    """Return an address of a short text, as `read_address`. It is read with every request that asks for its client."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_port(text: str) -> bool:
    """Return whether a text is a colon and a port."""
    return PORT.fullmatch(text) is not None


def counted_network(address: Address) -> str:
    """Return what an address is counted by: an IPv4 address by itself, an IPv6 address by the /64 that it is in."""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.IPv6Network((address, IPV6_NETWORK_BITS), strict=False))
