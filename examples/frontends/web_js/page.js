// What the page does, with Session and EmailPassword of either index.html or main.js.
const show = (text) => (document.getElementById("shown").textContent = text);

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const formFields = ["email", "password"].map((id) => ({ id, value: form.get(id) }));
  const send = { signIn: EmailPassword.signIn, signUp: EmailPassword.signUp }[event.submitter.value];
  const answer = await send({ formFields });
  if (answer.status === "OK") show(`Signed in as ${answer.user.emails[0]}.`);
  else if (answer.status === "FIELD_ERROR") show(answer.formFields.map((field) => field.error).join(" "));
  else show(answer.reason ?? "Address or password is wrong.");
});

document.getElementById("me").addEventListener("click", async () => {
  const response = await fetch("/me");
  show(response.ok ? `You are ${(await response.json()).user}.` : "You are not signed in.");
});

document.getElementById("sign-out").addEventListener("click", async () => {
  await Session.signOut();
  show("Signed out.");
});
