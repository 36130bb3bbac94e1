// The reference page: everything on it is written from openapi.json of the same door.

import { tryIt } from "./reference_try.js";
import { Reference, inline, inputOf, make, outputOf, prose } from "./reference_types.js";

const at = (id) => document.getElementById(id);

function side(reference, title, schema) {
  if (!schema) return make("div", {}, make("h4", {}, title), make("p", { class: "note" }, "Nothing."));
  const isPlain = !reference.resolved(schema).properties;
  const about = reference.resolved(schema).description;
  return make(
    "div",
    {},
    make("h4", {}, title, " ", make("span", { class: "type" }, reference.type(schema))),
    about ? make("p", { class: "note" }, inline(about)) : null,
    isPlain ? reference.details(schema) : reference.fields(reference.resolved(schema)),
  );
}

function errors(reference, operation) {
  const rows = Object.entries(operation.responses)
    .filter(([status]) => status !== "200")
    .flatMap(([status, response]) => {
      const name = response.$ref.split("/").pop();
      const text = reference.document.components.responses[name].description;
      return [make("dt", {}, `${status} ${name}`), make("dd", {}, inline(text))];
    });
  if (!rows.length) return null;
  const list = make("dl", { class: "errors" }, rows);
  return make("details", { class: "more" }, make("summary", {}, "Errors"), list);
}

function article(reference, operation) {
  const input = inputOf(operation);
  const kind = operation["x-kind"];
  const isNoJson = input && input.mediaType !== "application/json";
  const takes = isNoJson ? null : input?.schema;
  const method = kind === "subscription" ? "server-sent events" : operation.method.toUpperCase();
  return make(
    "article",
    { id: operation.operationId },
    make("h3", {}, make("a", { href: `#${operation.operationId}` }, operation.operationId)),
    make(
      "p",
      { class: "marks" },
      make("span", { class: `kind ${kind}` }, `${kind}, ${method}`),
      make("span", {}, operation["x-needs"] === "public" ? "open to everybody" : `needs ${operation["x-needs"]}`),
    ),
    prose(`${operation.summary}\n\n${operation.description ?? ""}`),
    make(
      "div",
      { class: "columns" },
      side(reference, isNoJson ? `Input: ${input.mediaType}` : input && !input.isRequired ? "Input, optional" : "Input", takes),
      side(reference, kind === "subscription" ? "Each item" : "Output", outputOf(operation)),
    ),
    errors(reference, operation),
    tryIt(reference, operation),
  );
}

function contents(router, operations) {
  const links = operations.map(({ operationId }) =>
    make("li", {}, make("a", { href: `#${operationId}` }, operationId.slice(router.length + 1))),
  );
  return make("div", {}, make("h2", {}, router), make("ul", {}, links));
}

function filter(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const each of document.querySelectorAll("article")) {
    const text = `${each.id} ${each.querySelector(".prose").textContent}`.toLowerCase();
    each.hidden = !wanted.every((word) => text.includes(word));
    shown += each.hidden ? 0 : 1;
    document.querySelector(`nav a[href="#${CSS.escape(each.id)}"]`).parentElement.hidden = each.hidden;
  }
  for (const group of document.querySelectorAll("section.router, #contents > div")) {
    group.hidden = !group.querySelector("article:not([hidden]), li:not([hidden])");
  }
  at("count").textContent = `${shown} procedures`;
}

function markCurrent() {
  for (const link of document.querySelectorAll("nav li a")) {
    if (link.hash === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function listen() {
  at("filter").addEventListener("input", (event) => filter(event.target.value));
  addEventListener("hashchange", markCurrent);
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    at("filter").focus();
  });
}

async function show() {
  const response = await fetch("openapi.json");
  const reference = new Reference(await response.json());
  at("version").textContent = reference.document.info.version;
  at("about").replaceChildren(prose(reference.document.info.description));
  const routers = reference.routers();
  at("contents").replaceChildren(...routers.map(([router, operations]) => contents(router, operations)));
  at("procedures").replaceChildren(
    ...routers.map(([router, operations]) =>
      make("section", { class: "router" }, make("h2", {}, router), operations.map((each) => article(reference, each))),
    ),
  );
  listen();
  markCurrent();
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

show().catch((error) => at("procedures").replaceChildren(make("p", {}, `The document could not be read: ${error}`)));
