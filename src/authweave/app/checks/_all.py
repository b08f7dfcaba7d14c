"""Runs the checks of an application and of its recipes."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Iterable, Iterator

import attrs

from authweave.extending import Check, Diagnosis, Finding, Recipe, Services
from authweave.kernel import AuthweaveError
from authweave.storage import Storage


@attrs.frozen(eq=False)
class AppChecks:
    """
    The checks of an application, beside those of its recipes.

    Attributes:
        services: what the application hands to its recipes.
        storage: where its data is, as `authweave.init` was told: a URL, or a store.
        has_secret: whether the secret was configured.
        event_retention_s: for how long security events are kept; None where they are not.
        purge_interval_s: how often expired rows are deleted; None where they are not.
    """

    services: Services
    storage: str | Storage = attrs.field(repr=False)  # a URL may hold a password
    has_secret: bool
    event_retention_s: float | None
    purge_interval_s: float | None

    def checks(self) -> tuple[Check, ...]:
        """Return them."""
        # Few processes are asked, and those once.
        from ._mail import MailChecks
        from ._settings import SettingsChecks
        from ._store import StoreChecks
        from ._versions import version_checks

        settings = SettingsChecks(self.services, self.event_retention_s, self.purge_interval_s)
        store = StoreChecks(self.services, self.storage, has_secret=self.has_secret)
        return (*settings.checks(), *store.checks(), *MailChecks(self.services).checks(), *version_checks(self.storage))


def named(own: Iterable[Check], recipes: Iterable[Recipe]) -> Iterator[tuple[str, Check]]:
    """Return checks with their whole ids: a recipe's stand behind its own."""
    yield from ((check.id, check) for check in own)
    for recipe in recipes:
        yield from ((f"{recipe.recipe_id}.{check.id}", check) for check in recipe.checks())


async def diagnosis(services: Services, check_id: str, check: Check) -> Diagnosis:
    """Run a check."""
    found = await outcome(services, check)
    return Diagnosis(check_id, check.about, found.severity, found.found, found.advice)


async def outcome(services: Services, check: Check) -> Finding:
    """Run a check. One that fails has found a fault: what the library's own errors say is nothing secret."""
    try:
        is_async = inspect.iscoroutinefunction(check.look)
        found = check.look() if is_async else await services.off_loop(check.look)
        return await found if isinstance(found, Awaitable) else found
    except AuthweaveError as error:
        return Finding("fault", f"It could not be checked: {error}", "Mend that, and check again.")
    except Exception as error:  # noqa: BLE001  whatever it is, the other checks go on
        return Finding("fault", f"It could not be checked: {type(error).__name__}.", "Mend that, and check again.")
