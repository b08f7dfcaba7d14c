"""
Routes, errors as answers, and serving a request: plain values in and out; no framework here, and no recipe.

Recipes bring their routes and answers to errors as data. An adapter of a framework drives `Serving`.
"""

from ._accepting import Reads, is_own_origin
from ._context import (
    APPLICATION,
    AT_WORK,
    RequestContext,
    client_of,
    default_content,
    get_request_from_user_context,
    website_of,
)
from ._cors import get_all_cors_headers
from ._described import (
    GENERAL_ERROR,
    JSON_TYPE,
    LEGACY_USER,
    MESSAGE,
    OK,
    OPENAPI_DOCUMENT,
    TEXT,
    USER,
    Answer,
    Header,
    Link,
    Parameter,
    Schema,
    Security,
    SecurityScheme,
    array_of,
    object_schema,
    one_of,
    status_schema,
)
from ._endpoints import Endpoints
from ._errors import ErrorResponse, ErrorResponses, error_response, error_response_faults, message, message_in
from ._exchange import Exchange
from ._fdi import (
    FDI_VERSION,
    NEWEST,
    Version,
    fdi_version,
    read_version,
    takes_legacy_user,
    takes_linking_flag,
    user_json,
)
from ._forms import read_form
from ._kept_body import MAX_DIGITS, KeptBody, declared_length
from ._lazy_headers import LazyHeaders
from ._overridden import overridden_response
from ._results import general_error, unexpected
from ._root_path import with_root_path
from ._routes import Handler, Match, Route, RouteTable, route_faults
from ._serving import CLIENT_ERROR, SERVER_ERROR, STATE, ClientDisconnectedError, Servable, Serving, serving_in
from ._serving_of import FrameworkRequest, WithEnviron, WithMeta, WithScope, serving_of
from ._status import status_line

__all__ = [
    "APPLICATION",
    "AT_WORK",
    "CLIENT_ERROR",
    "FDI_VERSION",
    "GENERAL_ERROR",
    "JSON_TYPE",
    "LEGACY_USER",
    "MAX_DIGITS",
    "MESSAGE",
    "NEWEST",
    "OK",
    "OPENAPI_DOCUMENT",
    "SERVER_ERROR",
    "STATE",
    "TEXT",
    "USER",
    "Answer",
    "ClientDisconnectedError",
    "Endpoints",
    "ErrorResponse",
    "ErrorResponses",
    "Exchange",
    "FrameworkRequest",
    "Handler",
    "Header",
    "KeptBody",
    "LazyHeaders",
    "Link",
    "Match",
    "Parameter",
    "Reads",
    "RequestContext",
    "Route",
    "RouteTable",
    "Schema",
    "Security",
    "SecurityScheme",
    "Servable",
    "Serving",
    "Version",
    "WithEnviron",
    "WithMeta",
    "WithScope",
    "array_of",
    "client_of",
    "declared_length",
    "default_content",
    "error_response",
    "error_response_faults",
    "fdi_version",
    "general_error",
    "get_all_cors_headers",
    "get_request_from_user_context",
    "is_own_origin",
    "message",
    "message_in",
    "object_schema",
    "one_of",
    "overridden_response",
    "read_form",
    "read_version",
    "route_faults",
    "serving_in",
    "serving_of",
    "status_line",
    "status_schema",
    "takes_legacy_user",
    "takes_linking_flag",
    "unexpected",
    "user_json",
    "website_of",
    "with_root_path",
]
