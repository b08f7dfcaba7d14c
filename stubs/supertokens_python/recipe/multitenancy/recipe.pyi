# Written by `authweave moved stubs`.
from authweave.recipe.multitenancy import AllowedDomainsClaim as AllowedDomainsClaim
from authweave.recipe.multitenancy.claims import AllowedDomainsClaimClass as AllowedDomainsClaimClass
from authweave.recipe.multitenancy.recipe import ContextT_contra as ContextT_contra
from authweave.recipe.multitenancy.recipe import MultitenancyRecipe as MultitenancyRecipe
