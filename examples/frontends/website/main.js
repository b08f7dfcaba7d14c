// supertokens-website looks after the session alone: forms and routes are your own.
import SuperTokens from "supertokens-website";

const { api, mode } = document.documentElement.dataset;
const API = api || window.location.origin;

// From here on fetch and XMLHttpRequest send the session along to the API, and refresh it where that is due.
SuperTokens.init({ apiDomain: API, apiBasePath: "/auth", tokenTransferMethod: mode });

const show = (text) => (document.getElementById("shown").textContent = text);

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const formFields = ["email", "password"].map((id) => ({ id, value: form.get(id) }));
  const response = await fetch(`${API}/auth/${event.submitter.value}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ formFields }),
  });
  const answer = await response.json();
  if (answer.status === "OK") show(`Signed in as ${answer.user.emails[0]}.`);
  else if (answer.status === "FIELD_ERROR") show(answer.formFields.map((field) => field.error).join(" "));
  else show(answer.message ?? answer.reason ?? "Address or password is wrong.");
});

document.getElementById("me").addEventListener("click", async () => {
  const response = await fetch(`${API}/me`);
  show(response.ok ? `You are ${(await response.json()).user}.` : "You are not signed in.");
});

document.getElementById("sign-out").addEventListener("click", async () => {
  await SuperTokens.signOut();
  show("Signed out.");
});
