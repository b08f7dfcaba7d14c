"""Which passwords are taken: what a form's validator says, and checks that know whose password it is to be."""

from .breaches import BreachCheck, BreachList
from .policy import NewPassword, PasswordCheck, PasswordPolicy

__all__ = ["BreachCheck", "BreachList", "NewPassword", "PasswordCheck", "PasswordPolicy"]
