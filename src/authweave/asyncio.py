"""
The users of the application in use, of whatever recipe. To be awaited.

Each function is that of `authweave.users.Users`, which ``app.users`` is of any application.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

from authweave.app import app_in_use
from authweave.extending import finder_of_context
from authweave.users import Users

P = ParamSpec("P")
R = TypeVar("R")

__all__ = [
    "create_user_id_mapping",
    "delete_user",
    "delete_user_id_mapping",
    "disable_user",
    "enable_user",
    "get_available_first_factors",
    "get_user",
    "get_user_count",
    "get_user_id_mapping",
    "get_users_newest_first",
    "get_users_oldest_first",
    "list_users_by_account_info",
    "update_or_delete_user_id_mapping_info",
]


def of_app_in_use(
    method: Callable[Concatenate[Users, P], Coroutine[Any, Any, R]],  # Any: nobody sends to a coroutine
) -> Callable[[Callable[[], None]], Callable[P, Coroutine[Any, Any, R]]]:  # Any: as above
    """
    Derive a function that calls a method with the users of the application in use.

    It decorates an empty function, which gives the name and the docstring; the rest is the method's.
    """

    def derive(named: Callable[[], None]) -> Callable[P, Coroutine[Any, Any, R]]:  # Any: as above
        async def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return await method(app_in_use(context_in(args, kwargs)).users, *args, **kwargs)

        update_wrapper(call, named, updated=())
        update_wrapper(call, method, assigned=("__annotations__",), updated=())
        signature = inspect.signature(method)
        of_function = [each for name, each in signature.parameters.items() if name != "self"]
        vars(call)["__signature__"] = signature.replace(parameters=of_function)
        context_in = finder_of_context(call)
        return call

    return derive


@of_app_in_use(Users.get_user)
def get_user() -> None:
    """Return a user with all login methods, as `authweave.users.Users.get_user` does."""


@of_app_in_use(Users.get_users_oldest_first)
def get_users_oldest_first() -> None:
    """Return a page of users, those first who joined first, as `authweave.users.Users.get_users_oldest_first` does."""


@of_app_in_use(Users.get_users_newest_first)
def get_users_newest_first() -> None:
    """Return a page of users, those first who joined last, as `authweave.users.Users.get_users_newest_first` does."""


@of_app_in_use(Users.get_user_count)
def get_user_count() -> None:
    """Return how many users there are, as `authweave.users.Users.get_user_count` does."""


@of_app_in_use(Users.list_users_by_account_info)
def list_users_by_account_info() -> None:
    """Return the users who have what is asked for, as `authweave.users.Users.list_users_by_account_info` does."""


@of_app_in_use(Users.get_available_first_factors)
def get_available_first_factors() -> None:
    """Return how people of a tenant may sign in, as `authweave.users.Users.get_available_first_factors` does."""


@of_app_in_use(Users.delete_user)
def delete_user() -> None:
    """Delete a user, with all that belongs to it, as `authweave.users.Users.delete_user` does."""


@of_app_in_use(Users.disable_user)
def disable_user() -> None:
    """Disable a user, as `authweave.users.Users.disable_user` does."""


@of_app_in_use(Users.enable_user)
def enable_user() -> None:
    """Let a disabled user sign in again, as `authweave.users.Users.enable_user` does."""


@of_app_in_use(Users.create_user_id_mapping)
def create_user_id_mapping() -> None:
    """Give a user an id of the application's own, as `authweave.users.Users.create_user_id_mapping` does."""


@of_app_in_use(Users.get_user_id_mapping)
def get_user_id_mapping() -> None:
    """Return the mapping of an id, as `authweave.users.Users.get_user_id_mapping` does."""


@of_app_in_use(Users.delete_user_id_mapping)
def delete_user_id_mapping() -> None:
    """Have APIs show the library's own id of a user again, as `authweave.users.Users.delete_user_id_mapping` does."""


@of_app_in_use(Users.update_or_delete_user_id_mapping_info)
def update_or_delete_user_id_mapping_info() -> None:
    """Replace what is noted beside a mapping, as `authweave.users.Users.update_or_delete_user_id_mapping_info` does."""
