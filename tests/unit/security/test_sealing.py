import pytest

from authweave.security import Sealer, ServerSecret

BOUND = ("google", "web")
SEALER = Sealer(ServerSecret(b"s" * 32), "third-party-sign-ins")


def test_what_was_sealed_opens() -> None:
    """A value comes out as it went in, the empty one too, and shows nothing of itself."""
    for content in (b"", b"verifier", bytes(range(256))):
        sealed = SEALER.seal(content, BOUND)
        assert SEALER.open(sealed, BOUND) == content
        assert sealed.isascii()
    assert "verifier" not in SEALER.seal(b"verifier", BOUND)


def test_no_two_are_the_same() -> None:
    """The same value sealed twice looks different."""
    assert len({SEALER.seal(b"x", BOUND) for _ in range(10)}) == 10


@pytest.mark.parametrize(
    "other",
    [(), ("google",), ("googleweb",), ("googl", "eweb"), ("web", "google"), ("google", "web", "")],
)
def test_it_opens_for_what_it_is_bound_to_only(other: tuple[str, ...]) -> None:
    """Not even where the parts joined would read the same."""
    assert SEALER.open(SEALER.seal(b"x", BOUND), other) is None


def test_it_opens_with_its_own_secret_only() -> None:
    """Another secret opens nothing."""
    assert Sealer(ServerSecret(b"t" * 32), "third-party-sign-ins").open(SEALER.seal(b"x", BOUND), BOUND) is None


@pytest.mark.parametrize("wrong", ["", "A", "A" * 63, "A" * 64, "A" * 1000, "é", "\ud800", "=" * 80, " " * 80])
def test_anything_else_does_not_open(wrong: str) -> None:
    """Whatever a client sends is answered with None, never an exception."""
    assert SEALER.open(wrong, BOUND) is None


def test_a_changed_one_does_not_open() -> None:
    """Every character counts."""
    sealed = SEALER.seal(b"content", BOUND)
    for place, character in enumerate(sealed):
        changed = sealed[:place] + ("A" if character != "A" else "B") + sealed[place + 1 :]
        assert SEALER.open(changed, BOUND) is None
