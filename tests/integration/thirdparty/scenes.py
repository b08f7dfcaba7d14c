"""Applications for attacks: with a switch on, or without."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import attrs

from authweave.app import init
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import (
    ProviderConfig,
    ProviderInput,
    UserFields,
    UserInfoMap,
)
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo

from .attacks import Scene
from .openid_server import OpenIDServer
from .sign_ins import IOS, PATIENT, WEB, MovedClock
from .switches import Switch


@contextmanager
def scene(server: OpenIDServer, named: OpenIDServer, switch: Switch, foreign: str) -> Generator[Scene]:
    """Build an application for a block, with a switch on for all its providers."""
    web = attrs.evolve(WEB, **switch.client)
    discovered = [
        ProviderConfig(name, oidc_discovery_endpoint=where.issuer, clients=[web, IOS], **switch.config)
        for name, where in (("corp", server), ("other", server), ("named", named))
    ]
    plain = ProviderConfig(
        "plain",
        authorization_endpoint=f"{server.issuer}/authorize",
        token_endpoint=f"{server.issuer}/token",
        user_info_endpoint=f"{server.issuer}/userinfo",
        user_info_map=UserInfoMap(from_user_info_api=UserFields("sub", "email")),
        clients=[web],
        **switch.config,
    )
    providers = [ProviderInput(each, include_in_non_public_tenants_by_default=True) for each in (*discovered, plain)]
    clock = MovedClock()
    app = init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
        [
            thirdparty.init(thirdparty.SignInAndUpFeature(providers), settings=PATIENT, **switch.recipe),
            session.init(),
        ],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        clock=clock,
        default=False,
    )
    app.services.storage.create_tenant("t1")
    yield Scene(app, server, clock, foreign)
    app.close()
