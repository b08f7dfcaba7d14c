"""A script without a web application: users are created, found and deleted by functions that wait."""

import os
import sys

from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.recipe import emailpassword, session, usermetadata, userroles
from supertokens_python.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    SignInOkResult,
    SignUpOkResult,
    WrongCredentialsError,
)
from supertokens_python.recipe.emailpassword.syncio import sign_in, sign_up, update_email_or_password
from supertokens_python.recipe.session.syncio import create_new_session_without_request_response
from supertokens_python.recipe.usermetadata.syncio import update_user_metadata
from supertokens_python.recipe.userroles.syncio import (
    add_role_to_user,
    create_new_role_or_add_permissions,
    get_roles_for_user,
)
from supertokens_python.syncio import delete_user, get_user_count, get_users_oldest_first

init(
    app_info=InputAppInfo(
        app_name="Script", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="flask",
    recipe_list=[emailpassword.init(), session.init(), usermetadata.init(), userroles.init()],
    mode="wsgi",
)


def main(*emails: str) -> None:
    create_new_role_or_add_permissions("member", ["read"])
    for email in emails:
        result = sign_up("public", email, "correct horse 1")
        if isinstance(result, SignUpOkResult):
            update_user_metadata(result.user.id, {"imported": True})
            add_role_to_user("public", result.user.id, "member")
            print("new", result.user.emails[0], get_roles_for_user("public", result.user.id).roles)
        elif isinstance(result, EmailAlreadyExistsError):
            print("taken", email)
    first = get_users_oldest_first("public").users[0]
    update_email_or_password(first.login_methods[0].recipe_user_id, password="correct horse 2")
    before = sign_in("public", emails[0], "correct horse 1")
    after = sign_in("public", emails[0], "correct horse 2")
    print("before", isinstance(before, WrongCredentialsError), "after", isinstance(after, SignInOkResult))
    begun = create_new_session_without_request_response("public", first.login_methods[0].recipe_user_id)
    print("session", begun.get_user_id() == first.id, begun.sync_get_expiry() > begun.sync_get_time_created())
    delete_user(first.id)
    print("left", get_user_count())


if __name__ == "__main__":
    main(*sys.argv[1:])
