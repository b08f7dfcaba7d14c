"""Hosts: names and addresses."""

from __future__ import annotations

import ipaddress
import unicodedata


def is_ip_address(host: str) -> bool:
    """Return whether a host is an IP address, of version 6 in brackets or without."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine: ``localhost`` or a loopback address."""
    return host == "localhost" or (is_ip_address(host) and ipaddress.ip_address(host.strip("[]")).is_loopback)


def host_in_ascii(host: str) -> str:
    """
    Return a host as browsers write it: in lower case, each label of another script in Punycode (RFC 5891).

    No two hosts become one. Python's codec ``idna`` is of 2003 and makes ``strasse`` of ``straße``, another's host.
    """
    if host.isascii():
        return host.lower()
    labels = unicodedata.normalize("NFKC", host.lower()).split(".")
    return ".".join(each if each.isascii() else f"xn--{each.encode('punycode').decode()}" for each in labels)
