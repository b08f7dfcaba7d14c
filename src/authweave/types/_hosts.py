"""Hosts: names and addresses."""

from __future__ import annotations

import ipaddress


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
