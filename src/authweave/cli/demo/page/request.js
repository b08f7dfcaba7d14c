// The requests of the page: what they say of themselves, and what they take of the form.

export function field(id) {
  return document.getElementById(id).value;
}

// What is sent is `content`, with what `fields` of the form hold, or what `fill` returns.
export async function send({ method, path, recipe, fields, fill, content = {} }) {
  const headers = { rid: recipe, "st-auth-mode": "cookie", "fdi-version": "4.2" };
  const request = { method, headers };
  if (method === "POST") {
    const formFields = fields?.map((id) => ({ id, value: field(id) }));
    headers["content-type"] = "application/json";
    request.body = JSON.stringify({ ...content, ...fill?.(), formFields });
  }
  const response = await fetch(path, request);
  const body = await response.json().catch(() => ({}));
  return { response, body };
}
