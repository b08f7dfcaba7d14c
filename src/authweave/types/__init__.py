"""Values that every room speaks of: users, requests and answers, the application's whereabouts."""

from ._app_info import AppInfo, InputAppInfo
from ._clients import Client, Clients, Proxies
from ._clock import Clock, system_clock
from ._emails import FAKE_EMAIL_DOMAIN, is_visible, normal_email, typed_email
from ._errors import (
    AnswerBegunError,
    BadInputError,
    BodyTooLargeError,
    ConfigurationError,
    ForeignHandshakeError,
    ForeignRequestError,
    MediaTypeError,
)
from ._extras import install_command, missing_extra
from ._json import JSON, JSONObject, UncheckedJSON
from ._limits import (
    MAX_ADDRESS_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_PROVIDER_TOKEN_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
)
from ._moved import see_row
from ._options import Options
from ._requests import BaseRequest, Response, ResponseChanges, no_body
from ._responses import BaseResponse
from ._results import GeneralErrorResponse
from ._tenants import PUBLIC_TENANT
from ._users import LoginMethod, RecipeId, RecipeUserId, ThirdPartyInfo, User, kept_user, user_of_kept

__all__ = [
    "FAKE_EMAIL_DOMAIN",
    "JSON",
    "MAX_ADDRESS_CHARACTERS",
    "MAX_EMAIL_CHARACTERS",
    "MAX_PROVIDER_TOKEN_CHARACTERS",
    "MAX_SUBJECT_CHARACTERS",
    "PUBLIC_TENANT",
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
    "GeneralErrorResponse",
    "InputAppInfo",
    "JSONObject",
    "LoginMethod",
    "MediaTypeError",
    "Options",
    "Proxies",
    "RecipeId",
    "RecipeUserId",
    "Response",
    "ResponseChanges",
    "ThirdPartyInfo",
    "UncheckedJSON",
    "User",
    "install_command",
    "is_visible",
    "kept_user",
    "missing_extra",
    "no_body",
    "normal_email",
    "see_row",
    "system_clock",
    "typed_email",
    "user_of_kept",
]
