"""How much is hashed, and what functions make of text in several forms."""

from __future__ import annotations

import asyncio
from unicodedata import normalize

import pytest
from typing_extensions import override

from authweave.app import App, init
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignInOkResult, SignUpOkResult
from authweave.recipe.emailpassword.addresses import Logins
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin
from authweave.recipe.emailpassword.types import SignInResult, UpdateEmailOrPasswordOkResult
from authweave.security import NOBODY_KNOWN, PasswordHasher, Turn
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, InputAppInfo, RecipeUserId

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
COMPOSED = "pássword 1"
DECOMPOSED = normalize("NFD", COMPOSED)
PLAIN = "password 1"


class CountingHasher(PasswordHasher):
    """Count what is computed."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, time_cost=1)
        self.hashed: list[str] = []
        self.verified: list[str] = []

    @override
    async def hash(self, password: str, *, turn: Turn = NOBODY_KNOWN) -> str:
        self.hashed.append(password)
        return await super().hash(password, turn=turn)

    @override
    async def verify(self, password_hash: str | None, password: str, *, turn: Turn = NOBODY_KNOWN) -> bool:
        self.verified.append(password)
        return await super().verify(password_hash, password, turn=turn)


@pytest.fixture
def hasher() -> CountingHasher:
    """Make a hasher that counts."""
    return CountingHasher()


@pytest.fixture
def auth(hasher: CountingHasher) -> App:
    """Build an application that hashes with it."""
    recipes = [emailpassword.init(), session.init()]
    return init(APP_INFO, recipes, storage=MemoryStorage(), secret=b"s" * 32, passwords=hasher, default=False)


async def sign_up(auth: App, email: str, password: str) -> SignUpOkResult:
    """Sign somebody up, which must work."""
    result = await auth.recipe(EmailPasswordRecipe).functions.sign_up(email, password, "public", None, None, {})
    assert isinstance(result, SignUpOkResult)
    return result


async def sign_in(auth: App, email: str, password: str) -> SignInResult:
    """Sign somebody in."""
    return await auth.recipe(EmailPasswordRecipe).functions.sign_in(email, password, "public", None, None, {})


def test_the_typed_text_alone_decides_how_many_hashes_there_are(auth: App, hasher: CountingHasher) -> None:
    """For an account with either hash, for another's and for none, as long as nobody gets in."""

    async def scenario() -> None:
        await sign_up(auth, "new@example.com", COMPOSED)
        old = await sign_up(auth, "old@example.com", PLAIN)
        auth.services.storage.part(PASSWORDS).update_password_login(
            old.user.id, email=None, password_hash=await PasswordHasher.hash(hasher, DECOMPOSED)
        )
        for typed, hashes in ((PLAIN, 1), (COMPOSED, 1), (f"{DECOMPOSED}!", 2), ("nb\u00a0space", 2)):
            for email in ("new@example.com", "old@example.com", "nobody@example.com"):
                hasher.verified.clear()
                await sign_in(auth, email, typed)
                assert len(hasher.verified) == hashes, (typed, email)

    asyncio.run(scenario())


def test_the_typed_text_alone_decides_how_often_the_store_is_asked(auth: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a form and then by its function, for an address as it was stored once, one in normal form, and nobody's."""
    store = auth.services.storage.part(PASSWORDS)
    old, new, nobody = (normalize("NFD", f"{name}é@example.com") for name in ("old", "new", "nobody"))
    for number, email in enumerate((old, normalize("NFC", new))):
        user_id = f"user-{number}"
        login = PasswordLogin(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id="public",
            email=email,
            password_hash="hash",
            time_joined_ms=0,
        )
        store.create_user_with_password(login)
    asked: list[str] = []
    find = store.find_password_login

    def note(tenant_id: str, email: str) -> PasswordLogin | None:
        asked.append(email)
        return find(tenant_id, email)

    monkeypatch.setattr(store, "find_password_login", note)

    async def found(email: str) -> bool:
        logins = Logins(auth.services)
        asked.clear()
        return await logins.find("public", await logins.spelling("public", email)) is not None

    counts = {email: (asyncio.run(found(email)), len(asked)) for email in (old, new, nobody)}
    assert counts == {old: (True, 3), new: (True, 3), nobody: (False, 3)}


def test_a_success_with_the_raw_form_hashes_again(auth: App, hasher: CountingHasher) -> None:
    """Once; and where both forms are right, nothing is hashed again."""

    async def scenario() -> None:
        user = (await sign_up(auth, "ada@example.com", PLAIN)).user
        auth.services.storage.part(PASSWORDS).update_password_login(
            user.id, email=None, password_hash=await PasswordHasher.hash(hasher, DECOMPOSED)
        )
        hasher.hashed.clear()
        for _ in range(2):
            assert isinstance(await sign_in(auth, "ada@example.com", DECOMPOSED), SignInOkResult)
            assert hasher.hashed == [COMPOSED]
            assert hasher.verified[-2:] == [COMPOSED, DECOMPOSED]

    asyncio.run(scenario())


def test_a_change_of_password_and_address(auth: App) -> None:
    """Both are brought to one form, and the policy sees that of the password; no address is invisible."""

    async def scenario() -> None:
        user = (await sign_up(auth, "ada@example.com", PLAIN)).user
        functions = auth.recipe(EmailPasswordRecipe).functions
        email = normalize("NFD", "Zoë@example.com")
        changed = await functions.update_email_or_password(RecipeUserId(user.id), email, DECOMPOSED, None, "public", {})
        assert changed == UpdateEmailOrPasswordOkResult()
        assert isinstance(await sign_in(auth, "zoë@example.com", COMPOSED), SignInOkResult)
        for call in (
            functions.update_email_or_password(
                RecipeUserId(user.id), "zo\ufe0fe@example.com", None, None, "public", {}
            ),
            functions.sign_up("zo\u3164e@example.com", PLAIN, "public", None, None, {}),
        ):
            with pytest.raises(BadInputError, match="cannot be seen"):
                await call

    asyncio.run(scenario())
