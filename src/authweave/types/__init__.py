"""Values that every room speaks of: users, requests and answers, the application's whereabouts."""

from ._accounts import (
    AccountInfo,
    LoginMethod,
    RecipeId,
    RecipeUserId,
    ThirdPartyInfo,
    WebauthnInfo,
    WebauthnInfoInput,
    convert_to_recipe_user_id,
)
from ._app_info import AppInfo, InputAppInfo
from ._clients import Client, Clients, Proxies
from ._clock import Clock, system_clock
from ._codes import typed_code
from ._domains import comparable_origin
from ._emails import FAKE_EMAIL_DOMAIN, has_email_syntax, is_visible, normal_email, typed_email
from ._errors import (
    AnswerBegunError,
    BadInputError,
    BodyTooLargeError,
    ConfigurationError,
    ForeignHandshakeError,
    ForeignRequestError,
    GeneralError,
    MediaTypeError,
)
from ._extras import install_command, missing_extra
from ._frozen import NOT_IN_JSON, FrozenList, FrozenValue, FrozenValueError, frozen_texts
from ._hosts import host_in_ascii
from ._json import JSON, JSONObject, UncheckedJSON
from ._json_text import compact_json
from ._kept_users import kept_user, user_of_kept
from ._limits import (
    MAX_ADDRESS_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_PROVIDER_TOKEN_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
)
from ._linking import LinkingFailure, LinkingToSessionUserFailedError
from ._moved import names_database, see_row, tell_without_effect
from ._options import Options, or_default
from ._phone_numbers import normal_phone_number
from ._requests import BaseRequest, Response, ResponseChanges, no_body
from ._responses import BaseResponse
from ._results import APIResponse, GeneralErrorResponse, Result
from ._tenants import DEFAULT_TENANT_ID, PUBLIC_TENANT
from ._users import User
from ._websites import OriginFunction, Websites
from .base import AccountInfoInput, MaybeAwaitable

__all__ = [
    "DEFAULT_TENANT_ID",
    "FAKE_EMAIL_DOMAIN",
    "JSON",
    "MAX_ADDRESS_CHARACTERS",
    "MAX_EMAIL_CHARACTERS",
    "MAX_PROVIDER_TOKEN_CHARACTERS",
    "MAX_SUBJECT_CHARACTERS",
    "NOT_IN_JSON",
    "PUBLIC_TENANT",
    "APIResponse",
    "AccountInfo",
    "AccountInfoInput",
    "AnswerBegunError",
    "AppInfo",
    "BadInputError",
    "BaseRequest",
    "BaseResponse",
    "BodyTooLargeError",
    "Client",
    "Clients",
    "Clock",
    "ConfigurationError",
    "ForeignHandshakeError",
    "ForeignRequestError",
    "FrozenList",
    "FrozenValue",
    "FrozenValueError",
    "GeneralError",
    "GeneralErrorResponse",
    "InputAppInfo",
    "JSONObject",
    "LinkingFailure",
    "LinkingToSessionUserFailedError",
    "LoginMethod",
    "MaybeAwaitable",
    "MediaTypeError",
    "Options",
    "OriginFunction",
    "Proxies",
    "RecipeId",
    "RecipeUserId",
    "Response",
    "ResponseChanges",
    "Result",
    "ThirdPartyInfo",
    "UncheckedJSON",
    "User",
    "WebauthnInfo",
    "WebauthnInfoInput",
    "Websites",
    "compact_json",
    "comparable_origin",
    "convert_to_recipe_user_id",
    "frozen_texts",
    "has_email_syntax",
    "host_in_ascii",
    "install_command",
    "is_visible",
    "kept_user",
    "missing_extra",
    "names_database",
    "no_body",
    "normal_email",
    "normal_phone_number",
    "or_default",
    "see_row",
    "system_clock",
    "tell_without_effect",
    "typed_code",
    "typed_email",
    "user_of_kept",
]
