"""
Login methods in SQL: linked to users, and made members of tenants.

Users who change are locked, in the order of their ids; what they have for themselves a key keeps apart. So of two that
get in each other's way one waits, and finds what the other has made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, or_, select, update
from typing_extensions import override

from authweave.storage._errors import ConstraintError, DisabledUserError, StorageError
from authweave.storage._limits import check_text
from authweave.storage._links import (
    AccountTaken,
    Contact,
    ContactTaken,
    LinkedAccounts,
    LinkedElsewhere,
    Linking,
    MadePrimary,
    Member,
    Membership,
    NotPrimary,
    PrimaryUser,
    Unlinked,
)
from authweave.storage._protocols import LinkStore
from authweave.storage._user_records import REMEMBERED_MS
from authweave.types import User

from ._insert import insert_unless_there
from ._login_rows import (
    add_membership,
    give_to,
    locked_owner,
    locked_owners,
    method_named,
    note_time_joined,
    release,
    remove_memberships,
    reserve,
)
from ._schema import login_methods, login_tenants, primary_contacts, tenants, users
from ._user_changes import DISABLED, SQLUserChanges, all_ids, columns_of_login_methods, columns_of_memberships
from ._users import read_user

R = TypeVar("R")

ATTEMPTS: Final = 3
"""How often a membership is written while others take what has to be unique, and give it back before it is looked."""

own: Final = login_methods.alias("own")
OTHERS_WITH_IT: Final[dict[Contact, ColumnElement[bool]]] = {
    "identity": and_(
        login_tenants.c.provider_id == own.c.provider_id,
        login_tenants.c.issuer == own.c.issuer,
        login_tenants.c.subject == own.c.subject,
    ),
    "email": and_(
        own.c.provider_id.is_(None),
        login_tenants.c.provider_id.is_(None),
        login_tenants.c.recipe_id == own.c.recipe_id,
        login_tenants.c.email == own.c.email,
    ),
    "phone_number": and_(
        login_tenants.c.recipe_id == own.c.recipe_id, login_tenants.c.phone_number == own.c.phone_number
    ),
}
"""When a login method has what another one is to be unique by, in one tenant."""

HOLDER: Final = (
    select(primary_contacts.c.user_id)
    .join(
        own,
        or_(
            and_(primary_contacts.c.kind == "email", primary_contacts.c.value == own.c.email),
            and_(primary_contacts.c.kind == "phone_number", primary_contacts.c.value == own.c.phone_number),
        ),
    )
    .where(
        primary_contacts.c.tenant_id == bindparam("tenant_id"),
        own.c.user_id == bindparam("of_user"),
        primary_contacts.c.user_id != bindparam("of_user"),
    )
    .order_by(primary_contacts.c.kind, primary_contacts.c.value)
    .limit(1)
)
"""Which other user has something in a tenant that a user has elsewhere."""

LOCK_METHOD: Final = (
    select(login_methods.c.recipe_user_id)
    .where(login_methods.c.recipe_user_id == bindparam("id"))
    .with_for_update(key_share=True)
)


class UndoneError(Exception):
    """What was written is undone, and this is the answer."""

    def __init__(self, answer: object) -> None:
        self.answer = answer


class SQLLinks(SQLUserChanges, LinkStore):
    """Primary users with their login methods, and the tenants of these."""

    @override
    def create_primary_user(self, recipe_user_id: str, *, only_check: bool = False) -> MadePrimary:
        check_text(recipe_user_id, "recipe_user_id")
        return self._answer(partial(self._make_primary, recipe_user_id, only_check=only_check))

    def _make_primary(self, named: str, connection: Connection, *, only_check: bool) -> MadePrimary:
        owner = locked_owner(connection, named)
        user = None if owner is None else read_user(connection, owner, self._database)
        if owner is None or user is None:
            return None
        if user.is_primary_user:
            is_the_users = len(user.login_methods) == 1 or method_named(connection, named) in {None, owner}
            return PrimaryUser(user, is_new=False) if is_the_users else LinkedElsewhere(user)
        require_enabled(user)
        connection.execute(update(users).where(users.c.user_id == owner).values(is_primary_user=True))
        self._reserve(connection, owner)
        if only_check:
            raise UndoneError(PrimaryUser(user, is_new=True))
        return PrimaryUser(self._there(connection, owner), is_new=True)

    @override
    def link_accounts(self, recipe_user_id: str, primary_user_id: str, *, only_check: bool = False) -> Linking:
        check_text(recipe_user_id, "recipe_user_id")
        check_text(primary_user_id, "primary_user_id")
        return self._answer(partial(self._link, recipe_user_id, primary_user_id, only_check=only_check))

    def _link(self, named: str, primary_named: str, connection: Connection, *, only_check: bool) -> Linking:
        owners = locked_owners(connection, named, primary_named)
        method = method_named(connection, named)
        if owners is None or method is None:
            return None
        former, owner = owners
        former_user, user = self._there(connection, former), self._there(connection, owner)
        if not user.is_primary_user:
            return NotPrimary(user)
        if former == owner:
            return LinkedAccounts(user, is_new=False)
        if former_user.is_primary_user:
            return LinkedElsewhere(former_user)
        require_enabled(user)
        require_enabled(former_user)
        give_to(connection, method, owner)
        # Only now: who was making a session holds the login method until then, and its session is there to be deleted.
        ids = all_ids(connection, [former, method])
        self._delete_rows_of_methods(connection, ids, ids)
        if former != method:  # a user whose first login method is gone, and who has none now
            connection.execute(delete(users).where(users.c.user_id == former))
        note_time_joined(connection, owner)
        self._reserve(connection, owner)
        if only_check:
            raise UndoneError(LinkedAccounts(user, is_new=True))
        return LinkedAccounts(self._there(connection, owner), is_new=True)

    @override
    def unlink_account(self, recipe_user_id: str, *, now_ms: int) -> Unlinked | None:
        check_text(recipe_user_id, "recipe_user_id")
        return self._answer(partial(self._unlink, recipe_user_id, now_ms + REMEMBERED_MS))

    def _unlink(self, named: str, until_ms: int, connection: Connection) -> Unlinked | None:
        owner, method = locked_owner(connection, named), method_named(connection, named)
        if owner is None or method is None:
            return None
        user = self._there(connection, owner)
        if not user.is_primary_user:
            return Unlinked(user, was_linked=False, was_deleted=False)
        is_deleted = False
        if len(user.login_methods) == 1:
            connection.execute(update(users).where(users.c.user_id == owner).values(is_primary_user=False))
            connection.execute(delete(primary_contacts).where(primary_contacts.c.user_id == owner))
        elif method == owner:
            is_deleted = True
            self._delete_method(connection, method, owner, until_ms, [method])
        else:
            self._part(connection, method, owner)
        # Only now, as when it was linked.
        self._delete_rows_of_methods(connection, all_ids(connection, [owner]), all_ids(connection, [method]))
        return Unlinked(self._there(connection, owner), was_linked=True, was_deleted=is_deleted)

    def _part(self, connection: Connection, method: str, owner: str) -> None:
        """Make a login method a user of its own, whose id it is; disabled if the former one is."""
        insert_unless_there(connection, users, {"user_id": method, "is_primary_user": False})
        disabled_at_ms = connection.execute(DISABLED, {"id": owner}).scalar()
        connection.execute(update(users).where(users.c.user_id == method).values(disabled_at_ms=disabled_at_ms))
        give_to(connection, method, method)
        for each in (method, owner):
            note_time_joined(connection, each)
        release(connection, owner)

    @override
    def add_to_tenant(self, recipe_user_id: str, tenant_id: str) -> Membership:
        check_text(recipe_user_id, "recipe_user_id")
        check_text(tenant_id, "tenant_id")
        for _ in range(ATTEMPTS - 1):
            try:
                return self._answer(partial(self._add_to_tenant, recipe_user_id, tenant_id))
            except ConstraintError:  # somebody was faster, and is looked for now
                pass
        return self._answer(partial(self._add_to_tenant, recipe_user_id, tenant_id))

    def _add_to_tenant(self, named: str, tenant_id: str, connection: Connection) -> Membership:
        owner, method = locked_owner(connection, named), method_named(connection, named)
        if owner is None or method is None:
            return None
        if connection.execute(select(tenants).where(tenants.c.tenant_id == tenant_id)).first() is None:
            raise StorageError(f"There is no tenant {tenant_id!r}: create it first.")
        user = self._there(connection, owner)
        is_in_it = (login_tenants.c.recipe_user_id == method, login_tenants.c.tenant_id == tenant_id)
        if connection.execute(select(login_tenants.c.user_id).where(*is_in_it)).first() is not None:
            return Member(user, is_new=False)
        if user.is_primary_user:
            holder = connection.execute(HOLDER, {"tenant_id": tenant_id, "of_user": owner}).scalar()
            other = None if holder is None else read_user(connection, holder, self._database)
            if other is not None:
                return AccountTaken(other)
        contact = taken_by_another(connection, method, tenant_id)
        if contact is not None:
            return ContactTaken(contact)
        add_membership(connection, method, tenant_id)
        self._reserve(connection, owner)
        return Member(self._there(connection, owner), is_new=True)

    @override
    def remove_from_tenant(self, recipe_user_id: str, tenant_id: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_text(tenant_id, "tenant_id")
        return self._answer(partial(self._remove_from_tenant, recipe_user_id, tenant_id))

    def _remove_from_tenant(self, named: str, tenant_id: str, connection: Connection) -> bool:
        owner, method = locked_owner(connection, named), method_named(connection, named)
        if owner is None or method is None:
            return False
        # Who was making a session with it holds it until then, and its session is there to be deleted.
        connection.execute(LOCK_METHOD, {"id": method})
        if not remove_memberships(connection, tenant_id, method):
            return False
        release(connection, owner)
        is_gone = tenant_id not in self._there(connection, owner).tenant_ids
        ids = all_ids(connection, [method, owner] if is_gone else [method])
        of_owner = all_ids(connection, [owner])
        for of_tenant, of_id in columns_of_memberships(self._parts):
            # What stands with a login method is found by its user: of the two the user alone has an index.
            of_user = [user.in_(of_owner) for user, each in columns_of_login_methods(self._parts) if each is of_id]
            connection.execute(delete(of_tenant.table).where(of_tenant == tenant_id, of_id.in_(ids), *of_user))
        return True

    def _there(self, connection: Connection, user_id: str) -> User:
        """
        Return a user who is locked.

        Raises:
            StorageError: there is none: somebody has changed the tables by hand.
        """
        user = read_user(connection, user_id, self._database)
        if user is None:
            raise StorageError("A user has no login method: somebody has changed the tables by hand.")
        return user

    def _reserve(self, connection: Connection, owner: str) -> None:
        """Reserve what a primary user has; or undo all, where another one has some of it."""
        for _ in range(ATTEMPTS):
            holder = reserve(connection, owner)
            if holder is None:
                return
            other = read_user(connection, holder, self._database)
            if other is not None:  # who was not deleted just now
                raise UndoneError(AccountTaken(other))
        raise StorageError("A user who is gone has an address: somebody has changed the tables by hand.")

    def _answer(self, work: Callable[[Connection], R]) -> R:
        """Write, and return the answer; also where what was written is undone."""
        try:
            return self._database.write(work)
        except UndoneError as undone:
            return cast("R", undone.answer)  # it is one of the work's own


def require_enabled(user: User) -> None:
    """
    Require that a user is not disabled.

    Raises:
        DisabledUserError: the user is.
    """
    if user.disabled:
        raise DisabledUserError(user.id)


def taken_by_another(connection: Connection, recipe_user_id: str, tenant_id: str) -> Contact | None:
    """Return what another login method has in a tenant that has to be unique there."""
    for contact, has_it in OTHERS_WITH_IT.items():
        others = select(login_tenants.c.user_id).join(own, has_it)
        of_method = (own.c.recipe_user_id == recipe_user_id, login_tenants.c.tenant_id == tenant_id)
        if connection.execute(others.where(*of_method)).first() is not None:
            return contact
    return None
