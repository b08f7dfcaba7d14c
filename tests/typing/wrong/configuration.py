"""What init is told."""

import time

from authweave import InputAppInfo, UserContext, init, override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import InputFormField, InputSignUpFeature
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions, EmailExistsGetResult, RecipeInterface, SignInResult
from authweave.recipe.emailpassword.signatures import EmailExistsGet, VerifyCredentials
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.session.signatures import RevokeSession
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON

INFO = InputAppInfo("Example", "api.example.com", website_domain="example.com")
SECRET = b"s" * 32
STORE: Storage = MemoryStorage()


async def plain(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


checked = override(RecipeInterface[UserContext].verify_credentials)(plain)


def start(override: emailpassword.InputOverrideConfig[UserContext]) -> None:
    init(INFO, [emailpassword.init(override=override), session.init()], storage=STORE, secret=SECRET)


# program: an override of an API is listed among the functions
@override(APIInterface[UserContext].email_exists_get)  # wrong: init
async def api(
    original: EmailExistsGet, email: str, tenant_id: str, api_options: APIOptions, user_context: UserContext
) -> EmailExistsGetResult:
    return await original(email, tenant_id, api_options, user_context)


start(emailpassword.InputOverrideConfig(functions=[api]))  # wrong: all


# program: an override of a function is listed among the APIs
@override(RecipeInterface[UserContext].verify_credentials)  # wrong: init
async def function(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


start(emailpassword.InputOverrideConfig(apis=[function]))  # wrong: all


# program: an override of another recipe
@override(SessionFunctions[UserContext].revoke_session)  # wrong: init
async def of_sessions(original: RevokeSession, session_handle: str, user_context: UserContext) -> bool:
    return await original(session_handle, user_context)


start(emailpassword.InputOverrideConfig(functions=[of_sessions]))  # wrong: all but zuban


# program: an override of another recipe in a configuration of that recipe
@override(SessionFunctions[UserContext].revoke_session)
async def in_its_own(original: RevokeSession, session_handle: str, user_context: UserContext) -> bool:
    return await original(session_handle, user_context)


start(session.InputOverrideConfig(functions=[in_its_own]))  # wrong: init, all

# program: a list of overrides without their configuration
init(INFO, [emailpassword.init(override=[checked]), session.init()], storage=STORE, secret=SECRET)  # wrong: init, all

# program: a keyword of the configuration is misspelt
emailpassword.init(override=emailpassword.InputOverrideConfig(function=[checked]))  # wrong: init, all

# program: a keyword of the recipe is misspelt
emailpassword.init(overrides=emailpassword.InputOverrideConfig(functions=[checked]))  # wrong: init, all

# program: an override that was never decorated
async def undecorated(  # wrong: init
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


start(emailpassword.InputOverrideConfig(functions=[undecorated]))  # wrong: all

# program: an override that is a text
start(emailpassword.InputOverrideConfig(functions=["checked"]))  # wrong: init, all

# program: an override that is None
start(emailpassword.InputOverrideConfig(functions=[checked, None]))  # wrong: init, all

# program: the recipe's module instead of what its init returns
init(INFO, [session], storage=STORE, secret=SECRET)  # wrong: init, all

# program: a recipe without a list
init(INFO, session.init(), storage=STORE, secret=SECRET)  # wrong: init, all

# program: a recipe is listed twice
init(INFO, [session.init(), session.init()], storage=STORE, secret=SECRET)  # wrong: init

# program: an override of a recipe that the application does not have
@override(RecipeInterface[UserContext].verify_credentials)  # wrong: init
async def unclaimed(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


init(INFO, [session.init()], overrides=[unclaimed], storage=STORE, secret=SECRET)

# program: a framework that is misspelt
init(INFO, [session.init()], framework="fast-api", storage=STORE, secret=SECRET)  # wrong: init, all

# program: a framework without an adapter
init(INFO, [session.init()], framework="pyramid", storage=STORE, secret=SECRET)  # wrong: init, all

# program: app_info that lacks a domain
InputAppInfo(app_name="Example", website_domain="example.com")  # wrong: init, all

# program: app_info that lacks a website
init(InputAppInfo("Example", "api.example.com"), [session.init()], storage=STORE, secret=SECRET)  # wrong: init

# program: app_info that is a dictionary
init({"app_name": "Example"}, [session.init()], storage=STORE, secret=SECRET)  # wrong: init, all

# program: a domain that is none
init(InputAppInfo("Example", "https://", website_domain="example.com"), [session.init()], storage=STORE, secret=SECRET)  # wrong: init

# program: a secret that is too short
init(INFO, [session.init()], storage=STORE, secret="secret")  # wrong: init

# program: no secret beside a store of one's own
init(INFO, [session.init()], storage=STORE)  # wrong: init

# program: a URL that names no store
init(INFO, [session.init()], storage="mongodb://here", secret=SECRET)  # wrong: init

# program: a store that lacks what sessions need
class HalfStore:
    def tenant_exists(self, tenant_id: str) -> bool:
        return tenant_id == "public"


half: Storage = HalfStore()  # wrong: all


# program: a clock that tells seconds, with a fraction
init(INFO, [session.init()], clock=time.time, storage=STORE, secret=SECRET)  # wrong: all

# program: a clock's reading instead of a clock
init(INFO, [session.init()], clock=1_000, storage=STORE, secret=SECRET)  # wrong: init, all

# program: a form field that is declared twice
emailpassword.init(sign_up_feature=InputSignUpFeature([InputFormField("age"), InputFormField("age")]))  # wrong: init

# program: a form field without its class
emailpassword.init(sign_up_feature=InputSignUpFeature(["age"]))  # wrong: init, all


# program: a validator that says yes or no
def of_age(value: JSON, tenant_id: str) -> bool:
    return isinstance(value, int) and value >= 18


InputFormField("age", of_age)  # wrong: all


# program: a validator of one parameter
def any_age(value: JSON) -> str | None:
    return None


InputFormField("age", any_age)  # wrong: all

# program: same_site in the wrong case
init(INFO, [session.init(cookie_same_site="Lax")], storage=STORE, secret=SECRET)  # wrong: init, all

# program: an anti_csrf mode that does not exist
init(INFO, [session.init(anti_csrf="VIA_COOKIE")], storage=STORE, secret=SECRET)  # wrong: init, all

# program: a cookie domain that is none
init(INFO, [session.init(cookie_domain="http://")], storage=STORE, secret=SECRET)  # wrong: init

# program: a session that ends before its access token
init(INFO, [session.init(refresh_token_validity_s=60)], storage=STORE, secret=SECRET)  # wrong: init

# program: two status codes that are one
init(INFO, [session.init(invalid_claim_status_code=401)], storage=STORE, secret=SECRET)  # wrong: init

# program: a status code that is no refusal
init(INFO, [session.init(session_expired_status_code=200)], storage=STORE, secret=SECRET)  # wrong: init


# program: how tokens travel, by a function of too many parameters
def by_cookie(request: object, creating: bool, user_context: UserContext, answer: object) -> str:
    return "cookie"


session.init(get_token_transfer_method=by_cookie)  # wrong: init, all


# program: two overrides of one name
@override(RecipeInterface[UserContext].verify_credentials, name="limit")
async def limit(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


@override(RecipeInterface[UserContext].verify_credentials, name="limit")  # wrong: init
async def another_limit(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


# program: an override that is ordered by a name that nobody has
@override(RecipeInterface[UserContext].verify_credentials, before=["cheked"])  # wrong: init
async def before_nobody(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


# program: an order by a text instead of a list
@override(RecipeInterface[UserContext].verify_credentials, before="checked")  # wrong: init
async def before_letters(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


# program: overrides whose order contradicts itself
@override(RecipeInterface[UserContext].verify_credentials, before=["second"], after=["second"])  # wrong: init
async def first(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


@override(RecipeInterface[UserContext].verify_credentials)
async def second(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


# program: the application's context is not named, though recipes need different ones
class LimitContext(UserContext, total=False):
    attempts: int


def limited(original_implementation: RecipeInterface[LimitContext]) -> RecipeInterface[LimitContext]:
    return original_implementation


init(
    INFO,
    [  # wrong: ty
        emailpassword.init(override=emailpassword.InputOverrideConfig(limited)),  # wrong: mypy
        session.init(),
    ],
    storage=STORE,
    secret=SECRET,
)
