"""Text messages from the request to a gateway: by the example of a sender, through the outbox."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from socket import socket
from types import ModuleType
from typing import Final, cast
from urllib.parse import parse_qs

import attrs
import pytest
from typing_extensions import override

from authweave import App, InputAppInfo, init
from authweave.errors import ConfigurationError, SMSContentError
from authweave.ingredients.smsdelivery import (
    DevelopmentSMS,
    SMSContent,
    SMSDelivery,
    SMSDeliveryConfig,
    SMSDeliveryInterface,
    SMSSender,
    SMSService,
    SMSServiceInterface,
    WritesSMS,
)
from authweave.kernel import UserContext
from authweave.outbox import OutboxRow
from authweave.recipe import session
from authweave.storage.memory import MemoryStorage
from tests.integration.webhooks.raw import conducting
from tests.unit.outbox.bench import HandClock, go_round

EXAMPLE: Final = Path(__file__).parents[3] / "examples" / "sms" / "twilio_sms.py"
NUMBER: Final = "+491701234567"
BOTH: Final = "Both are valid for 1.5 hours. Give them to nobody."
CODE: Final = "123456 is your code for My shop. It is valid for 15 minutes. Give it to nobody."


@attrs.frozen
class LoginVars:
    """What a message is to say, shaped as the recipe passwordless says it."""

    phone_number: str = NUMBER
    user_input_code: str | None = "123456"
    url_with_link_code: str | None = None
    code_life_time: int = 900_000


@attrs.frozen
class Application:
    """An application that sends text messages, whose outbox is emptied by hand."""

    app: App
    delivery: SMSDelivery[LoginVars]

    def send(self, template_vars: LoginVars | None = None) -> None:
        """Have a message sent; what is wrong with it is raised."""
        asyncio.run(self.delivery.send_sms_or_raise(template_vars or LoginVars(), {}))

    def go_round(self) -> int:
        """Send what is due, and return how many there were."""
        return asyncio.run(go_round(self.app.services.outbox))

    def rows(self) -> tuple[OutboxRow, ...]:
        """Return what is in the outbox."""
        return self.app.services.outbox.store.find_messages(100)


@contextmanager
def application(
    config: SMSDeliveryConfig[LoginVars] | None = None,
    *,
    of_app: SMSDeliveryConfig | None = None,
    api_domain: str = "http://localhost:8000",
) -> Generator[Application]:
    """Build an application that sends text messages as a recipe would."""
    info = InputAppInfo("My\nshop", api_domain, website_domain="http://localhost:3000")
    app = init(
        info,
        [session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        clock=HandClock(),
        sms_delivery=of_app,
        default=False,
    )
    app.services.outbox.worker.close()  # no thread: the test makes each round
    with closing(app):
        yield Application(app, SMSDelivery(app.services, "letters", config, lifetime_s=900))


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """Load the example."""
    spec = spec_from_file_location("twilio_sms", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gateway(answer: bytes | None, heard: list[bytes]) -> Callable[[socket, threading.Event], None]:
    """Return a gateway that always answers alike; None: it takes what it is sent, and says nothing."""

    def conduct(connection: socket, done: threading.Event) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked or not asked.endswith(b"nobody."):
            received = connection.recv(65536)
            if not received:
                return
            asked += received
        heard.append(asked)
        if answer is None:
            done.wait()
        else:
            connection.sendall(b"HTTP/1.1 %b\r\ncontent-length: 2\r\n\r\n{}" % answer)

    return conduct


def sender_to(example: ModuleType, port: int, deadline_s: float = 60) -> SMSDeliveryConfig:
    """Return how the example sends to a gateway on this machine."""
    url = f"http://127.0.0.1:{port}"
    return SMSDeliveryConfig(
        SMSService(example.TwilioSender("AC1", "secret", from_="+15005550006", url=url, deadline_s=deadline_s))
    )


@pytest.mark.sockets
def test_a_message_goes_to_the_gateway_later(example: ModuleType) -> None:
    """The request writes it and is done; what was sent is gone from the outbox."""
    heard: list[bytes] = []
    with conducting(gateway(b"201 Created", heard)) as port, application(of_app=sender_to(example, port)) as it:
        it.send()
        assert (heard, [row.kind for row in it.rows()]) == ([], ["sms.letters"])
        assert it.go_round() == 1
        head, _, body = heard[0].partition(b"\r\n\r\n")
        sent = parse_qs(body.decode())
        assert head.startswith(b"POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n")
        assert sent == {"To": [NUMBER], "From": ["+15005550006"], "Body": [CODE]}
        assert it.rows() == ()


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("answer", "is_dead", "error"),
    [
        (b"400 Bad Request", True, "the gateway refuses the message (400)"),
        (b"401 Unauthorized", False, "GatewayError 401"),
        (b"429 Too Many Requests", False, "GatewayError 429"),
        (b"503 Service Unavailable", False, "GatewayError 503"),
        (None, False, "TimeoutError"),
    ],
)
def test_a_gateway_that_refuses_or_hangs_costs_the_request_nothing(
    example: ModuleType, answer: bytes | None, error: str, *, is_dead: bool
) -> None:
    """What may be taken later is tried again, and what never will is given up; the number is in no record of it."""
    heard: list[bytes] = []
    deadline_s = 0.2 if answer is None else 60
    with (
        conducting(gateway(answer, heard)) as port,
        application(of_app=sender_to(example, port, deadline_s)) as it,
    ):
        it.send()
        it.go_round()
        (row,) = it.rows()
        assert (row.last_error, row.state) == (error, "dead" if is_dead else "waiting")
        assert NUMBER not in repr(row)


@pytest.mark.parametrize(
    ("code", "link", "life_time_ms", "text"),
    [
        ("123456", None, 900_000, CODE),
        (
            None,
            "https://shop.example/x",
            59_999,
            "Sign in to My shop: https://shop.example/x\nThe link is valid for 59 seconds. Give it to nobody.",
        ),
        (
            "123456",
            "https://shop.example/x",
            5_400_000,
            f"{CODE[:31]}. Or sign in with this link: https://shop.example/x\n{BOTH}",
        ),
        ("123456", None, 60_000, CODE.replace("15 minutes", "1 minute")),
        ("123456", None, 3_600_000, CODE.replace("15 minutes", "1 hour")),
    ],
)
def test_what_a_message_says(code: str | None, link: str | None, life_time_ms: int, text: str) -> None:
    """The application, the code, the link or both, and for how long they are valid; printed on this machine."""
    printed = DevelopmentSMS(prints=False)
    with application(of_app=SMSDeliveryConfig(printed)) as it:
        it.send(LoginVars(NUMBER, code, link, life_time_ms))
        it.go_round()
    assert [(each.to_phone, each.body) for each in printed.messages] == [(NUMBER, text)]


def test_messages_are_printed_while_an_application_is_developed(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing says how they are sent; elsewhere none is, and the log says so at the start."""
    with application() as it:
        it.send()
        it.go_round()
    assert capsys.readouterr().err == f"| Text message to {NUMBER} (printed, not sent)\n| {CODE}\n"


def test_nothing_is_sent_where_nothing_says_how(caplog: pytest.LogCaptureFixture) -> None:
    """The log says so at the start, and `doctor` does."""
    with application(api_domain="https://api.example.com") as it:
        it.send()
        assert it.rows() == ()
        (found,) = (each for each in it.app.run_blocking(it.app.diagnose()) if each.id == "sms")
    assert [record.__dict__["event"] for record in caplog.records if record.name == "authweave.sms"] == [
        "sms_not_configured"
    ]
    assert (found.severity, found.found) == ("fault", "Text messages of letters go nowhere.")


def test_texts_are_translated() -> None:
    """As those of mails; what holds a name that stands for nothing is refused at the start."""
    german = {"login.code": "Ihr Code lautet $code. Er gilt $life_time.", "time.minutes": "$count Minuten"}
    printed = DevelopmentSMS(prints=False, translations={"de": german}, locale=lambda _vars, _context: "de")
    with application(of_app=SMSDeliveryConfig(printed)) as it:
        it.send()
        it.go_round()
    assert printed.messages[0].body == "Ihr Code lautet 123456. Er gilt 15 Minuten."
    for texts in ({"login.nothing": ""}, {"login.code": "$email"}, {"time.hours": "$code"}):
        with pytest.raises(ConfigurationError, match=r"translations\['de'\]"):
            DevelopmentSMS(translations={"de": texts})


def test_a_sender_that_sends_nothing() -> None:
    """It is refused at the start, and not by each message that waits for it."""
    with pytest.raises(ConfigurationError, match=r"^SMSService: the sender has no send_sms"):
        SMSService(cast("SMSSender", object()))  # it is none


def test_overrides_are_handed_what_is_used() -> None:
    """A recipe's stands around its service, or the application's; one of the service writes and sends."""
    seen: list[str] = []

    class Changed(SMSServiceInterface[LoginVars]):
        def __init__(self, original: SMSServiceInterface[LoginVars]) -> None:
            self.original = original

        @override
        async def get_content(self, template_vars: LoginVars, user_context: UserContext) -> SMSContent:
            content = await self.original.get_content(template_vars, user_context)
            return SMSContent(f"{content.body} Bye.", content.to_phone)

        @override
        async def send_raw_sms(self, content: SMSContent, user_context: UserContext) -> None:
            seen.append(content.body)
            assert content.message_id
            await self.original.send_raw_sms(content, user_context)

    class Around(SMSDeliveryInterface[LoginVars]):
        def __init__(self, original: SMSDeliveryInterface[LoginVars]) -> None:
            self.original = original

        @override
        async def send_sms(self, template_vars: LoginVars, user_context: UserContext) -> None:
            await self.original.send_sms(attrs.evolve(template_vars, user_input_code="654321"), user_context)

    printed = DevelopmentSMS[LoginVars](prints=False, override=Changed)
    with application(SMSDeliveryConfig(printed, override=Around)) as it:
        it.send()
        it.go_round()
    assert seen == [printed.messages[0].body] == [f"{CODE.replace('123456', '654321')} Bye."]


@attrs.frozen
class Notice(WritesSMS):
    """What writes itself."""

    body: str
    to_phone: str = NUMBER

    @override
    def write(self, app_name: str, locale: str) -> SMSContent:
        return SMSContent(f"{app_name} ({locale}): {self.body}", self.to_phone)


@pytest.mark.parametrize(
    "template_vars",
    [object(), LoginVars(user_input_code=None), Notice("x", "0170"), Notice("x" * 1600), Notice("\ud800")],
)
def test_what_cannot_be_sent_is_said(template_vars: object, caplog: pytest.LogCaptureFixture) -> None:
    """To a caller who wants to know; else it is logged, and the outbox has a row of the same size all the same."""
    with application() as it:
        delivery = SMSDelivery[object](it.app.services, "others", lifetime_s=900)
        with pytest.raises(SMSContentError) as raised:
            asyncio.run(delivery.send_sms_or_raise(template_vars, {}))
        asyncio.run(delivery.send_sms(template_vars, {}))
        asyncio.run(delivery.send_decoy(Notice("hello"), {}))
        assert len(it.rows()) == 3
        assert it.go_round() == 3
        assert it.rows() == ()
    assert "0170" not in str(raised.value)
    assert [record.__dict__["event"] for record in caplog.records if record.name == "authweave.sms"] == ["sms_failed"]
