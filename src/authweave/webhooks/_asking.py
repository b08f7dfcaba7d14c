"""One webhook around one function: what it is asked, and what becomes of its answer."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

import attrs
import httpcore2

from authweave.types import JSON, JSONObject

from ._errors import WebhookError, WebhookFailure
from ._functions import AnyAsyncCall, OverridableFunction
from ._reading import NotReadableError, Reader, parsed
from ._sending import Sender, SendingError
from ._signing import Signer
from ._writing import MAX_REQUEST_BYTES, TooMuchError, Writer

When: TypeAlias = Literal["before", "after", "both"]
"""When a webhook is asked."""

OnFailure: TypeAlias = Literal["refuse", "go_on"]
"""What becomes of a call whose webhook fails."""

Moment: TypeAlias = Literal["before", "after"]

ID_BYTES: Final = 18
PRIVATE: Final = "_"

logger: Final = logging.getLogger("authweave.webhooks")


@attrs.frozen
class Answer:
    """
    What a webhook answered, read and whole.

    Attributes:
        parameters: those to go on with in place of what the call has.
        returns: whether there is a result in place of the function's.
        result: that result.
        user_context: what is set there.
    """

    parameters: Mapping[str, object] = attrs.field(factory=dict[str, object], repr=False)
    returns: bool = False
    result: object = attrs.field(default=None, repr=False)
    user_context: JSONObject = attrs.field(factory=dict[str, JSON], repr=False)


GO_ON: Final = Answer()


@attrs.frozen(eq=False)
class AskingOverride:
    """
    An override that asks a webhook.

    Attributes:
        function: what it overrides.
        url: whom it asks.
        signer: signs, and takes signed answers.
        when: when it asks.
        on_failure: what becomes of a call whose webhook fails.
        timeout_s: how long an answer may take, in seconds.
        sends: names of the secret values that are sent.
        sender: the application's client; None where the override is in no application.
    """

    function: OverridableFunction
    url: httpcore2.URL = attrs.field(repr=False)
    signer: Signer
    when: When
    on_failure: OnFailure
    timeout_s: float
    sends: frozenset[str]
    sender: Sender | None = attrs.field(default=None, repr=False)

    @property
    def __name__(self) -> str:
        """What the override is called in a chain that is explained."""
        return f"webhook of {self.function.name}"

    def connected(self, sender: Sender) -> AskingOverride:
        """Return the same override in an application."""
        return attrs.evolve(self, sender=sender)

    async def __call__(self, call: AnyAsyncCall) -> object:
        """
        Ask before, go on, and ask after.

        Raises:
            WebhookError: the webhook fails, and its policy is to refuse.
        """
        if self.sender is None:  # whatever the policy: nobody would ever be asked
            raise WebhookError(self.function.name, "not_connected", "is in no app: list it in init(overrides=[...]).")
        asked = AskedCall(self, self.sender, call, new_id(self.sender, "call"))
        if self.when != "after":
            answer = await asked.ask("before")
            if answer.returns:
                return answer.result
            for name, value in answer.parameters.items():
                setattr(call, name, value)
        result: object = await call.original()
        if self.when == "before":
            return result
        answer = await asked.ask("after", result)
        return answer.result if answer.returns else result

    def read(self, moment: Moment, found: JSONObject, reader: Reader) -> Answer:
        """
        Read an answer, all of it before any of it is used.

        Raises:
            NotReadableError: it is none for this function at this moment.
        """
        allowed = {"parameters", "result", "user_context"} if moment == "before" else {"result", "user_context"}
        if unknown := sorted(found.keys() - allowed):
            message = f"has {unknown[0][:64]!r}, and may have {', '.join(sorted(allowed))}"
            raise NotReadableError(message)
        if "parameters" in found and "result" in found:
            message = "has parameters to go on with and a result in their place: it may have one of the two"
            raise NotReadableError(message)
        given, context = found.get("parameters", {}), found.get("user_context", {})
        if not isinstance(given, Mapping) or not isinstance(context, Mapping):
            message = "has parameters or a user_context that is no object"
            raise NotReadableError(message)
        if unknown := [name for name in given if name not in self.function.parameters]:
            message = f"has a parameter {unknown[0][:64]!r}, which {self.function.name} does not take over HTTP"
            raise NotReadableError(message)
        if not all(map(is_public, context)):
            message = "sets a name in user_context that begins with an underscore, which is the library's"
            raise NotReadableError(message)
        types = self.function.parameters
        parameters = {name: reader.value(types[name], each, f"parameters.{name}") for name, each in given.items()}
        if "result" not in found:
            return Answer(parameters, user_context=context)
        result = reader.value(self.function.result, found["result"], "result")
        return Answer(parameters, True, result, context)  # noqa: FBT003  named by the class


@attrs.frozen(eq=False)
class AskedCall:
    """
    A call that a webhook is asked about.

    Attributes:
        override: the webhook's.
        sender: the application's client.
        call: the call.
        id: what it is called in all that the webhook is asked about it.
    """

    override: AskingOverride
    sender: Sender
    call: AnyAsyncCall
    id: str

    async def ask(self, moment: Moment, result: object = None) -> Answer:
        """
        Ask, and write what is answered for the user context into it.

        Raises:
            WebhookError: there is no answer that can be used, and the policy is to refuse.
        """
        try:
            answer = await self.answer(moment, result)
        except WebhookError as error:
            logger.warning(
                "%s The call %s.",
                error,
                "is refused" if self.override.on_failure == "refuse" else "goes on as if it had not been asked",
                extra={
                    "event": "webhook_failed",
                    "function": error.function,
                    "moment": moment,
                    "failure": error.failure,
                    "webhook_id": error.webhook_id,
                    "on_failure": self.override.on_failure,
                },
            )
            if self.override.on_failure == "refuse":
                raise
            return GO_ON
        context: dict[str, object] = self.call.user_context
        context.update(answer.user_context)
        return answer

    async def answer(self, moment: Moment, result: object) -> Answer:
        """
        Send a signed request, and read the signed answer.

        Raises:
            WebhookError: there is none that can be used.
        """
        signer, webhook_id, now_s = self.override.signer, new_id(self.sender, "msg"), self.sender.clock() // 1000
        writer = Writer(self.override.sends)
        try:
            body = self.body(moment, result, now_s, writer)
        except TooMuchError:
            body = None
        if body is None or len(body) > MAX_REQUEST_BYTES:
            raise self.failed("request_too_long", f"would be sent more than {MAX_REQUEST_BYTES} bytes.", webhook_id)
        headers = (
            (b"webhook-id", webhook_id.encode()),
            (b"webhook-timestamp", b"%d" % now_s),
            (b"webhook-signature", signer.request_signature(webhook_id, now_s, body)),
        )
        try:
            answered, signature = await self.sender.post(self.override.url, headers, body, self.override.timeout_s)
        except SendingError as error:
            raise self.failed(error.failure, error.explanation, webhook_id) from None
        if not signer.accepts_answer(signature, webhook_id, now_s, body, answered):
            raise self.failed("bad_signature", "gave an answer that is not signed for this request.", webhook_id)
        try:
            return self.override.read(moment, parsed(answered), Reader(writer.sessions))
        except NotReadableError as error:
            raise self.failed("bad_answer", f"gave an answer that {error}.", webhook_id) from None

    def body(self, moment: Moment, result: object, now_s: int, writer: Writer) -> bytes:
        """Write what the webhook is told of the call."""
        function = self.override.function
        own: dict[str, object] = {name: getattr(self.call, name) for name in function.parameters}
        named: dict[str, object] = self.call.user_context
        data: dict[str, JSON] = {
            "call_id": self.id,
            "function": function.name,
            "when": moment,
            "parameters": writer.entries(own, "parameters"),
            "user_context": writer.entries(
                {name: value for name, value in named.items() if is_public(name)}, "user_context"
            ),
        }
        if moment == "after":
            data["result"] = writer.result(result)
        content = {
            "type": f"{function.name}.{moment}",
            "timestamp": datetime.fromtimestamp(now_s, UTC).isoformat().replace("+00:00", "Z"),
            "data": data | {"withheld": writer.withheld},
        }
        return json.dumps(content, separators=(",", ":"), allow_nan=False).encode()

    def failed(self, failure: WebhookFailure, explanation: str, webhook_id: str) -> WebhookError:
        """Return what says that there is no answer that can be used."""
        return WebhookError(self.override.function.name, failure, explanation, webhook_id)


def is_public(name: object) -> bool:
    """Return whether a name of the user context is the application's, and can be one of JSON."""
    return isinstance(name, str) and not name.startswith(PRIVATE)


def new_id(sender: Sender, kind: str) -> str:
    """Return an id that nobody can guess."""
    return f"{kind}_{base64.urlsafe_b64encode(sender.random_bytes(ID_BYTES)).decode()}"
