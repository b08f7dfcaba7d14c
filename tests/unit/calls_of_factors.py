"""What calls what when people sign in with codes and passkeys, and show second factors."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar

import attrs
import httpx2
import pyotp
from fastapi import FastAPI

from authweave import InputAppInfo, UserContext, init
from authweave.framework.fastapi import get_middleware
from authweave.ingredients.emaildelivery import DevelopmentMails, EmailDeliveryConfig
from authweave.kernel import AnyOverride, Journal, current_context, root_context, wrap
from authweave.recipe import accountlinking, multifactorauth, passwordless, session, totp, webauthn
from authweave.recipe.accountlinking import link_if_verified
from authweave.recipe.multifactorauth import asyncio as factors
from authweave.recipe.multifactorauth.interfaces import APIInterface as MultiFactorAuthAPIs
from authweave.recipe.passwordless import PasswordlessLoginEmailTemplateVars
from authweave.recipe.passwordless.interfaces import APIInterface as PasswordlessAPIs
from authweave.recipe.totp.interfaces import APIInterface as TOTPAPIs
from authweave.recipe.webauthn.interfaces.api import APIInterface as WebauthnAPIs

P = ParamSpec("P")
R = TypeVar("R")

ORIGIN: Final = "http://localhost:8000"
