# Written by `authweave moved stubs`.
from authweave.recipe.session.framework.django import OptionalSessionRequest as OptionalSessionRequest
from authweave.recipe.session.framework.django import SessionRequest as SessionRequest
from . import asyncio as asyncio
from . import syncio as syncio
