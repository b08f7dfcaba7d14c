// The pre-built pages of supertokens-auth-react. They ask the API which ways to sign in there are (GET /loginmethods).
import { createRoot } from "react-dom/client";
import SuperTokens, { SuperTokensWrapper } from "supertokens-auth-react";
import EmailPassword from "supertokens-auth-react/recipe/emailpassword";
import { EmailPasswordPreBuiltUI } from "supertokens-auth-react/recipe/emailpassword/prebuiltui";
import Session, { SessionAuth, useSessionContext } from "supertokens-auth-react/recipe/session";
import ThirdParty from "supertokens-auth-react/recipe/thirdparty";
import { ThirdPartyPreBuiltUI } from "supertokens-auth-react/recipe/thirdparty/prebuiltui";
import { canHandleRoute, getRoutingComponent } from "supertokens-auth-react/ui";

const { origin } = window.location;

SuperTokens.init({
  appInfo: { appName: "Auth React", apiDomain: origin, websiteDomain: origin },
  usesDynamicLoginMethods: true,
  useShadowDom: false, // so that the styles of your site reach them
  getRedirectionURL: async (context) => (context.action === "SUCCESS" ? "/" : undefined),
  recipeList: [EmailPassword.init(), ThirdParty.init(), Session.init()],
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

const pages = [EmailPasswordPreBuiltUI, ThirdPartyPreBuiltUI];

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
