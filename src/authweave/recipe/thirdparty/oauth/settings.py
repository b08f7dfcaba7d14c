"""Limits of what is asked of providers and accepted from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import attrs

from authweave.types import Options

LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "::1")


@attrs.frozen(kw_only=True)
class OAuthSettings(Options):
    """
    Limits of what is asked of providers and accepted from them.

    Attributes:
        sign_in_lifetime: how long a user may take at the provider: ``pkceCodeVerifier`` is stale after that.
        connect_timeout: how long a connection to a provider may take to open.
        timeout: how long one request to a provider may take, all in all: waiting for its turn, a retry, and the answer.
        max_answer_bytes: a longer answer of a provider is refused.
        requests_at_once: how many requests to one host run at a time; others wait for their turn.
        discovery_lifetime: how long a provider's discovery document is used.
        keys_lifetime: how long a provider's keys are used. A key that it withdrew is accepted no longer than that.
        keys_reload_interval: how often tokens that no known key of a provider has signed may make its keys be asked
            for. Of those that fit a token at most 8 are tried.
        leeway: how far the clocks of providers may be off.
        refresh_margin: how long before its end an access token that is kept is refreshed, or half of its life if that
            is shorter.
        insecure_hosts: hosts that may be asked over plain HTTP; loopback only by default.
        proxy: the URL of a proxy to reach providers through.
    """

    sign_in_lifetime: timedelta = timedelta(minutes=10)
    connect_timeout: timedelta = timedelta(seconds=3)
    timeout: timedelta = timedelta(seconds=10)
    max_answer_bytes: int = 1024 * 1024
    requests_at_once: int = 16
    discovery_lifetime: timedelta = timedelta(hours=1)
    keys_lifetime: timedelta = timedelta(minutes=10)
    keys_reload_interval: timedelta = timedelta(seconds=30)
    leeway: timedelta = timedelta(seconds=30)
    refresh_margin: timedelta = timedelta(minutes=1)
    insecure_hosts: tuple[str, ...] = LOOPBACK_HOSTS
    proxy: str | None = attrs.field(default=None, repr=False)
