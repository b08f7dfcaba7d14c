// The links of mails: a list of them, and the use of one that the page was opened by.

export const RESET = "/auth/user/password/reset";

const USES = {
  "/auth/reset-password": { path: RESET, recipe: "emailpassword", fields: ["password"] },
  "/auth/verify-email": { path: "/auth/user/email/verify", recipe: "emailverification" },
};

// Returns how the link is used that the page was opened by; null where it was by none. Its token does not stay in the
// address bar, and it is used at a button's press: some mail servers open links before people do.
export function openedBy() {
  const use = USES[location.pathname];
  const token = new URLSearchParams(location.search).get("token");
  if (use === undefined || token === null) return null;
  history.replaceState(null, "", "/");
  return { method: "POST", ...use, content: { method: "token", token } };
}

// Returns the mails as a list with their links.
export function mailList(mails) {
  const list = document.createElement("ul");
  list.className = "mails";
  for (const { to, subject, links } of mails) {
    const link = document.createElement("a");
    link.href = links[0];
    link.textContent = subject;
    const item = document.createElement("li");
    item.append(link, ` to ${to}`);
    list.append(item);
  }
  return list;
}
