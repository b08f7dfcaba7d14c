// supertokens-web-js, unmodified: what it has for codes, links, second factors and passkeys, for scripts of the tests.
import { startAuthentication } from "@simplewebauthn/browser"; // which supertokens-web-js brings along
import SuperTokens from "supertokens-web-js";
import EmailPassword from "supertokens-web-js/recipe/emailpassword";
import MultiFactorAuth, { MultiFactorAuthClaim } from "supertokens-web-js/recipe/multifactorauth";
import Passwordless from "supertokens-web-js/recipe/passwordless";
import Session from "supertokens-web-js/recipe/session";
import Totp from "supertokens-web-js/recipe/totp";
import Webauthn from "supertokens-web-js/recipe/webauthn";

SuperTokens.init({
  appInfo: { appName: "Factors", apiDomain: window.location.origin, apiBasePath: "/auth" },
  recipeList: [
    Session.init(),
    EmailPassword.init(),
    Passwordless.init(),
    MultiFactorAuth.init(),
    Totp.init(),
    Webauthn.init(),
  ],
});

Object.assign(window, {
  EmailPassword,
  MultiFactorAuth,
  MultiFactorAuthClaim,
  Passwordless,
  Session,
  Totp,
  Webauthn,
  startAuthentication,
});
