"""The rows of the page on moving: what is another one here, and what that leaves to a person."""

from __future__ import annotations

from typing import Final, NamedTuple


class Row(NamedTuple):
    """
    A difference between SuperTokens and here.

    Attributes:
        title: what it is about, as the table of docs/how-to/from-supertokens.md has it.
        to_do: what a person has to change; empty where a changed import line is all.
    """

    title: str
    to_do: str = ""


ROWS: Final[dict[str, Row]] = {
    "M1": Row(
        "`init`, `SupertokensConfig`",
        "There is no core: name a database, storage= of init or a connection_uri such as 'sqlite:///auth.db', "
        "and bring the users by authweave user import --from supertokens.",
    ),
    "M2": Row("`InputAppInfo`, `origin`"),
    "M3": Row("the framework's own request"),
    "M4": Row("configuration of overrides, and types"),
    "M5": Row(
        "claims",
        "includes_all and the like take a list: a text is refused, not split into letters.",
    ),
    "M6": Row("users: find, list, count, delete"),
    "M7": Row("`User`, `LoginMethod`, `ThirdPartyInfo`"),
    "M8": Row("`disable_<api>`"),
    "M9": Row("`APIOptions`, `BaseResponse`, error handlers"),
    "M10": Row("exceptions"),
    "M11": Row("sessions of a user"),
    "M12": Row("`SessionContainer`, `verify_session`"),
    "M13": Row("`BaseRequest`"),
    "M14": Row("`.status`"),
    "M15": Row("None for the default"),
    "M16": Row("names of an override's parameters", "Give the parameters the names that the interface has."),
    "M17": Row("anti-CSRF switched on"),
    "M18": Row("a program without sessions"),
    "M19": Row(
        "frozen results",
        "Results cannot be changed: make a changed one by attrs.evolve(user, id=...), and return that.",
    ),
    "M20": Row("domains and paths as text"),
    "M21": Row("several applications in a process"),
    "M22": Row("order of the tenant's id"),
    "M23": Row("linking accounts"),
    "M24": Row("tenants"),
}
"""By their number, in order."""
