"""A list of recipes that is built before init takes it."""

from typing import assert_type

from authweave import InputAppInfo, UserContext, init
from authweave.app import App, RecipeEntry
from authweave.recipe import emailpassword, session
from authweave.storage.memory import MemoryStorage

INFO = InputAppInfo("Example", "api.example.com", website_domain="example.com")
SECRET = b"s" * 32


class AppContext(UserContext, total=False):
    """The application's keys."""

    campaign: str


# program: a list without an annotation
recipes = [emailpassword.init(), session.init()]
init(INFO, recipes, storage=MemoryStorage(), secret=SECRET)

# program: a list that says for which context
entries: list[RecipeEntry[AppContext]] = [emailpassword.init(), session.init()]
app = init(INFO, entries, storage=MemoryStorage(), secret=SECRET, context=AppContext)
assert_type(app, App[AppContext])
