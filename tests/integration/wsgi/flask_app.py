"""A Flask application as a module, for servers that load one."""

from __future__ import annotations

import os

from flask import Flask

from authweave.app import init
from authweave.extending import threads_are_greenlets
from authweave.framework.flask import Middleware, get_session, verify_session
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S, PATIENT

auth = init(
    InputAppInfo(app_name="Test", api_domain="http://localhost", website_domain="http://localhost"),
    [emailpassword.init(), session.init(anti_csrf="NONE")],
    storage=f"sqlite:///{os.environ['STORE']}",
    storage_options=PATIENT,
    storage_wait_s=PATIENCE_S,
    passwords=PasswordHasher(memory_kib=8, time_cost=1),
)
app = Flask("example")
Middleware(app)


@app.get("/me")
@verify_session()
def me() -> dict[str, str]:
    """Return whose session it is."""
    return {"user": get_session().get_user_id()}


if not threads_are_greenlets():

    @app.get("/later")
    @verify_session()
    async def later() -> dict[str, str]:
        """Return the same. Under gevent it would be refused."""
        return {"user": get_session().get_user_id()}
