from __future__ import annotations

import asyncio

import pytest

from authweave.app import App, init
from authweave.kernel import UserContext, override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.emailpassword.signatures import CreateNewRecipeUser, VerifyCredentials
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.types import (
    EmailAlreadyExistsError,
    InputFormField,
    PasswordPolicyViolationError,
    SignInOkResult,
    SignInResult,
    SignUpOkResult,
    SignUpResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordOkResult,
    WrongCredentialsError,
)
from authweave.security import BusyError, PasswordHasher, Turn
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, InputAppInfo, RecipeUserId

PASSWORD = "correct horse 1"
NEW_PASSWORD = "battery staple 2"
APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")


async def sign_up(auth: App, email: str = "ada@example.com", tenant_id: str = "public") -> SignUpOkResult:
    """Sign somebody up, which must work."""
    result = await auth.recipe(EmailPasswordRecipe).functions.sign_up(email, PASSWORD, tenant_id, None, None, {})
    assert isinstance(result, SignUpOkResult)
    return result


async def sign_in(auth: App, email: str, password: str, tenant_id: str = "public") -> SignInResult:
    """Sign somebody in."""
    return await auth.recipe(EmailPasswordRecipe).functions.sign_in(email, password, tenant_id, None, None, {})


def test_sign_up_and_in(auth: App) -> None:
    """Who signed up signs in with the same address and password, whatever the case of the address."""

    async def scenario() -> None:
        created = await sign_up(auth, " Ada@Example.com")
        assert created.user.emails == ["ada@example.com"]
        assert created.recipe_user_id == RecipeUserId(created.user.id)
        assert created.user.login_methods[0].verified is False
        assert await sign_in(auth, "ADA@example.com ", PASSWORD) == SignInOkResult(created.user, created.recipe_user_id)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("email", "password", "tenant_id"),
    [
        ("ada@example.com", "wrong", "public"),
        ("ada@example.com", "", "public"),
        ("bob@example.com", PASSWORD, "public"),
        ("ada@example.com", PASSWORD, "t1"),
        ("ada@example.com", PASSWORD, "nobody"),
    ],
)
def test_wrong_credentials(auth: App, store: MemoryStorage, email: str, password: str, tenant_id: str) -> None:
    """A wrong password, an unknown address and another tenant are one and the same."""

    async def scenario() -> None:
        store.create_tenant("t1")
        await sign_up(auth)
        assert await sign_in(auth, email, password, tenant_id) == WrongCredentialsError()

    asyncio.run(scenario())


def test_unknown_address_takes_the_same_work(auth: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is verified whether the address is known or not: time must not tell."""
    hashes: list[bool] = []
    verify = auth.services.passwords.verify

    async def counted(password_hash: str | None, password: str, *, turn: Turn) -> bool:
        hashes.append(password_hash is not None)
        return await verify(password_hash, password, turn=turn)

    async def scenario() -> None:
        await sign_up(auth)
        monkeypatch.setattr(type(auth.services.passwords), "verify", staticmethod(counted))
        await sign_in(auth, "ada@example.com", "wrong")
        await sign_in(auth, "bob@example.com", "wrong")

    asyncio.run(scenario())
    assert hashes == [True, False]


def test_taken_address(auth: App) -> None:
    """A tenant has one user of an address; another tenant may have one too."""

    async def scenario() -> None:
        auth.services.storage.create_tenant("t1")
        await sign_up(auth)
        again = await auth.recipe(EmailPasswordRecipe).functions.sign_up(
            "Ada@example.com", PASSWORD, "public", None, None, {}
        )
        assert again == EmailAlreadyExistsError()
        assert (await sign_up(auth, tenant_id="t1")).user.tenant_ids == ["t1"]

    asyncio.run(scenario())


def test_open_recursion(store: MemoryStorage) -> None:
    """Signing up and in go through the smaller functions, so that overriding those is enough (law O4)."""
    seen: list[str] = []

    @override(RecipeInterface[UserContext].create_new_recipe_user)
    async def create(
        original: CreateNewRecipeUser, email: str, password: str, tenant_id: str, user_context: UserContext
    ) -> SignUpResult:
        seen.append(f"create {email}")
        return await original(email, password, tenant_id, user_context)

    @override(RecipeInterface[UserContext].verify_credentials)
    async def verify(
        original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
    ) -> SignInResult:
        seen.append(f"verify {email}")
        return await original(email, password, tenant_id, user_context)

    app = init(
        APP_INFO,
        [
            emailpassword.init(override=emailpassword.InputOverrideConfig(functions=[create, verify])),
            session.init(),
        ],
        storage=store,
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )

    async def scenario() -> None:
        await sign_up(app)
        await sign_in(app, "ada@example.com", PASSWORD)

    asyncio.run(scenario())
    app.close()
    assert seen == ["create ada@example.com", "verify ada@example.com"]


class TestRehash:
    def test_parameters_changed(self, auth: App, store: MemoryStorage) -> None:
        """Who signs in under new parameters has a new hash, and the same password."""

        async def scenario() -> None:
            await sign_up(auth)
            before = store.part(PASSWORDS).find_password_login("public", "ada@example.com")
            stronger = application(store, PasswordHasher(memory_kib=16, time_cost=1))
            assert isinstance(await sign_in(stronger, "ada@example.com", "wrong"), WrongCredentialsError)
            assert store.part(PASSWORDS).find_password_login("public", "ada@example.com") == before
            for _ in range(2):
                assert isinstance(await sign_in(stronger, "ada@example.com", PASSWORD), SignInOkResult)
            after = store.part(PASSWORDS).find_password_login("public", "ada@example.com")
            assert before is not None
            assert after is not None
            assert before.password_hash != after.password_hash
            assert not stronger.services.passwords.needs_rehash(after.password_hash)

        asyncio.run(scenario())

    def test_busy(self, auth: App, store: MemoryStorage, monkeypatch: pytest.MonkeyPatch) -> None:
        """That the new hash cannot be made just now is no reason to refuse a right password."""

        async def busy(password: str, *, turn: Turn) -> str:
            raise BusyError(1)

        async def scenario() -> None:
            await sign_up(auth)
            stronger = application(store, PasswordHasher(memory_kib=16, time_cost=1))
            monkeypatch.setattr(type(stronger.services.passwords), "hash", staticmethod(busy))
            assert isinstance(await sign_in(stronger, "ada@example.com", PASSWORD), SignInOkResult)

        asyncio.run(scenario())

    def test_password_changed_meanwhile(self, auth: App, store: MemoryStorage, monkeypatch: pytest.MonkeyPatch) -> None:
        """A password that is changed while somebody signs in with the old one stays changed, and keeps him out."""

        async def scenario() -> None:
            created = await sign_up(auth)
            stronger = application(store, PasswordHasher(memory_kib=16, time_cost=1))
            hash_ = stronger.services.passwords.hash

            async def slow(password: str, *, turn: Turn) -> str:
                made = await hash_(password, turn=turn)
                if password == PASSWORD:
                    await auth.recipe(EmailPasswordRecipe).functions.update_email_or_password(
                        created.recipe_user_id, None, NEW_PASSWORD, None, "public", {}
                    )
                return made

            monkeypatch.setattr(type(stronger.services.passwords), "hash", staticmethod(slow))
            assert isinstance(await sign_in(stronger, "ada@example.com", PASSWORD), WrongCredentialsError)
            monkeypatch.undo()
            assert isinstance(await sign_in(auth, "ada@example.com", PASSWORD), WrongCredentialsError)
            assert isinstance(await sign_in(auth, "ada@example.com", NEW_PASSWORD), SignInOkResult)

        asyncio.run(scenario())


class TestUpdate:
    def test_address_and_password(self, auth: App) -> None:
        """Address and password change together or alone."""

        async def scenario() -> None:
            created = await sign_up(auth)
            update = auth.recipe(EmailPasswordRecipe).functions.update_email_or_password
            done = UpdateEmailOrPasswordOkResult()
            assert await update(created.recipe_user_id, " New@Example.com", None, None, "public", {}) == done
            assert isinstance(await sign_in(auth, "ada@example.com", PASSWORD), WrongCredentialsError)
            assert isinstance(await sign_in(auth, "new@example.com", PASSWORD), SignInOkResult)
            assert await update(created.recipe_user_id, None, NEW_PASSWORD, None, "public", {}) == done
            assert isinstance(await sign_in(auth, "new@example.com", PASSWORD), WrongCredentialsError)
            assert isinstance(await sign_in(auth, "new@example.com", NEW_PASSWORD), SignInOkResult)

        asyncio.run(scenario())

    @pytest.mark.parametrize("apply", [None, True, False])
    def test_policy(self, auth: App, apply: bool | None) -> None:
        """The policy of the sign-up form holds unless it is waived."""

        async def scenario() -> None:
            created = await sign_up(auth)
            update = auth.recipe(EmailPasswordRecipe).functions.update_email_or_password
            result = await update(created.recipe_user_id, None, "short", apply, "public", {})
            if apply is False:
                assert result == UpdateEmailOrPasswordOkResult()
            else:
                assert result == PasswordPolicyViolationError(
                    "Password must contain at least 8 characters, including a number"
                )

        asyncio.run(scenario())

    def test_own_policy(self, store: MemoryStorage) -> None:
        """The application's own policy is asked, async or not, with the tenant."""
        asked: list[str] = []

        async def policy(_value: JSON, tenant_id: str) -> str | None:
            asked.append(tenant_id)
            return "No."

        app = init(
            APP_INFO,
            [
                emailpassword.init(
                    sign_up_feature=emailpassword.InputSignUpFeature([InputFormField("password", policy)])
                ),
                session.init(),
            ],
            storage=store,
            secret=b"s" * 32,
            default=False,
        )

        async def scenario() -> object:
            created = await sign_up(app)
            update = app.recipe(EmailPasswordRecipe).functions.update_email_or_password
            return await update(created.recipe_user_id, None, "x", None, "t9", {})

        result = asyncio.run(scenario())
        app.close()
        assert (result, asked) == (PasswordPolicyViolationError("No."), ["t9"])

    def test_unknown_user(self, auth: App) -> None:
        """A user who does not exist is told as such."""
        update = auth.recipe(EmailPasswordRecipe).functions.update_email_or_password
        for email, password in (("x@x.io", None), (None, PASSWORD), (None, None)):
            assert asyncio.run(update(RecipeUserId("x"), email, password, None, "public", {})) == UnknownUserIdError()

    def test_taken_address(self, auth: App) -> None:
        """Nobody takes another's address, and nothing is changed by trying."""

        async def scenario() -> None:
            await sign_up(auth)
            other = await sign_up(auth, "bob@example.com")
            update = auth.recipe(EmailPasswordRecipe).functions.update_email_or_password
            result = await update(other.recipe_user_id, "Ada@example.com", NEW_PASSWORD, None, "public", {})
            assert result == EmailAlreadyExistsError()
            assert isinstance(await sign_in(auth, "bob@example.com", PASSWORD), SignInOkResult)

        asyncio.run(scenario())


def application(store: MemoryStorage, passwords: PasswordHasher) -> App:
    """Build another application on the same store."""
    return init(
        APP_INFO,
        [emailpassword.init(), session.init()],
        storage=store,
        secret=b"s" * 32,
        passwords=passwords,
        default=False,
    )


def test_user_deleted_meanwhile(auth: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who is deleted while signing in does not get in."""

    def deleted(store: MemoryStorage, user_id: str) -> None: ...

    async def scenario() -> None:
        await sign_up(auth)
        monkeypatch.setattr(MemoryStorage, "find_user", deleted)
        assert await sign_in(auth, "ada@example.com", PASSWORD) == WrongCredentialsError()

    asyncio.run(scenario())
