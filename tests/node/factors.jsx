// The pre-built pages of supertokens-auth-react for passwordless, passkeys and second factors, unmodified.
import { createRoot } from "react-dom/client";
import SuperTokens, { SuperTokensWrapper } from "supertokens-auth-react";
import EmailPassword from "supertokens-auth-react/recipe/emailpassword";
import { EmailPasswordPreBuiltUI } from "supertokens-auth-react/recipe/emailpassword/prebuiltui";
import MultiFactorAuth from "supertokens-auth-react/recipe/multifactorauth";
import { MultiFactorAuthPreBuiltUI } from "supertokens-auth-react/recipe/multifactorauth/prebuiltui";
import Passwordless from "supertokens-auth-react/recipe/passwordless";
import { PasswordlessPreBuiltUI } from "supertokens-auth-react/recipe/passwordless/prebuiltui";
import Session, { SessionAuth, useSessionContext } from "supertokens-auth-react/recipe/session";
import TOTP from "supertokens-auth-react/recipe/totp";
import { TOTPPreBuiltUI } from "supertokens-auth-react/recipe/totp/prebuiltui";
import Webauthn from "supertokens-auth-react/recipe/webauthn";
import { WebauthnPreBuiltUI } from "supertokens-auth-react/recipe/webauthn/prebuiltui";
import { canHandleRoute, getRoutingComponent } from "supertokens-auth-react/ui";

// passwordless (a code and a link), passkeys, or factors (a password and then what the API asks for); a link of a mail
// that is opened in another browser says nothing of it, and its path does.
const said = new URLSearchParams(window.location.search).get("mode") ?? sessionStorage.getItem("mode");
const mode = said ?? (window.location.pathname.startsWith("/auth/webauthn") ? "passkeys" : "passwordless");
sessionStorage.setItem("mode", mode);

const codes = () =>
  Passwordless.init({
    contactMethod: "EMAIL_OR_PHONE",
    signInUpFeature: { resendEmailOrSMSGapInSeconds: 0.1 }, // tests do not wait
  });

const kinds = {
  passwordless: {
    recipes: () => [codes()],
    pages: [PasswordlessPreBuiltUI],
  },
  passkeys: { recipes: () => [Webauthn.init()], pages: [WebauthnPreBuiltUI] },
  factors: {
    recipes: () => [
      EmailPassword.init(),
      codes(),
      TOTP.init(),
      Webauthn.init(),
      MultiFactorAuth.init({ firstFactors: ["emailpassword"] }),
    ],
    pages: [EmailPasswordPreBuiltUI, PasswordlessPreBuiltUI, TOTPPreBuiltUI, WebauthnPreBuiltUI, MultiFactorAuthPreBuiltUI],
  },
};
const { recipes, pages } = kinds[mode];

SuperTokens.init({
  appInfo: { appName: "Factors", apiDomain: window.location.origin, websiteDomain: window.location.origin },
  useShadowDom: false, // what a person sees is looked at by its text
  getRedirectionURL: async (context) => (context.action === "SUCCESS" ? "/home" : undefined),
  recipeList: [...recipes(), Session.init()],
});

function Home() {
  const session = useSessionContext();
  if (session.loading) return null;
  const signOut = async () => {
    await Session.signOut();
    window.location.href = "/auth";
  };
  return (
    <p>
      You are {session.userId} <button onClick={signOut}>SIGN OUT</button>
    </p>
  );
}

function Page() {
  if (canHandleRoute(pages)) return getRoutingComponent(pages);
  return (
    <SessionAuth>
      <Home />
    </SessionAuth>
  );
}

createRoot(document.getElementById("root")).render(
  <SuperTokensWrapper>
    <Page />
  </SuperTokensWrapper>,
);
