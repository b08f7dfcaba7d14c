from __future__ import annotations

import asyncio
import itertools
import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.recipe.emailpassword.form_fields import (
    default_email_validator,
    default_password_validator,
    default_validator,
    sign_in_fields,
    sign_up_fields,
    text_of,
    validate_form,
)
from authweave.recipe.emailpassword.types import ErrorFormField, FormField, FormFieldErrors, InputFormField
from authweave.types import JSON, BadInputError, ConfigurationError, JSONObject, normal_email

SIGN_UP = sign_up_fields(())
SIGN_IN = sign_in_fields(SIGN_UP)
PASSWORD = "correct horse 1"


def check(
    body: JSONObject, fields: tuple[InputFormField, ...] = SIGN_UP, tenant_id: str = "public"
) -> list[FormField] | FormFieldErrors:
    """Validate a body."""
    return asyncio.run(validate_form(fields, body, tenant_id))


def form(**values: JSON) -> JSONObject:
    """Return a body with these fields, in this order."""
    return {"formFields": [{"id": name, "value": value} for name, value in values.items()]}


@contextmanager
def cpu_limit(seconds: float) -> Generator[None]:
    """Fail a block in which this process computes for longer; other processes do not count."""

    def fail(signal_number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"this took more than {seconds:g} s of computing")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def faults(body: JSONObject, fields: tuple[InputFormField, ...] = SIGN_UP) -> list[tuple[str, str]]:
    """Return the faults of a body, which must have some."""
    found = check(body, fields)
    assert isinstance(found, FormFieldErrors)
    return [(each.id, each.error) for each in found.errors]


class TestShape:
    """What is no form at all is a 400 (docs/reference/http.md, Password)."""

    @pytest.mark.parametrize(
        ("form_fields", "message"),
        [
            (None, "Missing input param: formFields"),
            ("text", "formFields must be an array"),
            ({}, "formFields must be an array"),
            (5, "formFields must be an array"),
            ([None], "All elements of formFields must contain an 'id' and 'value' field"),
            (["email"], "All elements of formFields must contain an 'id' and 'value' field"),
            ([{"id": "email"}], "All elements of formFields must contain an 'id' and 'value' field"),
            ([{"value": "a@x.io"}], "All elements of formFields must contain an 'id' and 'value' field"),
            ([{"id": 1, "value": "a@x.io"}], "All elements of formFields must contain an 'id' and 'value' field"),
            ([{"id": "email", "value": 1}], "email value must be a string"),
            ([{"id": "email", "value": None}], "email value must be a string"),
            ([{"id": "password", "value": ["x"]}], "password value must be a string"),
            ([{"id": str(n), "value": ""} for n in range(3)], "Are you sending too many formFields?"),
        ],
    )
    def test_refused(self, form_fields: JSON, message: str) -> None:
        """A body that has not the shape of a form is refused with the text that frontends show."""
        with pytest.raises(BadInputError) as caught:
            check({"formFields": form_fields})
        assert str(caught.value) == message

    def test_too_many_are_not_looked_at(self) -> None:
        """The number of elements comes first: work is done for no more than a form has."""
        with pytest.raises(BadInputError, match="too many formFields"):
            check({"formFields": [{"id": "email", "value": 1}] * 5})

    def test_missing_form_is_empty_form(self) -> None:
        """Without the key every field is missing, password first."""
        assert faults({}) == [("password", "Field is not optional"), ("email", "Field is not optional")]


class TestFields:
    def test_valid(self) -> None:
        """A good form comes back with the address as it is stored (trimmed, lower case) and the password as sent."""
        assert check(form(email=" A@x.io ", password=f" {PASSWORD} ")) == [
            FormField("password", f" {PASSWORD} "),
            FormField("email", "a@x.io"),
        ]

    def test_all_faults_password_first(self) -> None:
        """Every field is looked at, and faults come in the order of the fields."""
        assert faults(form(email="nobody", password="short1")) == [
            ("password", "Password must contain at least 8 characters, including a number"),
            ("email", "Email is not valid"),
        ]

    def test_blank_address_is_missing(self) -> None:
        """An address of spaces is trimmed to nothing."""
        assert faults(form(email="  ", password=PASSWORD)) == [("email", "Field is not optional")]

    def test_field_twice(self) -> None:
        """Of a field sent twice the first counts, and the other one is missing all the same."""
        twice: JSONObject = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "email", "value": "b@x.io"}]}
        assert faults(twice) == [("password", "Field is not optional")]

    def test_sign_in_takes_any_password(self) -> None:
        """Signing in checks the address by the validator of sign-up, and no policy."""
        assert check(form(email="a@x.io", password="x"), SIGN_IN) == [
            FormField("password", "x"),
            FormField("email", "a@x.io"),
        ]
        assert faults(form(email="a", password=""), SIGN_IN) == [
            ("password", "Field is not optional"),
            ("email", "Email is not valid"),
        ]

    @pytest.mark.parametrize("fields", [SIGN_UP, SIGN_IN])
    @pytest.mark.parametrize(
        "email", ["a\0@x.io", "\ud800@x.io", "a\u202e@x.io", f"{'a' * 400}@x.io", "a\n@x.io", '"a\0b"@x.io']
    )
    def test_unstorable_address(self, fields: tuple[InputFormField, ...], email: str) -> None:
        """No store is asked for an address with NUL, half a surrogate pair, invisible characters or without end."""
        assert faults(form(email=email, password=PASSWORD), fields) == [("email", "Email is not valid")]

    @pytest.mark.parametrize("fields", [SIGN_UP, SIGN_IN])
    def test_longest_address(self, fields: tuple[InputFormField, ...]) -> None:
        """No mail reaches an address of more than 254 characters (RFC 5321, section 4.5.3.1.3)."""
        longest = "@x.io".rjust(254, "a")
        assert isinstance(check(form(email=longest, password=PASSWORD), fields), list)
        assert faults(form(email=f"a{longest}", password=PASSWORD), fields) == [("email", "Email is not valid")]

    @pytest.mark.parametrize("fields", [SIGN_UP, SIGN_IN])
    def test_unstorable_password(self, fields: tuple[InputFormField, ...]) -> None:
        """A password that UTF-8 cannot write, or that is too long to hash, is a fault of the field."""
        assert faults(form(email="a@x.io", password="abcdefg1\udc00"), fields) == [
            ("password", "Password is not valid")
        ]
        [(field_id, _)] = faults(form(email="a@x.io", password="a1" * 5000), fields)
        assert field_id == "password"

    def test_value_is_not_shown(self) -> None:
        """The repr of a field, which may hold a password, is silent about its value."""
        assert PASSWORD not in repr(FormField("password", PASSWORD))


class TestDeclaredFields:
    def test_custom_first(self) -> None:
        """Fields of the application come before password and email, and keep their order."""
        fields = sign_up_fields([InputFormField("name"), InputFormField("age")])
        assert [field.id for field in fields] == ["name", "age", "password", "email"]

    def test_sync_and_async_validators(self) -> None:
        """Validators are handed value and tenant, and may be async."""
        seen: list[tuple[JSON, str]] = []

        def sync(value: JSON, tenant_id: str) -> str | None:
            seen.append((value, tenant_id))
            return "no"

        async def coroutine(value: JSON, tenant_id: str) -> str | None:
            await asyncio.sleep(0)
            return sync(value, tenant_id)

        fields = sign_up_fields([InputFormField("name", sync), InputFormField("age", coroutine)])
        found = check(form(name="Ada", age=36, email="a@x.io", password=PASSWORD), fields, "t1")
        assert found == FormFieldErrors((ErrorFormField("name", "no"), ErrorFormField("age", "no")))
        assert seen == [("Ada", "t1"), (36, "t1")]

    @pytest.mark.parametrize("extra", [{}, {"name": ""}])
    def test_optional(self, extra: dict[str, JSON]) -> None:
        """An optional field may be missing or empty; its validator is not asked then."""
        fields = sign_up_fields([InputFormField("name", lambda _value, _tenant: "never", optional=True)])
        found = check(form(email="a@x.io", password=PASSWORD, **extra), fields)
        assert isinstance(found, list)

    def test_any_json(self) -> None:
        """A field of the application's own may hold any JSON."""
        fields = sign_up_fields([InputFormField("address")])
        found = check(form(address={"city": "Rome"}, email="a@x.io", password=PASSWORD), fields)
        assert isinstance(found, list)
        assert found[0] == FormField("address", {"city": "Rome"})

    def test_unknown_field_is_left_out(self) -> None:
        """What nobody declared and nobody validated does not reach the API."""
        fields = sign_up_fields([InputFormField("name", optional=True)])
        found = check(form(email="a@x.io", password=PASSWORD, other="x"), fields)
        assert isinstance(found, list)
        assert [field.id for field in found] == ["password", "email"]

    def test_own_policy(self) -> None:
        """A declared password field takes the place of the policy, is never optional, and keeps its place."""
        fields = sign_up_fields([InputFormField("password", lambda _value, _tenant: "too plain", optional=True)])
        assert [field.id for field in fields] == ["password", "email"]
        assert faults(form(email="a@x.io"), fields) == [("password", "Field is not optional")]
        assert faults(form(email="a@x.io", password="x"), fields) == [("password", "too plain")]
        assert isinstance(check(form(email="a@x.io", password="x"), sign_in_fields(fields)), list)

    def test_declared_without_validator(self) -> None:
        """A standard field that is declared without a validator keeps the default one."""
        assert faults(form(email="a", password=PASSWORD), sign_up_fields([InputFormField("email")])) == [
            ("email", "Email is not valid")
        ]

    def test_declared_twice(self) -> None:
        """Declaring a field twice is a mistake that is told at once."""
        with pytest.raises(ConfigurationError, match=r"\['name'\] are declared twice"):
            sign_up_fields([InputFormField("name"), InputFormField("name")])


class TestPolicy:
    """docs/reference/http.md, Password."""

    @pytest.mark.parametrize(
        ("password", "fault"),
        [
            ("abcdef1", "Password must contain at least 8 characters, including a number"),
            ("1" * 7, "Password must contain at least 8 characters, including a number"),
            ("a1" * 50, "Password's length must be lesser than 100 characters"),
            ("12345678", "Password must contain at least one alphabet"),
            ("ééééééé1", "Password must contain at least one alphabet"),
            ("abcdefgh", "Password must contain at least one number"),
            ("abcdefg٣", "Password must contain at least one number"),
            ("abcdefg1", None),
            (("a1" * 50)[:-1], None),
        ],
    )
    def test_default(self, password: str, fault: str | None) -> None:
        """The first rule that a password breaks is told, in the order of the page."""
        assert asyncio.run(default_password_validator(password, "public")) == fault

    def test_no_string(self) -> None:
        """Something other than a string is told, not raised."""
        assert asyncio.run(default_password_validator(5, "public")) is not None

    @pytest.mark.parametrize(
        "email",
        [
            "a@x.io",
            "first.last+tag@sub.example.co.uk",
            "a@localhost.test",
            "a@[1.2.3.4]",
            '"john doe"@x.io',
            r'"a\"b"@x.io',
            "ünï@x.io",
            f"{'a' * 100}@x.io",
            "a@-x-.io",
            "a'b!#$%&*/=?^_`{|}~-@x.io",
        ],
    )
    def test_address(self, email: str) -> None:
        """What the frontends let pass, passes."""
        assert asyncio.run(default_email_validator(email, "public")) is None

    @pytest.mark.parametrize(
        "email",
        [
            "",
            "a",
            "a@",
            "@x.io",
            "a@x",
            "a@x.i",
            "a@x.i1",
            "a@x..io",
            ".a@x.io",
            "a.@x.io",
            "a..b@x.io",
            "a b@x.io",
            "a@b@x.io",
            "a,b@x.io",
            "a@bücher.de",
            "a@x.io.",
            "a@[1.2.3]",
            '""@x.io',
            '"a"b"@x.io',
            5,
            None,
        ],
    )
    def test_no_address(self, email: JSON) -> None:
        """What the frontends refuse, is refused."""
        assert asyncio.run(default_email_validator(email, "public")) == "Email is not valid"

    def test_no_backtracking(self) -> None:
        """No text makes the rule take long: one that backtracks takes minutes, or years, of computing."""
        begins, repeated, ends = ("", '"', "a@", "a@["), 'a.@"\\[]1- ', ("", "@", "!", "\0")
        with cpu_limit(10):
            for begin, one, other, end in itertools.product(begins, repeated, repeated, ends):
                email = begin + (one + other) * 500 + end
                assert asyncio.run(default_email_validator(email, "public")) in {None, "Email is not valid"}

    def test_normal_form(self) -> None:
        """Addresses are compared trimmed and in lower case."""
        assert normal_email(" A@Example.com ") == "a@example.com"


def test_text_of_missing_field() -> None:
    """An API that an override robbed of a field says which."""
    assert text_of([FormField("email", "a@x.io")], "email") == "a@x.io"
    with pytest.raises(BadInputError, match="The form has no password"):
        text_of([FormField("email", "a@x.io")], "password")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
ELEMENTS = st.fixed_dictionaries({}, optional={"id": st.sampled_from(["email", "password", "x"]), "value": JSON_VALUES})


@given(JSON_VALUES | st.lists(ELEMENTS | JSON_VALUES, max_size=4))
def test_any_form(form_fields: JSON) -> None:
    """Whatever JSON comes as a form is validated or refused, and never breaks anything."""
    try:
        found = check({"formFields": form_fields})
    except BadInputError:
        return
    if isinstance(found, list):
        assert {field.id for field in found} == {"email", "password"}


@given(JSON_VALUES)
def test_a_field_of_the_application_s_takes_anything(value: JSON) -> None:
    """The validator of a field that declares none finds nothing wrong."""
    assert asyncio.run(default_validator(value, "public")) is None
