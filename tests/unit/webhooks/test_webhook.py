"""What an application may write of a webhook, and what of values travels."""

from __future__ import annotations

import base64
import importlib

import attrs
import pytest

from authweave.kernel import Override
from authweave.recipe.emailpassword.calls import SignUp
from authweave.recipe.emailpassword.types import SignUpOkResult
from authweave.recipe.session import EmptySession
from authweave.types import ConfigurationError, LoginMethod, RecipeUserId, ThirdPartyInfo, User
from authweave.webhooks import Webhook, webhook_overrides

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
URL = "https://example.com/webhooks"

METHOD = LoginMethod(
    recipe_id="emailpassword",
    recipe_user_id=RecipeUserId("u1"),
    tenant_ids=("public",),
    email="ada@example.com",
    third_party=ThirdPartyInfo("7", "github"),
    time_joined=5,
)
USER = User(id="u1", login_methods=(METHOD,), time_joined=5)


def test_a_function_by_name_or_by_class() -> None:
    """Both give an override of the same function."""
    by_name, by_class = Webhook("emailpassword.sign_up", URL, SECRET), Webhook(SignUp, URL, SECRET)
    assert isinstance(by_name, Override)
    assert (by_name.interface, by_name.function) == (by_class.interface, by_class.function)
    assert Webhook("emailpassword.apis.sign_up_post", URL, SECRET).function == "sign_up_post"


def test_every_function_can_be_given_to_a_webhook() -> None:
    """All functions and APIs of all recipes, those of providers too."""
    from authweave.webhooks._functions import classes_in

    counted = 0
    for recipe in (
        "attempts",
        "emailpassword",
        "emailverification",
        "session",
        "thirdparty",
        "usermetadata",
        "userroles",
    ):
        for call in classes_in(recipe):
            assert Webhook(call, URL, SECRET).interface.__module__.startswith(f"authweave.recipe.{recipe}")
            counted += 1
    assert counted >= 60


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"function": "emailpassword.sing_up"}, "emailpassword.sign_up"),
        ({"function": "nowhere.at_all"}, "no function"),
        ({"function": 7}, "neither a name"),
        ({"url": "http://example.com/"}, "https://"),
        ({"url": "http://127.0.0.1.example.com/"}, "https://"),
        ({"url": "ftp://127.0.0.1/"}, "https://"),
        ({"url": "https://user:password@example.com/"}, "leave them out"),
        ({"url": ""}, "https://"),
        ({"url": "http://127.0.0.1@example.com/"}, "https://"),
        ({"url": "https://127.0.0.1@example.com/"}, "leave them out"),
        ({"url": "http://localhost.example.com/"}, "https://"),
        ({"url": "http://localhost./"}, "https://"),
        ({"url": "http://0.0.0.0/"}, "https://"),
        ({"url": "http://2130706433/"}, "https://"),
        ({"url": "http://127.1/"}, "https://"),
        ({"url": "http://[::]/"}, "https://"),
        ({"url": "http://[2001:db8::1]/"}, "https://"),
        ({"url": "http:///127.0.0.1/"}, "https://"),
        ({"url": "http:\\\\127.0.0.1\\"}, "https://"),
        ({"url": "http://127.0.0.1\\@example.com/"}, "https://"),
        ({"url": "//127.0.0.1/"}, "https://"),
        ({"url": f"https://{'a' * 64}.example.com/"}, "https://"),
        ({"url": "https://exa mple.com/"}, "https://"),
        ({"url": "https://example.com/#token"}, "leave them out"),
        ({"url": 7}, "https://"),
        ({"secret": None}, "whsec_"),
        ({"secret": b"whsec_"}, "whsec_"),
        ({"url": "https://example.com:99999/"}, "1 to 65535"),
        ({"secret": "whsec_c2hvcnQ="}, "whsec_"),
        ({"secret": SECRET.removeprefix("whsec_")}, "whsec_"),
        ({"secret": []}, "whsec_"),
        ({"when": "sometimes"}, "'before'"),
        ({"on_failure": "ignore"}, "'refuse'"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"timeout_s": 61}, "timeout_s"),
        ({"sends": "password"}, "list"),
    ],
)
def test_what_cannot_work_is_refused(changed: dict[str, object], said: str) -> None:
    """Each fault is told when the webhook is made, and no secret with it; of a configuration, all together."""
    right: dict[str, object] = {"function": "emailpassword.sign_up", "url": URL, "secret": SECRET}
    with pytest.raises(ConfigurationError, match=r"webhooks\[1\]") as caught:
        webhook_overrides([right, right | changed, right | {"unknown": 1}])
    assert said in str(caught.value)
    assert "webhooks[2]" in str(caught.value)
    assert SECRET.removeprefix("whsec_") not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/a?b=c",
        "https://bücher.example/",
        "http://localhost:9000/webhooks",
        "http://LOCALHOST/",
        "http://127.0.0.1/",
        "http://127.8.9.10/",
        "http://[::1]:9000/",
    ],
)
def test_where_a_webhook_may_be(url: str) -> None:
    """Anywhere over https, and on this machine."""
    Webhook("emailpassword.sign_up", url, SECRET)


def test_a_repr_has_no_secret() -> None:
    """Neither the override nor what it holds shows its key or its URL."""
    made = Webhook("emailpassword.sign_up", URL, SECRET)
    assert repr(bytes(range(32)))[2:10] not in repr(made.call)
    assert URL not in repr(made.call)


def test_results_go_out_and_come_back() -> None:
    """What is written of a result is read as an equal one."""
    from authweave.recipe.emailpassword.interfaces import SignUpResult
    from authweave.webhooks._reading import Reader
    from authweave.webhooks._writing import Writer

    result = SignUpOkResult(USER, RecipeUserId("u1"))
    writer = Writer(frozenset())
    assert Reader({}).value(SignUpResult, writer.result(result), "result") == result
    assert writer.withheld == []
    assert isinstance(Reader({}).value(type(EmptySession()), writer.result(EmptySession()), "result"), EmptySession)


def test_no_class_of_values_has_an_attribute_named_type() -> None:
    """``type`` names the class in JSON, so no attribute may be called so."""
    for recipe in (
        "attempts",
        "emailpassword",
        "emailverification",
        "session",
        "thirdparty",
        "usermetadata",
        "userroles",
    ):
        for each in vars(importlib.import_module(f"authweave.recipe.{recipe}.types")).values():
            if isinstance(each, type) and attrs.has(each):
                assert "type" not in {field.name for field in attrs.fields(each)}


def test_a_result_that_may_be_of_several_classes_says_of_which() -> None:
    """An empty object is not taken for the first of them, a success perhaps."""
    from authweave.recipe.emailpassword.interfaces import GeneratePasswordResetTokenPostResult
    from authweave.webhooks._reading import NotReadableError, Reader

    with pytest.raises(NotReadableError, match="GeneratePasswordResetTokenPostOkResult"):
        Reader({}).value(GeneratePasswordResetTokenPostResult, {}, "result")
    with pytest.raises(NotReadableError, match="SignUpOkResult"):
        Reader({}).value(SignUpOkResult | None, {"type": "SignInOkResult"}, "result")


def test_where_an_answer_is_wrong_is_told_in_one_line() -> None:
    """A name in it is anything: it forges no line of a log, and is cut."""
    from authweave.webhooks._reading import NotReadableError, Reader

    with pytest.raises(NotReadableError) as raised:
        Reader({}).value(dict[str, str], {"a\nERROR " + "x" * 9_000: 7}, "parameters.form_post_info")
    said = str(raised.value)
    assert said.startswith("has another type at parameters.form_post_info['a\\nERROR xxx")
    assert len(said) < 200
