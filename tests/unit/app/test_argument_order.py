"""In debug mode: a tenant, an address and a password in each other's place are told of, and no value of theirs."""

import asyncio
from collections.abc import Iterator

import pytest

from authweave import App, InputAppInfo, UserContext, init
from authweave.app import set_default_app
from authweave.errors import SwappedArgumentsError
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import SignInOkResult, SignInResult, SignUpOkResult
from authweave.recipe.emailpassword.asyncio import sign_in, sign_up
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.storage.memory import MemoryStorage
from tests.unit.kernel.greeter import untyped

ADDRESS, PASSWORD = "ada@example.com", "correct horse 1"


def swapping(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    """Verify credentials of the tenant ``customers``, in the order in which one calls the function from outside."""
    original = original_implementation.verify_credentials

    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: UserContext) -> SignInResult:
        if tenant_id in {"customers", "strangers"}:
            return await original("customers", email, password, user_context)
        if password == "1 + 1 = 3":
            return await original("public", email, password, user_context)
        return await original(email, password, tenant_id, user_context)

    original_implementation.verify_credentials = verify_credentials
    return original_implementation


def started(*, debug: bool) -> App:
    """Start an application whose override swaps arguments."""
    storage = MemoryStorage()
    storage.create_tenant("customers")
    return init(
        InputAppInfo(app_name="Test", api_domain="http://testserver", website_domain="http://testserver"),
        [emailpassword.init(override=emailpassword.InputOverrideConfig(functions=swapping)), session.init()],
        storage=storage,
        secret=bytes(32),
        debug=debug,
    )


@pytest.fixture(params=[True])
def auth(request: pytest.FixtureRequest) -> Iterator[App]:
    """Give the process's default application, in debug mode unless a test says otherwise."""
    made = started(debug=bool(request.param))
    yield made
    made.close()
    set_default_app(None)


def message_of(*arguments: str) -> str:
    """Sign in with arguments in some order; return what is said of it."""
    with pytest.raises(SwappedArgumentsError) as caught:
        asyncio.run(sign_in(*untyped(tuple)(arguments)))
    assert not any(value in str(caught.value) for value in (ADDRESS, PASSWORD, "1 + 1 = 3"))
    return str(caught.value)


@pytest.mark.usefixtures("auth")
def test_a_call_in_the_order_of_overrides() -> None:
    """The function, its order, and what to do; who called from outside is in the traceback."""
    message = message_of(ADDRESS, PASSWORD, "public")
    assert message.startswith("RecipeImplementation.sign_in was called with an address as its tenant_id: ")
    assert "take (email, password, tenant_id, session, should_try_linking_with_session_user, user_context)" in message
    assert "Hand them over by name. See row M22 of" in message


@pytest.mark.usefixtures("auth")
@pytest.mark.parametrize(("tenant", "password"), [("public", "1 + 1 = 3"), ("customers", PASSWORD)])
def test_an_override_in_the_order_of_calls(tenant: str, password: str) -> None:
    """Its original is handed a tenant that exists for an address: the override is named, with its line."""
    message = message_of(tenant, ADDRESS, password)
    assert message.startswith("RecipeImplementation.verify_credentials was called by swapping (")
    assert "test_argument_order.py:" in message
    assert "with a tenant as its email: " in message


@pytest.mark.usefixtures("auth")
def test_what_only_looks_like_it_is_let_through() -> None:
    """A user may be named like a tenant, and a tenant that there is not is told of as always."""
    created = asyncio.run(sign_up("public", "customers", PASSWORD))
    assert isinstance(created, SignUpOkResult)
    assert isinstance(asyncio.run(sign_in("public", "customers", PASSWORD)), SignInOkResult)
    assert isinstance(asyncio.run(sign_up("customers", "public", PASSWORD)), SignUpOkResult)


@pytest.mark.usefixtures("auth")
@pytest.mark.parametrize("auth", [False], indirect=True)
def test_only_debug_mode_looks() -> None:
    """Otherwise nothing is compared: the store is asked for an account that there is not."""
    assert not isinstance(asyncio.run(sign_in(ADDRESS, PASSWORD, "public")), SignInOkResult)
