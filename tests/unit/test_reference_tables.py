"""The tables of ``docs/reference/functions.md`` say what the interfaces say, and who calls whom."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType, UnionType
from typing import Annotated, Any, Final, ParamSpec, TypeVar, Union, get_args, get_origin

import httpx2
import pytest
from fastapi import Depends, FastAPI

from authweave import InputAppInfo, UserContext, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import Journal, current_context, journal_of, override, root_context, wrap
from authweave.kernel._call import function_of
from authweave.kernel._declaration import Declaration
from authweave.kernel._interface import functions_of
from authweave.recipe import (
    accountlinking,
    attempts,
    emailpassword,
    emailverification,
    multifactorauth,
    multitenancy,
    passwordless,
    session,
    thirdparty,
    totp,
    usermetadata,
    userroles,
    webauthn,
)
from authweave.recipe.accountlinking import interfaces as accountlinking_interfaces
from authweave.recipe.attempts import interfaces as attempts_interfaces
from authweave.recipe.emailpassword import interfaces as emailpassword_interfaces
from authweave.recipe.emailpassword.asyncio import (
    change_password,
    create_reset_password_token,
    update_email_or_password,
    verify_credentials,
)
from authweave.recipe.emailpassword.interfaces import APIInterface as EmailPasswordAPIs
from authweave.recipe.emailverification import interfaces as emailverification_interfaces
from authweave.recipe.emailverification.interfaces import APIInterface as EmailVerificationAPIs
from authweave.recipe.multifactorauth import interfaces as multifactorauth_interfaces
from authweave.recipe.multitenancy import interfaces as multitenancy_interfaces
from authweave.recipe.multitenancy.interfaces import APIInterface as MultitenancyAPIs
from authweave.recipe.passwordless import interfaces as passwordless_interfaces
from authweave.recipe.session import SessionClaimValidator, SessionContainer
from authweave.recipe.session import interfaces as session_interfaces
from authweave.recipe.session.asyncio import (
    create_new_session_without_request_response,
    fetch_and_set_claim,
    get_claim_value,
    remove_claim,
    revoke_multiple_sessions,
    set_claim_value,
)
from authweave.recipe.session.claims import BooleanClaim
from authweave.recipe.session.interfaces import APIInterface as SessionAPIs
from authweave.recipe.thirdparty import interfaces as thirdparty_interfaces
from authweave.recipe.thirdparty.asyncio import get_provider_token
from authweave.recipe.thirdparty.interfaces import APIInterface as ThirdPartyAPIs
from authweave.recipe.thirdparty.provider import Provider, ProviderConfigForClient, RedirectUriInfo
from authweave.recipe.thirdparty.providers.returned import ExchangedTokens
from authweave.recipe.thirdparty.signatures import ExchangeAuthCodeForOauthTokens, GetUserInfo
from authweave.recipe.thirdparty.types import UserInfo, UserInfoEmail
from authweave.recipe.totp import interfaces as totp_interfaces
from authweave.recipe.usermetadata import interfaces as usermetadata_interfaces
from authweave.recipe.userroles import interfaces as userroles_interfaces
from authweave.recipe.webauthn import interfaces as webauthn_interfaces
from authweave.types import JSONObject, RecipeUserId
from tests.unit.calls_of_factors import contexts_of_factors

P = ParamSpec("P")
R = TypeVar("R")

FOLDER: Final = Path(__file__).parents[2] / "docs" / "reference"
PAGES: Final = (FOLDER / "functions.md", FOLDER / "functions-factors.md")
FACTORS: Final = ("passwordless", "webauthn", "totp", "multifactorauth")
"""The recipes of the second page, of which other applications know nothing."""

MODULES: Final = {
    "accountlinking": accountlinking_interfaces,
    "multitenancy": multitenancy_interfaces,
    "attempts": attempts_interfaces,
    "userroles": userroles_interfaces,
    "usermetadata": usermetadata_interfaces,
    "emailpassword": emailpassword_interfaces,
    "thirdparty": thirdparty_interfaces,
    "emailverification": emailverification_interfaces,
    "session": session_interfaces,
    "passwordless": passwordless_interfaces,
    "webauthn": webauthn_interfaces,
    "totp": totp_interfaces,
    "multifactorauth": multifactorauth_interfaces,
}
RECIPE_MODULES: Final = {
    "accountlinking": accountlinking,
    "multitenancy": multitenancy,
    "attempts": attempts,
    "userroles": userroles,
    "usermetadata": usermetadata,
    "emailpassword": emailpassword,
    "thirdparty": thirdparty,
    "emailverification": emailverification,
    "session": session,
    "passwordless": passwordless,
    "webauthn": webauthn,
    "totp": totp,
    "multifactorauth": multifactorauth,
}
GITHUB: Final = thirdparty.ProviderConfig("github", clients=[thirdparty.ProviderClientConfig("id", "secret")])
HEADING: Final = re.compile(r"^(#{2,3}) (.+)$")
CODE: Final = re.compile(r"`([^`]+)`")

Row = tuple[str, ...]


def tables_of(page: str) -> dict[tuple[str, str], list[Row]]:
    """Return the rows of each table, by recipe and kind."""
    tables: dict[tuple[str, str], list[Row]] = {}
    recipe = kind = ""
    for line in page.splitlines():
        if found := HEADING.match(line):
            recipe, kind = (found[2], "") if found[1] == "##" else (recipe, found[2])
        elif line.startswith("| `"):
            tables.setdefault((recipe, kind), []).append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return tables


TABLES: Final = tables_of("\n".join(page.read_text(encoding="utf-8") for page in PAGES))
KINDS: Final = {"Functions": "RecipeInterface", "APIs": "APIInterface", "Providers": "Provider"}
RECIPES: Final = [
    (recipe, kind)
    for recipe, module in MODULES.items()
    for kind in KINDS
    if functions_of(getattr(module, KINDS[kind], object))  # some recipes have an interface of APIs without any
]


def declared(recipe: str, kind: str) -> dict[str, Declaration]:
    """Return what may be overridden, by name."""
    interface: type = getattr(MODULES[recipe], KINDS[kind])
    return functions_of(interface)


def members(annotation: str, module: ModuleType) -> list[str]:
    """Return the names in a union, those of aliases spelt out."""
    names: list[str] = []
    for name in annotation.split(" | "):
        value: object = vars(module).get(name)
        parts = get_args(value) if get_origin(value) in {UnionType, Union} else ()
        is_of_results = parts and not any(get_origin(each) is Callable for each in parts)
        names += [each.__name__ for each in parts] if is_of_results else [name]
    return names


SAID_BY_CALLS = {
    in_interface: in_call
    for module in RECIPE_MODULES.values()
    for in_call, in_interface in getattr(import_module(f"{module.__name__}.calls"), "IN_INTERFACES", {}).items()
    if "UserContext" not in in_call
}


@pytest.mark.parametrize(("recipe", "kind"), RECIPES)
def test_tables_have_every_function_with_parameters_and_result(recipe: str, kind: str) -> None:
    """Each function of an interface has its row, in order, with the parameters and the result that it has."""
    expected = [
        (name, [each.name for each in function.parameters], members(annotation(function, "return"), MODULES[recipe]))
        for name, function in declared(recipe, kind).items()
    ]
    rows = TABLES[recipe, kind]
    assert [(CODE.findall(name)[0], CODE.findall(given), CODE.findall(result)) for name, given, result, _ in rows] == (
        expected
    )


@pytest.mark.parametrize(("recipe", "kind"), RECIPES)
def test_tables_have_the_class_of_calls_of_every_function(recipe: str, kind: str) -> None:
    """Beside each function stands its class of calls, which the recipe exports."""
    for row in TABLES[recipe, kind]:
        name, called = CODE.findall(row[0])
        assert getattr(RECIPE_MODULES[recipe], called).__name__ == called
        assert function_of(getattr(RECIPE_MODULES[recipe], called)) == name


@pytest.mark.parametrize("recipe", MODULES)
def test_tables_have_the_type_of_every_parameter(recipe: str) -> None:
    """Each parameter of a recipe has its row, with every type that it has in one of the functions."""
    expected: dict[str, set[str]] = {}
    for kind in [kind for each, kind in RECIPES if each == recipe]:
        for function in declared(recipe, kind).values():
            for each in function.parameters:
                types = members(annotation(function, each.name), MODULES[recipe])
                expected.setdefault(each.name, set()).update(types)
    assert {CODE.findall(name)[0]: set(CODE.findall(types)) for name, types, _ in TABLES[recipe, "Parameters"]} == (
        expected
    )


def annotation(function: Declaration, name: str) -> str:
    """Return an annotation as the class of calls has it: that of the interface fits what moved code says as well."""
    written: str = function.declared.__annotations__[name]
    return " | ".join(SAID_BY_CALLS.get(each, each) for each in written.split(" | "))


def test_tables_name_every_route() -> None:
    """The routes that the tables name are those that are served for recipes."""
    named = {
        (recipe, route)
        for recipe in MODULES
        for row in TABLES.get((recipe, "APIs"), [])
        for route in CODE.findall(row[3])
        if " /" in route
    }
    app = init(
        InputAppInfo(app_name="Tables", api_domain="http://localhost:8000", website_domain="http://localhost:8000"),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            thirdparty.init(server_redirects=thirdparty.ServerRedirects()),
            session.init(),
            multitenancy.init(),
            passwordless.init(passwordless.ContactEmailOrPhoneConfig(), "USER_INPUT_CODE"),
            webauthn.init(),
            totp.init(),
            multifactorauth.init(),
        ],
        storage="sqlite://",
        default=False,
    )
    # What other services read to verify tokens leads to no API.
    served = {(each.recipe_id, route.title) for each in app.recipes for route in each.routes() if route.api}
    assert named == {(recipe, route.replace("{", "<").replace("}", ">")) for recipe, route in served}
    app.close()


def named_callers(recipes: Sequence[str]) -> set[tuple[str, str]]:
    """Return who calls whom by the tables of some recipes."""
    functions = {name for recipe, kind in RECIPES if recipe in recipes for name in declared(recipe, kind)}
    return {
        (caller, CODE.findall(row[0])[0])
        for recipe, kind in RECIPES
        if recipe in recipes
        for row in TABLES[recipe, kind]
        for caller in CODE.findall(row[3])
        if caller in functions
    }


def test_tables_say_who_calls_whom() -> None:
    """The callers that the tables name are those that a running application has, neither more nor fewer."""
    named = named_callers([recipe for recipe in MODULES if recipe not in FACTORS])
    assert named == asyncio.run(calls_of_an_application())


def test_tables_of_factors_say_who_calls_whom() -> None:
    """Likewise of codes, passkeys and second factors, as far as one of them is called."""
    functions = {name for recipe, kind in RECIPES if recipe in FACTORS for name in declared(recipe, kind)}
    pairs = {pair for context in asyncio.run(contexts_of_factors()) for pair in calls_in(context)}
    assert named_callers(FACTORS) == {(caller, called) for caller, called in pairs if called in functions}


def answering_provider() -> thirdparty.ProviderInput:
    """Return a provider that needs nobody to answer."""

    @override(Provider[UserContext].get_user_info)
    async def named(original: GetUserInfo, oauth_tokens: JSONObject, user_context: UserContext) -> UserInfo:
        return UserInfo("1", UserInfoEmail("a@example.com"))

    @override(Provider[UserContext].exchange_auth_code_for_oauth_tokens)
    async def exchanged(
        original: ExchangeAuthCodeForOauthTokens, redirect_uri_info: RedirectUriInfo, user_context: UserContext
    ) -> JSONObject:
        config = ProviderConfigForClient("github", client_id="id")
        return ExchangedTokens({"access_token": "a", "expires_in": 0, "refresh_token": "b"}, None, config)

    @thirdparty.RefreshOauthTokens.override
    async def refreshed(call: thirdparty.RefreshOauthTokens) -> JSONObject:
        return {"access_token": call.refresh_token}

    return thirdparty.ProviderInput(GITHUB, override=[named, exchanged, refreshed])


async def calls_of_an_application() -> set[tuple[str, str]]:
    """Use an application in every way that makes one function call another; return callers and what they called."""
    contexts: list[UserContext] = []

    def kept(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        async def keeping(*args: P.args, **kwargs: P.kwargs) -> R:
            contexts.append(current_context())
            return await original(*args, **kwargs)

        return keeping

    def fetched(
        user_id: str, recipe_user_id: RecipeUserId, tenant_id: str, payload: JSONObject, user_context: UserContext
    ) -> bool:
        return True

    def asking(
        validators: Sequence[SessionClaimValidator], session: SessionContainer, user_context: UserContext
    ) -> Sequence[SessionClaimValidator]:
        return [*validators, claim.validators.is_true()]

    @userroles.GetRolesForUser.override
    async def everybody_has_a_role(call: userroles.GetRolesForUser) -> userroles.GetRolesForUserOkResult:
        await call.original()
        return userroles.GetRolesForUserOkResult([f"role-{len(contexts)}"])  # another with each refresh

    claim = BooleanClaim("verified", fetched)
    auth = init(
        InputAppInfo(app_name="Tables", api_domain="http://localhost:8000", website_domain="http://localhost:8000"),
        [
            emailpassword.init(),
            thirdparty.init(thirdparty.SignInAndUpFeature([answering_provider()]), keep_provider_tokens=True),
            session.init(),
            userroles.init(override=userroles.InputOverrideConfig(functions=everybody_has_a_role)),
            emailverification.init("OPTIONAL"),
            multitenancy.init(),
        ],
        overrides=[
            wrap(MultitenancyAPIs[UserContext].login_methods_get, kept),
            wrap(EmailPasswordAPIs[UserContext].sign_up_post, kept),
            wrap(EmailPasswordAPIs[UserContext].sign_in_post, kept),
            wrap(EmailPasswordAPIs[UserContext].generate_password_reset_token_post, kept),
            wrap(EmailPasswordAPIs[UserContext].password_reset_post, kept),
            wrap(EmailVerificationAPIs[UserContext].email_verify_post, kept),
            wrap(EmailVerificationAPIs[UserContext].is_email_verified_get, kept),
            wrap(EmailVerificationAPIs[UserContext].generate_email_verify_token_post, kept),
            wrap(ThirdPartyAPIs[UserContext].authorisation_url_get, kept),
            wrap(ThirdPartyAPIs[UserContext].sign_in_up_post, kept),
            wrap(SessionAPIs[UserContext].refresh_post, kept),
            wrap(SessionAPIs[UserContext].signout_post, kept),
            wrap(SessionAPIs[UserContext].verify_session, kept),
        ],
        storage="sqlite://",
        trusted_proxies=[],
        debug=True,
    )
    app = FastAPI()
    app.add_middleware(get_middleware())
    dependency = verify_session(override_global_claim_validators=asking)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(dependency)]) -> str:
        return session.get_handle()

    form = {"formFields": [{"id": "email", "value": "a@example.com"}, {"id": "password", "value": "correct horse 1"}]}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost:8000") as client:
        await client.get("/auth/loginmethods")
        await client.post("/auth/signup", json=form)
        answer = await client.post("/auth/signin", json=form)
        back = {"redirectURIOnProviderDashboard": "http://localhost:3000/auth/callback/github"}
        begun = await client.get("/auth/authorisationurl", params={"thirdPartyId": "github", **back})
        assert begun.json()["status"] == "OK"
        returned = {"thirdPartyId": "github", "redirectURIInfo": {**back, "redirectURIQueryParams": {"code": "c"}}}
        signed_in = (await client.post("/auth/signinup", json=returned)).json()
        assert signed_in["status"] == "OK"
        access, first = bearer(answer, "access"), bearer(answer, "refresh")
        handle = (await client.get("/me", headers=access)).json()
        await use_verification(client, access)
        with root_context(Journal().context()) as own:
            contexts.append(own)
            await fetch_and_set_claim(handle, claim)
            await set_claim_value(handle, claim, value=False)
            await get_claim_value(handle, claim)
            await remove_claim(handle, claim)
            token = await get_provider_token(signed_in["user"]["id"], "github")
            assert token == thirdparty.GetProviderTokenOkResult(access_token="b")
            user_id = answer.json()["user"]["id"]
            await update_email_or_password(RecipeUserId(user_id), email="b@example.com")
        refresh = first
        for _ in range(3):
            refresh = bearer(await client.post("/auth/session/refresh", headers=refresh), "refresh")
        assert (await client.post("/auth/session/refresh", headers=first)).status_code == 401
        await use_passwords(client, contexts)
        answer = await client.post("/auth/signin", json=form)
        await client.post("/auth/signout", headers=bearer(answer, "access"))
        with root_context(Journal().context()) as own:
            contexts.append(own)
            await revoke_multiple_sessions([handle])
    auth.close()
    return {pair for context in contexts for pair in calls_in(context)}


async def use_verification(client: httpx2.AsyncClient, access: Mapping[str, str]) -> None:
    """Look whether an address is verified, have it verified, and fail."""
    assert (await client.get("/auth/user/email/verify", headers=access)).json()["isVerified"] is False
    assert (await client.post("/auth/user/email/verify/token", headers=access)).json()["status"] == "OK"
    await client.post("/auth/user/email/verify", json={"token": "none"})


async def use_passwords(client: httpx2.AsyncClient, contexts: list[UserContext]) -> None:
    """Change a password and reset it, in the end to what it was."""
    fields = {"email": {"id": "email", "value": "a@example.com"}, "old": {"id": "password", "value": "correct horse 1"}}
    await client.post("/auth/user/password/reset/token", json={"formFields": [fields["email"]]})
    found = await verify_credentials("public", "a@example.com", "correct horse 1")
    assert isinstance(found, emailpassword.SignInOkResult)
    with root_context(Journal().context()) as own:
        contexts.append(own)
        mine = await create_new_session_without_request_response("public", found.recipe_user_id)
        await create_new_session_without_request_response("public", found.recipe_user_id)
        changed = await change_password(mine, "correct horse 1", "correct horse 2")
        assert isinstance(changed, emailpassword.ChangePasswordOkResult)
    made = await create_reset_password_token("public", found.user.id, "a@example.com")
    assert isinstance(made, emailpassword.CreateResetPasswordOkResult)
    body = {"token": made.token, "formFields": [fields["old"]]}
    assert (await client.post("/auth/user/password/reset", json=body)).json() == {"status": "OK"}


def bearer(answer: httpx2.Response, kind: str) -> Mapping[str, str]:
    """Return the header that carries a token of an answer."""
    return {"authorization": f"Bearer {answer.headers[f'st-{kind}-token']}"}


def calls_in(context: UserContext) -> set[tuple[str, str]]:
    """Return callers and what they called; a function's own layers do not count."""
    entries = [entry for entry in journal_of(context) if entry.action == "call" and entry.layer is not None]
    names = {entry.call: entry.layer.function for entry in entries if entry.layer is not None}
    pairs = {(names[entry.parent], names[entry.call]) for entry in entries if entry.parent in names}
    return {(caller, called) for caller, called in pairs if caller != called}
