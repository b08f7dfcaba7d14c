"""
Form fields: what the application declares of them, and the checks on what a client sends.

Texts and order of the checks are what frontends show and depend on (docs/reference/http.md, Password).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, overload

import attrs

from authweave.security import MAX_PASSWORD_BYTES, prepared_password
from authweave.types import (
    JSON,
    MAX_ADDRESS_CHARACTERS,
    BadInputError,
    ConfigurationError,
    JSONObject,
    has_email_syntax,
    is_visible,
    normal_email,
)

from .addresses import Logins
from .types import ErrorFormField, FormField, FormFieldErrors, InputFormField

EMAIL: Final = "email"
PASSWORD: Final = "password"  # noqa: S105  the name of a field
STANDARD_IDS: Final = frozenset({EMAIL, PASSWORD})


async def default_validator(_: JSON, __: str) -> str | None:
    """Find nothing wrong with a value."""
    return None


async def default_email_validator(value: JSON, _tenant_id: str) -> str | None:
    """Say what is wrong with an address, or None."""
    if isinstance(value, str) and has_email_syntax(value):
        return None
    return "Email is not valid"


async def default_password_validator(value: JSON, _tenant_id: str) -> str | None:
    """Say which part of the default policy a password breaks first, or None."""
    if not isinstance(value, str):
        return "Development bug: Please make sure the password field yields a string"
    if len(value) < 8:
        return "Password must contain at least 8 characters, including a number"
    if len(value) >= 100:
        return "Password's length must be lesser than 100 characters"
    if not re.search(r"[A-Za-z]", value):
        return "Password must contain at least one alphabet"
    if not re.search(r"[0-9]", value):
        return "Password must contain at least one number"
    return None


def sign_up_fields(declared: Sequence[InputFormField]) -> tuple[InputFormField, ...]:
    """
    Return the fields of the sign-up form: those declared, then password and email where they are not among them.

    Raises:
        authweave.types.ConfigurationError: a field is declared twice.
    """
    ids = [field.id for field in declared]
    if repeated := sorted({field_id for field_id in ids if ids.count(field_id) > 1}):
        raise ConfigurationError(f"emailpassword.init: form fields {repeated} are declared twice; declare each once.")
    standard = {PASSWORD: default_password_validator, EMAIL: default_email_validator}
    own = (
        attrs.evolve(field, validate=field.validate or standard[field.id], optional=False)
        if field.id in standard
        else field
        for field in declared
    )
    return (*own, *(InputFormField(name, validate) for name, validate in standard.items() if name not in ids))


def sign_in_fields(fields: Sequence[InputFormField]) -> tuple[InputFormField, ...]:
    """Return the fields of the sign-in form: email with the validator of sign-up, and any password."""
    return tuple(
        attrs.evolve(field, validate=None) if field.id == PASSWORD else field
        for field in fields
        if field.id in STANDARD_IDS
    )


def email_fields(fields: Sequence[InputFormField]) -> tuple[InputFormField, ...]:
    """Return the fields of the form that asks for a link to reset a password: email, as for sign-up."""
    return tuple(field for field in fields if field.id == EMAIL)


def password_fields(fields: Sequence[InputFormField]) -> tuple[InputFormField, ...]:
    """Return the fields of the form that resets a password: password, as for sign-up."""
    return tuple(field for field in fields if field.id == PASSWORD)


async def validate_form(
    fields: Sequence[InputFormField], body: JSONObject, tenant_id: str, logins: Logins | None = None
) -> list[FormField] | FormFieldErrors:
    """
    Check the ``formFields`` of a body.

    Args:
        fields: the fields of the form, in the order in which faults are reported.
        body: what the client sent.
        tenant_id: handed to the validators.
        logins: finds those that there are, in a form to sign in with; None where a new one is to be made.

    Returns:
        The fields of the form that were sent (of one sent twice the first; unknown ones are left out), or what is
        wrong with them.

    Raises:
        authweave.types.BadInputError: ``formFields`` has not the shape of a form.
    """
    form_fields = read_fields(body, len(fields))
    by_id = {field.id: field for field in reversed(form_fields)}
    if (email := by_id.get(EMAIL)) is not None and isinstance(email.value, str):
        by_id[EMAIL] = FormField(EMAIL, await spelling_of(email.value, tenant_id, logins))
    faults = [
        ErrorFormField(field.id, fault)
        for field in fields
        if (fault := await find_fault(field, by_id.get(field.id), tenant_id, is_new=logins is None)) is not None
    ]
    if faults:
        return FormFieldErrors(tuple(faults))
    return [by_id[field.id] for field in fields if field.id in by_id]


def form_hints(fields: Sequence[InputFormField], body: JSONObject) -> Iterator[str]:
    """Say what is wrong with the shape of a form, in sentences for who writes the client; no value is in them."""
    elements, ids = body.get("formFields"), [field.id for field in fields]
    if body and not isinstance(elements, list):
        shape = ", ".join(f'{{"id": "{field_id}", "value": ...}}' for field_id in ids)
        beside = " and ".join(field_id for field_id in ids if field_id in body)
        found = f"{beside} beside" if beside else "no list"
        yield f'The body has {found} formFields: send {{"formFields": [{shape}]}}.'
    elif isinstance(elements, list) and any(
        isinstance(each, Mapping) and each.get("id") not in ids for each in elements
    ):
        yield f"formFields has an id that this form has not: it has {', '.join(ids)}."


async def spelling_of(email: str, tenant_id: str, logins: Logins | None) -> str:
    """Return an address as the store compares it: a rule of an override is not to be got round by capital letters."""
    if logins is None or not could_be_stored(email):
        return normal_email(email)
    return await logins.spelling(tenant_id, email)


def read_fields(body: JSONObject, at_most: int) -> list[FormField]:
    """Read ``formFields``, of which a form has no more than so many."""
    elements = body.get("formFields", [])
    if elements is None:
        raise BadInputError("Missing input param: formFields")
    if not isinstance(elements, list):
        raise BadInputError("formFields must be an array")
    if len(elements) > at_most:
        raise BadInputError("Are you sending too many formFields?")
    return [read_field(element) for element in elements]


def read_field(element: JSON) -> FormField:
    """Read one element of ``formFields``."""
    if not isinstance(element, Mapping) or "value" not in element:
        raise BadInputError("All elements of formFields must contain an 'id' and 'value' field")
    field_id, value = element.get("id"), element["value"]
    if not isinstance(field_id, str):
        raise BadInputError("All elements of formFields must contain an 'id' and 'value' field")
    if field_id in STANDARD_IDS and not isinstance(value, str):
        raise BadInputError(f"{field_id} value must be a string")
    return FormField(field_id, value)


async def find_fault(
    field: InputFormField, form_field: FormField | None, tenant_id: str, *, is_new: bool
) -> str | None:
    """Say what is wrong with a field, or None."""
    if form_field is None or form_field.value == "":
        return None if field.optional else "Field is not optional"
    value = form_field.value
    if (fault := find_fault_in_value(field.id, value, is_new=is_new)) is not None or field.validate is None:
        return fault
    # A policy sees what will be hashed: a letter with an accent is one character, whatever the keyboard makes of it.
    checked = prepared_password(value) if field.id == PASSWORD and isinstance(value, str) else value
    verdict = field.validate(checked, tenant_id)
    return await verdict if inspect.isawaitable(verdict) else verdict


def find_fault_in_value(field_id: str, value: JSON, *, is_new: bool) -> str | None:
    """Refuse an address or a password that no store could hold, whatever the application's validator says."""
    if not isinstance(value, str):
        return None
    if field_id == EMAIL and not (is_storable_email(value) if is_new else could_be_stored(value)):
        return "Email is not valid"
    if field_id == PASSWORD and not is_hashable(value):
        return "Password is not valid"
    return None


def is_storable_email(email: str) -> bool:
    """Return whether a store takes a text as an address: no NUL, no lone surrogate, nothing invisible, not too long."""
    return len(email) <= MAX_ADDRESS_CHARACTERS and email.isprintable() and is_visible(email)


def could_be_stored(email: str) -> bool:
    """Return whether a login may have an address, perhaps from when it could hold more that cannot be seen."""
    normal = normal_email(email)
    return len(normal) <= MAX_ADDRESS_CHARACTERS and normal.isprintable()


def is_hashable(password: str) -> bool:
    """Return whether a text can be a password: none longer is hashed, and lone surrogates cannot be typed."""
    try:
        return all(len(each.encode()) <= MAX_PASSWORD_BYTES for each in (password, prepared_password(password)))
    except UnicodeEncodeError:
        return False


def text_of(form_fields: Sequence[FormField], field_id: str) -> str:
    """
    Return the value of a standard field.

    Raises:
        authweave.types.BadInputError: the field is missing or is no text; an override took it out, say.
    """
    value = next((field.value for field in form_fields if field.id == field_id), None)
    if not isinstance(value, str):
        raise BadInputError(f"The form has no {field_id}.")
    return value


class Form:
    """What the call of an API that is sent a form offers beside its parameters."""

    __slots__ = ()

    form_fields: list[FormField]

    @overload
    def field(self, field_id: Literal["email", "password"]) -> str: ...
    @overload
    def field(self, field_id: str) -> JSON: ...
    def field(self, field_id: str) -> JSON:
        """
        Return the value of a field: that of ``email`` and ``password`` as text, of another as it was sent.

        Returns:
            None where the form has no such field, which only an optional one may lack.

        Raises:
            authweave.types.BadInputError: an override took ``email`` or ``password`` out of the form.
        """
        if field_id in STANDARD_IDS:
            return text_of(self.form_fields, field_id)
        return next((field.value for field in self.form_fields if field.id == field_id), None)
