"""Passwords and addresses as keyboards write them, over a socket (docs/reference/http.md, Unicode)."""

from __future__ import annotations

import asyncio
import unicodedata

import attrs
import httpx2
import pytest

from authweave.app import App, init
from authweave.kernel import UserContext, override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin
from authweave.recipe.emailpassword.types import SignInResult
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, InputAppInfo
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import PASSWORD, form, serving

WRONG = {"status": "WRONG_CREDENTIALS_ERROR"}

PASSWORDS_WRITTEN_TWICE = [
    ("café ünïcode 1", unicodedata.normalize("NFD", "café ünïcode 1")),
    ("비밀번호입니다 a1", unicodedata.normalize("NFD", "비밀번호입니다 a1")),
    ("Tiếng Việt ơi 1", unicodedata.normalize("NFD", "Tiếng Việt ơi 1")),
    ("correct horse 1", "correct\u00a0horse\u00a01"),
    ("correct horse 2", "correct\u3000horse\u20092"),
    ("10 \u03a9ngstr\u00f6m", "10 \u2126ngstr\u00f6m"),
]
INVISIBLE = ["\u034f", "\u3164", "\ufe0f", "\u115f", "\u2800", "\u200b", "\u00ad", "\U000e0101", "\uffa0", "\u180e"]


def status(response: httpx2.Response) -> JSON:
    """Return what an answer says."""
    assert response.status_code == 200
    body: dict[str, JSON] = response.json()
    return body["status"]


def sign_in(client: httpx2.Client, email: str, password: str = PASSWORD) -> JSON:
    """Sign somebody in, and return what the answer says."""
    return status(client.post("/auth/signin", json=form(email, password)))


def store_as(auth: App, email: str, former: str, password: str = PASSWORD) -> PasswordLogin:
    """Store an account of an older release: the address and the hash of the password just as they were typed."""
    hasher = PasswordHasher(memory_kib=8, time_cost=1)
    login = PasswordLogin(
        user_id=former,
        recipe_user_id=former,
        tenant_id="public",
        email=email,
        password_hash=asyncio.run(hasher.hash(password)),
        time_joined_ms=1,
    )
    hasher.close()
    auth.services.storage.part(PASSWORDS).create_user_with_password(login)
    return login


@pytest.mark.parametrize("number", range(len(PASSWORDS_WRITTEN_TWICE)))
def test_a_password_typed_in_two_ways(client: httpx2.Client, number: int) -> None:
    """Who signs up on one keyboard signs in on another, either way round."""
    composed, otherwise = PASSWORDS_WRITTEN_TWICE[number]
    for sign_up_with, sign_in_with in ((composed, otherwise), (otherwise, composed)):
        email = f"keyboard{number}{sign_up_with == composed}@example.com"
        assert status(client.post("/auth/signup", json=form(email, sign_up_with))) == "OK"
        assert [sign_in(client, email, each) for each in (sign_up_with, sign_in_with)] == ["OK", "OK"]


@pytest.mark.parametrize(
    ("password", "other"),
    [
        ("correct horse 1", "correct horse \uff11"),
        ("correct horse 1", "Correct horse 1"),
        ("correct \ufb01sh 1", "correct fish 1"),
        ("correct horse 1", "correct horse 1 "),
    ],
    ids=["full-width digit", "case", "ligature", "space"],
)
def test_what_stays_distinct(client: httpx2.Client, password: str, other: str) -> None:
    """Only spaces and the form of letters are brought to one: RFC 8265, section 4.2."""
    email = f"distinct{hash((password, other))}@example.com"
    assert status(client.post("/auth/signup", json=form(email, password))) == "OK"
    assert [sign_in(client, email, password), sign_in(client, email, other)] == ["OK", "WRONG_CREDENTIALS_ERROR"]


@pytest.mark.parametrize("number", range(len(PASSWORDS_WRITTEN_TWICE)))
def test_a_hash_from_before(auth: App, client: httpx2.Client, number: int) -> None:
    """A hash of what was typed is found by who types it so again, and from then on by everybody's keyboard."""
    composed, typed = PASSWORDS_WRITTEN_TWICE[number]
    login = store_as(auth, f"hash{number}@example.com", f"hash-{number}", typed)
    assert sign_in(client, login.email, composed) == "WRONG_CREDENTIALS_ERROR"
    assert [sign_in(client, login.email, each) for each in (typed, composed, typed)] == ["OK"] * 3
    renewed = auth.services.storage.part(PASSWORDS).find_password_login("public", login.email)
    assert renewed is not None
    assert renewed.password_hash != login.password_hash
    assert attrs.evolve(renewed, password_hash=login.password_hash) == login


def test_a_policy_sees_what_is_hashed(client: httpx2.Client) -> None:
    """Eight characters are eight, also where a keyboard sends each accent by itself; so are the longest."""
    short = unicodedata.normalize("NFD", "éééé12a")
    faults = client.post("/auth/signup", json=form("policy@example.com", short)).json()["formFields"]
    assert [each["id"] for each in faults] == ["password"]
    long = unicodedata.normalize("NFD", "é" * 90 + "a1")
    assert status(client.post("/auth/signup", json=form("policy@example.com", long))) == "OK"


@pytest.mark.parametrize("name", ["josé", "비밀", "việt", "ΜΆΪΟΣ"])
def test_an_address_typed_in_two_ways(client: httpx2.Client, name: str) -> None:
    """There is one account, and all routes find it."""
    composed, decomposed = (unicodedata.normalize(form, f"{name}@example.com") for form in ("NFC", "NFD"))
    assert composed != decomposed
    created = client.post("/auth/signup", json=form(decomposed))
    assert created.json()["user"]["emails"] == [composed.lower()]
    for each in (composed, decomposed, composed.upper()):
        assert sign_in(client, each) == "OK"
        exists = client.get("/auth/emailpassword/email/exists", params={"email": each})
        assert exists.json() == {"status": "OK", "exists": True}
        assert status(client.post("/auth/signup", json=form(each))) == "FIELD_ERROR"


@pytest.mark.parametrize("character", INVISIBLE, ids=lambda character: f"U+{ord(character):04X}")
def test_an_address_with_what_nobody_sees(client: httpx2.Client, character: str) -> None:
    """It could be mistaken for another one, so nobody signs up with it; nobody has it, so nobody signs in."""
    sign_up = client.post("/auth/signup", json=form(f"ad{character}a@example.com"))
    assert sign_up.json() == {"status": "FIELD_ERROR", "formFields": [{"id": "email", "error": "Email is not valid"}]}
    assert sign_in(client, f"ad{character}a@example.com") != "OK"


def test_addresses_from_before_keep_signing_in(auth: App, client: httpx2.Client) -> None:
    """Two of one look are told apart by how they are typed, and one with invisible characters is found by them."""
    composed, decomposed = (unicodedata.normalize(form, "renée@example.com") for form in ("NFC", "NFD"))
    accounts = {
        composed: "one password 1",
        decomposed: "one password 2",
        "in\u3164visible@example.com": "and another 3",
    }
    for number, (email, password) in enumerate(accounts.items()):
        store_as(auth, email, f"former-{number}", password)
    for email, password in accounts.items():
        answers = {each: sign_in(client, email, each) for each in accounts.values()}
        assert answers == {each: "OK" if each == password else WRONG["status"] for each in accounts.values()}
        assert client.get("/auth/emailpassword/email/exists", params={"email": email}).json()["exists"] is True
    assert status(client.post("/auth/signup", json=form(decomposed))) == "FIELD_ERROR"


@pytest.mark.parametrize("length", [1_000, 100_000])
def test_marks_without_end(client: httpx2.Client, length: int) -> None:
    """To put them in order would take the square of their number: nobody tries."""
    marks = "a" + "\u0301\u0323" * length
    assert status(client.post("/auth/signup", json=form(f"{marks}@example.com", PASSWORD))) == "FIELD_ERROR"
    assert status(client.post("/auth/signup", json=form("marks@example.com", f"{marks}1 "))) == "FIELD_ERROR"
    assert sign_in(client, f"{marks}@example.com", PASSWORD) == "FIELD_ERROR"


def test_an_override_sees_one_form_of_an_address() -> None:
    """A rule about one address is not to be got round by a keyboard, unless an account is stored just so."""
    seen: list[str] = []

    @override(RecipeInterface[UserContext].verify_credentials)
    async def note(
        original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
    ) -> SignInResult:
        seen.append(email)
        return await original(email, password, tenant_id, user_context)

    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(override=emailpassword.InputOverrideConfig(functions=note)), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    composed, decomposed = (unicodedata.normalize(form, "Zoë@example.com") for form in ("NFC", "NFD"))
    with serving(web_app(app)) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        for each in (composed, decomposed):
            sign_in(client, each)
        store_as(app, decomposed.lower(), "stored-so")
        sign_in(client, decomposed)
    app.close()
    assert seen == [composed.lower(), composed.lower(), decomposed.lower()]
