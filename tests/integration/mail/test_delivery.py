"""How a recipe has its mails delivered: by services, overrides and templates of the application's, and for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import attrs
import pytest
from typing_extensions import override

from authweave.errors import ConfigurationError, MailContentError, StorageError
from authweave.ingredients.delivery import ChooseLocale
from authweave.ingredients.emaildelivery import (
    DevelopmentMails,
    EmailContent,
    EmailDelivery,
    EmailDeliveryConfig,
    EmailDeliveryInterface,
    SMTPService,
    SMTPServiceInterface,
    WritesMail,
)
from authweave.kernel import UserContext, current_context
from authweave.storage.memory import MemoryStorage
from authweave.types import BaseRequest
from tests.mailserver import MailServer

from .conftest import LINK, Application, Config, Recipient, ResetVars, Service, application, settings

Interface = EmailDeliveryInterface[ResetVars]
Functions = SMTPServiceInterface[ResetVars]


class AppContext(UserContext, total=False):
    """The context of an application."""

    colour: str


class OwnService(EmailDeliveryInterface[ResetVars]):
    """A service of the application's own."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[tuple[str, UserContext]] = []
        self.error = error

    @override
    async def send_email(self, template_vars: ResetVars, user_context: UserContext) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append((template_vars.password_reset_link, user_context))


@attrs.frozen
class VerifyVars:
    """What a mail is to say, shaped as the emailverification recipe says it."""

    user: Recipient = attrs.field(factory=Recipient)
    email_verify_link: str = "https://example.com/auth/verify-email?token=a-token"
    tenant_id: str = "public"


def with_language(header: str) -> UserContext:
    """Return the context of a request that prefers languages."""
    return {"_default": {"request": BaseRequest("post", "/", [("accept-language", header)])}}


def decoy(it: Application, template_vars: ResetVars | None = None) -> None:
    """Do what is done for an address without an account."""
    asyncio.run(it.delivery.send_decoy(template_vars or ResetVars(), {}))


def send_quietly(it: Application) -> None:
    """Have a mail sent for an answer that must not tell."""
    asyncio.run(it.delivery.send_email(ResetVars(), {}))


def test_an_own_service_runs_in_the_request() -> None:
    """With its context, and nothing is put into the outbox. For nobody it is not called."""
    service, context = OwnService(), AppContext(colour="blue")
    with application(Config(service=service)) as it:
        it.send(user_context=context)
        assert service.sent == [(LINK, context)]
        assert service.sent[0][1] is context
        decoy(it)
        assert len(service.sent) == 1
        assert it.rows() == ()


def test_an_override_stands_around_the_service(server: MailServer) -> None:
    """It is handed what would be used without it, and may return the same object, changed, as in SuperTokens."""
    seen: list[str] = []

    def changed(original: Interface) -> Interface:
        send_email = original.send_email

        async def send(template_vars: ResetVars, user_context: UserContext) -> None:
            seen.append(template_vars.user.id)
            await send_email(attrs.evolve(template_vars, password_reset_link=LINK + "&theme=dark"), user_context)

        original.send_email = send  # type: ignore[method-assign]  # as the documents of SuperTokens do it
        return original

    with application(Config(Service(settings(server.port)), override=changed)) as it:
        it.send()
        it.go_round()
        assert seen == ["user-1"]
        assert LINK + "&theme=dark" in server.wait().text


def test_get_content_runs_in_the_request_and_send_raw_email_later(server: MailServer) -> None:
    """The first has the request's context, the second one of its own, which is empty."""
    seen: list[tuple[str, UserContext, UserContext]] = []

    class Changed(SMTPServiceInterface[ResetVars]):
        def __init__(self, original: Functions) -> None:
            self.original = original

        @override
        async def get_content(self, template_vars: ResetVars, user_context: UserContext) -> EmailContent:
            seen.append(("get_content", user_context, current_context()))
            content = await self.original.get_content(template_vars, user_context)
            content.subject = "Something else"
            return content

        @override
        async def send_raw_email(self, content: EmailContent, user_context: UserContext) -> None:
            seen.append(("send_raw_email", user_context, current_context()))
            await self.original.send_raw_email(content, user_context)

    context = AppContext(colour="blue")
    with application(Config(Service(settings(server.port), override=Changed))) as it:
        it.send(user_context=context)
        assert [name for name, _, _ in seen] == ["get_content"]
        assert seen[0][1] is context
        it.go_round()
        name, handed, current = seen[1]
        assert (name, handed) == ("send_raw_email", {})
        assert handed is current
        assert server.wait().message["Subject"] == "Something else"


def test_the_applications_service_serves_recipes_that_are_told_nothing(server: MailServer) -> None:
    """With its override; a recipe's own override stands around it, and its own service takes its place."""
    order: list[str] = []

    def noting(name: str) -> Callable[[EmailDeliveryInterface], EmailDeliveryInterface]:
        def noted(original: EmailDeliveryInterface) -> EmailDeliveryInterface:
            class Noting(EmailDeliveryInterface):
                @override
                async def send_email(self, template_vars: object, user_context: UserContext) -> None:
                    order.append(name)
                    await original.send_email(template_vars, user_context)

            return Noting()

        return noted

    class OfRecipe(EmailDeliveryInterface[ResetVars]):
        def __init__(self, original: Interface) -> None:
            self.original = original

        @override
        async def send_email(self, template_vars: ResetVars, user_context: UserContext) -> None:
            order.append("recipe")
            await self.original.send_email(template_vars, user_context)

    of_app = EmailDeliveryConfig[object](SMTPService(settings(server.port)), override=noting("application"))
    with application(Config(override=OfRecipe), of_app=of_app) as it:
        it.send()
        it.go_round()
        assert order == ["recipe", "application"]
        assert LINK in server.wait().text
    own = OwnService()
    with application(Config(service=own), of_app=of_app) as it:
        it.send()
        assert (len(own.sent), len(order)) == (1, 2)


@pytest.mark.parametrize("error", [RuntimeError("secret-link"), MailContentError("x"), ValueError()])
def test_what_a_service_raises_changes_no_answer(error: Exception, events: Callable[[], list[str]]) -> None:
    """It is logged; a caller who knows the account may have it raised."""
    with application(Config(service=OwnService(error))) as it:
        send_quietly(it)
        assert events()[-1] == "mail_failed"
        with pytest.raises(type(error)):
            it.send()


def test_a_template_that_fails_leaves_what_a_decoy_leaves(server: MailServer, events: Callable[[], list[str]]) -> None:
    """The log says so, nothing is sent, and the transactions are the same as if it had not."""

    class Failing(SMTPServiceInterface[ResetVars]):
        def __init__(self, original: Functions) -> None:
            self.original = original

        @override
        async def get_content(self, template_vars: ResetVars, user_context: UserContext) -> EmailContent:
            raise LookupError(template_vars.user.id)

        @override
        async def send_raw_email(self, content: EmailContent, user_context: UserContext) -> None:
            await self.original.send_raw_email(content, user_context)

    with application(Config(Service(settings(server.port), override=Failing))) as it:
        send_quietly(it)
        decoy(it)
        assert events().count("mail_failed") == 2
        assert len(it.rows()) == 2
        with pytest.raises(LookupError):
            it.send()
        it.go_round()
        assert (it.rows(), server.all()) == ((), [])


def test_a_store_that_fails_is_raised_for_both() -> None:
    """It is answered 503, whether there is an account or not."""
    with application(of_app=EmailDeliveryConfig(DevelopmentMails(prints=False))) as it:
        it.app.services.storage.close()
        with pytest.raises(StorageError):
            send_quietly(it)
        with pytest.raises(StorageError):
            decoy(it)


def test_a_content_that_is_none(server: MailServer) -> None:
    """What an override returns is looked at before it is kept."""

    def broken(content: object) -> Callable[[Functions], Functions]:
        def changed(original: Functions) -> Functions:
            async def get_content(template_vars: ResetVars, user_context: UserContext) -> EmailContent:
                return content  # type: ignore[return-value]  # pyright: ignore[reportReturnType]  wrong on purpose

            original.get_content = get_content  # type: ignore[method-assign]  # as above
            return original

        return changed

    for content in (
        None,
        "text",
        EmailContent("body", "subject\r\nBcc: eve@example.com", "ada@example.com"),
        EmailContent("body", "subject", "ada@example.com\r\nBcc: eve@example.com"),
        EmailContent("half \ud800", "subject", "ada@example.com"),
    ):
        with (
            application(Config(Service(settings(server.port), override=broken(content)))) as it,
            pytest.raises(MailContentError),
        ):
            it.send()


def test_a_plain_mail_and_one_of_html_alone(server: MailServer) -> None:
    """Each is one part, with all headers."""

    def returning(content: EmailContent) -> Callable[[Functions], Functions]:
        def changed(original: Functions) -> Functions:
            async def get_content(template_vars: ResetVars, user_context: UserContext) -> EmailContent:
                return content

            original.get_content = get_content  # type: ignore[method-assign]  # as above
            return original

        return changed

    for content, kind in (
        (EmailContent("plain " * 1000, "Hello", "ada@example.com", is_html=False), "text/plain"),
        (EmailContent("<p>html</p>", "Hello", "ada@example.com"), "text/html"),
    ):
        with application(Config(Service(settings(server.port), override=returning(content)))) as it:
            it.send()
            it.go_round()
            message = server.wait().message
            assert (message.get_content_type(), message["Subject"], message["To"]) == (kind, "Hello", "ada@example.com")
            assert message.get_content().strip() == content.body.strip()


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("de", "Passwort zurücksetzen"),
        ("de-AT,en;q=0.5", "Passwort zurücksetzen"),
        ("fr, en;q=0.3, de;q=0.7", "Passwort zurücksetzen"),
        ("DE;q=0.5, pt-BR;q=0.9", "Redefinir a senha"),
        ("pt", "Password reset instructions"),
        ("de;q=0", "Password reset instructions"),
        ("en, de;q=0.9", "Password reset instructions"),
        ("*", "Password reset instructions"),
        ("", "Password reset instructions"),
        (";;;q==,\0,de;q=x", "Password reset instructions"),
        ("x," * 5000 + "de", "Password reset instructions"),
    ],
)
def test_the_language_is_that_of_the_request(server: MailServer, header: str, subject: str) -> None:
    """Of those that the application has; what is missing there is in English."""
    translations = {
        "de": {"password_reset.subject": "Passwort zurücksetzen", "password_reset.button": "Neues Passwort"},
        "pt-BR": {"password_reset.subject": "Redefinir a senha"},
    }
    with application(Config(Service(settings(server.port), translations=translations))) as it:
        it.send(user_context=with_language(header))
        it.go_round()
        mail = server.wait()
        assert mail.message["Subject"] == subject
        assert "Somebody, hopefully you" in mail.text


def test_an_application_chooses_the_language(server: MailServer) -> None:
    """By a function, async or not; a language that it does not have is English."""
    translations = {"de": {"password_reset.subject": "Passwort zurücksetzen"}}

    async def german(template_vars: ResetVars, user_context: UserContext) -> str:
        return "de"

    def unknown(template_vars: ResetVars, user_context: UserContext) -> str:
        return "xx"

    chosen: tuple[tuple[ChooseLocale[ResetVars], str], ...] = (
        (german, "Passwort zurücksetzen"),
        (unknown, "Password reset instructions"),
    )
    for choose, subject in chosen:
        service = Service(settings(server.port), translations=translations, locale=choose)
        with application(Config(service)) as it:
            it.send(user_context=with_language("fr"))
            it.go_round()
            assert server.wait().message["Subject"] == subject


def test_translations_of_nothing() -> None:
    """All faults are told together."""
    with pytest.raises(ConfigurationError) as caught:
        DevelopmentMails(
            translations={"de": {"password_reset.heading": "", "password_reset.intro": "$name", "direction": "5 $"}}
        )
    message = str(caught.value)
    assert "translations['de']['password_reset.heading']: there is no such text" in message
    assert "translations['de']['password_reset.intro'] has $name" in message
    assert "translations['de']['direction'] has a $" in message


def test_what_is_in_a_mail_is_escaped(server: MailServer) -> None:
    """An address is text, in HTML too, and nothing in it is a placeholder."""
    with application(Config(Service(settings(server.port)))) as it:
        it.send(ResetVars(Recipient("$link&'ada@example.com")))
        it.go_round()
        mail = server.wait()
        html = mail.message.get_body(("html",))
        assert html is not None
        assert "$link&amp;&#x27;ada@example.com" in html.get_content()
        assert "$link&'ada@example.com" in mail.text


def test_the_mail_of_a_verification(server: MailServer) -> None:
    """It is another mail, by the link that it has."""
    config = EmailDeliveryConfig[object](SMTPService(settings(server.port)))
    with application(of_app=config) as it:
        verification: EmailDelivery[VerifyVars] = EmailDelivery(it.app.services, "emailverification")
        asyncio.run(verification.send_email_or_raise(VerifyVars(), {}))
        it.go_round()
        mail = server.wait()
        assert mail.message["Subject"] == "Email verification instructions"
        assert VerifyVars().email_verify_link in mail.text


def test_variables_without_a_template() -> None:
    """The error says what to write."""
    with application(of_app=EmailDeliveryConfig(DevelopmentMails(prints=False))) as it:
        other: EmailDelivery[object] = EmailDelivery(it.app.services, "other")
        with pytest.raises(MailContentError, match="no template for object: override get_content"):
            asyncio.run(other.send_email_or_raise(object(), {}))


@attrs.frozen
class Greeting(WritesMail):
    """A mail of a recipe that is not the library's."""

    @override
    def write(self, app_name: str, locale: str) -> EmailContent:
        """Write it."""
        return EmailContent("<p>Hello</p>", f"{app_name} ({locale})", "ada@example.com", text="Hello")


def test_a_mail_that_writes_itself(server: MailServer) -> None:
    """The application's own server sends it, in the language that the application chooses."""
    own = {"de": {"password_reset.subject": "Neues Passwort"}}
    service: SMTPService[object] = SMTPService(settings(server.port), translations=own, locale=lambda _vars, _uc: "de")
    with application(of_app=EmailDeliveryConfig(service)) as it:
        delivery: EmailDelivery[WritesMail] = EmailDelivery(it.app.services, "other")
        asyncio.run(delivery.send_email_or_raise(Greeting(), {}))
        it.go_round()
        mail = server.wait()
        assert mail.message["Subject"] == f"{it.app.services.app_info.app_name} (de)"
        assert "Hello" in mail.text


def test_a_decoy_is_like_a_mail() -> None:
    """One row each, in one transaction, of one length; a decoy is sent to nobody."""
    mails = DevelopmentMails[ResetVars](prints=False)
    with application(Config(mails)) as it:
        store = it.app.services.outbox.store
        it.send()
        decoy(it)
        first, second = it.rows()
        assert attrs.evolve(first, row_id="") == attrs.evolve(second, row_id="")
        claimed = store.claim_messages([first.kind], "lease", it.clock(), 0, 10)
        assert len({len(row.sealed) for row in claimed}) == 1
        it.go_round()
        assert it.rows() == ()
        assert len(mails.mails) == 1


def test_mails_on_a_development_machine(capsys: pytest.CaptureFixture[str], events: Callable[[], list[str]]) -> None:
    """They are printed with their links, and nothing that a terminal would obey."""
    with application() as it:
        it.send(ResetVars(password_reset_link=LINK + "\x1b[2J"))
        it.go_round()
        printed = capsys.readouterr().err
        assert "Mail to ada@example.com" in printed
        assert LINK in printed
        assert "\x1b" not in printed
        assert "mail_not_configured" not in events()


def test_mails_that_nobody_said_how_to_send(
    capsys: pytest.CaptureFixture[str], events: Callable[[], list[str]]
) -> None:
    """The log says so once, when the application starts, and nothing is printed or kept."""
    with application(api_domain="https://api.example.com") as it:
        other: EmailDelivery[object] = EmailDelivery(it.app.services, "emailverification")
        it.send()
        decoy(it)
        asyncio.run(other.send_email(object(), {}))
        assert it.rows() == ()
        assert events().count("mail_not_configured") == 1
        assert capsys.readouterr().err == ""


def test_an_override_alone_is_enough(events: Callable[[], list[str]]) -> None:
    """It may send by itself: nothing is warned of."""
    with application(Config(override=lambda _: OwnService()), api_domain="https://api.example.com") as it:
        it.send()
        assert "mail_not_configured" not in events()


def test_a_service_of_no_application() -> None:
    """It says what to do with it."""
    with pytest.raises(ConfigurationError, match="belongs to no application"):
        asyncio.run(DevelopmentMails[ResetVars]().send_email(ResetVars(), {}))


def test_a_link_that_has_expired_is_not_sent(server: MailServer) -> None:
    """However long the server was away: the mail is erased when its link is worth nothing."""
    storage = MemoryStorage()
    with application(Config(Service(settings(server.port))), storage=storage) as it:
        it.send()
        it.clock.advance(3600)
        assert it.go_round() == 0
        assert [row.state for row in it.rows()] == ["expired"]
        assert server.all() == []
