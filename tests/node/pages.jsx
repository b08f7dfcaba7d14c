// The pre-built pages of supertokens-auth-react, unmodified, in front of the API that serves this file.
import React from "react";
import { createRoot } from "react-dom/client";
import SuperTokens, { SuperTokensWrapper } from "supertokens-auth-react";
import EmailPassword from "supertokens-auth-react/recipe/emailpassword";
import { EmailPasswordPreBuiltUI } from "supertokens-auth-react/recipe/emailpassword/prebuiltui";
import EmailVerification from "supertokens-auth-react/recipe/emailverification";
import { EmailVerificationPreBuiltUI } from "supertokens-auth-react/recipe/emailverification/prebuiltui";
import Passwordless from "supertokens-auth-react/recipe/passwordless";
import { PasswordlessPreBuiltUI } from "supertokens-auth-react/recipe/passwordless/prebuiltui";
import ThirdParty from "supertokens-auth-react/recipe/thirdparty";
import { ThirdPartyPreBuiltUI } from "supertokens-auth-react/recipe/thirdparty/prebuiltui";
import { canHandleRoute, getRoutingComponent } from "supertokens-auth-react/ui";
import Session, { SessionAuth, useSessionContext } from "supertokens-auth-react/recipe/session";

// verified, none (nobody verifies addresses), social (and there are buttons, which the frontend lists), or missing (what
// the API has no recipes for)
const mode = new URLSearchParams(window.location.search).get("mode") ?? sessionStorage.getItem("mode");
if (mode !== null) sessionStorage.setItem("mode", mode);
const verifies = mode === null || mode === "verified";
const isMissing = mode === "missing";
const hasButtons = mode === "social" || isMissing;
const providers = [{ id: "local", name: "Local" }, ThirdParty.Github.init()];

SuperTokens.init({
  appInfo: { appName: "Pages", apiDomain: window.location.origin, websiteDomain: window.location.origin },
  useShadowDom: false, // what a person sees is looked at by its text
  getRedirectionURL: async (context) => (context.action === "SUCCESS" ? "/home" : undefined),
  recipeList: [
    isMissing ? Passwordless.init({ contactMethod: "EMAIL" }) : EmailPassword.init(),
    ...(hasButtons ? [ThirdParty.init({ signInAndUpFeature: { providers } })] : []),
    ...(verifies ? [EmailVerification.init({ mode: "REQUIRED" })] : []),
    Session.init(),
  ],
});

function Home() {
  const session = useSessionContext();
  if (session.loading) return null;
  const signOut = async () => {
    await Session.signOut();
    window.location.href = "/auth?show=signin";
  };
  return (
    <p>
      You are {session.userId} <button onClick={signOut}>SIGN OUT</button>
    </p>
  );
}

const pages = [
  isMissing ? PasswordlessPreBuiltUI : EmailPasswordPreBuiltUI,
  ...(hasButtons ? [ThirdPartyPreBuiltUI] : []),
  ...(verifies ? [EmailVerificationPreBuiltUI] : []),
];

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
