from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, session

auth = init(
    InputAppInfo(app_name="Shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    [emailpassword.init(), session.init()],
    framework="django",
    storage="sqlite:///auth.db",
)
