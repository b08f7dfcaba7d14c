"""Seed-style overrides whose parameters have other names than the interface's."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import pytest
from typing_extensions import override as overrides

from authweave.kernel import CompositionError, Interface, UserContext, compose, overridable, override, wrap
from tests.unit.kernel.greeter import GreeterInterface, implementation, untyped


class Accounts(Interface, Protocol):
    """One function, with the names of a recipe's."""

    @overridable
    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: str | None, user_context: UserContext
    ) -> str: ...


class AccountsImplementation(Accounts):
    """Tells what it was given."""

    @overridable
    @overrides
    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: str | None, user_context: UserContext
    ) -> str:
        return f"{email} {password} {tenant_id} {session}"


def seed_of(layer: Callable[[Callable[..., object]], object], runs: list[str] | None = None) -> Callable[..., object]:
    """Write a seed-style override of `sign_up`."""

    def seed(original_implementation: Accounts) -> Accounts:
        (runs if runs is not None else []).append("run")
        untyped(setattr)(original_implementation, "sign_up", layer(original_implementation.sign_up))
        return original_implementation

    return seed


def written(parameters: str, passed: str) -> Callable[..., object]:
    """Write an async function that goes on, as source."""
    return seed_of(
        lambda original: made(f"async def layer({parameters}):\n    return await original({passed})", original)
    )


def made(source: str, original: object) -> object:
    """Run source that defines ``layer``."""
    namespace: dict[str, object] = {"original": original}
    exec(source, namespace)  # noqa: S102  source of the tests below
    return namespace["layer"]


def signed_up(*seeds: object) -> str:
    """Sign up through overrides."""
    app: Accounts = untyped(compose)(AccountsImplementation(), list(seeds))
    return asyncio.run(app.sign_up("a@b.co", "secret", "public", None, {}))


def fault_of(seed: object) -> str:
    """Compose; return the message of the one fault."""
    with pytest.raises(CompositionError) as caught:
        signed_up(seed)
    (fault,) = caught.value.faults
    return fault.message


@pytest.mark.parametrize(
    ("parameters", "passed"),
    [
        (
            "email, password, _tenant_id, _session, _user_context",
            "email, password, _tenant_id, _session, _user_context",
        ),
        ("email, password, tenant_id, session, _ctx", "email, password, tenant_id, session, _ctx"),
        ("_, __, ___, ____, _____", "_, __, ___, ____, _____"),
        ("email, _pwd, tenant_id, _s, user_context", "email, _pwd, tenant_id, _s, user_context"),
        ("email, _pwd, tenant_id, _ctx", "email, _pwd, tenant_id, _ctx"),
        ("_tenant_id, _email, _ctx", "_tenant_id, _email, _ctx"),
        ("*args, **kwargs", "*args, **kwargs"),
        ("_email, *args", "_email, *args"),
        ("_e, _p, *args, **kwargs", "_e, _p, *args, **kwargs"),
        ("_password, **kwargs", "_password, **kwargs"),
        ("_mail, _pass, _tenant, _sess, _context", "_mail, _pass, _tenant, _sess, _context"),
    ],
)
def test_what_arrives_is_what_was_handed_over(parameters: str, passed: str) -> None:
    """By name, also behind underscores; by place where a name says nothing; and in an older signature."""
    assert signed_up(written(parameters, passed)) == "a@b.co secret public None"
    assert signed_up(written(parameters, passed), written(parameters, passed)) == "a@b.co secret public None"


def lambda_of(source: str) -> Callable[..., object]:
    """Write a seed-style override that assigns a lambda, as source."""
    return seed_of(lambda original: made(f"layer = lambda {source}", original))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("e, p, t, s, c: original(e, p, t.upper(), s, c)", "a@b.co secret PUBLIC None"),
        ("mail, pwd, tenant, sess, ctx: original(mail, pwd, tenant, sess, ctx)", "a@b.co secret public None"),
        ("*a, **k: original(*a, **k)", "a@b.co secret public None"),
        ("tenant_id, email: original('other', email)", "a@b.co secret other None"),
    ],
)
def test_lambdas_go_by_place(source: str, expected: str) -> None:
    """Short names of a lambda, which nobody can hand over by name; by name where all are known."""
    assert signed_up(lambda_of(source)) == expected


def test_by_name_wherever_a_name_is_known() -> None:
    """Names behind underscores may stand in another order: each gets its own."""
    got: list[object] = []

    def layer(original: Callable[..., object]) -> object:
        async def sign_up(_tenant_id: str, _email: str, password: str, _user_context: UserContext) -> object:
            got.extend([_tenant_id, _email, password])
            return await untyped(original)(_tenant_id, _email, password, _user_context)

        return sign_up

    assert signed_up(seed_of(layer)) == "a@b.co secret public None"
    assert got == ["public", "a@b.co", "secret"]


def test_it_is_run_once_and_called_directly_where_the_places_agree() -> None:
    """Other names cost nothing: no adapter stands in front of the function, and its seed does not run again."""
    runs: list[str] = []

    def layer(original: Callable[..., object]) -> object:
        async def sign_up(email: str, password: str, _tenant: str, _session: object, _ctx: UserContext) -> object:
            return await untyped(original)(email, password, _tenant, _session, _ctx)

        return sign_up

    assert signed_up(seed_of(layer, runs)) == "a@b.co secret public None"
    assert runs == ["run"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("emial, password, tenant_id, session, user_context", "no parameter 'emial'; did you mean 'email'?"),
        ("_emial, password, tenant_id, session, user_context", "no parameter '_emial'; did you mean 'email'?"),
        (
            "email, password, tenant_id, _sesion_, _usr_contxet",
            "no parameter '_usr_contxet'; did you mean 'user_context'?",
        ),
        ("email, ctx", "no parameter 'ctx'; it has: email"),
        ("email, _x, user_context", "no parameter '_x'; it has: email"),
        ("password, _x, tenant_id, session, user_context", "no parameter '_x'; it has: email"),
        ("email, _email, tenant_id, session, user_context", "no parameter '_email'; did you mean 'email'?"),
        ("email, _a, _b, _c, _d, _e, _f", "no parameter '_a'; it has: email"),
        ("*, _tenant_id", "no parameter '_tenant_id'; did you mean 'tenant_id'?"),
    ],
)
def test_what_is_in_doubt_stays_a_fault(parameters: str, message: str) -> None:
    """A near miss, a name that says nothing, a place that fits no one parameter, one parameter twice."""
    with pytest.raises(CompositionError) as caught:
        signed_up(written(parameters, ""))
    assert message in str(caught.value)


def test_a_near_miss_in_a_lambda_stays_a_fault() -> None:
    """So does one with fewer parameters, whose places are those of no other function."""
    assert "did you mean 'email'?" in fault_of(lambda_of("emial, p, t, s, c: original"))
    assert "no parameter 'x'" in fault_of(lambda_of("x: original"))


@pytest.mark.parametrize(
    "source", ["t, e, p, s, c: original(e, p, t, s, c)", "p, e, t, s, c: original", "tenant, e, p, s, c: original"]
)
def test_short_names_in_another_order_stay_a_fault(source: str) -> None:
    """All are texts: in each other's place they would go on as an address, a password and a tenant, without a word."""
    with pytest.raises(CompositionError, match="no parameter '"):
        signed_up(lambda_of(source))


@pytest.mark.parametrize("parameters", ["name, _greeting, user_context", "name, greeting, _ctx"])
def test_other_styles_go_by_name(parameters: str) -> None:
    """In the styles that are ours, another name is a fault."""
    namespace: dict[str, object] = {}
    exec(  # noqa: S102  made above
        f"async def layer(original, {parameters}): ...\ndef wrapper(original):\n"
        f"    async def wrapped({parameters}): ...\n    return wrapped",
        namespace,
    )
    for style in (
        untyped(override(GreeterInterface.greet))(namespace["layer"]),
        untyped(wrap)(GreeterInterface.greet, namespace["wrapper"]),
    ):
        with pytest.raises(CompositionError, match="has no parameter '_"):
            compose(implementation(), [style])
