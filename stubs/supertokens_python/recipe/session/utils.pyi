# Written by `authweave moved stubs`.
from authweave.recipe.session.utils import TokenTransferMethod as TokenTransferMethod
