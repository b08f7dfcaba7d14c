"""What every recipe's overrides and APIs are handed."""

from __future__ import annotations

from typing import Generic

import attrs
from typing_extensions import TypeVar

from authweave.types import AppInfo, BaseRequest, BaseResponse, Options

from ._services import OverrideInput

FunctionsT = TypeVar("FunctionsT")
FunctionsT_co = TypeVar("FunctionsT_co", covariant=True)
APIsT = TypeVar("APIsT")
OptionsT = TypeVar("OptionsT", bound="RecipeAPIOptions[object]")


@attrs.frozen
class RecipeOverrides(Options, Generic[FunctionsT, APIsT]):
    """
    Overrides of a recipe, as its ``init`` takes them. A recipe names its own by a subclass, ``InputOverrideConfig``.

    Args:
        functions: of the functions that do the work; one or several, the outermost first.
        apis: of the functions that answer HTTP requests.
    """

    functions: OverrideInput[FunctionsT] = None
    apis: OverrideInput[APIsT] = None


@attrs.frozen(kw_only=True)
class RecipeAPIOptions(Generic[FunctionsT_co]):
    """
    What the APIs of a recipe are handed beside their input. A recipe names its own by a subclass, ``APIOptions``.

    Attributes:
        recipe_id: the recipe's.
        recipe_implementation: the composed functions of the recipe.
    """

    request: BaseRequest
    recipe_id: str
    recipe_implementation: FunctionsT_co
    app_info: AppInfo

    @property
    def response(self) -> BaseResponse:
        """What is to be said of the answer beside the API's result: a status, a header, a cookie, other content."""
        return self.request.response


class APICall(Generic[OptionsT]):
    """
    What the call of an API offers beside its parameters.

    It is a base of the classes of calls of a recipe's APIs: ``class CreateKeyPost(Call[...], APICall[APIOptions])``.
    """

    __slots__ = ()

    api_options: OptionsT

    @property
    def response(self) -> BaseResponse:
        """What is to be said of the answer beside the API's result: a status, a header, a cookie, other content."""
        return self.api_options.response
