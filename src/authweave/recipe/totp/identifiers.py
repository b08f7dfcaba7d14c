"""What apps that make codes call an account."""

from __future__ import annotations

from authweave.types import User


def identifier_of(user: User) -> str | None:
    """Return the address or number of the login method that has the user's id, or else the first there is."""
    own = (each for each in user.login_methods if each.recipe_user_id.get_as_string() == user.id)
    method = next(own, None)
    if method is not None and (method.email or method.phone_number):
        return method.email or method.phone_number
    return next(iter((*user.emails, *user.phone_numbers)), None)
