"""What several tables ask for."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from authweave.extending.tables import Fact

Answer: TypeAlias = Literal["no", "link", "link if verified"]
"""What the application's callback answers: not, without verification, or what is verified alone."""

NO: Final = "no"
LINK: Final = "link"
IF_VERIFIED: Final = "link if verified"


def callback(about: str, name: str = "callback", label: str = "callback") -> Fact:
    """
    Return the fact of what the application's callback answers.

    Args:
        about: whom it is asked about.
        name: by which rows name it.
        label: what rows call it, where a table has several.
    """
    answers: tuple[Answer, ...] = get_args(Answer)
    return Fact(name, {answer: f"{label}: {answer}" for answer in answers}, f"{label}: asked about {about}")
