"""The address of a client: what is believed, and what it is counted by."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import pytest

from authweave.types import BaseRequest, Clients, ConfigurationError, Proxies

PUBLIC = "93.184.216.34"
OTHER = "8.8.4.4"


def request_from(
    peer: str | None, *forwarded_for: str, proxies: Sequence[str] | None = None, **headers: str
) -> BaseRequest:
    """Return a request of a connection, in an application that names proxies."""
    listed = [("x-forwarded-for", each) for each in forwarded_for]
    others = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return BaseRequest("get", "/", [*listed, *others], peer=peer, clients=Clients(Proxies.of(proxies)))


@pytest.mark.parametrize(
    ("peer", "client", "network"),
    [
        (PUBLIC, PUBLIC, PUBLIC),
        ("2600:1f18:0:1:2:3:4:5", "2600:1f18:0:1:2:3:4:5", "2600:1f18:0:1::/64"),
        ("2600:1F18:0000:0001:0:0:0:1", "2600:1f18:0:1::1", "2600:1f18:0:1::/64"),
        (f"::ffff:{PUBLIC}", PUBLIC, PUBLIC),
        ("::ffff:5db8:d822", PUBLIC, PUBLIC),
        # Private addresses may be a proxy's.
        ("127.0.0.1", "127.0.0.1", None),
        ("10.1.2.3", "10.1.2.3", None),
        ("100.64.0.1", "100.64.0.1", None),
        ("::1", "::1", None),
        ("fd00::7", "fd00::7", None),
        ("fe80::1%eth0", "fe80::1", None),
        ("::ffff:10.1.2.3", "10.1.2.3", None),
        # No addresses.
        (None, None, None),
        ("", None, None),
        ("testclient", None, None),
        ("/run/app.sock", None, None),
        ("1.2.3.4.5", None, None),
        ("1.2.3.004", None, None),
        ("1" * 100_000, None, None),
    ],
)
def test_without_named_proxies(peer: str | None, client: str | None, network: str | None) -> None:
    """The connection alone counts, whatever a header says."""
    for request in (
        request_from(peer),
        request_from(peer, OTHER, forwarded=f"for={OTHER}", x_real_ip=OTHER, x_client_ip=OTHER),
    ):
        assert (request.client, request.client_network) == (client, network)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded_for", "client", "network"),
    [
        (["10.0.0.7"], "10.0.0.7", [PUBLIC], PUBLIC, PUBLIC),
        (["10.0.0.0/8"], "10.0.0.7", [PUBLIC], PUBLIC, PUBLIC),
        (["fd00::/8"], "fd00::7%eth0", [PUBLIC], PUBLIC, PUBLIC),
        (["unix"], None, [PUBLIC], PUBLIC, PUBLIC),
        (["unix"], "", [PUBLIC], PUBLIC, PUBLIC),
        (["::ffff:10.0.0.0/104"], "10.0.0.7", [PUBLIC], PUBLIC, PUBLIC),
        (["10.0.0.7"], "::ffff:10.0.0.7", [PUBLIC], PUBLIC, PUBLIC),
        # From the right, past proxies; what stands left of the client is its own words.
        (["10.0.0.0/8"], "10.0.0.7", [f"{OTHER}, {PUBLIC}, 10.9.9.9"], PUBLIC, PUBLIC),
        (["10.0.0.0/8"], "10.0.0.7", [OTHER, f"{OTHER}, {PUBLIC}", "10.9.9.9"], PUBLIC, PUBLIC),
        (["10.0.0.7"], "10.0.0.7", [f"{PUBLIC}, 10.9.9.9"], "10.9.9.9", "10.9.9.9"),
        (["10.0.0.7"], "10.0.0.7", [f"10.0.0.7, {PUBLIC}"], PUBLIC, PUBLIC),
        (["10.0.0.7"], "10.0.0.7", [f"nonsense, {PUBLIC}"], PUBLIC, PUBLIC),
        # As proxies write it.
        (["10.0.0.7"], "10.0.0.7", [f"{PUBLIC}:4711"], PUBLIC, PUBLIC),
        (["10.0.0.7"], "10.0.0.7", ["[2600:1f18::1]:443"], "2600:1f18::1", "2600:1f18::/64"),
        (["10.0.0.7"], "10.0.0.7", ["[2600:1f18::1]"], "2600:1f18::1", "2600:1f18::/64"),
        (["10.0.0.7"], "10.0.0.7", ["2600:1f18::1"], "2600:1f18::1", "2600:1f18::/64"),
        (["10.0.0.7"], "10.0.0.7", [f"::ffff:{PUBLIC}"], PUBLIC, PUBLIC),
        (["10.0.0.7"], "10.0.0.7", [f" \t{PUBLIC} \t"], PUBLIC, PUBLIC),
        # The proxy names none, or nothing that is an address: it is all that is known, and not counted.
        *(
            (["10.0.0.7"], "10.0.0.7", listed, "10.0.0.7", None)
            for listed in ([], [""], ["unknown"], [f"{PUBLIC}, _x"])
        ),
        *(
            (["10.0.0.7"], "10.0.0.7", [entry], "10.0.0.7", None)
            for entry in (
                f"[{PUBLIC}]",
                "[::1",
                "[::1]443",
                f"{PUBLIC}:",
                f"{PUBLIC}:x",
                f"{PUBLIC}:\u00b2",
                "\u0661.2.3.4",
                "0x7f.1",
            )
        ),
        (["10.0.0.7"], "10.0.0.7", [f"{PUBLIC}, {'1' * 100_000}"], "10.0.0.7", None),
        (["10.0.0.0/8"], "10.0.0.7", [f"{PUBLIC}{', 10.0.0.7' * 10_000}"], "10.0.0.7", None),
        (["10.0.0.0/8"], "10.0.0.7", ["10.5.5.5, 10.6.6.6"], "10.5.5.5", None),
        (["unix"], None, [], None, None),
        # Whoever is not named is believed nothing.
        (["10.0.0.7"], "10.0.0.8", [PUBLIC], "10.0.0.8", "10.0.0.8"),
        (["10.0.0.7"], OTHER, [PUBLIC], OTHER, OTHER),
        (["10.0.0.7"], None, [PUBLIC], None, None),
        (["unix"], "10.0.0.7", [PUBLIC], "10.0.0.7", "10.0.0.7"),
        ([], "127.0.0.1", [PUBLIC], "127.0.0.1", "127.0.0.1"),
        ([], "fd00::7", [PUBLIC], "fd00::7", "fd00::/64"),
    ],
)
def test_with_named_proxies(
    proxies: Sequence[str], peer: str | None, forwarded_for: Sequence[str], client: str, network: str | None
) -> None:
    """The first who is none of them is the client."""
    request = request_from(peer, *forwarded_for, proxies=proxies, forwarded=f"for={OTHER}", x_real_ip=OTHER)
    assert (request.client, request.client_network) == (client, network)


@pytest.mark.parametrize(
    ("proxies", "why"),
    [
        (["proxy.example.com"], "'proxy.example.com', which is no address and no network"),
        (["*"], "Host names and '\\*' are not taken"),
        (["10.0.0.7/8"], "has host bits set"),
        (["fe80::1%eth0/64"], "no network"),
        ([""], "no network"),
        ([7], "no network"),
        ([None], "no network"),
        (["0.0.0.0/0"], "trusts everybody"),
        (["::/0"], "trusts everybody"),
        ("10.0.0.7", "takes a list"),
        (7, "takes a list"),
    ],
)
def test_a_list_that_cannot_be_read(proxies: Sequence[str], why: str) -> None:
    """It is refused, by name."""
    with pytest.raises(ConfigurationError, match=f"trusted_proxies.*{why}"):
        Proxies.of(proxies)


@pytest.mark.parametrize(
    ("proxies", "peer", "why"),
    [
        (None, "10.0.0.7", r"10\.0\.0\.7 is a private address.*init\(trusted_proxies=\['10\.0\.0\.7'\]"),
        (None, None, r"no address.*init\(trusted_proxies=\['unix'\]\)"),
        (["unix"], None, "the Unix socket is a trusted proxy's"),
        (["10.0.0.7"], "10.0.0.7", r"10\.0\.0\.7 is a trusted proxy's, which names no client"),
    ],
)
def test_that_clients_are_not_counted_is_told_once(
    caplog: pytest.LogCaptureFixture, proxies: Sequence[str] | None, peer: str | None, why: str
) -> None:
    """The warning names what to set; it comes when somebody wants to count, and not again."""
    clients = Clients(Proxies.of(proxies))
    for _ in range(3):
        assert BaseRequest("get", "/", peer=peer, clients=clients).client == peer
    assert caplog.records == []
    for _ in range(3):
        assert BaseRequest("get", "/", peer=peer, clients=clients).client_network is None
    (record,) = caplog.records
    assert (record.levelno, vars(record)["event"]) == (logging.WARNING, "clients_uncounted")
    assert re.search(why, record.getMessage())
