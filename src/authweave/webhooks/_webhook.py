"""``Webhook``: what an application writes to have a function overridden over HTTP."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Never, cast, get_args

from authweave.kernel import Call, Override
from authweave.types import ConfigurationError, missing_extra
from authweave.types._hosts import is_ip_address, is_loopback

try:  # before the modules that import it too
    import httpx2
except ImportError as _missing:
    raise missing_extra("authweave.webhooks.Webhook", "webhooks", _missing) from _missing

from authweave.ingredients.connections import target_of

from ._asking import AskingOverride, OnFailure, When
from ._functions import AnyAsyncCall, OverridableFunction, function_named, function_of
from ._signing import Signer, decoded_secret

TIMEOUT_S: Final = 5.0
LONGEST_S: Final = 60.0
PORTS: Final = range(1, 65536)
NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
"""What a name server can be asked for (RFC 1035, section 2.3.4), and underscores."""


def Webhook(  # noqa: N802  written like a class in a list of overrides
    function: str | type[Call[Any, Any, Any]],  # Any: a call of whatever function
    url: str,
    secret: str | Sequence[str],
    *,
    when: When = "before",
    on_failure: OnFailure = "refuse",
    timeout_s: float = TIMEOUT_S,
    sends: Sequence[str] = (),
    name: str | None = None,
) -> Override[Never]:
    """
    Return an override that asks a program over HTTP, for ``init(overrides=[...])``.

    ``docs/reference/webhooks.md`` has what is sent and what may be answered. Requests are signed as Standard Webhooks
    has it; answers have to be signed too, for the very request.

    Args:
        function: which function or API, by name (``"emailpassword.sign_up"``, ``"emailpassword.sign_up_post"``), or by
            the class of its calls.
        url: whom to ask: ``https://``, or ``http://`` on this machine.
        secret: ``whsec_`` and 24 to 64 bytes in Base64. Of several, also in one text with blanks between, each signs
            requests, and an answer is signed with one of them.
        when: whether it is asked before the function, after it, or both.
        on_failure: what becomes of a call whose webhook fails: it raises `WebhookError` (answered with 503), or goes on
            as if there were no webhook. Refused after the function, what the function did stays done.
        timeout_s: how long an answer may take in all, in seconds; at most 60.
        sends: names of secret values that are sent all the same: ``("password",)``. Passwords, tokens and what else
            lets somebody in are not, by themselves.
        name: as for `authweave.kernel.override`.

    Raises:
        authweave.types.ConfigurationError: something of it cannot work.
    """
    found = checked_function(function)
    check_choice("when", when, get_args(When))
    check_choice("on_failure", on_failure, get_args(OnFailure))
    check_timeout(timeout_s)
    asking = AskingOverride(
        found, target_of(checked_url(url)), checked_secrets(secret), when, on_failure, timeout_s, checked_names(sends)
    )
    made = found.call.override(name=name)(asking)
    return cast("Override[Never]", made)  # which interface it is of, its name alone says


def webhook_overrides(configured: Sequence[Mapping[str, Any]]) -> list[Override[Never]]:  # Any: as a file has it
    """
    Return the overrides of a configuration: one mapping of `Webhook`'s arguments each, the outermost first.

    Raises:
        authweave.types.ConfigurationError: something of it cannot work; names every entry that cannot.
    """
    made: list[Override[Never]] = []
    faults: list[str] = []
    for number, each in enumerate(configured):
        try:
            made.append(Webhook(**each))
        except (ConfigurationError, TypeError) as error:
            faults.append(f"webhooks[{number}]: {error}")
    if faults:
        raise ConfigurationError("\n".join(faults))
    return made


def checked_function(function: str | type[AnyAsyncCall]) -> OverridableFunction:
    """Return the function that is named, or that a class of calls stands for."""
    if isinstance(function, str):
        return function_named(function)
    if is_call_class(function):
        return function_of(function, recipe_of(function))
    message = "function= is neither a name, 'emailpassword.sign_up' say, nor a class of calls."
    raise ConfigurationError(message)


def is_call_class(candidate: object) -> bool:
    """Return whether something is a class of calls, in programs that were not type-checked."""
    return isinstance(candidate, type) and issubclass(candidate, Call)


def check_timeout(timeout_s: object) -> None:
    """Refuse what is no time that somebody would wait."""
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float) or not 0 < timeout_s <= LONGEST_S:
        message = f"timeout_s={timeout_s!r} must be a number of seconds, above 0 and at most {LONGEST_S:g}."
        raise ConfigurationError(message)


def recipe_of(call: type) -> str:
    """Return the id of the recipe that a class of calls is of: the package that its module is in."""
    return call.__module__.rpartition(".")[0].rpartition(".")[2] or call.__module__


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Refuse what is none of some words."""
    if value not in choices:
        message = f"{name}={value!r} is none of {', '.join(map(repr, choices))}."
        raise ConfigurationError(message)


def checked_names(sends: object) -> frozenset[str]:
    """Return the names of what is sent."""
    if isinstance(sends, str) or not isinstance(sends, Sequence):
        message = "sends= takes a list of names: write sends=['password'], say."
        raise ConfigurationError(message)
    names = cast("Sequence[object]", sends)  # isinstance does not tell of what
    if not all(isinstance(each, str) and each for each in names):
        message = "sends= has something else than names: write sends=['password'], say."
        raise ConfigurationError(message)
    return frozenset(map(str, names))


def checked_secrets(secret: object) -> Signer:
    """Return what signs with the secrets that were given, in one text or a list."""
    given: list[object] = []
    several = cast("Sequence[object]", [secret] if isinstance(secret, str) else secret)  # each is looked at below
    for each in several if isinstance(secret, Sequence) else ():
        given += each.split() if isinstance(each, str) else [each]
    keys = [decoded_secret(each) if isinstance(each, str) else None for each in given]
    found = tuple(each for each in keys if each is not None)
    if not found or len(found) < len(keys):  # never shown, also where it is wrong
        message = (
            "secret= is no secret of Standard Webhooks, whsec_ and 24 to 64 bytes in Base64. Make one: "
            "echo whsec_$(openssl rand -base64 32)"
        )
        raise ConfigurationError(message)
    return Signer(found)


def checked_url(url: object) -> httpx2.URL:
    """Return the URL of a webhook: https, or http on this machine, and nothing secret in it."""
    try:
        address = httpx2.URL(url if isinstance(url, str) else "")
    except (httpx2.InvalidURL, UnicodeError):
        address = httpx2.URL("")
    is_safe = address.scheme == "https" or (address.scheme == "http" and is_loopback(address.host))
    if not address.host or not is_safe:
        message = "url= is neither https:// nor http:// on this machine: what goes out and comes back would be seen."
        raise ConfigurationError(message)
    if not is_ip_address(address.host) and NAME.fullmatch(address.raw_host.decode()) is None:
        message = "url= has a host that no name can be: write https://example.com/webhooks, say."
        raise ConfigurationError(message)
    if address.port is not None and address.port not in PORTS:
        message = f"url= has the port {address.port}, and ports are 1 to 65535."
        raise ConfigurationError(message)
    if address.userinfo or address.fragment:
        message = "url= has a user, a password or a fragment, which are not sent: leave them out."
        raise ConfigurationError(message)
    return address
