"""Sign up, ask who is signed in and sign out, with the client that openapi-python-client makes of the document."""

import sys

from auth_client import AuthenticatedClient, Client
from auth_client.api.emailpassword import post_signin, post_signup
from auth_client.api.emailverification import get_user_email_verify
from auth_client.api.session import post_signout
from auth_client.models import (
    EmailField,
    EmailVerified,
    FieldError,
    PasswordField,
    SignedIn,
    SignInRequest,
    SignUpRequest,
    WrongCredentials,
)


def main(address: str, email: str, password: str) -> None:
    client = Client(base_url=address)
    weak = SignUpRequest(form_fields=[EmailField(id="email", value=email), PasswordField(id="password", value="short")])
    refused = post_signup.sync(client=client, body=weak)
    assert isinstance(refused, FieldError)
    print("refused:", *(f"{each.id}: {each.error}" for each in refused.form_fields))

    fields: list[EmailField | PasswordField] = [
        EmailField(id="email", value=email),
        PasswordField(id="password", value=password),
    ]
    signed_up = post_signup.sync_detailed(client=client, body=SignUpRequest(form_fields=fields))
    assert isinstance(signed_up.parsed, SignedIn)
    print("signed up:", *signed_up.parsed.user.emails)

    session = AuthenticatedClient(base_url=address, token=signed_up.headers["st-access-token"])
    verified = get_user_email_verify.sync(client=session)
    assert isinstance(verified, EmailVerified)
    print("verified:", "yes" if verified.is_verified else "no")
    print("signed out:", post_signout.sync_detailed(client=session).status_code.value)

    fields[1] = PasswordField(id="password", value="another password 1")
    answer = post_signin.sync(client=client, body=SignInRequest(form_fields=fields))
    match answer:
        case SignedIn(user=user):
            print("signed in:", *user.emails)
        case WrongCredentials():
            print("signed in: no")
        case _:
            print("something else:", answer)


if __name__ == "__main__":
    main(*sys.argv[1:4])
