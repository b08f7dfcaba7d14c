"""What a webhook is never told unless it is named: of every function of every recipe, and of what applications add."""

from __future__ import annotations

import json
from typing import Final, cast

import attrs
import pytest

from authweave.recipe.emailpassword.types import FormField
from authweave.types import JSON, LoginMethod, RecipeUserId, ThirdPartyInfo, User
from authweave.webhooks._functions import classes_in, function_of
from authweave.webhooks._plain import fields_of, is_value_class, members
from authweave.webhooks._withholding import is_secret
from authweave.webhooks._writing import LARGEST, TooMuchError, Writer

RECIPES: Final = (
    "attempts",
    "emailpassword",
    "emailverification",
    "session",
    "thirdparty",
    "usermetadata",
    "userroles",
)


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


SECRET: Final = frozenset(
    [
        "access_token",
        "anti_csrf_token",
        "form_post_info",
        "new_password",
        "oauth_tokens",
        "old_password",
        "password",
        "refresh_token",
        "token",
    ]
)
"""Parameters of functions that let somebody in, or hold what does."""

HARMLESS: Final = frozenset(
    [
        "access_token_payload",
        "access_token_payload_update",
        "account",
        "action",
        "address",
        "allowed",
        "anti_csrf_check",
        "apply_password_policy",
        "attempt_account_linking",
        "check_database",
        "client_type",
        "disable_anti_csrf",
        "email",
        "fetch_across_all_tenants",
        "fetch_sessions_for_linked_accounts",
        "form_fields",
        "is_verified",
        "issuer",
        "jwt_payload",
        "metadata_update",
        "new_access_token_payload",
        "new_session_data",
        "permission",
        "permissions",
        "raw_user_info_from_provider",
        "recipe_user_id",
        "redirect_uri_info",
        "redirect_uri_on_provider_dashboard",
        "revoke_across_all_tenants",
        "revoke_other_sessions",
        "revoke_sessions_for_linked_accounts",
        "role",
        "session",
        "session_data_in_database",
        "session_handle",
        "session_handles",
        "session_required",
        "should_try_linking_with_session_user",
        "succeeded",
        "tenant_id",
        "tenant_id_for_password_policy",
        "third_party_id",
        "third_party_user_id",
        "user_id",
        "value",
    ]
)
"""All others; what is in them is looked at by itself."""

SECRET_FIELDS: Final = frozenset(
    [
        "access_token",
        "client_secret",
        "from_id_token_payload",
        "oauth_tokens",
        "pkce_code_verifier",
        "redirect_uri_query_params",
        "redirect_url",
        "token",
        "token_endpoint_body_params",
        "url_with_query_params",
        "user_info_endpoint_headers",
        "user_info_endpoint_query_params",
        "additional_config",
        "value",
    ]
)
"""Fields of what functions take and return that let somebody in, or hold what does (``value``: of a form)."""

CANARY: Final = "canary"


def parameters() -> list[tuple[str, str, object]]:
    """Return every parameter that travels, with its function and type."""
    functions = [function_of(call, recipe) for recipe in RECIPES for call in classes_in(recipe)]
    return [(each.name, name, declared) for each in functions for name, declared in each.parameters.items()]


def value_classes() -> set[type]:
    """Return the classes of all values that functions take and return, also inside of others."""
    found: set[type] = set()
    functions = [function_of(call, recipe) for recipe in RECIPES for call in classes_in(recipe)]
    unseen = [each for function in functions for each in (function.result, *function.parameters.values())]
    while unseen:
        declared = unseen.pop()
        for member in members(declared):
            if is_value_class(member) and isinstance(member, type) and member not in found:
                found.add(member)
                unseen += [each for _, each in fields_of(member).values()]
            unseen += [each for each in getattr(member, "__args__", ()) if not isinstance(each, str)]
    return found


def test_every_parameter_is_known_to_be_secret_or_harmless() -> None:
    """A new parameter has to be entered above: somebody has to think of what it holds."""
    named = {name for _, name, _ in parameters()}
    assert named - SECRET - HARMLESS == set()
    assert named - HARMLESS == SECRET
    assert {"password", "token", "oauth_tokens"} <= named


@pytest.mark.parametrize("name", sorted(SECRET))
def test_no_secret_parameter_goes_out_unnamed(name: str) -> None:
    """Of no function; with its name in ``sends`` it does."""
    values: list[object] = [CANARY, {"deep": CANARY}, [CANARY], {"id": CANARY}]
    for value in values:
        writer = Writer(frozenset({"another"}))
        assert writer.entries({name: value}, "parameters") == {}
        assert writer.withheld == [f"parameters.{name}"]
        assert CANARY in json.dumps(Writer(frozenset({name})).entries({name: value}, "parameters"))


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_every_harmless_parameter_goes_out(name: str) -> None:
    """Withholding what is no secret would make webhooks useless."""
    is_text = any(
        str in members(declared) or object in members(declared) for _, each, declared in parameters() if each == name
    )
    value = "x" if is_text else True
    assert Writer(frozenset()).entries({name: value}, "parameters") == {name: value}


def made(cls: type) -> object:
    """Return an object of a class with the canary wherever a text or an object may stand."""
    instance = cast("object", object.__new__(cls))  # of whatever class
    for name, (_, declared) in fields_of(cls).items():
        kinds = members(declared)
        classes = [each for each in kinds if is_value_class(each) and isinstance(each, type)]
        value: object = made(classes[0]) if classes else CANARY if str in kinds or object in kinds else {"x": CANARY}
        object.__setattr__(instance, name, value)
    return instance


def test_no_secret_field_of_any_value_goes_out_unnamed() -> None:
    """All that functions take and return, with a canary in every field: those that are secret have none left."""
    seen: set[str] = set()
    for cls in sorted(value_classes(), key=lambda each: each.__name__):
        writer = Writer(frozenset())
        written = cast("dict[str, JSON]", writer.value(made(cls), "value"))
        kept = {each.partition(".")[2] for each in writer.withheld}
        secret = {name for name in fields_of(cls) if name in SECRET_FIELDS}
        if cls is not FormField:
            secret -= {"value"}
        assert secret <= kept, cls
        assert secret.isdisjoint(written), cls
        hidden = {each.name for each in attrs.fields(cls) if each.init and not each.repr}
        assert hidden <= kept, cls  # what stays out of logs stays here
        seen |= secret
    assert seen == SECRET_FIELDS


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "old_password",
        "mypassword",
        "userPassword",
        "passwd",
        "PASSWD",
        "pwd",
        "passphrase",
        "passcode",
        "pass_word",
        "token",
        "id_token",
        "idToken",
        "refreshTokenHash1",
        "antiCsrfToken",
        "oauth_tokens",
        "csrf",
        "xsrf-token",
        "accesstoken",
        "apikey",
        "api_key",
        "X-Api-Key",
        "APIKey",
        "secretKey",
        "private_key",
        "license_key",
        "secret",
        "clientSecret",
        "client-secret",
        "shared.secret",
        "pin",
        "PIN",
        "userPin",
        "pin_code",
        "pin2",
        "otp",
        "OTP",
        "totp",
        "otp6",
        "oneTimeOtp",
        "smsotp",
        "tan",
        "code",
        "usercode",
        "authCode",
        "verification_code",
        "backupCodes",
        "recovery_code",
        "deviceCode",
        "verifier",
        "pkce_code_verifier",
        "codeverifier",
        "cookie",
        "Set-Cookie",
        "sFrontCookie",
        "authorization",
        "Authorization",
        "auth",
        "bearer",
        "jwt",
        "sessionid",
        "session_key",
        "sid",
        "signature",
        "hmac",
        "sig",
        "hash",
        "passwordHash",
        "salt",
        "nonce",
        "state",
        "link",
        "magicLink",
        "password_reset_link",
        "invite_link",
        "credential",
        "credentials",
        "saml_assertion",
        "captcha",
        "recaptchaResponse",
        "cvv",
        "cvc",
        "ssn",
        "security_answer",
    ],
)
def test_names_of_secrets(name: str) -> None:
    """By their words, however they are joined."""
    assert is_secret(name)
    assert Writer(frozenset()).entries({"user_metadata": {name: CANARY}}, "x") == {"user_metadata": {}}


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "isSignUp",
        "monkey",
        "shipping",
        "opinion",
        "description",
        "address",
        "author",
        "authority",
        "company",
        "country",
        "keyboard",
        "passenger",
        "bypass",
        "session_handle",
        "user_id",
        "name",
        "first_name",
        "age",
        "plan",
        "hotplug",
        "statement",
        "seedling",
        "linked",
    ],
)
def test_names_of_others(name: str) -> None:
    """Words that only contain such a word are harmless."""
    assert not is_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "Bearer abc",
        "Basic dXNlcjpwYXNz",
        "-----BEGIN PRIVATE KEY-----\nMIIE",
        "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
        "$2b$12$abcdefghijklmnopqrstuv",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "https://example.com/reset?token=abc&tenant=x",
        "https://example.com/#access_token=abc",
        "email=ada%40example.com&password=x",
        "password=x",
        "authorization: Bearer abc",
        "Cookie: sAccessToken=abc",
        "postgresql://user:password@host/database",
        "see https://:password@example.com",
        "it was eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    ],
)
def test_texts_that_look_like_secrets(text: str) -> None:
    """Whatever their name; also in a list, and in the user context. ``sends`` sends them."""
    writer = Writer(frozenset())
    assert writer.entries({"note": text, "notes": ["fine", text], "deep": {"note": text}}, "user_context") == {
        "deep": {}
    }
    assert writer.withheld == ["user_context.note", "user_context.notes", "user_context.deep.note"]
    assert Writer(frozenset({"note"})).entries({"note": text}, "user_context") == {"note": text}
    keyed = Writer(frozenset())
    assert keyed.entries({"seen": {text: 1, "fine": True}}, "user_context") == {"seen": {"fine": True}}
    assert keyed.withheld == ["user_context.seen.*"]
    harmless = {"site": "https://user@example.com:443/a:b@c?page=2", "text": "He said: basics, tokens and pins."}
    assert Writer(frozenset()).entries(harmless, "user_context") == harmless


def test_fields_of_forms() -> None:
    """Only an email goes out; others, whatever they are called, where they are named, and none by ``value``."""
    fields = [FormField("email", "ada@example.com"), FormField("nickname", CANARY), FormField("password", "Bearer x")]
    for sends, sent in ((), set[str]()), (("value",), set[str]()), (("nickname", "password"), {CANARY, "Bearer x"}):
        writer = Writer(frozenset(sends))
        written = cast("list[dict[str, JSON]]", writer.value(fields, "form_fields"))
        assert {str(each["value"]) for each in written if "value" in each} == {"ada@example.com", *sent}
        assert {str(each["id"]) for each in written} == {"email", "nickname", "password"}
        assert len(writer.withheld) == 2 - len(sent)


def test_a_form_in_the_user_context() -> None:
    """An application may keep the body of a request there."""
    body: dict[str, object] = {"formFields": [{"id": "email", "value": "a@b.c"}, {"id": "password", "value": CANARY}]}
    writer = Writer(frozenset())
    written = writer.entries({"body": body}, "user_context")
    assert CANARY not in json.dumps(written)
    assert "a@b.c" in json.dumps(written)


def test_whether_there_is_a_secret_is_none() -> None:
    """Nothing, and yes or no, go out under any name."""
    values: dict[str, object] = {"password": None, "has_password": True, "mfa": False}
    assert Writer(frozenset()).entries(values, "x") == values


def test_what_goes_round_in_circles_ends() -> None:
    """Neither depth nor breadth is without bounds, and numbers are those that everybody reads."""
    within: list[object] = []
    within += [within] * 1000
    assert Writer(frozenset()).entries({"within": within}, "x") == {}
    around: dict[str, object] = {}
    around.update({f"name{number}": around for number in range(1000)})
    with pytest.raises(TooMuchError):
        Writer(frozenset()).entries(around, "x")
    values = {
        "big": LARGEST + 1,
        "huge": 10**5000,
        "nan": float("nan"),
        "inf": float("inf"),
        "fine": LARGEST,
        "pi": 3.1,
    }
    assert Writer(frozenset()).entries(values, "x") == {"fine": LARGEST, "pi": 3.1}


def test_a_user_goes_out_whole() -> None:
    """Nothing of a user is taken for a secret."""
    method = LoginMethod(
        recipe_id="thirdparty",
        recipe_user_id=RecipeUserId("u1"),
        tenant_ids=("public",),
        email="ada@example.com",
        third_party=ThirdPartyInfo("7", "github"),
        time_joined=5,
    )
    writer = Writer(frozenset())
    writer.value(User(id="u1", login_methods=(method,), time_joined=5), "user")
    assert writer.withheld == []
