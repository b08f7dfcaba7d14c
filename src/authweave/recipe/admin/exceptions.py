"""
What the page refuses. Each is answered by a page that says so.

AuthweaveError
  AdminRefusalError
    NotSignedInError        401: there is no session
    StaleSignInError        401: the session is older than ten minutes
    NotAllowedError         403: whoever it is may not use the page
    ForeignFormError        403: no page of ours sent the form
    OwnAccountError         409: the signed-in administrator would lock himself out
    UnknownAccountError     404: there is no such user, session or page
    LinkUsedError           403: the link of the command was used, or has expired
    ForeignHostError        421: the page of the command was asked for under another name
"""

from __future__ import annotations

from typing import ClassVar

from authweave.kernel import AuthweaveError
from authweave.recipe.session import SessionContainer


class AdminRefusalError(AuthweaveError):
    """
    The root of what the page refuses.

    Attributes:
        status: of the answer.
        title: what the page that answers is headed with.
    """

    code = "admin_refusal"
    status: ClassVar[int] = 403
    title: ClassVar[str] = "Not allowed"


class NotSignedInError(AdminRefusalError):
    """There is no session, or none that can be used."""

    code = "admin_not_signed_in"
    status = 401
    title = "Sign in first"


class StaleSignInError(AdminRefusalError):
    """
    The session was made too long ago.

    Attributes:
        session: it; ending it is all that it is good for here.
    """

    code = "admin_stale_sign_in"
    status = 401
    title = "Sign in again"

    def __init__(self, message: str, session: SessionContainer) -> None:
        self.session = session
        super().__init__(message)


class NotAllowedError(AdminRefusalError):
    """Whoever it is may not use the page."""

    code = "admin_not_allowed"


class ForeignFormError(AdminRefusalError):
    """No page of ours sent the form, or it was read by another session."""

    code = "admin_foreign_form"
    title = "This form cannot be sent"


class OwnAccountError(AdminRefusalError):
    """The signed-in administrator would delete or disable himself. Nothing was changed."""

    code = "admin_own_account"
    status = 409
    title = "This is your own account"


class UnknownAccountError(AdminRefusalError):
    """There is no such user, session or page."""

    code = "admin_unknown_account"
    status = 404
    title = "Not found"


class LinkUsedError(AdminRefusalError):
    """The link of the command was used already, or has expired."""

    code = "admin_link_used"
    title = "This link cannot be used"


class ForeignHostError(AdminRefusalError):
    """The page of the command was asked for under another name than the one that it printed (DNS rebinding)."""

    code = "admin_foreign_host"
    status = 421
    title = "Wrong address"
