"""One person, several login methods: which of them become those of one user, and how."""

from .calls import (
    CanCreatePrimaryUser,
    CanLinkAccounts,
    CreatePrimaryUser,
    DeleteUser,
    GetUser,
    GetUsers,
    LinkAccounts,
    ListUsersByAccountInfo,
    UnlinkAccount,
)
from .config import AccountLinkingConfig, OnAccountLinked, ShouldDoAutomaticAccountLinking, link_if_verified
from .recipe import AccountLinkingRecipe
from .setup import AccountLinkingSetup, init
from .types import (
    AccountInfoWithRecipeId,
    AccountInfoWithRecipeIdAndUserId,
    AccountLinkingOverrideConfig,
    InputOverrideConfig,
    RecipeLevelUser,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)

__all__ = [
    "AccountInfoWithRecipeId",
    "AccountInfoWithRecipeIdAndUserId",
    "AccountLinkingConfig",
    "AccountLinkingOverrideConfig",
    "AccountLinkingRecipe",
    "AccountLinkingSetup",
    "CanCreatePrimaryUser",
    "CanLinkAccounts",
    "CreatePrimaryUser",
    "DeleteUser",
    "GetUser",
    "GetUsers",
    "InputOverrideConfig",
    "LinkAccounts",
    "ListUsersByAccountInfo",
    "OnAccountLinked",
    "RecipeLevelUser",
    "ShouldAutomaticallyLink",
    "ShouldDoAutomaticAccountLinking",
    "ShouldNotAutomaticallyLink",
    "UnlinkAccount",
    "init",
    "link_if_verified",
]
