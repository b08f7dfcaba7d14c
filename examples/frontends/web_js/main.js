// supertokens-web-js by modules, for a bundler.
import SuperTokens from "supertokens-web-js";
import EmailPassword from "supertokens-web-js/recipe/emailpassword";
import Session from "supertokens-web-js/recipe/session";

SuperTokens.init({
  appInfo: { appName: "web-js", apiDomain: window.location.origin, apiBasePath: "/auth" },
  recipeList: [Session.init(), EmailPassword.init()],
});
Object.assign(window, { Session, EmailPassword }); // page.js is there for both pages
