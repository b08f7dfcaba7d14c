"""
What the page refuses. Each is answered by a page that says so, and leaves the recipe by no other way.

AdminRefusalError
  NotSignedInError        401: there is no session
  StaleSignInError        401: the session is older than ten minutes
  NotAllowedError         403: whoever it is may not use the page
  ForeignFormError        403: no page of ours sent the form
  OwnAccountError         409: the signed-in administrator would lock himself out
  ReferredToError         409: a table of the application's refers to the user, who cannot be deleted
  UnknownAccountError     404: there is no such user, session or page
  LinkUsedError           403: the link of the command was used, or has expired
  ForeignHostError        421: the page of the command was asked for under another name
"""

from __future__ import annotations

from typing import ClassVar

from authweave.recipe.session import SessionContainer


class AdminRefusalError(Exception):
    """
    The root of what the page refuses.

    Attributes:
        status: of the answer.
        title: what the page that answers is headed with.
    """

    status: ClassVar[int] = 403
    title: ClassVar[str] = "Not allowed"


class NotSignedInError(AdminRefusalError):
    """There is no session, or none that can be used."""

    status = 401
    title = "Sign in first"


class StaleSignInError(AdminRefusalError):
    """
    The session was made too long ago.

    Attributes:
        session: it; ending it is all that it is good for here.
    """

    status = 401
    title = "Sign in again"

    def __init__(self, message: str, session: SessionContainer) -> None:
        self.session = session
        super().__init__(message)


class NotAllowedError(AdminRefusalError):
    """Whoever it is may not use the page."""


class ForeignFormError(AdminRefusalError):
    """No page of ours sent the form, or it was read by another session."""

    title = "This form cannot be sent"


class OwnAccountError(AdminRefusalError):
    """The signed-in administrator would delete or disable himself. Nothing was changed."""

    status = 409
    title = "This is your own account"


class ReferredToError(AdminRefusalError):
    """A foreign key of the application's refuses that the user is deleted. Nothing was changed."""

    status = 409
    title = "The user cannot be deleted"


class UnknownAccountError(AdminRefusalError):
    """There is no such user, session or page."""

    status = 404
    title = "Not found"


class LinkUsedError(AdminRefusalError):
    """The link of the command was used already, or has expired."""

    title = "This link cannot be used"


class ForeignHostError(AdminRefusalError):
    """The page of the command was asked for under another name than the one that it printed (DNS rebinding)."""

    status = 421
    title = "Wrong address"
