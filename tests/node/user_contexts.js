// What supertokens-web-js and supertokens-website hand to overrides and hooks as userContext.
import SuperTokens from "supertokens-web-js";
import EmailPassword from "supertokens-web-js/recipe/emailpassword";
import Session from "supertokens-web-js/recipe/session";

const seen = [];
const note = (recipe, ...functions) => (original) => {
  const noting = { ...original };
  for (const name of functions) {
    noting[name] = (input) => {
      seen.push([`${recipe}.${name}`, input.userContext]);
      return original[name](input);
    };
  }
  return noting;
};

SuperTokens.init({
  appInfo: { appName: "Contexts", apiDomain: window.location.origin, apiBasePath: "/auth" },
  recipeList: [
    Session.init({ override: { functions: note("Session", "doesSessionExist", "signOut") } }),
    EmailPassword.init({
      override: { functions: note("EmailPassword", "signUp", "signIn") },
      preAPIHook: async (context) => {
        seen.push([`hook ${context.action}`, context.userContext]);
        return context;
      },
    }),
  ],
});

Object.assign(window, { seen, Session, EmailPassword });
