"""Mails that an administrator can have sent to a user again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs

from authweave.kernel import UserContext
from authweave.types import LoginMethod, User


@attrs.frozen
class UserMail:
    """
    A mail that an administrator can have sent to a user again. A recipe returns its own from `Recipe.user_mails`.

    Args:
        id: unique among all recipes: lower-case letters, digits and ``_`` (``verification``).
        label: what the button says (``Send the verification mail``).
        fits: returns whether it makes sense for a login method, which has an address.
        send: sends it to the address of a login method of a user, in the context.

    .. versionadded:: 0.1.0
    """

    id: str
    label: str
    fits: Callable[[LoginMethod], bool] = attrs.field(repr=False)
    send: Callable[[User, LoginMethod, UserContext], Awaitable[object]] = attrs.field(repr=False)
