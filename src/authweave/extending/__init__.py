"""What recipes are made with, the library's own and those of others."""

from authweave.outbox import OffLoop

from ._blocking import RunningLoopError, blocking, blocking_method
from ._checks import Check, Diagnosis, Finding, Severity
from ._default import Application, AtWork, app_in_use, default_app, finder_of_context, set_default_app
from ._emails import EmailChanged, EmailContribution, EmailOwner, EmailVerifier, VerifiedEmails
from ._entry import RecipeEntry, RecipeInit
from ._extras import require_extra
from ._factors import (
    FactorContacts,
    FactorOwner,
    FactorsContribution,
    FirstFactors,
    first_factors_of,
    valid_first_factors,
)
from ._login_methods import KNOWN_FACTORS, KNOWN_METHODS, LoginMethods, login_methods_route, offered_logins
from ._offered_login import OfferedLogin
from ._on_loop import LoopRunner, begin_here, on_loop, own_context, runs_on_loop, threads_are_greenlets
from ._options import check_options
from ._overrides import APICall, RecipeAPIOptions, RecipeOverrides
from ._put_off import PutOff, current_put_off, put_off, putting_off
from ._recipe import Contributions, Recipe, Recipes, RecipeT, not_listed
from ._services import InBackground, OverrideInput, Services, Transactions, as_overrides, ordered_without
from ._tenants import TenantContribution, TenantOfRequest
from ._user_mails import UserMail

__all__ = [
    "KNOWN_FACTORS",
    "KNOWN_METHODS",
    "APICall",
    "Application",
    "AtWork",
    "Check",
    "Contributions",
    "Diagnosis",
    "EmailChanged",
    "EmailContribution",
    "EmailOwner",
    "EmailVerifier",
    "FactorContacts",
    "FactorOwner",
    "FactorsContribution",
    "Finding",
    "FirstFactors",
    "InBackground",
    "LoginMethods",
    "LoopRunner",
    "OffLoop",
    "OfferedLogin",
    "OverrideInput",
    "PutOff",
    "Recipe",
    "RecipeAPIOptions",
    "RecipeEntry",
    "RecipeInit",
    "RecipeOverrides",
    "RecipeT",
    "Recipes",
    "RunningLoopError",
    "Services",
    "Severity",
    "TenantContribution",
    "TenantOfRequest",
    "Transactions",
    "UserMail",
    "VerifiedEmails",
    "app_in_use",
    "as_overrides",
    "begin_here",
    "blocking",
    "blocking_method",
    "check_options",
    "current_put_off",
    "default_app",
    "finder_of_context",
    "first_factors_of",
    "login_methods_route",
    "not_listed",
    "offered_logins",
    "on_loop",
    "ordered_without",
    "own_context",
    "put_off",
    "putting_off",
    "require_extra",
    "runs_on_loop",
    "set_default_app",
    "threads_are_greenlets",
    "valid_first_factors",
]
