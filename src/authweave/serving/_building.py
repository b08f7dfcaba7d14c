"""Makes the application that a configuration describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Final, TypeVar

import attrs

from authweave.app import App, init, place_of
from authweave.extending import RecipeEntry
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, SMTPService, SMTPSettings, SMTPSettingsFrom
from authweave.kernel import Interface, Override, UserContext
from authweave.recipe import emailpassword, emailverification, session, thirdparty, usermetadata, userroles
from authweave.recipe.emailpassword import PasswordResetFeature
from authweave.recipe.session.types import AnyTransferMethod
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
from authweave.security import SecretError, secret_from_configuration
from authweave.storage import StorageOptions
from authweave.types import BaseRequest, ConfigurationError, InputAppInfo, Proxies, install_command
from authweave.webhooks import Webhook

from ._config import ProviderSettings, ServeConfig, SessionConfig, WebhookSettings
from ._lines import Path
from ._reading import Reading, ServeConfigurationError
from .api import init as server_api
from .api.keys import key_faults

BuiltT = TypeVar("BuiltT")

IN_MEMORY: Final = "sqlite://"
"""A store that leaves nothing behind."""


@attrs.frozen
class Parts:
    """What an application is made of, checked."""

    app_info: InputAppInfo
    recipes: Sequence[RecipeEntry]
    mail: EmailDeliveryConfig | None
    overrides: Sequence[Override[Interface[UserContext]]]


@attrs.frozen
class Building:
    """
    An application that is being made of a configuration.

    Attributes:
        config: what was read.
        reading: what it was read from: it knows the lines.
    """

    config: ServeConfig
    reading: Reading

    def parts(self) -> Parts:
        """
        Make what the application is made of. Nothing is opened.

        Raises:
            ServeConfigurationError: the configuration cannot work; with all that could be found.
        """
        config = self.config
        app_info = self.part(("app",), self.app_info)
        recipes = [self.part(path, make) for path, make in self.recipes().items()]
        mail = self.part(("mail",), self.mail)
        self.part(("storage", "url"), self.check_storage)
        self.part(("secrets", "server"), self.check_secret)
        self.part(("server", "trusted_proxies"), lambda: Proxies.of(config.server.trusted_proxies))
        self.part(("server", "cors_origins"), self.check_origins)
        for fault in key_faults(config.api.keys) if config.api.keys else ():
            self.reading.fault(("api", "keys"), f"cannot work: {fault}")
        overrides = self.overrides()
        if self.reading.faults or app_info is None:
            raise ServeConfigurationError(self.reading.faults)
        return Parts(app_info, [each for each in recipes if each is not None], mail, overrides)

    def build(self) -> App:
        """
        Make the application, which is the default of the process.

        Raises:
            ServeConfigurationError: the configuration cannot work; with all that could be found.
            authweave.types.ConfigurationError: something is wrong that shows when recipes are put together.
            authweave.storage.StorageError: the store cannot be opened.
        """
        storage = self.config.storage
        options = StorageOptions(migrate=storage.migrate, pool_size=storage.pool_size)
        return self.composed(self.parts(), storage.url, options, default=True)

    def check(self) -> None:
        """
        Make it with a store in memory, and end it again: no file and no connection is opened.

        Raises:
            ServeConfigurationError: the configuration cannot work; with all that could be found.
            authweave.AuthweaveError: something is wrong that shows when recipes are put together.
        """
        self.composed(self.parts(), IN_MEMORY, StorageOptions(), default=False).close()

    def composed(self, parts: Parts, storage: str, options: StorageOptions, *, default: bool) -> App:
        """Put the parts together."""
        config = self.config
        return init(
            parts.app_info,
            parts.recipes,
            storage=storage,
            storage_options=options,
            secret=config.secrets.server,
            overrides=parts.overrides,
            email_delivery=parts.mail,
            max_body_bytes=config.server.max_body_bytes,
            trusted_proxies=config.server.trusted_proxies,
            default=default,
        )

    def part(self, path: Path, make: Callable[[], BuiltT]) -> BuiltT | None:
        """Make a part; where that cannot be, note what is wrong with the table that it is made of."""
        try:
            return make()
        except ConfigurationError as error:
            self.reading.fault(path, f"cannot work: {error}")
            return None

    def app_info(self) -> InputAppInfo:
        """
        Return names and domains, each of which was tried alone: so all that cannot be are told.

        Raises:
            ConfigurationError: one cannot be read.
        """
        app = self.config.app
        info = InputAppInfo(
            app.name,
            app.api_domain,
            app.api_gateway_path,
            app.api_base_path,
            app.website_base_path,
            app.website_domain,
        )
        sound = InputAppInfo(app.name, "http://localhost", website_domain="http://localhost")
        for name in ("api_domain", "website_domain", "api_gateway_path", "api_base_path", "website_base_path"):
            alone = attrs.evolve(sound, **{name: getattr(app, name)})
            self.part(("app", name), alone.normalised)
        return info

    def recipes(self) -> Mapping[Path, Callable[[], RecipeEntry]]:
        """Return what makes the recipes that the configuration switches on, by the table of each."""
        config = self.config
        made: dict[Path, Callable[[], RecipeEntry]] = {("session",): lambda: sessions(config.session)}
        if (passwords := config.emailpassword) is not None:
            reset = PasswordResetFeature(enabled=passwords.password_reset, lifetime_s=passwords.reset_lifetime_s)
            made["emailpassword",] = lambda: emailpassword.init(
                sign_up_api=passwords.sign_up_api, email_exists_api=passwords.email_exists_api, password_reset=reset
            )
        if (verification := config.emailverification) is not None:
            made["emailverification",] = lambda: emailverification.init(verification.mode)
        if (others := config.thirdparty) is not None:
            made["thirdparty",] = lambda: thirdparty.init(SignInAndUpFeature([*map(provider, others.providers)]))
        if (roles := config.userroles) is not None:
            made["userroles",] = lambda: userroles.init(
                skip_adding_roles_to_access_token=not roles.in_access_token,
                skip_adding_permissions_to_access_token=not roles.in_access_token,
            )
        if config.usermetadata is not None:
            made["usermetadata",] = usermetadata.init
        if config.api.keys:
            made["api",] = lambda: server_api(keys=config.api.keys)
        return made

    def mail(self) -> EmailDeliveryConfig | None:
        """
        Return how mails are sent; None leaves it to `authweave.init`.

        Raises:
            ConfigurationError: the server cannot be as it is described, or the extra ``mail`` is not installed.
        """
        mail = self.config.mail
        if mail is None:
            return None
        settings = SMTPSettings(
            host=mail.host,
            port=mail.port,
            from_=SMTPSettingsFrom(mail.from_name, mail.from_email),
            password=mail.password,
            secure=mail.secure,
            username=mail.username,
            starttls=mail.starttls,
        )
        return EmailDeliveryConfig(SMTPService(settings))

    def check_storage(self) -> None:
        """
        Check whether there can be such a store.

        Raises:
            ConfigurationError: there cannot.
        """
        place = place_of(self.config.storage.url)
        if place == "server" and find_spec("psycopg") is None:
            raise ConfigurationError(f"PostgreSQL needs psycopg: {install_command('postgresql')}")
        if place == "memory" and self.config.server.workers > 1:
            raise ConfigurationError(
                "each of several workers would have a database of its own in its memory: name a file, as in "
                "sqlite:///auth.db, or set server.workers = 1."
            )

    def check_secret(self) -> None:
        """
        Check whether there is a secret where one is needed, and whether it is one.

        Raises:
            ConfigurationError: it lacks, or cannot be used.
        """
        secret = self.config.secrets.server
        try:
            if secret is not None:
                secret_from_configuration(secret)
                return
            is_needed = place_of(self.config.storage.url) == "server"
        except SecretError as error:
            raise ConfigurationError(str(error)) from error
        except ConfigurationError:
            return  # the URL is told already
        if is_needed:
            raise ConfigurationError(
                "it is missing, and PostgreSQL needs one, the same on every machine: write the output of `openssl rand "
                "-base64 32` into a file, and name it as secrets.server_file."
            )

    def check_origins(self) -> None:
        """
        Check which websites may ask.

        Raises:
            ConfigurationError: one is no origin.
        """
        for each in self.config.server.cors_origins or ():
            origin_of(each)

    def overrides(self) -> list[Override[Interface[UserContext]]]:
        """Return the overrides that programs of the application's make over HTTP."""
        made = [
            self.part(("webhooks", number), partial(webhook, each)) for number, each in enumerate(self.config.webhooks)
        ]
        return [each for each in made if each is not None]


def origin_of(written: str) -> str:
    """
    Return an origin as browsers write it: in ASCII, and without the port that its scheme implies.

    Raises:
        ConfigurationError: it is none, or more than one.
    """
    try:
        website = InputAppInfo("The website", written, website_domain=written).normalised()
    except ConfigurationError:
        website = None
    if website is None or website.website_domain != written.lower():
        raise ConfigurationError("an origin is like https://example.com, without a path and without '*'.")
    return website.website_origin


def webhook(settings: WebhookSettings) -> Override[Interface[UserContext]]:
    """
    Return the override that a webhook is.

    Raises:
        ConfigurationError: it cannot be asked so.
    """
    return Webhook(
        settings.function,
        settings.url,
        settings.secret,
        when=settings.when,
        on_failure=settings.on_failure,
        timeout_s=settings.timeout_s,
        sends=settings.sends,
    )


def sessions(config: SessionConfig) -> RecipeEntry:
    """
    Return the recipe of sessions.

    Raises:
        ConfigurationError: an option cannot work.
    """
    transfer = config.token_transfer

    def transfer_method(
        request: BaseRequest,
        for_create_new_session: bool,  # noqa: FBT001  as the contract has it
        user_context: UserContext,
    ) -> AnyTransferMethod:
        """Return the one that is configured."""
        del request, for_create_new_session, user_context
        return transfer

    return session.init(
        cookie_domain=config.cookie_domain,
        older_cookie_domain=config.older_cookie_domain,
        cookie_secure=config.cookie_secure,
        cookie_same_site=config.cookie_same_site,
        anti_csrf=config.anti_csrf,
        get_token_transfer_method=None if transfer == "any" else transfer_method,
        access_token_validity_s=config.access_token_validity_s,
        refresh_token_validity_s=config.refresh_token_validity_s,
        session_lifetime_s=config.session_lifetime_s,
        max_sessions_per_user=config.max_sessions_per_user,
        access_token_signing_algorithm=config.access_token_signing_algorithm,
        accept_risks=config.accept_risks,
    )


def provider(settings: ProviderSettings) -> ProviderInput:
    """Return somebody to sign in with."""
    client = ProviderClientConfig(
        settings.client_id,
        settings.client_secret,
        settings.client_type,
        settings.scope,
        token_endpoint_auth_method=settings.token_endpoint_auth_method,
        private_key=settings.private_key,
        private_key_id=settings.private_key_id,
    )
    return ProviderInput(
        ProviderConfig(
            settings.id,
            name=settings.name,
            oidc_discovery_endpoint=settings.oidc_discovery_endpoint,
            clients=[client],
        )
    )
