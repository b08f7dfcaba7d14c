"""Text messages by the library's own sender for Twilio."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs

import pytest
from typing_extensions import override

from authweave.errors import ConfigurationError
from authweave.ingredients.smsdelivery import (
    SMSContent,
    SMSDeliveryConfig,
    TwilioService,
    TwilioServiceInterface,
    TwilioSettings,
)
from authweave.kernel import UserContext
from tests.integration.webhooks.raw import conducting

from .test_text_messages import CODE, NUMBER, LoginVars, application, gateway


class FromElsewhere(TwilioServiceInterface[LoginVars]):
    """Sends all that is written from another number."""

    def __init__(self, original: TwilioServiceInterface[LoginVars]) -> None:
        self.original = original

    @override
    async def get_content(self, template_vars: LoginVars, user_context: UserContext) -> SMSContent:
        return await self.original.get_content(template_vars, user_context)

    @override
    async def send_raw_sms(
        self,
        content: SMSContent,
        user_context: UserContext,
        from_: str | None = None,
        messaging_service_sid: str | None = None,
    ) -> None:
        await self.original.send_raw_sms(content, user_context, from_="+15005550007")


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("answer", "states"),
    [(b"201 Created", []), (b"400 Bad Request", ["dead"]), (b"429 Too Many Requests", ["waiting"])],
)
def test_what_twilio_is_sent(answer: bytes, states: list[str]) -> None:
    """The account, the sender and the text; what it refuses is given up, and what it may take later waits."""
    heard: list[bytes] = []
    with conducting(gateway(answer, heard)) as port:
        settings = TwilioSettings("AC1", "secret", messaging_service_sid="MG1", url=f"http://127.0.0.1:{port}")
        assert "secret" not in repr(settings)
        with application(SMSDeliveryConfig(TwilioService[LoginVars](settings))) as it:
            it.send()
            it.go_round()
            assert [row.state for row in it.rows()] == states
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n")
    assert b"Basic " + base64.b64encode(b"AC1:secret") in head
    assert parse_qs(body.decode()) == {"To": [NUMBER], "MessagingServiceSid": ["MG1"], "Body": [CODE]}


@pytest.mark.sockets
def test_an_override_sends_from_elsewhere() -> None:
    """It is handed what the service does, with the parameters of the documents."""
    heard: list[bytes] = []
    with conducting(gateway(b"201 Created", heard)) as port:
        settings = TwilioSettings("AC1", "secret", "+15005550006", url=f"http://127.0.0.1:{port}")
        with application(SMSDeliveryConfig(TwilioService(settings, FromElsewhere))) as it:
            it.send()
            it.go_round()
    assert parse_qs(heard[0].partition(b"\r\n\r\n")[2].decode())["From"] == ["+15005550007"]


def test_settings_that_cannot_be_used() -> None:
    """There is one sender, and no option of another package."""
    for from_, service in ((None, None), ("+1", "MG1")):
        with pytest.raises(ConfigurationError, match="exactly one of from_ and messaging_service_sid"):
            TwilioSettings("AC1", "secret", from_, service)
    with pytest.raises(ConfigurationError, match="opts"):
        TwilioSettings("AC1", "secret", "+1", opts={"region": "ie1"})
