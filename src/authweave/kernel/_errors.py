"""The root of everything that authweave raises."""


class AuthweaveError(Exception):
    """
    The root of the errors that authweave raises for what was not expected.

    Expected outcomes (a wrong password, an address that is taken) are returned as values instead.

    Attributes:
        code: a short, stable name of the kind of error, for programs and logs.
    """

    code: str = "authweave_error"
