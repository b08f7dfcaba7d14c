# Written by `authweave moved stubs`.
from authweave.recipe.session.framework.django import OptionalSessionRequest as OptionalSessionRequest
from authweave.recipe.session.framework.django import SessionRequest as SessionRequest
