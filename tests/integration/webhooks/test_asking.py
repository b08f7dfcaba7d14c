"""What a webhook is asked over a real socket, and what its answers do."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Final, cast

import httpx2
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from authweave.app import App
from authweave.framework.fastapi import get_middleware
from authweave.kernel import UserContext
from authweave.recipe.session.setup import SessionRecipe
from authweave.webhooks import Webhook, WebhookError
from tests.integration.http.serving import HEADERS, PASSWORD, form, serving
from tests.integration.webhooks.conftest import NewApp
from tests.integration.webhooks.receiver import OTHER_SECRET, SECRET, Asked, Behaviour, Receiver, endless, signature
from tests.patience import PATIENCE_S

SIGN_UP = "emailpassword.sign_up"
CREATE = "session.create_new_session"


def posted(auth: App, path: str, email: str = "ada@example.com") -> httpx2.Response:
    """Serve an application, and send it one form."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        return client.post(f"/auth/{path}", json=form(email), headers=HEADERS)


def test_what_is_asked_is_signed_and_has_no_secret(receiver: Receiver, new_app: NewApp) -> None:
    """Both questions about a call have its parameters, without the password, and signatures of both secrets."""
    auth = new_app(Webhook(SIGN_UP, receiver.url, [SECRET, OTHER_SECRET], when="both", timeout_s=60))
    assert posted(auth, "signup").json()["status"] == "OK"
    before, after = receiver.asked
    for asked in (before, after):
        expected = [
            signature(each, asked.id.encode(), asked.time.encode(), asked.body) for each in (SECRET, OTHER_SECRET)
        ]
        assert asked.signatures.split() == expected
        assert PASSWORD.encode() not in asked.body
        assert asked.event["data"]["withheld"] == ["parameters.password"]
        assert asked.event["data"]["parameters"]["email"] == "ada@example.com"
    assert before.event["type"] == f"{SIGN_UP}.before"
    assert "result" not in before.event["data"]
    assert after.event["data"]["result"]["type"] == "SignUpOkResult"
    assert after.event["data"]["result"]["user"]["login_methods"][0]["email"] == "ada@example.com"
    assert before.event["data"]["call_id"] == after.event["data"]["call_id"]
    assert before.id != after.id


def test_a_password_goes_out_where_it_is_named(receiver: Receiver, new_app: NewApp) -> None:
    """``sends`` lets one through, in a parameter and in a form field, and no other."""
    named = Webhook(SIGN_UP, receiver.url, SECRET, timeout_s=60, sends=["password"])
    auth = new_app(Webhook("emailpassword.sign_up_post", receiver.url, SECRET, timeout_s=60, sends=["password"]), named)
    assert posted(auth, "signup").json()["status"] == "OK"
    api, function = receiver.asked
    assert function.event["data"]["parameters"]["password"] == PASSWORD
    fields = api.event["data"]["parameters"]["form_fields"]
    assert {each["id"]: each["value"] for each in fields} == {"email": "ada@example.com", "password": PASSWORD}
    assert "api_options" not in api.event["data"]["parameters"]


def test_going_on_with_other_parameters(receiver: Receiver, new_app: NewApp) -> None:
    """A function runs with what was answered in place of its parameter."""
    receiver.answers(f"{SIGN_UP}.before", {"parameters": {"email": "other@example.com"}})
    auth = new_app(Webhook(SIGN_UP, receiver.url, SECRET, timeout_s=60))
    assert posted(auth, "signup").json()["user"]["emails"] == ["other@example.com"]


def test_a_result_in_place_of_the_function(receiver: Receiver, new_app: NewApp) -> None:
    """The function does not run, and nobody is asked after it."""
    receiver.answers(f"{SIGN_UP}.before", {"result": {"type": "EmailAlreadyExistsError"}})
    auth = new_app(Webhook(SIGN_UP, receiver.url, SECRET, when="both", timeout_s=60))
    assert posted(auth, "signup").json()["status"] == "FIELD_ERROR"
    assert len(receiver.asked) == 1


def test_an_api_answers_what_the_webhook_says(receiver: Receiver, new_app: NewApp) -> None:
    """The result of an API becomes the answer to the client."""
    refusal = {"type": "GeneralErrorResponse", "message": "Not today."}
    receiver.answers("emailpassword.sign_up_post.before", {"result": refusal})
    auth = new_app(Webhook("emailpassword.sign_up_post", receiver.url, SECRET, timeout_s=60))
    assert posted(auth, "signup").json() == {"status": "GENERAL_ERROR", "message": "Not today."}


def test_a_session_that_went_out_may_come_back(receiver: Receiver, new_app: NewApp) -> None:
    """A result that was sent can be answered as it came: its session is the very one."""
    event = "emailpassword.sign_up_post.after"
    receiver.behaviours[event] = lambda asked: asked.answer({"result": asked.event["data"]["result"]})
    auth = new_app(Webhook("emailpassword.sign_up_post", receiver.url, SECRET, when="after", timeout_s=60))
    response = posted(auth, "signup")
    assert response.json()["status"] == "OK"
    assert response.headers["st-access-token"]


def test_rotation_of_secrets(receiver: Receiver, new_app: NewApp) -> None:
    """An answer that is signed with the second secret counts."""
    receiver.behaviours[f"{SIGN_UP}.before"] = lambda asked: asked.answer(
        {"result": {"type": "EmailAlreadyExistsError"}}, OTHER_SECRET
    )
    auth = new_app(Webhook(SIGN_UP, receiver.url, f"{SECRET} {OTHER_SECRET}", timeout_s=60))
    assert posted(auth, "signup").json()["status"] == "FIELD_ERROR"


def forged(asked: Asked) -> Response:
    """Sign with a secret of somebody else."""
    return asked.answer({}, OTHER_SECRET)


def reflected(asked: Asked) -> Response:
    """Send the request back, with its own signature."""
    return Response(asked.body, headers={"webhook-signature": asked.signatures})


def signed_without_the_request(asked: Asked) -> Response:
    """Sign as a request is signed: with the same id and time, but not for what was asked."""
    return Response(
        b"{}", headers={"webhook-signature": signature(SECRET, asked.id.encode(), asked.time.encode(), b"{}")}
    )


def of_an_older_request(asked: Asked) -> Response:
    """Replay the answer to another request."""
    return Asked("msg_older", asked.time, "", asked.body).answer({})


BAD: Final[dict[str, tuple[Behaviour, str]]] = {
    "forged": (forged, "bad_signature"),
    "reflected": (reflected, "bad_signature"),
    "not for this request": (signed_without_the_request, "bad_signature"),
    "replayed": (of_an_older_request, "bad_signature"),
    "unsigned": (lambda _: Response(b"{}"), "bad_signature"),
    "10 MB": (lambda asked: asked.answer(b"x" * 10_000_000), "answer_too_long"),
    "64 KiB and a byte": (lambda asked: asked.answer(b"{}" + b" " * (64 * 1024 - 1)), "answer_too_long"),
    "redirect": (lambda asked: Response(status_code=307, headers={"location": "/elsewhere"}), "bad_status"),
    "its own fault": (lambda asked: asked.answer({}, status=500), "bad_status"),
    "result of another function": (lambda asked: asked.answer({"result": {"type": "SignInOkResult"}}), "bad_answer"),
    "wrong type": (lambda asked: asked.answer({"parameters": {"email": 7}}), "bad_answer"),
    "unknown parameter": (lambda asked: asked.answer({"parameters": {"emial": "x"}}), "bad_answer"),
    "unknown field": (lambda asked: asked.answer({"go_on": True}), "bad_answer"),
    "no JSON": (lambda asked: asked.answer(b"{"), "bad_answer"),
    "deep": (lambda asked: asked.answer(b'{"user_context":' + b"[" * 30_000 + b"]" * 30_000 + b"}"), "bad_answer"),
    "33 deep": (lambda asked: asked.answer(b'{"user_context":{"a":' + b"[" * 32 + b"]" * 32 + b"}}"), "bad_answer"),
    "not UTF-8": (lambda asked: asked.answer(b'{"user_context":{"a":"\xff"}}'), "bad_answer"),
    "NUL": (lambda asked: asked.answer(b'{"parameters":{"email":"a\\u0000@b.c"}}'), "bad_answer"),
    "NaN": (lambda asked: asked.answer(b'{"user_context":{"a":NaN}}'), "bad_answer"),
    "large number": (lambda asked: asked.answer(b'{"user_context":{"a":' + b"9" * 5000 + b"}}"), "bad_answer"),
    "a list": (lambda asked: asked.answer([]), "bad_answer"),
    "both": (lambda asked: asked.answer({"result": None, "parameters": {}}), "bad_answer"),
    "a result without a type": (lambda asked: asked.answer({"result": {}}), "bad_answer"),
    "somebody's session": (
        lambda asked: asked.answer({"parameters": {"session": {"type": "Session", "session_handle": "x"}}}),
        "bad_answer",
    ),
    "name twice": (lambda asked: asked.answer(b'{"user_context":{"a":1,"a":2}}'), "bad_answer"),
    "library's context": (lambda asked: asked.answer({"user_context": {"_default": {}}}), "bad_answer"),
    "lone surrogate": (lambda asked: asked.answer(b'{"parameters":{"email":"\\ud800"}}'), "bad_answer"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_refused(
    name: str, receiver: Receiver, new_app: NewApp, caplog: pytest.LogCaptureFixture
) -> None:
    """The client gets 503, the log says why without a secret, and nobody is created."""
    behaviour, failure = BAD[name]
    receiver.behaviours[f"{SIGN_UP}.before"] = behaviour
    auth = new_app(Webhook(SIGN_UP, receiver.url, SECRET, timeout_s=60))
    with caplog.at_level(logging.WARNING, "authweave.webhooks"):
        response = posted(auth, "signup")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    (record,) = [each for each in caplog.records if each.name == "authweave.webhooks"]
    assert record.__dict__["failure"] == failure
    assert record.__dict__["webhook_id"] == receiver.asked[0].id
    assert not any(each in caplog.text for each in (SECRET, PASSWORD, "ada@example.com", receiver.asked[0].signatures))
    assert posted(auth, "signin").json()["status"] == "WRONG_CREDENTIALS_ERROR"


@pytest.mark.parametrize("name", ["forged", "10 MB", "wrong type"])
def test_the_policy_may_be_to_go_on(name: str, receiver: Receiver, new_app: NewApp) -> None:
    """With ``go_on`` the call is as if there were no webhook."""
    receiver.behaviours[f"{SIGN_UP}.before"] = BAD[name][0]
    auth = new_app(Webhook(SIGN_UP, receiver.url, SECRET, on_failure="go_on", timeout_s=60))
    assert posted(auth, "signup").json()["status"] == "OK"


def test_as_long_as_it_may_be(receiver: Receiver, new_app: NewApp) -> None:
    """An answer of 64 KiB is one."""
    receiver.behaviours[f"{SIGN_UP}.before"] = lambda asked: asked.answer(b"{}" + b" " * (64 * 1024 - 2))
    auth = new_app(Webhook(SIGN_UP, receiver.url, SECRET, timeout_s=60))
    assert posted(auth, "signup").json()["status"] == "OK"


def test_what_is_no_json_in_the_user_context(receiver: Receiver, new_app: NewApp) -> None:
    """It stays here, and is said to, whatever an application keeps there; a name that is no text too."""
    auth = new_app(Webhook("session.revoke_session", receiver.url, SECRET, timeout_s=60))
    context = {"lock": object(), "huge": 10**5000, "nan": float("nan"), "fine": 1.5, 7: "seven"}
    revoke = auth.recipe(SessionRecipe).functions.revoke_session("none", cast("UserContext", context))  # of the test
    assert auth.run_blocking(revoke) is False
    (asked,) = receiver.asked
    assert asked.event["data"]["user_context"] == {"fine": 1.5}
    assert asked.event["data"]["withheld"] == ["user_context.lock", "user_context.huge", "user_context.nan"]


def test_an_answer_that_never_ends(receiver: Receiver, new_app: NewApp) -> None:
    """The time for an answer is for all of it."""
    receiver.behaviours[f"{SIGN_UP}.before"] = lambda _: endless()
    auth = new_app(Webhook(SIGN_UP, receiver.url, SECRET, timeout_s=0.2))
    assert posted(auth, "signup").status_code == 503


def test_nobody_listens(new_app: NewApp) -> None:
    """A program that is not there is a failure like others."""
    auth = new_app(Webhook(SIGN_UP, "http://127.0.0.1:1/", SECRET, timeout_s=60))
    assert posted(auth, "signup").status_code == 503


def test_more_than_may_be_sent(receiver: Receiver, new_app: NewApp) -> None:
    """What would be a request beyond the bound is not sent."""
    auth = new_app(Webhook("session.revoke_session", receiver.url, SECRET, timeout_s=60))
    with pytest.raises(WebhookError) as caught:
        auth.run_blocking(auth.recipe(SessionRecipe).functions.revoke_session("x" * 70_000, UserContext()))
    assert caught.value.failure == "request_too_long"
    assert receiver.asked == []


def test_refused_after_the_function(receiver: Receiver, new_app: NewApp) -> None:
    """What the function did stays done, whole: the user can sign in."""
    receiver.behaviours[f"{SIGN_UP}.after"] = forged
    auth = new_app(Webhook(SIGN_UP, receiver.url, SECRET, when="after", timeout_s=60))
    assert posted(auth, "signup").status_code == 503
    assert posted(auth, "signin").json()["status"] == "OK"


def test_no_session_in_place_of_one(receiver: Receiver, new_app: NewApp) -> None:
    """A webhook can answer that there is to be no session; ids travel as text."""
    receiver.answers(f"{CREATE}.before", {"result": {"type": "EmptySession"}})
    auth = new_app(Webhook(CREATE, receiver.url, SECRET, timeout_s=60))
    response = posted(auth, "signup")
    assert response.json()["status"] == "OK"
    assert "st-access-token" not in response.headers
    assert json.loads(receiver.asked[0].body)["data"]["parameters"]["recipe_user_id"] == response.json()["user"]["id"]


def test_calls_from_threads_and_another_loop(receiver: Receiver, new_app: NewApp) -> None:
    """The sync face asks too, on the application's own loop, and what is answered for the context comes back."""
    receiver.answers("session.revoke_session.before", {"user_context": {"seen": [1, None]}, "result": True})
    auth = new_app(Webhook("session.revoke_session", receiver.url, SECRET, timeout_s=60))
    context: dict[str, object] = {"by": "a thread", "_default": {}}
    functions = auth.recipe(SessionRecipe).functions

    async def revoke() -> bool:
        return await functions.revoke_session("none", cast("UserContext", context))  # keys of the test

    assert auth.run_blocking(revoke()) is True
    assert asyncio.run(revoke()) is True
    assert context["seen"] == [1, None]
    assert [each.event["data"]["user_context"].get("by") for each in receiver.asked] == ["a thread", "a thread"]
    assert "_default" not in receiver.asked[0].event["data"]["user_context"]
