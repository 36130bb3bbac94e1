// Calls a procedure from the reference page, over the door that the page came from.

import { inputOf, make } from "./reference_types.js";

/** Where a call goes: the same door that this page came from. */
function address(operation, text) {
  const url = new URL(`.${operation.path}`, new URL(".", location.href));
  if (operation.method === "get" && text) url.searchParams.set("input", text);
  return url;
}

function curl(operation, text) {
  const quoted = `'${text.replaceAll("'", "'\\''")}'`;
  const url = address(operation).href;
  if (operation.method === "post") return `curl ${url} \\\n  -H 'content-type: application/json' \\\n  -d ${quoted}`;
  const stream = operation["x-kind"] === "subscription" ? "-N " : "";
  return text ? `curl ${stream}-G ${url} \\\n  --data-urlencode input=${quoted}` : `curl ${stream}${url}`;
}

export function tryIt(reference, operation) {
  const input = inputOf(operation);
  if (input && input.mediaType !== "application/json") return null;
  const text = input ? JSON.stringify(reference.sample(input.schema), null, 2) : "";
  const command = make("pre", { tabindex: 0 }, curl(operation, input ? JSON.stringify(JSON.parse(text)) : ""));
  const area = make("textarea", { "aria-label": "Input as JSON", spellcheck: "false" });
  area.value = text;
  const button = make("button", { type: "submit" }, "Send");
  const status = make("output", {});
  const answer = make("pre", { tabindex: 0, hidden: "" });
  const form = make("form", {}, input ? area : null, button, status, answer);
  const view = { area, button, status, answer };
  area.addEventListener("input", () => { command.textContent = curl(operation, area.value.trim()); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (operation["x-kind"] === "subscription") follow(operation, view);
    else ask(operation, view);
  });
  return make("details", { class: "more" }, make("summary", {}, "Try it"), command, form);
}

function tell(view, text, isWrong) {
  view.status.textContent = text;
  view.status.classList.toggle("wrong", isWrong);
}

async function ask(operation, view) {
  const text = view.area.value.trim();
  const isPost = operation.method === "post";
  const options = isPost ? { method: "POST", headers: { "content-type": "application/json" }, body: text } : {};
  const began = performance.now();
  view.button.disabled = true;
  try {
    const response = await fetch(address(operation, text), options);
    const body = await response.json();
    tell(view, `${response.status} in ${Math.round(performance.now() - began)} ms`, !response.ok);
    view.answer.textContent = JSON.stringify(body, null, 2);
    view.answer.hidden = false;
  } catch (error) {
    tell(view, String(error), true);
  } finally {
    view.button.disabled = false;
  }
}

const streams = new WeakMap();
const MOST_ITEMS = 200;

function follow(operation, view) {
  const open = streams.get(view);
  const stop = (words, isWrong) => {
    streams.get(view)?.close();
    streams.delete(view);
    view.button.textContent = "Send";
    tell(view, words, isWrong);
  };
  if (open) return stop("Stopped.", false);
  const source = new EventSource(address(operation, view.area.value.trim()));
  const items = [];
  streams.set(view, source);
  view.button.textContent = "Stop";
  view.answer.hidden = false;
  view.answer.textContent = "";
  tell(view, "Listening …", false);
  source.addEventListener("message", (event) => {
    items.unshift(event.data);
    view.answer.textContent = items.slice(0, MOST_ITEMS).join("\n");
  });
  source.addEventListener("return", () => stop("The server ended it.", false));
  source.addEventListener("serialized-error", (event) => stop(JSON.parse(event.data).message, true));
  source.addEventListener("error", () => tell(view, "Connecting again …", true));
}
