// The page people use: searches and keeps a list through the same calls as any other client.
import { ask as call } from "./calls.js";

const byId = (id) => document.getElementById(id);
const found = byId("found");
const said = byId("said");
const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
let list = null;

const ask = (path, input, how) => call(`walmartGrocery.${path}`, input, how);

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const priced = (amount) => (amount === null || amount === undefined ? "no price" : money.format(amount));

function row(product) {
  const add = element("button", { type: "button", className: "small", textContent: "Add" });
  add.setAttribute("aria-label", `Add ${product.name} to your list`);
  add.addEventListener("click", () => attempt(() => addProduct(product), add));
  const isSample = product.price?.method.startsWith("sample");
  const facts = [
    product.brand,
    product.size?.text,
    product.unitPrice,
    isSample ? "sample price" : null,
    product.inStock === false ? "out of stock" : null,
  ];
  const about = element("small", { textContent: facts.filter(Boolean).join(" · ") });
  const price = element("span", { className: "price", textContent: priced(product.currentPrice) });
  return element("li", {}, element("span", {}, product.name, about), price, add);
}

async function search(query) {
  said.textContent = "Looking …";
  const answer = await ask("searchProducts", { query, limit: 20 });
  const { products, count, total } = answer;
  found.replaceChildren(...products.map(row));
  const told = total > count ? `${total} found, the best ${count} of them here` : `${count} found`;
  const meant = answer.didYouMean ? ` Did you mean “${answer.didYouMean}”?` : "";
  const nothing = answer.whyNothing ?? `Nothing found for “${query}”.`;
  said.textContent = (count === 0 ? nothing : told) + meant;
}

async function addProduct(product) {
  list ??= (await ask("createList", { name: "Your list" })).list;
  const items = [{ productId: product.productId, quantity: 1 }];
  const answer = await ask("addToList", { listId: list.id, items });
  show(answer.list);
  const [outcome] = answer.results;
  said.textContent = outcome.status === "refused" ? outcome.problem : `${product.name} is on your list`;
}

async function change(path, itemIds) {
  show((await ask(path, { listId: list.id, itemIds })).list);
}

function line(item) {
  const isChecked = item.checkedAt !== null;
  const box = element("input", { type: "checkbox", checked: isChecked });
  box.addEventListener("change", () =>
    attempt(() => change(box.checked ? "checkItems" : "uncheckItems", [item.id]), box));
  const remove = element("button", { type: "button", className: "plain", textContent: "✕" });
  remove.setAttribute("aria-label", `Remove ${item.name}`);
  remove.addEventListener("click", () => attempt(() => change("removeItems", [item.id]), remove));
  const count = Number(item.quantity) === 1 ? "" : `${item.quantity} × `;
  const price = element("small", { textContent: priced(item.estimatedPrice) });
  const name = element("span", { className: isChecked ? "checked" : "" }, count + item.name, price);
  return element("li", {}, element("label", {}, box, name), remove);
}

function show(changed) {
  list = changed;
  byId("list-name").textContent = list.name;
  byId("items").replaceChildren(...list.items.map(line));
  const open = list.itemsWithoutPrice ? `, ${list.itemsWithoutPrice} without a price` : "";
  byId("total").textContent = list.items.length === 0
    ? "Nothing on it yet."
    : `About ${money.format(list.estimatedTotal)} before tax${open}`;
}

async function attempt(work, control = null) {
  if (control) control.disabled = true;
  try {
    await work();
  } catch (error) {
    said.textContent = error.message;
  } finally {
    if (control) control.disabled = false;
  }
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const query = byId("query").value.trim();
  if (!query) return;
  history.replaceState(null, "", `?q=${encodeURIComponent(query)}`);
  attempt(() => search(query));
});

function showWho(user) {
  const leave = element("button", { type: "button", className: "plain", textContent: "Sign out" });
  leave.addEventListener("click", () => attempt(async () => {
    await call("auth.signOut");
    location.assign("sign-in");
  }, leave));
  byId("who").replaceChildren(user.displayName, leave);
  byId("who").hidden = false;
}

attempt(async () => {
  const { user, via } = await call("auth.me", {}, { isQuery: true });
  if (!user) return location.replace("sign-in");
  if (via === "cookie") showWho(user);
  const { lists } = await ask("getLists", {}, { isQuery: true });
  const newest = lists.find((each) => each.status === "active");
  if (newest) show((await ask("getList", { listId: newest.id }, { isQuery: true })).list);
  const wanted = new URLSearchParams(location.search).get("q");
  if (wanted) {
    byId("query").value = wanted;
    await search(wanted);
  }
});
