// Calls the house as any client does. A page that is signed in repeats a token with what it changes.
let csrfToken = null;

export class Refusal extends Error {
  constructor({ message, data }) {
    super(message);
    this.code = data.code;
    this.fields = data.zodError?.fieldErrors ?? {};
  }
}

async function freshToken() {
  const answer = await fetch("api/csrf-token");
  return answer.ok ? (await answer.json()).csrfToken : null;
}

async function post(url, body) {
  const headers = { "content-type": "application/json" };
  if (csrfToken) headers["x-csrf-token"] = csrfToken;
  return fetch(url, { method: "POST", headers, body });
}

export async function ask(path, input = {}, { isQuery = false } = {}) {
  const url = `trpc/${path}`;
  const text = JSON.stringify(input);
  if (isQuery) return read(await fetch(`${url}?input=${encodeURIComponent(text)}`));
  csrfToken ??= await freshToken();
  return read(await post(url, text));
}

async function read(answer) {
  const { result, error } = await answer.json();
  if (error) throw new Refusal(error);
  return result.data;
}
