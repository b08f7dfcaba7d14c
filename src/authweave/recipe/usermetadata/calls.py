"""
The functions of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from typing import Final

from typing_extensions import TypeVar

from authweave.kernel import Call, UserContext

from .interfaces import ClearUserMetadataResult, JSONObject, MetadataResult, RecipeInterface

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

IN_INTERFACES: Final = {"JSONObject": "UncheckedJSON"}
"""What interfaces say, so that an override may annotate it as here or as the documents do."""


class GetUserMetadata(Call[RecipeInterface[ContextT], MetadataResult, ContextT]):
    """
    Return what is kept with a user; nothing for a user that there is not.

    Attributes:
        user_id: the user's id, or any other text.
    """

    user_id: str


class UpdateUserMetadata(Call[RecipeInterface[ContextT], MetadataResult, ContextT]):
    """
    Merge into what is kept with a user: a key at the top is replaced whole, and None at the top removes its key.

    Attributes:
        user_id: the user's id, or any other text.
        metadata_update: what is new; other keys stay, also the library's own, ``_supertokens``.
    """

    user_id: str
    metadata_update: JSONObject


class ClearUserMetadata(Call[RecipeInterface[ContextT], ClearUserMetadataResult, ContextT]):
    """
    Delete all that is kept with a user, also what the library keeps there.

    Attributes:
        user_id: the user's id, or any other text.
    """

    user_id: str
