"""What the file of ``authweave serve`` says: one class a table (docs/reference/serve.md)."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from authweave.recipe.session.types import Risk
from authweave.recipe.thirdparty.provider import TokenEndpointAuthMethod

from ._settings import setting

MIN_KEY_CHARACTERS: Final = 32
"""At least 128 bits also where a key is written in hexadecimal (NIST SP 800-131A, revision 2)."""

DAY_S: Final = 86_400


@attrs.frozen(kw_only=True)
class AppConfig:
    """Names and domains, as for `authweave.InputAppInfo`."""

    name: str = setting("Shown to people, in mails too.", least=1)
    api_domain: str = setting("Where browsers reach this server: `https://auth.example.com`.", least=1)
    website_domain: str = setting("Where the website is: `https://example.com`.", least=1)
    api_gateway_path: str = setting("What a gateway in front takes off the path.", default="")
    api_base_path: str = setting("The path below which all routes are.", default="/auth")
    website_base_path: str = setting("The path below which the website has its pages.", default="/auth")


@attrs.frozen(kw_only=True)
class ServerConfig:
    """The process."""

    host: str = setting("The address to listen on.", default="127.0.0.1", least=1)
    port: int = setting("The port to listen on; 0 takes a free one.", default=3567, least=0, most=65535)
    workers: int = setting("How many processes serve. More than one needs a database.", default=1, least=1, most=64)
    graceful_stop_s: int = setting(
        "For how many seconds requests that run may go on after SIGTERM.", default=30, least=1, most=3600
    )
    max_body_bytes: int = setting(
        "How long the body of a request may be.", default=1024 * 1024, least=1024, most=64 * 1024 * 1024
    )
    cors_origins: tuple[str, ...] | None = setting(
        "The websites whose pages may ask, as origins; by default `app.website_domain`.", default=None
    )
    trusted_proxies: tuple[str, ...] | None = setting(
        "Addresses and networks of the proxies in front; an empty list says that clients connect directly.",
        default=None,
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "What is logged: one JSON object a line, on standard output.", default="info"
    )
    status_page: bool = setting("Whether `/status` shows what runs, on loopback or with a key.", default=True)


@attrs.frozen(kw_only=True)
class StorageConfig:
    """Where users and sessions are kept."""

    url: str = setting(
        "A URL: `sqlite:///auth.db`, relative to where the command is started, or `sqlite:////var/lib/auth.db`; "
        "`postgresql://user:password@host/database`.",
        is_secret=True,
        least=1,
    )
    migrate: bool | None = setting(
        "Whether starting brings the tables up to date; by default on SQLite alone.", default=None
    )
    pool_size: int = setting("Connections to PostgreSQL of each process.", default=8, least=1, most=1000)


@attrs.frozen(kw_only=True)
class SecretsConfig:
    """What keys are derived from."""

    server: str | None = setting(
        "At least 32 characters. On SQLite there is a file of its own beside the database without it.",
        default=None,
        is_secret=True,
        least=MIN_KEY_CHARACTERS,
    )


@attrs.frozen(kw_only=True)
class ApiConfig:
    """The API for other programs of yours. Without a key it is not served."""

    keys: tuple[str, ...] = setting(
        "Each of at least 32 characters, `openssl rand -base64 32` say. Several are for the time in which one replaces "
        "another.",
        default=(),
        is_secret=True,
        least=MIN_KEY_CHARACTERS,
    )


@attrs.frozen(kw_only=True)
class SessionConfig:
    """Sessions, as `authweave.recipe.session.init` says."""

    cookie_domain: str | None = setting("Whose cookies they are; by default the API's host alone.", default=None)
    older_cookie_domain: str | None = setting("What `cookie_domain` was before.", default=None)
    cookie_secure: bool | None = setting("Whether cookies travel by https only.", default=None)
    cookie_same_site: Literal["none", "lax", "strict"] | None = setting("Of the cookies.", default=None)
    anti_csrf: Literal["VIA_TOKEN", "VIA_CUSTOM_HEADER", "NONE"] | None = setting(
        "How requests with cookies prove that the website sent them.", default=None
    )
    token_transfer: Literal["any", "cookie", "header"] = setting(
        "How tokens travel; `any` is as the frontend wishes.", default="any"
    )
    access_token_validity_s: int = setting("How long an access token lives.", default=3600, least=1, most=DAY_S * 365)
    refresh_token_validity_s: int = setting(
        "How long a session lives without being used.", default=100 * DAY_S, least=1, most=DAY_S * 3650
    )
    session_lifetime_s: int | None = setting(
        "How long a session lives however much it is used.", default=None, least=1, most=DAY_S * 3650
    )
    max_sessions_per_user: int | None = setting("How many a user has at once.", default=None, least=1, most=100_000)
    access_token_signing_algorithm: Literal["RS256", "ES256"] | None = setting(
        "Of access tokens; by default what the newest key in the store has, and `ES256` where there is none.",
        default=None,
    )
    accept_risks: tuple[Risk, ...] = setting("Names of risks in these settings that are known.", default=())


@attrs.frozen(kw_only=True)
class EmailPasswordConfig:
    """Signing in with an address and a password. The table switches the recipe on, and so do those below."""

    sign_up_api: bool = setting("Whether people may sign up by themselves.", default=True)
    email_exists_api: bool = setting("Whether anybody may ask if an address is known.", default=True)
    password_reset: bool = setting("Whether forgotten passwords can be reset.", default=True)
    reset_lifetime_s: int = setting("For how long a link to reset one is good.", default=3600, least=60, most=7 * DAY_S)


@attrs.frozen(kw_only=True)
class EmailVerificationConfig:
    """Verifying addresses."""

    mode: Literal["REQUIRED", "OPTIONAL"] = setting(
        "Whether every route that asks for a session asks for a verified address.", default="OPTIONAL"
    )


@attrs.frozen(kw_only=True)
class ProviderSettings:
    """Somebody to sign in with. Google, GitHub and others are known by their id."""

    id: str = setting("The provider's id: `google`.", least=1)
    client_id: str = setting("The id of the client that was registered there.", least=1)
    client_secret: str | None = setting("Its secret; public clients have none.", default=None, is_secret=True)
    client_type: str | None = setting("Which of several clients of one provider it is.", default=None)
    token_endpoint_auth_method: TokenEndpointAuthMethod | None = setting(
        "How the client was registered to prove who it is; by default as the provider's discovery document says.",
        default=None,
    )
    private_key: str | None = setting(
        "What it signs with where that is `private_key_jwt`: PEM, or a JWK as JSON.", default=None, is_secret=True
    )
    private_key_id: str | None = setting("The `kid` under which the provider knows that key.", default=None)
    scope: tuple[str, ...] | None = setting("What to ask for, in place of the provider's default.", default=None)
    name: str | None = setting("What buttons call the provider.", default=None)
    oidc_discovery_endpoint: str | None = setting("The issuer, of a provider that is not known.", default=None)


@attrs.frozen(kw_only=True)
class ThirdPartyConfig:
    """Signing in with Google, GitHub and others."""

    providers: tuple[ProviderSettings, ...] = setting("One table each.", default=())


@attrs.frozen(kw_only=True)
class UserRolesConfig:
    """Roles and permissions."""

    in_access_token: bool = setting("Whether sessions say which roles and permissions a user has.", default=True)


@attrs.frozen(kw_only=True)
class UserMetadataConfig:
    """JSON that is kept with a user. The table has no settings."""


@attrs.frozen(kw_only=True)
class MailConfig:
    """The mail server. Without the table mails are printed on a machine of a developer's, and elsewhere not sent."""

    host: str = setting("The SMTP server.", least=1)
    port: int = setting("Its port.", default=587, least=1, most=65535)
    from_name: str = setting("Who mails are from, as it is shown.", least=1)
    from_email: str = setting("The address that they are from.", least=3)
    username: str | None = setting("To log in with; by default `from_email`.", default=None)
    password: str | None = setting("To log in with; without one there is no login.", default=None, is_secret=True)
    secure: bool = setting("Whether the connection begins with TLS, as on port 465.", default=False)
    starttls: Literal["required", "if_offered", "never"] | None = setting(
        "What becomes of one that does not; by default `required`, but on this machine.", default=None
    )


@attrs.frozen(kw_only=True)
class WebhookSettings:
    """A function of a recipe that a program of yours overrides, over HTTP."""

    function: str = setting("Which: `emailpassword.sign_up`, or an API: `emailpassword.sign_up_post`.", least=3)
    url: str = setting("Where it is asked: https, or loopback.", least=1)
    secret: str = setting("Signs what is sent and what is answered: `whsec_...`.", is_secret=True, least=1)
    when: Literal["before", "after", "both"] = setting("When it is asked.", default="before")
    on_failure: Literal["refuse", "go_on"] = setting(
        "What becomes of the call where it cannot be asked.", default="refuse"
    )
    timeout_s: float = setting("How long it has for its answer.", default=5.0, least=0.05, most=60)
    sends: tuple[str, ...] = setting(
        "Parameters that are secret and are sent all the same: `password`, say.", default=()
    )


@attrs.frozen(kw_only=True)
class ServeConfig:
    """
    The whole file. A table that may be missing switches a recipe, or mail, on.

    Environment variables go before the file: ``AUTHWEAVE_SERVE_`` and the names of table and key.
    """

    app: AppConfig = setting("Names and domains.")
    storage: StorageConfig = setting("Where users and sessions are kept.")
    server: ServerConfig = setting("The process.", default=ServerConfig())
    secrets: SecretsConfig = setting("What keys are derived from.", default=SecretsConfig())
    api: ApiConfig = setting("The API for programs of yours.", default=ApiConfig())
    session: SessionConfig = setting("Sessions.", default=SessionConfig())
    emailpassword: EmailPasswordConfig | None = setting("Address and password.", default=None)
    emailverification: EmailVerificationConfig | None = setting("Verifying addresses.", default=None)
    thirdparty: ThirdPartyConfig | None = setting("Signing in with others.", default=None)
    userroles: UserRolesConfig | None = setting("Roles.", default=None)
    usermetadata: UserMetadataConfig | None = setting("JSON with a user.", default=None)
    mail: MailConfig | None = setting("The mail server.", default=None)
    webhooks: tuple[WebhookSettings, ...] = setting("Overrides over HTTP, one table each.", default=())
