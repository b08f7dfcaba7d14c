"""
What is decided of factors, as data: the code, the page about it and the tests are made from it.

``python -m authweave.recipe.multifactorauth.rules --write PAGE`` writes the tables of that page.
"""

from ._asked import ASKED, Asked
from ._requirements import REQUIREMENT, Satisfied
from ._sessions import SHOWN, Shown
from ._set_up import MAY_SET_UP, MaySetUp

__all__ = [
    "ASKED",
    "MAY_SET_UP",
    "REQUIREMENT",
    "SHOWN",
    "Asked",
    "MaySetUp",
    "Satisfied",
    "Shown",
]
