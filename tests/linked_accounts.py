"""What holds of all users of a store at any moment, whatever is linked and unlinked at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from authweave.types import User


def faults_of(users: Iterable[User]) -> Iterator[str]:
    """
    Say what is wrong with the users of a store.

    One primary user has an address in a tenant; a login method is of one user; who has several is a primary user.
    """
    taken: dict[tuple[str, str], str] = {}
    of_methods: dict[str, str] = {}
    for user in users:
        if not user.is_primary_user and len(user.login_methods) != 1:
            yield f"no primary user, and {len(user.login_methods)} login methods: {user}"
        for method in user.login_methods:
            login_id = method.recipe_user_id.get_as_string()
            if of_methods.setdefault(login_id, user.id) != user.id:
                yield f"login method {login_id} is in two users: {of_methods[login_id]} and {user.id}"
        for tenant_id, email in reserved_by(user):
            if taken.setdefault((tenant_id, email), user.id) != user.id:
                yield f"{email} in {tenant_id} is of two primary users: {taken[tenant_id, email]} and {user.id}"


def reserved_by(user: User) -> Iterator[tuple[str, str]]:
    """Return what no other primary user may have: the user's addresses, in all the tenants."""
    if user.is_primary_user:
        yield from ((tenant_id, email) for tenant_id in user.tenant_ids for email in user.emails)


def owners_of(users: Iterable[User]) -> Mapping[str, User]:
    """Return whose each login method is."""
    return {method.recipe_user_id.get_as_string(): user for user in users for method in user.login_methods}
