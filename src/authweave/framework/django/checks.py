"""Django's system checks of how the library is set up: ``manage.py check``, and ``check --deploy``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning  # noqa: A004  Django's word
from django.http.request import split_domain_port, validate_host
from django.utils.module_loading import import_string

from authweave.extending import Application
from authweave.kernel import AuthweaveError

from ._serving import configured_app
from .django_middleware import Middleware

OURS: Final = "authweave.framework.django.django_middleware.middleware"
BEFORE_OURS: Final = {
    "corsheaders.middleware.CorsMiddleware": "browsers of another origin learn nothing of the library's answers",
    "django.middleware.cache.UpdateCacheMiddleware": "Django's cache keeps answers that sessions change afterwards",
    "django.middleware.security.SecurityMiddleware": "the library's routes are served without https and its headers",
}
AFTER_OURS: Final = {
    "django.middleware.common.CommonMiddleware": "APPEND_SLASH may redirect the library's routes",
    "django.middleware.csrf.CsrfViewMiddleware": "it does work for the library's routes that none of them needs",
    "django.contrib.auth.middleware.LoginRequiredMiddleware": "errors of sessions in it are not answered",
}
LOCAL_HOSTS: Final = (".localhost", "127.0.0.1", "[::1]")
"""Those that Django allows while ``DEBUG`` is on and ``ALLOWED_HOSTS`` empty."""


def check_settings(app_configs: object, **_: object) -> list[CheckMessage]:
    """Look for what stands in the way of the library's routes."""
    del app_configs
    app = app_or_fault()
    return [*middleware_faults(settings.MIDDLEWARE), *([app] if isinstance(app, Error) else host_faults(app))]


def check_deployment(app_configs: object, **_: object) -> list[CheckMessage]:
    """Look for what matters where people use it (``check --deploy``)."""
    del app_configs
    found: list[CheckMessage] = []
    if "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE:
        found.append(
            Info(
                "Views with @verify_session() ask for Django's CSRF token as well: a frontend that sends none gets "
                "403 from them.",
                hint="Put @csrf_exempt outside of @verify_session(), which has a check of its own; keep Django's for "
                "forms.",
                id="authweave.I001",
            )
        )
    app = app_or_fault()
    if getattr(app, "debug", False):
        found.append(
            Warning(
                "authweave.init(debug=True): answers say what may be wrong with requests, and contexts keep a journal.",
                hint="Leave debug out where people use it.",
                id="authweave.W004",
            )
        )
    return found


def app_or_fault() -> Application | Error:
    """Return whose middleware it is; or what says why there is none."""
    try:
        return configured_app(getattr(settings, "AUTHWEAVE_APP", None))
    except (AuthweaveError, ImportError, AttributeError) as error:
        return Error(
            f"authweave has no application: {error}",
            hint="Call authweave.init(...) in the settings, or in a module that AUTHWEAVE_APP names: 'shop.auth:auth'.",
            id="authweave.E003",
        )


def middleware_faults(listed: Sequence[str]) -> Iterator[CheckMessage]:
    """Say what is wrong with ``MIDDLEWARE``."""
    places = [index for index, path in enumerate(listed) if is_ours(path)]
    if not places:
        hint = f"Add {OURS!r} to MIDDLEWARE, after SecurityMiddleware."
        yield Error("authweave's middleware is not in MIDDLEWARE.", hint=hint, id="authweave.E001")
        return
    if len(places) > 1:
        hint = "Remove all but the first."
        yield Error("authweave's middleware is in MIDDLEWARE more than once.", hint=hint, id="authweave.E002")
    place = places[0]
    wrong = [(path, "after", why) for path, why in BEFORE_OURS.items() if path in listed[place:]]
    wrong += [(path, "before", why) for path, why in AFTER_OURS.items() if path in listed[:place]]
    for path, where, why in wrong:
        hint = f"Put authweave's middleware {where} {path.rpartition('.')[2]}."
        yield Warning(f"Where authweave's middleware stands, {why}.", hint=hint, id="authweave.W001", obj=path)


def is_ours(path: str) -> bool:
    """Return whether a path of ``MIDDLEWARE`` is that of the library's, or of a class below it."""
    try:
        found: object = import_string(path)
    except ImportError:
        return False  # which Django itself tells
    return isinstance(found, type) and issubclass(found, Middleware)


def host_faults(app: Application) -> Iterator[CheckMessage]:
    """Say that Django refuses the host that clients are told to ask."""
    host, _ = split_domain_port(urlsplit(str(app.app_info.api_domain)).netloc)
    allowed = settings.ALLOWED_HOSTS or (LOCAL_HOSTS if settings.DEBUG else ())
    if not validate_host(host, allowed):
        hint = f"Add {host!r} to ALLOWED_HOSTS, or correct api_domain in authweave.init."
        yield Warning(f"The api_domain {host!r} is none of ALLOWED_HOSTS.", hint=hint, id="authweave.W002")
