"""
Routes, errors as answers, and serving a request: plain values in and out; no framework here, and no recipe.

Recipes bring their routes and answers to errors as data. An adapter of a framework drives `Serving`.
"""

from ._accepting import Reads, is_own_origin
from ._context import RequestContext, get_request_from_user_context
from ._cors import get_all_cors_headers
from ._endpoints import Endpoints
from ._errors import ErrorResponse, ErrorResponses, error_response, error_response_faults, message
from ._exchange import Exchange
from ._fdi import Version, fdi_version, takes_legacy_user, takes_linking_flag, user_json
from ._forms import read_form
from ._results import general_error, unexpected
from ._routes import Handler, Match, Route, RouteTable, route_faults
from ._serving import SERVER_ERROR, STATE, ClientDisconnectedError, Servable, Serving, serving_in
from ._serving_of import serving_of

__all__ = [
    "SERVER_ERROR",
    "STATE",
    "ClientDisconnectedError",
    "Endpoints",
    "ErrorResponse",
    "ErrorResponses",
    "Exchange",
    "Handler",
    "Match",
    "Reads",
    "RequestContext",
    "Route",
    "RouteTable",
    "Servable",
    "Serving",
    "Version",
    "error_response",
    "error_response_faults",
    "fdi_version",
    "general_error",
    "get_all_cors_headers",
    "get_request_from_user_context",
    "is_own_origin",
    "message",
    "read_form",
    "route_faults",
    "serving_in",
    "serving_of",
    "takes_legacy_user",
    "takes_linking_flag",
    "unexpected",
    "user_json",
]
