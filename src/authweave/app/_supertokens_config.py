"""What SuperTokens's ``init`` takes beside, for applications that move over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import attrs

from authweave.kernel import Plugin
from authweave.storage import Storage
from authweave.types import ConfigurationError, Options, names_database, or_default, see_row, tell_without_effect

Mode: TypeAlias = Literal["asgi", "wsgi"]

DEFAULT_STORAGE: Final = "sqlite:///authweave.db"


@attrs.frozen
class SupertokensConfig(Options):
    """
    Where the data is, as SuperTokens is told. There is no core here: the application keeps its data itself.

    Args:
        connection_uri: the URL of a database (``sqlite:///auth.db``, ``postgresql://user:password@host/database``), as
            ``init(storage=...)`` takes it. That of a core is refused.
        api_key: of a core. Without effect.
        network_interceptor: sees what is asked of a core. Without effect.
        disable_core_call_cache: of the answers of a core. Without effect: nothing is asked twice that could be old.

    .. versionadded:: 0.1.0
    """

    connection_uri: str = attrs.field(repr=False)
    api_key: str | None = attrs.field(default=None, repr=False)
    network_interceptor: Callable[..., object] | None = attrs.field(default=None, repr=False)
    disable_core_call_cache: bool | None = False


@attrs.frozen
class SupertokensExperimentalConfig(Options):
    """
    Plugins, as SuperTokens is told of them.

    Args:
        plugins: as ``init(plugins=...)`` takes them, inside of those that stand there. SuperTokens's own, of the class
            ``SuperTokensPlugin``, are refused.

    .. versionadded:: 0.1.0
    """

    plugins: Sequence[Plugin] | None = None


def chosen_storage(storage: str | Storage | None, config: SupertokensConfig | None) -> str | Storage:
    """
    Return where the data is. Nothing that was written is in a message: it may hold a password.

    Raises:
        ConfigurationError: what SuperTokens is told is a core's, or two places are named.
    """
    if config is None:
        chosen = DEFAULT_STORAGE if storage is None else storage
        check_storage(chosen)
        return chosen
    url = config.connection_uri.strip()
    if not names_database(url):
        raise ConfigurationError(
            "init: supertokens_config= names a SuperTokens core by its connection_uri, and there is no core here: the "
            "application keeps its users in a database of its own. Name that by storage='postgresql://...' and leave "
            "supertokens_config= out, or write its URL for connection_uri; `authweave moved run --storage URL` tries "
            "it unchanged. `authweave user import --from supertokens` brings the users along. "
            f"{see_row('M1')}"
        )
    if storage is not None and storage != url:
        raise ConfigurationError(
            "init: storage= names another place than the connection_uri of supertokens_config=: leave one of them out. "
            f"{see_row('M1')}"
        )
    return url


def check_storage(storage: object) -> None:
    """
    Check what is to be the store, in programs that were not type-checked.

    Raises:
        ConfigurationError: it is the path of a file, say.
    """
    if not isinstance(storage, str) and not hasattr(storage, "part"):
        message = (
            f"storage= is a {type(storage).__name__}: write the URL of a store, 'sqlite:///auth.db' for example, or "
            "hand over a store of your own."
        )
        raise ConfigurationError(message)


def of_experimental(config: SupertokensExperimentalConfig | None) -> Sequence[Plugin]:
    """Return the plugins that SuperTokens is told of."""
    return () if config is None else or_default(config.plugins, ())


def tell_what_has_no_effect(
    config: SupertokensConfig | None,
    mode: Mode | None,
    telemetry: bool | None,  # noqa: FBT001  as `init` takes it
) -> None:
    """Say once in the log, for each application, what was given and does nothing here."""
    given: dict[str, object] = {"mode": mode, "telemetry": telemetry}
    if config is not None:
        given |= {
            "api_key": config.api_key,
            "network_interceptor": config.network_interceptor,
            "disable_core_call_cache": config.disable_core_call_cache or None,
        }
    names = [name for name, value in given.items() if value is not None]
    if names:
        why = (
            "There is no core to ask, nothing is told to anybody, and each framework's middleware knows how it is "
            "called."
        )
        tell_without_effect("init", names, why, "M1")
