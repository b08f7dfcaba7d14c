// Sign up, ask who is signed in and sign out, with openapi-fetch and the types that openapi-typescript makes of the document.
import createClient from "openapi-fetch";
import type { paths } from "./auth.js";

declare const process: { argv: string[] }; // or the package @types/node
const [address, email, password] = process.argv.slice(2) as [string, string, string];
const client = createClient<paths>({ baseUrl: address });

function form(value: string) {
  return {
    formFields: [
      { id: "email" as const, value: email },
      { id: "password" as const, value },
    ],
  };
}

const refused = await client.POST("/auth/signup", { body: form("short") });
if (refused.data?.status === "FIELD_ERROR") {
  console.log("refused:", refused.data.formFields.map((each) => `${each.id}: ${each.error}`).join(" "));
}

const signedUp = await client.POST("/auth/signup", { body: form(password) });
if (signedUp.data?.status !== "OK") throw new Error("the address is taken");
console.log("signed up:", signedUp.data.user.emails.join(" "));

const headers = { authorization: `Bearer ${signedUp.response.headers.get("st-access-token")}` };
const verified = await client.GET("/auth/user/email/verify", { headers });
if (verified.data?.status === "OK") console.log("verified:", verified.data.isVerified ? "yes" : "no");
const signedOut = await client.POST("/auth/signout", { headers });
console.log("signed out:", signedOut.response.status);

const { data, error } = await client.POST("/auth/signin", { body: form("another password 1") });
switch (data?.status) {
  case "OK":
    console.log("signed in:", data.user.emails.join(" "));
    break;
  case "WRONG_CREDENTIALS_ERROR":
    console.log("signed in: no");
    break;
  default:
    console.log("something else:", data, error);
}
