"""What overrides in the documents' manner raise and return, over a real socket."""

from collections.abc import Generator
from contextlib import closing

import attrs
import httpx2
import pytest
from fastapi import FastAPI

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.exceptions import SuperTokensError, raise_bad_input_exception, raise_general_exception
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.emailpassword.exceptions import raise_form_field_exception
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions, SignUpPostResult
from authweave.recipe.emailpassword.types import ErrorFormField, FormField
from authweave.recipe.emailpassword.utils import EmailPasswordOverrideConfig
from authweave.recipe.emailverification.exceptions import EmailVerificationInvalidTokenError
from authweave.recipe.emailverification.interfaces import APIInterface as VerificationAPIs
from authweave.recipe.emailverification.interfaces import APIOptions as VerificationOptions
from authweave.recipe.emailverification.interfaces import EmailVerifyPostResult
from authweave.recipe.emailverification.utils import EmailVerificationOverrideConfig
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import PasswordHasher
from tests.patience import PATIENCE_S

from .serving import HEADERS, form, serving

CAUGHT: list[SuperTokensError] = []


def sign_ups(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
    """Raise what the address asks for; answer with another user id where none is asked for."""
    original = original_implementation.sign_up_post

    async def sign_up_post(
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: UserContext,
    ) -> SignUpPostResult:
        email = str(next(each.value for each in form_fields if each.id == "email"))
        if email.startswith("field"):
            raise_form_field_exception("Fields are wrong.", [ErrorFormField("email", "Not from there.")])
        if email.startswith("bad"):
            raise_bad_input_exception("That cannot be read.")
        if email.startswith("general"):
            try:
                raise_general_exception("The CRM is down.")
            except SuperTokensError as error:
                CAUGHT.append(error)
                raise
        answer = await original(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )
        if email.startswith("legacy") and answer.status == "OK":
            return attrs.evolve(answer, user=attrs.evolve(answer.user, id="legacy-1"))
        if email.startswith("frozen") and answer.status == "OK":
            setattr(answer.user, "id", "legacy-1")  # noqa: B010  checkers refuse the assignment
        return answer

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


def refuse_tokens(original_implementation: VerificationAPIs[UserContext]) -> VerificationAPIs[UserContext]:
    """Refuse every link."""

    async def email_verify_post(
        token: str,
        session: SessionContainer | None,
        tenant_id: str,
        api_options: VerificationOptions,
        user_context: UserContext,
    ) -> EmailVerifyPostResult:
        del token, session, tenant_id, api_options, user_context
        message = "Links are for others."
        raise EmailVerificationInvalidTokenError(message)

    original_implementation.email_verify_post = email_verify_post
    return original_implementation


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    """Serve an application with these overrides."""
    auth: App = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(override=EmailPasswordOverrideConfig(apis=sign_ups)),
            emailverification.init(mode="OPTIONAL", override=EmailVerificationOverrideConfig(apis=refuse_tokens)),
            session.init(),
        ],
        storage="sqlite://",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    with closing(auth), serving(app) as found:
        yield found


def sign_up(address: str, email: str) -> httpx2.Response:
    """Sign up."""
    return httpx2.post(f"{address}/auth/signup", json=form(email), headers=HEADERS, timeout=PATIENCE_S)


def test_fields_of_a_form_are_answered_below_each(address: str) -> None:
    """As the frontend shows them; nobody is signed up."""
    answer = sign_up(address, "field@example.com")
    assert answer.status_code == 200
    assert answer.json() == {"status": "FIELD_ERROR", "formFields": [{"id": "email", "error": "Not from there."}]}
    assert "st-access-token" not in answer.headers


def test_bad_input_is_answered_with_its_message(address: str) -> None:
    """With 400."""
    answer = sign_up(address, "bad@example.com")
    assert (answer.status_code, answer.json()["message"]) == (400, "That cannot be read.")


def test_a_general_error_is_the_servers(address: str) -> None:
    """It is caught by the documents' name, and its message stays with the server."""
    answer = sign_up(address, "general@example.com")
    assert answer.status_code == 500
    assert "CRM" not in answer.text
    assert [str(each) for each in CAUGHT] == ["The CRM is down."]


def test_a_token_that_an_override_refuses(address: str) -> None:
    """It is answered as one that is good for nothing."""
    body = {"method": "token", "token": "x" * 32}
    answer = httpx2.post(f"{address}/auth/user/email/verify", json=body, headers=HEADERS, timeout=PATIENCE_S)
    assert (answer.status_code, answer.json()) == (200, {"status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"})


def test_another_user_instead_of_a_changed_one(address: str) -> None:
    """`attrs.evolve` makes it; assigning is an error at the first sign-up, and the user was there by then."""
    assert sign_up(address, "legacy@example.com").json()["user"]["id"] == "legacy-1"
    assert sign_up(address, "frozen@example.com").status_code == 500
