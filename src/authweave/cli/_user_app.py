"""The application whose users a command looks after: the one that is named, or a plain one over its database."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Final, TypeVar, cast

import attrs
import typer
from typing_extensions import override

from authweave import App, AuthweaveError, InputAppInfo, init
from authweave.outbox import OUTBOX
from authweave.recipe import emailpassword, emailverification, multitenancy, session, usermetadata, userroles
from authweave.storage import KeyRecord, StorageOptions, StorePart
from authweave.storage.memory import MemoryCore
from authweave.storage.sql import SQLStorage, open_storage
from authweave.types import PUBLIC_TENANT, User
from authweave.types.base import AccountInfoInput

from ._db_parts import parts_in_use
from ._inspect import load_app
from ._output import fail
from ._store import require_database

if TYPE_CHECKING:
    from authweave.recipe.totp.sealed_secrets import SealedSecrets

StoreT = TypeVar("StoreT")

NOT_FOUND: Final = 4
"""The exit status where there is no such user, or tenant."""

WHICH_USERS: Final = "Say which users: --app module:app for an application, or --storage URL for a database."

AppTarget = Annotated[
    str | None,
    typer.Option(
        "--app",
        metavar="MODULE:APP",
        envvar="AUTHWEAVE_APP",
        help="Where the application is, as for authweave inspect: its overrides, hooks and password policy apply. It "
        "goes before --storage.",
        show_default=False,
    ),
]
StoreTarget = Annotated[
    str | None,
    typer.Option(
        "--storage",
        metavar="URL",
        envvar="AUTHWEAVE_STORAGE",
        help="The database, where no application is imported: no override or hook runs, the default password policy "
        "applies. A URL with a password belongs into the variable, since all users of a machine see what commands were "
        "started.",
        show_default=False,
    ),
]
Tenant = Annotated[str, typer.Option(help="The tenant.")]
Who = Annotated[str, typer.Argument(metavar="USER", help="The user's id, or an address.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


class CommandStorage(SQLStorage):
    """
    A store whose signing keys and outbox are those of this process, as is what its database has no tables of.

    A command signs nothing, and what the application has there is sealed with a secret that the command need not know.
    """

    def __init__(self, opened: SQLStorage) -> None:
        super().__init__(opened.database, [each for each in opened.parts if each.name != OUTBOX.name])
        self._own_keys: dict[str, KeyRecord] = {}
        self._own_stores: dict[str, object] = {}

    @override
    def part(self, part: StorePart[StoreT]) -> StoreT:
        if part.name in {each.name for each in self.parts}:
            return super().part(part)
        if part.name not in self._own_stores:
            self._own_stores[part.name] = part.in_memory(MemoryCore())
        return cast("StoreT", self._own_stores[part.name])  # made by this part

    @override
    def add_signing_key(self, key: KeyRecord) -> KeyRecord:
        return self._own_keys.setdefault(key.slot, key)

    @override
    def signing_keys(self) -> tuple[KeyRecord, ...]:
        return tuple(self._own_keys.values())


@contextmanager
def opened_app(target: str | None, url: str | None) -> Generator[App]:
    """
    Open the application for a command, and close it when it ends; what the library refuses ends the command.

    Args:
        target: ``module:app``; it goes before the URL, which a variable may hold all the time.
        url: of the database.
    """
    try:
        if target is not None:
            with closing(load_app(target)) as app:
                yield app
        elif url is not None:
            require_database(url)
            with (
                closing(open_storage(url, StorageOptions(migrate=False), parts_in_use(url))) as storage,
                closing(plain_app(CommandStorage(storage))) as app,
            ):
                yield app
        else:
            fail(WHICH_USERS)
    except AuthweaveError as error:
        fail(str(error))


def plain_app(storage: SQLStorage) -> App:
    """Make an application without anything of its own: the recipes that the database has tables of."""
    recipes = {
        "session": session.init(),
        "emailpassword": emailpassword.init(),
        "emailverification": emailverification.init(mode="OPTIONAL"),
        "userroles": userroles.init(),
        "usermetadata": usermetadata.init(),
        "multitenancy": multitenancy.init(),
    }
    kept = {each.name for each in storage.parts}
    return init(
        InputAppInfo("authweave user", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [recipe for name, recipe in recipes.items() if name in kept],
        storage=storage,
        secret=secrets.token_urlsafe(),
        purge_interval_s=None,
        health_routes=False,
        default=False,
    )


def secrets_of(app: App) -> SealedSecrets:
    """Return what seals the secrets of TOTP devices, and opens them, as the recipe of an application does."""
    from authweave.recipe.totp.sealed_secrets import SealedSecrets  # noqa: PLC0415  which few commands need

    return SealedSecrets(app.services.secret, app.services.random_bytes)


def require_tenant(app: App, tenant_id: str) -> None:
    """End the command where there is no such tenant."""
    if not app.services.storage.tenant_exists(tenant_id):
        fail(f"There is no tenant {printable(tenant_id)}.")


def find_user(app: App, who: str, tenant_id: str = PUBLIC_TENANT) -> User:
    """
    Return the user of an id, or of an address in a tenant, which has to be there.

    Without one the command ends with `NOT_FOUND`; where several have the address, it asks for an id.
    """
    require_tenant(app, tenant_id)
    if (user := app.run_blocking(app.users.get_user(who))) is not None:
        return user
    found: list[User] = []
    if "@" in who:
        account = AccountInfoInput(email=who)
        found = app.run_blocking(app.users.list_users_by_account_info(tenant_id, account))
    if not found:
        fail(f"There is no user {printable(who)} in tenant {printable(tenant_id)}.", NOT_FOUND)
    if len(found) > 1:
        ids = ", ".join(printable(each.id) for each in found)
        fail(f"{len(found)} users have the address {printable(who)}: name one of {ids}.")
    return found[0]


def printable(text: str) -> str:
    """Return a text from a database or a shell as it may be shown: a terminal obeys nothing in it."""
    return text if text.isprintable() else repr(text)


@attrs.frozen
class Passwords:
    """Where a command gets a new password from: never from its arguments, which all users of a machine can see."""

    longest: int = 4096

    def read(self) -> str:
        """
        Ask for it twice in a terminal; else return the first line of standard input, without its end.

        How long it may be is the policy's to say: nothing is cut off that it would take.
        """
        stdin = typer.get_text_stream("stdin")
        if stdin.isatty():
            entered: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
            return entered
        line = stdin.readline(self.longest)
        if len(line) == self.longest:
            fail("The password on standard input is too long.")
        return line.removesuffix("\n").removesuffix("\r")
