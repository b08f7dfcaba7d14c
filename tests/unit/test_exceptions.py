"""``authweave.exceptions`` has the errors by the names that applications know from SuperTokens."""

import pytest

from authweave.exceptions import (
    BadInputError,
    GeneralError,
    SuperTokensError,
    raise_bad_input_exception,
    raise_general_exception,
)
from authweave.recipe.emailpassword.exceptions import FieldError, raise_form_field_exception
from authweave.recipe.emailpassword.types import ErrorFormField
from authweave.recipe.emailverification.exceptions import EmailVerificationInvalidTokenError
from authweave.recipe.session.exceptions import ClearDuplicateSessionCookiesError, SessionError
from authweave.recipe.thirdparty.exceptions import ClientTypeNotFoundError, SuperTokensThirdPartyError


@pytest.mark.parametrize(
    "error",
    [
        GeneralError("x"),
        BadInputError("x"),
        ClearDuplicateSessionCookiesError(),
        FieldError("x", []),
        EmailVerificationInvalidTokenError("x"),
        ClientTypeNotFoundError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_one_name_catches_them_all(error: Exception) -> None:
    """Those of sessions too, which have a root of their own."""
    with pytest.raises(SuperTokensError) as caught:
        raise error
    assert caught.value is error


def test_roots_of_recipes_catch_their_own() -> None:
    """And no other's."""
    assert issubclass(ClientTypeNotFoundError, SuperTokensThirdPartyError)
    assert not issubclass(SessionError, SuperTokensThirdPartyError)


def test_a_general_error_says_what_it_is_told() -> None:
    """With what it comes from; an error of the library is raised as it is."""
    cause = ValueError("because")
    with pytest.raises(GeneralError, match="went wrong") as caught:
        raise_general_exception("went wrong", cause)
    assert caught.value.__cause__ is cause
    with pytest.raises(GeneralError, match="because"):
        raise_general_exception(cause)
    already = BadInputError("unreadable")
    with pytest.raises(BadInputError) as caught_as_it_is:
        raise_general_exception(already)
    assert caught_as_it_is.value is already


def test_bad_input_and_fields() -> None:
    """The error has what the frontend is to read."""
    with pytest.raises(BadInputError, match="no JSON"):
        raise_bad_input_exception("no JSON")
    with pytest.raises(FieldError, match="wrong") as caught:
        raise_form_field_exception("wrong", [ErrorFormField("email", "taken")])
    assert caught.value.get_json_form_fields() == [{"id": "email", "error": "taken"}]
