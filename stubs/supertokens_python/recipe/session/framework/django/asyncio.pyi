# Written by `authweave moved stubs`.
from authweave.recipe.session.framework.django.asyncio import verify_session as verify_session
