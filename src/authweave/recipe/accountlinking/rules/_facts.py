"""What several tables ask for."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ._table import Fact

Answer: TypeAlias = Literal["no", "link", "link if verified"]
"""What the application's callback answers: not, without verification, or what is verified alone."""

NO: Final = "no"
LINK: Final = "link"
IF_VERIFIED: Final = "link if verified"


def callback(what: str, name: str = "callback") -> Fact:
    """Return the fact of what the application's callback answers to a question."""
    return Fact(
        name,
        {
            NO: f"{what}: no",
            LINK: f"{what}: link, without verification",
            IF_VERIFIED: f"{what}: link if verified",
        },
    )


def yes_or_no(name: str, yes: str, no: str) -> Fact:
    """Return a fact that is so or not."""
    return Fact(name, {True: yes, False: no})
