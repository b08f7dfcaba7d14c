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
from ._json import JSON, JSONObject
from ._limits import (
    MAX_ADDRESS_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_PROVIDER_TOKEN_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
)
from ._moved import see_row
from ._options import Options, or_default
from ._requests import BaseRequest, Response, ResponseChanges, no_body
from ._responses import BaseResponse
from ._results import GeneralErrorResponse
from ._tenants import PUBLIC_TENANT
from ._users import (
    LoginMethod,
    RecipeId,
    RecipeUserId,
    ThirdPartyInfo,
    User,
    convert_to_recipe_user_id,
    kept_user,
    user_of_kept,
)
from ._websites import OriginFunction, Websites

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
    "OriginFunction",
    "Proxies",
    "RecipeId",
    "RecipeUserId",
    "Response",
    "ResponseChanges",
    "ThirdPartyInfo",
    "User",
    "Websites",
    "convert_to_recipe_user_id",
    "install_command",
    "is_visible",
    "kept_user",
    "missing_extra",
    "no_body",
    "normal_email",
    "or_default",
    "see_row",
    "system_clock",
    "typed_email",
    "user_of_kept",
]
