"""Values that do not change: what they say when somebody tries, and that their lists are lists."""

import copy
import json
import operator
import pickle
from collections.abc import Callable

import attrs
import pytest

from authweave.errors import AuthweaveError, FrozenValueError
from authweave.recipe.emailpassword.interfaces import SignUpOkResult
from authweave.types import FrozenList, LoginMethod, RecipeUserId, User

METHOD = LoginMethod(
    recipe_id="emailpassword", recipe_user_id=RecipeUserId("u"), tenant_ids=["public"], email="a@b.co", time_joined=1
)
USER = User(id="u", login_methods=[METHOD], time_joined=1)
RESULT = SignUpOkResult(USER, RecipeUserId("u"))

CHANGES: dict[str, Callable[[list[str]], object]] = {
    "append": lambda each: each.append("c@d.co"),
    "extend": lambda each: each.extend(["c@d.co"]),
    "insert": lambda each: each.insert(0, "c@d.co"),
    "remove": lambda each: each.remove("a@b.co"),
    "pop": lambda each: each.pop(),
    "clear": lambda each: each.clear(),
    "sort": lambda each: each.sort(reverse=True),
    "reverse": lambda each: each.reverse(),
    "set": lambda each: operator.setitem(each, 0, "c@d.co"),
    "set a slice": lambda each: operator.setitem(each, slice(0), ["c@d.co"]),
    "delete": lambda each: operator.delitem(each, 0),
    "add in place": lambda each: each.__iadd__(["c@d.co"]),
    "multiply in place": lambda each: each.__imul__(2),
}


def test_setting_an_attribute_says_what_to_do_instead() -> None:
    """The error is attrs' own, too; it names the class, the attribute, what to call, and the row of the page."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError) as caught:
        setattr(RESULT.user, "id", "legacy-1")  # noqa: B010  checkers refuse the assignment
    assert isinstance(caught.value, FrozenValueError)
    assert isinstance(caught.value, AuthweaveError)
    assert "A User does not change" in str(caught.value)
    assert "attrs.evolve(it, id=...)" in str(caught.value)
    assert "row M19" in str(caught.value)
    assert attrs.evolve(RESULT, user=attrs.evolve(RESULT.user, id="legacy-1")).user.id == "legacy-1"
    assert RESULT.user.id == "u"


@pytest.mark.parametrize("name", ["status", "unknown"])
def test_no_other_attribute_can_be_set_or_deleted(name: str) -> None:
    """Neither the status of the class, nor one that there is not; nor can any be deleted."""
    with pytest.raises(FrozenValueError, match=f"A SignUpOkResult does not change.*its {name} cannot be set"):
        setattr(RESULT, name, "x")
    with pytest.raises(FrozenValueError, match="its user cannot be deleted"):
        delattr(RESULT, "user")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_lists_do_not_change(change: Callable[[list[str]], object]) -> None:
    """Whatever changes a list is refused, and says what to do."""
    emails = FrozenList(["a@b.co"])
    with pytest.raises(FrozenValueError, match=r"make one of your own, \[\*it\]\. See row M19"):
        change(emails)
    assert emails == ["a@b.co"]


def test_lists_are_lists() -> None:
    """They equal lists, add up with them, are written like them, and keys where what is in them can be."""
    assert USER.emails == ["a@b.co"]
    assert USER.emails != ["b@b.co"]
    assert USER.login_methods == [METHOD]
    assert METHOD.tenant_ids == ["public"]
    assert isinstance(USER.emails, list)
    assert [*USER.emails, "c@d.co"] == USER.emails + ["c@d.co"]  # noqa: RUF005  the subject
    assert json.dumps(USER.emails) == '["a@b.co"]'
    assert {USER.emails: 1}[FrozenList(["a@b.co"])] == 1


def test_users_are_keys_and_can_be_copied() -> None:
    """Equal users have one hash; what is copied or pickled is equal."""
    same = User(id="u", login_methods=(METHOD,), time_joined=1)
    assert {USER: 1}[same] == 1
    assert pickle.loads(pickle.dumps(USER)) == copy.deepcopy(USER) == copy.copy(USER) == USER  # noqa: S301  ours
