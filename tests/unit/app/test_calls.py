"""Overrides in the call style, in an application."""

import asyncio
from collections.abc import Sequence

import pytest

from authweave import App, InputAppInfo, UserContext, init
from authweave.errors import CompositionError
from authweave.kernel import Interface, Override, Plugin, compose, current_context, journal_of
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.emailpassword import (
    EmailExistsGet,
    EmailPasswordRecipe,
    FormField,
    SignIn,
    SignInResult,
    SignUp,
    SignUpPost,
    SignUpPostResult,
    SignUpResult,
)
from authweave.recipe.session import CreateNewSession, SessionContainer, SessionRecipe
from authweave.recipe.thirdparty import SignInUp, SignInUpResult
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, RecipeUserId
from tests.unit.kernel.greeter import untyped

APP_INFO = InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1")


class CountContext(UserContext, total=False):
    """Declares keys."""

    seen: list[str]


def application(
    overrides: Sequence[Override[Interface[CountContext]]] = (),
    plugins: Sequence[Plugin[CountContext]] = (),
    *,
    functions: Sequence[object] = (),
    apis: Sequence[object] = (),
    debug: bool = False,
) -> App[CountContext]:
    """Make an application of two recipes."""
    config = untyped(emailpassword.InputOverrideConfig)(functions=list(functions), apis=list(apis))
    made: App[CountContext] = untyped(init)(
        APP_INFO,
        [emailpassword.init(override=config), session.init()],
        storage=MemoryStorage(),
        secret=bytes(32),
        default=False,
        context=CountContext,
        overrides=overrides,
        plugins=plugins,
        debug=debug,
    )
    return made


@SignUp[CountContext].override
async def lower_case(call: SignUp[CountContext]) -> SignUpResult:
    """Store addresses in lower case."""
    call.email = call.email.lower()
    return await call.original()


@SignIn[CountContext].before(name="note")
async def note(call: SignIn[CountContext]) -> None:
    """Note who signs in."""
    call.user_context["seen"] = [*call.user_context.get("seen", []), call.email]


async def announce(call: SignUp[CountContext] | SignIn[CountContext], result: SignUpResult | SignInResult) -> None:
    """Note what came of either."""
    call.user_context["seen"] = [*call.user_context.get("seen", []), f"{type(call).__name__} {type(result).__name__}"]


@SignInUp.override
async def of_another_recipe(call: SignInUp) -> SignInUpResult:
    """Stand for a function of a recipe that is not there."""
    return await call.original()


@pytest.mark.parametrize("debug", [False, True])
def test_at_the_recipe_at_the_application_and_in_a_plugin(debug: bool) -> None:
    """It may be listed wherever an override may, and one hook serves two functions."""
    plugin = Plugin("audit", [SignUp[CountContext].after(announce), SignIn[CountContext].after(announce)])
    app = application([note], [plugin], functions=[lower_case], debug=debug)
    context = CountContext()

    async def main() -> None:
        functions = app.recipe(EmailPasswordRecipe).functions
        await functions.sign_up("ADA@example.com", "password1", "public", None, None, context)
        await functions.sign_in("ada@example.com", "password1", "public", None, None, context)

    asyncio.run(main())
    assert context.get("seen") == ["SignUp SignUpOkResult", "ada@example.com", "SignIn SignInOkResult"]
    names = {each.name: [layer.name for layer in each.layers] for each in app.explain()["emailpassword.functions"]}
    assert names["sign_up"] == ["audit/announce", "lower_case"]
    assert names["sign_in"] == ["note", "audit/announce"]
    assert bool(journal_of(context)) == debug
    app.close()


def test_all_faults_are_told_at_init() -> None:
    """Those of the application's overrides, of plugins and of a recipe's own, each with its line (law O7)."""

    @untyped(SignIn[CountContext].override)
    def not_async(call: SignIn[CountContext]) -> str:
        return call.email

    @untyped(EmailExistsGet.after)
    async def without_result(call: EmailExistsGet) -> None:
        """Take too few."""

    @untyped(CreateNewSession[CountContext].override)
    async def in_parameter_style(original: object, user_id: str, user_context: CountContext) -> object:
        return original

    given = [not_async, of_another_recipe]
    plugin = untyped(Plugin)("plugin", [in_parameter_style, of_another_recipe])
    with pytest.raises(CompositionError) as caught:
        application(
            untyped(list)(given), [plugin], functions=[note, SignUpPost.override(nothing)], apis=[without_result]
        )
    messages = "\n".join(str(fault) for fault in caught.value.faults)
    assert "sign_in is async: write its override as 'async def'" in messages
    assert (
        "'of_another_recipe' overrides authweave.recipe.thirdparty.interfaces.RecipeInterface.sign_in_up, but"
        in messages
    )
    assert "'plugin/of_another_recipe' overrides" in messages
    assert "EmailExistsGet.after decorates a function that takes the call and its result" in messages
    assert "CreateNewSession.override decorates a function that takes the call" in messages
    assert "'nothing' overrides authweave.recipe.emailpassword.interfaces.APIInterface.sign_up_post, which" in messages
    assert len(caught.value.faults) == 6
    assert {fault.file for fault in caught.value.faults} == {__file__}


async def nothing(call: SignUpPost) -> SignUpPostResult:
    """Change nothing."""
    return await call.original()


def test_an_override_of_one_session_function_sees_its_parameters() -> None:
    """What another recipe hands it is there, and may be replaced."""

    @CreateNewSession[CountContext].override
    async def marked(call: CreateNewSession[CountContext]) -> SessionContainer:
        assert call.user_context is current_context()
        call.access_token_payload = {**(call.access_token_payload or {}), "mark": 1}
        return await call.original()

    app = application([marked])

    async def main() -> SessionContainer:
        create = app.recipe(SessionRecipe).functions.create_new_session
        return await create("user", RecipeUserId("user"), {"a": 2}, None, True, "public", CountContext())

    payload = asyncio.run(main()).get_access_token_payload()
    assert (payload["a"], payload["mark"]) == (2, 1)
    app.close()


@pytest.mark.parametrize("missing", ["email", "password"])
def test_fields_of_a_form(missing: str) -> None:
    """A standard one is text, another as it was sent, one that is not there None; a standard one is always there."""
    seen: list[object] = []

    @SignUpPost.override
    async def reads(call: SignUpPost) -> SignUpPostResult:
        seen.extend(call.field(name) for name in ("email", "password", "name", "age"))
        call.form_fields = [field for field in call.form_fields if field.id != missing]
        with pytest.raises(BadInputError, match=f"The form has no {missing}"):
            call.field(missing)
        raise KeyError

    app = application([reads])
    fields = [FormField("email", "a@b.example"), FormField("password", "password1"), FormField("age", 3)]
    with pytest.raises(KeyError):
        asyncio.run(untyped(app.recipe(EmailPasswordRecipe).apis.sign_up_post)(fields, "public", None, None, None))
    assert seen == ["a@b.example", "password1", None, 3]
    app.close()


def test_a_call_of_a_form_has_no_other_attributes() -> None:
    """What the class inherits beside the call does not let a misspelt name be lost."""

    @SignUpPost.override
    async def misspells(call: SignUpPost) -> SignUpPostResult:
        untyped(setattr)(call, "form_field", [])
        return await call.original()

    app = application([misspells])
    with pytest.raises(AttributeError, match="'SignUpPost' object has no attribute 'form_field'") as caught:
        asyncio.run(untyped(app.recipe(EmailPasswordRecipe).apis.sign_up_post)([], "public", None, None, None))
    assert "'misspells'" in caught.value.__notes__[0]
    app.close()


def test_overriding_without_the_context() -> None:
    """`@SignUp.override` is for any context."""

    @SignIn.override
    async def refuses(call: SignIn) -> SignInResult:
        return emailpassword.WrongCredentialsError()

    app = application([refuses])
    result = asyncio.run(
        app.recipe(EmailPasswordRecipe).functions.sign_in("a@b.example", "", "public", None, None, CountContext())
    )
    assert isinstance(result, emailpassword.WrongCredentialsError)
    app.close()


def test_one_application_knows_nothing_of_the_others_overrides() -> None:
    """Classes of calls are shared, compositions are not (law O5)."""
    seen: list[str] = []

    @SignIn.before
    async def notes(call: SignIn) -> None:
        seen.append(call.email)

    one, other = application([notes]), application()
    for app in (one, other):
        sign_in = app.recipe(EmailPasswordRecipe).functions.sign_in
        asyncio.run(sign_in("a@b.example", "", "public", None, None, CountContext()))
    assert seen == ["a@b.example"]
    again = compose(other.recipe(EmailPasswordRecipe).functions, untyped(list)([notes, notes]))
    asyncio.run(again.sign_in("a@b.example", "", "public", None, None, CountContext()))
    assert len(seen) == 3
    for app in (one, other):
        app.close()


def test_a_recipe_list_without_the_recipe_is_no_place_for_its_overrides() -> None:
    """The one that is there composes as before."""
    with pytest.raises(CompositionError, match="that recipe is not in recipe_list"):
        application(untyped(list)([of_another_recipe]))
    assert thirdparty.SignInUp is SignInUp
