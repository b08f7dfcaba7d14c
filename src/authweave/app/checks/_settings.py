"""Checks of what `authweave.init` was told."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

import attrs

from authweave.extending import Check, Finding, Services

MIN_DISTINCT_BYTES: Final = 10
"""Of 32 random bytes 28 or more differ, of 43 random characters 20; of a text that somebody typed, hardly ten."""


@attrs.frozen(eq=False)
class SettingsChecks:
    """
    Look at settings.

    Attributes:
        services: what the application hands to its recipes.
        event_retention_s: for how long security events are kept; None where they are not.
        purge_interval_s: how often expired rows are deleted; None where they are not.
    """

    services: Services
    event_retention_s: float | None
    purge_interval_s: float | None

    def checks(self) -> tuple[Check, ...]:
        """Return the checks."""
        return (
            Check("https", "API and website are served by https", self.https),
            Check("debug", "Debug mode is off", self.debug),
            Check("passwords", "Hashing a password costs enough", self.passwords),
            Check("proxies", "Proxies in front are named", self.proxies),
            Check("events", "Security events are kept", self.events),
            Check("purge", "Expired rows are deleted", self.purge),
        )

    def https(self) -> Finding:
        """Look at the domains."""
        info = self.services.app_info
        domains = {"api_domain": info.api_domain, "website_domain": info.website_domain}
        if here := [f"{name}={domain!r}" for name, domain in domains.items() if is_loopback(domain)]:
            advice = "Write the domains that browsers will use: links in mails, cookies and callbacks follow them."
            return Finding("fault", f"{' and '.join(here)}: nobody else reaches that.", advice)
        if plain := [f"{name}={domain!r}" for name, domain in domains.items() if not domain.startswith("https://")]:
            advice = "Serve both by https, and write https:// in front."
            return Finding("fault", f"{' and '.join(plain)}: everybody on the way reads passwords and tokens.", advice)
        return Finding("ok", f"{info.api_domain} and {info.website_domain}.")

    def debug(self) -> Finding:
        """Look at debug mode."""
        if self.services.journal is None:
            return Finding("ok", "It is off.")
        return Finding("fault", "It is on: it tells much, and costs time.", "Leave out init(debug=True).")

    def passwords(self) -> Finding:
        """Compare what a hash costs with what OWASP asks for at least (Password Storage Cheat Sheet, 2025)."""
        hasher = self.services.passwords
        said = f"Argon2id with {hasher.memory_kib} KiB, {hasher.time_cost} passes, parallelism {hasher.parallelism}."
        if is_costly(hasher.memory_kib, hasher.time_cost):
            return Finding("ok", said)
        advice = "Leave out init(passwords=...), or give it 19,456 KiB and 2 passes at least."
        return Finding("fault", f"{said} OWASP asks for more.", advice)

    def proxies(self) -> Finding:
        """Look at what may name clients."""
        proxies = self.services.clients.proxies
        if not proxies.named:
            found = "init was not told whether there are any: clients with private addresses are not counted."
            return Finding("warning", found, "Name them, init(trusted_proxies=[...]); [] says that there are none.")
        names = [*map(str, proxies.networks), *(["the Unix socket"] if proxies.unix else [])]
        return Finding("ok", f"X-Forwarded-For is believed of {', '.join(names)}." if names else "There are none.")

    def events(self) -> Finding:
        """Look at security events."""
        kept_s = self.event_retention_s
        if kept_s is None or self.services.events.keeper is None:
            advice = "Leave out init(event_retention_s=None), unless the log, or a hook, keeps them elsewhere."
            return Finding("warning", "They are not kept: nobody can look up who signed in, and from where.", advice)
        return Finding("ok", f"For {kept_s / 86_400:g} days.")

    def purge(self) -> Finding:
        """Look at what deletes expired rows."""
        if self.purge_interval_s is None:
            advice = "Run `authweave db purge` every day, or leave out init(purge_interval_s=None)."
            return Finding("note", "The application does not delete them.", advice)
        return Finding("ok", f"Every {self.purge_interval_s:g} seconds, beside other work.")


def is_loopback(domain: str) -> bool:
    """Return whether ``scheme://host[:port]`` is this machine."""
    host = urlsplit(domain).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


OWASP_COSTS: Final = ((47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5))
"""KiB and passes, of which OWASP takes each for as good as the others (Password Storage Cheat Sheet, Argon2id)."""


def is_costly(memory_kib: int, time_cost: int) -> bool:
    """Return whether Argon2id with these costs is as good as one of OWASP's."""
    return any(memory_kib >= least_kib and time_cost >= least_passes for least_kib, least_passes in OWASP_COSTS)


def is_unpredictable(secret: bytes) -> bool:
    """Return whether a secret looks as if chance had made it, and not somebody at a keyboard."""
    return (
        len(set(secret)) >= MIN_DISTINCT_BYTES and b"secret" not in secret.lower() and b"change" not in secret.lower()
    )
