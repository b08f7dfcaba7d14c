"""Mails by SMTP, to a server that does what it may: accepts, refuses, hangs, drops, loses."""

from __future__ import annotations

import gc
import ssl
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import attrs
import pytest

from authweave.errors import ConfigurationError, MailContentError
from authweave.ingredients.emaildelivery import SMTPSettings, SMTPSettingsFrom
from tests.mailserver import MailServer, Manner, mail_server, trusting
from tests.ports import kept_port

from .conftest import LINK, Config, Recipient, ResetVars, Service, application, settings

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.filterwarnings(
        "ignore:Requiring AUTH while not requiring TLS:UserWarning"
    ),  # of the server, which logs in
]

# Where a handshake is refused, asyncio now and then leaves the connection to the garbage collector, which warns of it.
REFUSES = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def collected() -> Iterator[None]:
    """Have the garbage collector warn in the test that may leave something, and not in whichever is next."""
    yield
    gc.collect()


def test_a_mail_arrives(server: MailServer) -> None:
    """In text and HTML, from and to whom it should, with a date and an id; and the outbox is empty."""
    with application(Config(Service(settings(server.port)))) as it:
        it.send()
        assert server.all() == []  # not in the request
        it.go_round()
        mail = server.wait()
        assert it.rows() == ()
        assert (mail.sender, mail.recipients, mail.login) == ("no-reply@example.com", ["ada@example.com"], None)
        message = mail.message
        assert message["From"] == "Example <no-reply@example.com>"
        assert message["To"] == "ada@example.com"
        assert message["Subject"] == "Password reset instructions"
        assert message["Auto-Submitted"] == "auto-generated"
        assert parsedate_to_datetime(message["Date"]).timestamp() * 1000 == it.clock() // 1000 * 1000
        assert message["Message-ID"].endswith("@localhost>")
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert LINK in mail.text
        assert "Ärger & <Söhne>" in mail.text
        html = message.get_body(("html",))
        assert html is not None
        assert "Ärger &amp; &lt;Söhne&gt;" in html.get_content()
        assert f'href="{LINK.replace("&", "&amp;")}"' in html.get_content()


@pytest.mark.parametrize(("username", "login"), [(None, "no-reply@example.com"), ("somebody", "somebody")])
def test_the_login(username: str | None, login: str) -> None:
    """With a password: as the user that is named, or as the sender's address."""
    with mail_server(asks_password=True) as server:
        service = Service(settings(server.port, password="the password", username=username))
        with application(Config(service)) as it:
            it.send()
            it.go_round()
            assert server.wait().login == login


def test_a_wrong_password_is_tried_again() -> None:
    """It may be mended meanwhile. Neither log nor list show it."""
    with mail_server(asks_password=True) as server:
        service = Service(settings(server.port, password="another one"))
        with application(Config(service)) as it:
            it.send()
            it.go_round()
            (row,) = it.rows()
            assert (row.state, row.last_error) == ("waiting", "SMTPAuthenticationError 535")


@REFUSES
@pytest.mark.usefixtures("collected")
def test_tls_from_the_start(certificate: Path) -> None:
    """With ``secure=True``; the certificate is checked."""
    with mail_server(certificate, starts_with_tls=True) as server:
        trusted = settings(server.port, secure=True, tls_context=trusting(certificate))
        with application(Config(Service(trusted))) as it:
            it.send()
            it.go_round()
            assert server.wait().is_encrypted
        with application(Config(Service(settings(server.port, secure=True)))) as it:
            it.send()
            it.go_round()
            assert (it.rows()[0].state, server.all()) == ("waiting", [])


@REFUSES
@pytest.mark.usefixtures("collected")
def test_starttls(certificate: Path) -> None:
    """It is used where it is offered; where it fails nothing is sent, in the clear least of all."""
    with mail_server(certificate) as server:
        with application(Config(Service(settings(server.port, tls_context=trusting(certificate))))) as it:
            it.send()
            it.go_round()
            assert server.wait().is_encrypted
        with application(Config(Service(settings(server.port)))) as it:
            it.send()
            it.go_round()
            assert (it.rows()[0].state, server.all()) == ("waiting", [])


def test_nothing_is_sent_in_the_clear_unless_that_is_said(server: MailServer) -> None:
    """By default a server elsewhere has to offer STARTTLS; one on this machine need not."""
    with application(Config(Service(settings(server.port, starttls="required")))) as it:
        it.send()
        it.go_round()
        assert (it.rows()[0].state, server.all()) == ("waiting", [])
    for starttls in ("if_offered", "never", None):
        with application(Config(Service(settings(server.port, starttls=starttls)))) as it:
            it.send()
            it.go_round()
            assert not server.wait().is_encrypted


@pytest.mark.parametrize(
    ("host", "starttls"),
    [
        ("smtp.example.com", "required"),
        ("localhost.example.com", "required"),
        ("192.168.0.1", "required"),
        ("localhost", "if_offered"),
        ("::1", "if_offered"),
    ],
)
def test_starttls_by_default(host: str, starttls: str) -> None:
    """What passes a network is encrypted."""
    service = Service(SMTPSettings(host, 587, SMTPSettingsFrom("Example", "no-reply@example.com")))
    assert getattr(service.transporter, "starttls", None) == starttls


@pytest.mark.parametrize(
    ("answer", "state", "last_error"),
    [
        ("450 mailbox busy ada@example.com", "waiting", "SMTPRecipientRefused 450"),
        ("550 no such user ada@example.com", "dead", "the server refuses the recipient (550)"),
    ],
)
def test_a_recipient_that_is_refused(
    server: MailServer, caplog: pytest.LogCaptureFixture, answer: str, state: str, last_error: str
) -> None:
    """For now, and it is tried again; for good, and it is not. The server's words, which quote the address, go."""
    server.recipient_answer = answer
    with application(Config(Service(settings(server.port)))) as it:
        it.send()
        it.go_round()
        (row,) = it.rows()
        assert (row.state, row.last_error) == (state, last_error)
        assert "ada@example.com" not in caplog.text
        server.recipient_answer = None
        it.clock.advance(60)
        assert it.go_round() == (state == "waiting")
        assert len(server.all()) == (state == "waiting")


@pytest.mark.parametrize(("answer", "state"), [("451 later", "waiting"), ("554 spam", "dead")])
def test_a_mail_that_is_refused(server: MailServer, answer: str, state: str) -> None:
    """As the answer says."""
    server.data_answer = answer
    with application(Config(Service(settings(server.port)))) as it:
        it.send()
        it.go_round()
        assert it.rows()[0].state == state


@pytest.mark.parametrize("manner", ["hang", "drop"])
def test_a_server_that_hangs_or_drops(server: MailServer, manner: Manner) -> None:
    """The mail waits, and is sent when the server is well again."""
    server.manner = manner
    with application(Config(Service(settings(server.port, timeout_s=0.3 if manner == "hang" else 30)))) as it:
        it.send()
        it.go_round()
        assert it.rows()[0].state == "waiting"
        assert server.all() == []
    server.manner = "accept"
    with application(Config(Service(settings(server.port))), storage=it.app.services.storage) as again:
        again.clock.advance(60)
        again.go_round()
        assert LINK in server.wait().text


def test_a_server_that_takes_a_mail_and_does_not_say_so(server: MailServer) -> None:
    """The mail comes twice, and both are the same to the byte: programs recognise it by its Message-ID."""
    server.manner = "lose"
    with application(Config(Service(settings(server.port)))) as it:
        it.send()
        it.go_round()
        first = server.wait()
        server.manner = "accept"
        it.clock.advance(60)
        it.go_round()
        second = server.wait()
        assert it.rows() == ()
        assert first.message["Message-ID"] == second.message["Message-ID"]
        assert first.message["Date"] == second.message["Date"]


def test_no_server() -> None:
    """The mail waits."""
    with kept_port() as port, application(Config(Service(settings(port)))) as it:
        it.send()
        it.go_round()
        assert it.rows()[0].last_error == "SMTPConnectError"


def test_two_mails_have_two_ids(server: MailServer) -> None:
    """Also those to the same address."""
    with application(Config(Service(settings(server.port)))) as it:
        it.send()
        it.send()
        it.go_round()
        assert server.wait().message["Message-ID"] != server.wait().message["Message-ID"]


@pytest.mark.parametrize(
    ("api_domain", "domain"),
    [
        ("https://api.example.com", "api.example.com"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("http://[::1]:8000", "localhost"),
    ],
)
def test_an_id_ends_in_the_applications_domain(server: MailServer, api_domain: str, domain: str) -> None:
    """As it can be written there (RFC 5322, section 3.6.4)."""
    with application(Config(Service(settings(server.port))), api_domain=api_domain) as it:
        it.send()
        it.go_round()
        assert server.wait().message["Message-ID"].endswith(f"@{domain}>")


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com\nBcc: eve@example.com",
        "ada@example.com\u2028Bcc: eve@example.com",
        "ada@example.com, eve@example.com",
        "ada@example.com;eve@example.com",
        "Ada <ada@example.com>",
        '"ada eve"@example.com',
        "ada@@example.com",
        "@example.com",
        "ada@",
        "ada",
        "",
        "ada@example..com\0",
        "ada\ud800@example.com",
        "a" * 65 + "@example.com",
        "ada@" + "x" * 400,
        "ada@exam ple.com",
        "ada@stra\xdfe.example",  # IDNA 2003 makes strasse.example of it
        "ada@example\u3002com",
        "ada@\uff45xample.com",
    ],
)
def test_an_address_that_is_none(server: MailServer, address: str) -> None:
    """It is refused before anything is kept: no header and no recipient can be smuggled in."""
    with application(Config(Service(settings(server.port)))) as it:
        with pytest.raises(MailContentError, match="The recipient's address"):
            it.send(ResetVars(Recipient(address)))
        it.go_round()
        assert (it.rows(), server.all()) == ((), [])


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Example\r\nBcc: eve@example.com", "no-reply@example.com"),
        ("Example\0", "no-reply@example.com"),
        ("x" * 999, "no-reply@example.com"),
        ("Example", "no-reply@example.com\r\nBcc: eve@example.com"),
        ("Example", "Example <no-reply@example.com>"),
        ("Example", ""),
    ],
)
def test_a_sender_that_is_none(name: str, email: str) -> None:
    """It is a fault of the configuration."""
    with pytest.raises(ConfigurationError, match="SMTPSettingsFrom"):
        SMTPSettingsFrom(name, email)


def test_a_name_is_written_as_a_name(server: MailServer) -> None:
    """Whatever it looks like, it is no address; letters of other scripts arrive."""
    name = 'Ärger, "Söhne" <eve@example.com>'
    with application(Config(Service(settings(server.port, name=name)))) as it:
        it.send()
        it.go_round()
        (sender,) = server.wait().message["From"].addresses
        assert (sender.display_name, sender.addr_spec) == (name, "no-reply@example.com")


def test_an_address_of_another_script(server: MailServer) -> None:
    """Its domain is written as DNS has it; its local part needs a server with SMTPUTF8 (RFC 6531)."""
    with application(Config(Service(settings(server.port)))) as it:
        it.send(ResetVars(Recipient("ada@bücher.example")))
        it.send(ResetVars(Recipient("jörg@bücher.example")))
        it.go_round()
        assert sorted(recipient for mail in server.all() for recipient in mail.recipients) == [
            "ada@xn--bcher-kva.example",
            "jörg@xn--bcher-kva.example",
        ]


def test_an_address_of_another_script_and_a_server_without_smtputf8() -> None:
    """It says so, and is not tried again."""
    with mail_server(utf8=False) as server, application(Config(Service(settings(server.port)))) as it:
        it.send(ResetVars(Recipient("jörg@example.com")))
        it.go_round()
        (row,) = it.rows()
        assert row.state == "dead"
        assert "SMTPUTF8" in (row.last_error or "")


def test_a_signature(server: MailServer) -> None:
    """The hook is handed the message as it is sent, and what it returns stands in front of it."""
    signed: list[bytes] = []

    def sign(message: bytes) -> bytes:
        signed.append(message)
        return b"DKIM-Signature: v=1; a=rsa-sha256; b=abc\r\n"

    with application(Config(Service(settings(server.port, dkim=sign)))) as it:
        it.send()
        it.go_round()
        mail = server.wait()
        assert mail.data.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; b=abc\r\n")
        assert mail.data.rstrip(b"\r\n").endswith(signed[0].rstrip(b"\r\n"))
        assert signed[0].isascii()  # no server on the way has to write it anew


@pytest.mark.parametrize("returned", [b"", b"Bcc: eve@example.com\r\n", b"DKIM-Signature: x\r\n\r\nbody"])
def test_a_signature_that_is_none(server: MailServer, returned: bytes) -> None:
    """Nothing is sent."""

    def sign(message: bytes) -> bytes:
        return returned

    with application(Config(Service(settings(server.port, dkim=sign)))) as it:
        it.send()
        it.go_round()
        assert (it.rows()[0].last_error, server.all()) == ("MailContentError", [])


def test_settings_that_cannot_be_used() -> None:
    """They are faults of the configuration, and none shows a password."""
    sender = SMTPSettingsFrom("Example", "no-reply@example.com")
    for faulty in (
        SMTPSettings("localhost", 0, sender),
        SMTPSettings("localhost", 70_000, sender),
        SMTPSettings("localhost", 587, sender, timeout_s=0),
        SMTPSettings("localhost", 465, sender, secure=True, starttls="required"),
        SMTPSettings("localhost", 465, sender),
    ):
        with pytest.raises(ConfigurationError, match="SMTPSettings"):
            Service(faulty)
    assert "secret" not in repr(SMTPSettings("localhost", 25, sender, password="secret"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("host", 5, "host is of the type int: it has to be a text"),
        ("port", "587", "port is of the type str: it has to be a whole number"),
        ("port", True, "port is of the type bool"),
        ("from_", "no-reply@example.com", "it has to be SMTPSettingsFrom"),
        ("password", b"secret", "password is of the type bytes: it has to be a text"),
        ("secure", "yes", "secure is of the type str: it has to be True or False"),
        ("starttls", "if offered", "starttls is none of 'required', 'if_offered', 'never'"),
        ("timeout_s", "5", "it has to be a number"),
        ("tls_context", "default", "it has to be an ssl.SSLContext"),
    ],
)
def test_settings_of_the_wrong_type(name: str, value: object, said: str) -> None:
    """They are told when they are made, without their values."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        attrs.evolve(settings(25), **{name: value})  # type: ignore[arg-type]  # wrong on purpose
    assert "secret" not in str(caught.value)


def test_a_context_is_the_systems_by_default(events: Callable[[], list[str]]) -> None:
    """Certificates are checked unless an application says otherwise by a context of its own."""
    context = ssl.create_default_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert events() == []
