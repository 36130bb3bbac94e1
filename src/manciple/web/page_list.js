// The list: what is on it, what it comes to, and what was checked off.
import { ask } from "./calls.js";
import { attempt, button, byId, element, priced, say } from "./page_parts.js";

let list = null;

export async function addProduct(product) {
  list ??= (await ask("walmartGrocery.createList", { name: "Your list" })).list;
  const items = [{ productId: product.productId, quantity: 1 }];
  const answer = await ask("walmartGrocery.addToList", { listId: list.id, items });
  show(answer.list);
  const [outcome] = answer.results;
  say(outcome.status === "refused" ? outcome.problem : `${product.name} is on your list`);
}

export async function showNewest() {
  const { lists } = await ask("walmartGrocery.getLists", {}, { isQuery: true });
  const newest = lists.find((each) => each.status === "active");
  if (newest) show((await ask("walmartGrocery.getList", { listId: newest.id }, { isQuery: true })).list);
}

async function change(path, itemIds) {
  show((await ask(`walmartGrocery.${path}`, { listId: list.id, itemIds })).list);
}

function line(item) {
  const isChecked = item.checkedAt !== null;
  const box = element("input", { type: "checkbox", checked: isChecked });
  box.addEventListener("change", () =>
    attempt(() => change(box.checked ? "checkItems" : "uncheckItems", [item.id]), box));
  const remove = button("✕", () => change("removeItems", [item.id]), { label: `Remove ${item.name}`, kind: "plain" });
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
    : `About ${priced(list.estimatedTotal)} before tax${open}`;
  byId("to-list").textContent = `${list.name}: ${list.items.length} · ${priced(list.estimatedTotal)}`;
}
