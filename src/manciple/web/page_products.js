// The products found: what each costs, where that price comes from, what could stand in for it.
import { ask } from "./calls.js";
import { attempt, button, byId, element, priced, say } from "./page_parts.js";
import { addProduct } from "./page_list.js";

const day = new Intl.DateTimeFormat("en-US", { dateStyle: "medium" });
const percent = new Intl.NumberFormat("en-US", { style: "percent" });

export async function search(query) {
  say("Looking …");
  const answer = await ask("walmartGrocery.searchProducts", { query, limit: 20 });
  const { products, count, total, unknownWords } = answer;
  byId("found").replaceChildren(...products.map((each) => row(each)));
  const told = total > count ? `The best ${count} of ${total}` : `${count} found`;
  const meant = answer.didYouMean ? ` for “${answer.didYouMean}”` : "";
  const nothing = answer.whyNothing ?? `Nothing found for “${query}”.`;
  const without = unknownWords.length ? `; nothing here is called “${unknownWords.join("”, “")}”` : "";
  say(count === 0 ? nothing : told + meant + without);
}

export async function suggest(query) {
  const wanted = query.trim();
  const answer = wanted.length < 2 ? { suggestions: [] }
    : await ask("walmartGrocery.suggest", { query: wanted, limit: 8 }, { isQuery: true });
  byId("suggestions").replaceChildren(...answer.suggestions.map((value) => element("option", { value })));
}

function row(product, { note = null } = {}) {
  const add = button("Add", () => addProduct(product), { label: `Add ${product.name} to your list` });
  const facts = [note, product.brand, product.size?.text, product.unitPrice, product.inStock === false ? "out of stock" : null];
  const about = element("small", { textContent: facts.filter(Boolean).join(" · ") });
  const more = element("details", {}, element("summary", {}, product.name, about));
  let told = null;
  more.addEventListener("toggle", () => {
    told ??= element("div", { className: "known" }, ...known(product));
    if (more.open) more.closest("li").append(told);
    else told.remove();
  });
  const isSample = product.price?.method.startsWith("sample");
  const price = element("span", { className: "price" }, priced(product.currentPrice));
  if (isSample) price.append(element("small", { textContent: "sample" }));
  return element("li", {}, more, price, add);
}

function known(product) {
  const facts = element("p", { className: "quiet", textContent: provenance(product) });
  const claims = product.claims.map((claim) => claim.replaceAll("_", " "));
  const says = element("p", { className: "quiet", textContent: claims.length ? `Says: ${claims.join(", ")}` : "" });
  const others = element("ul", {});
  const instead = button("What could stand in?", async () => {
    const wanted = { productId: product.productId, limit: 5 };
    const { substitutions } = await ask("walmartGrocery.findSubstitutions", wanted, { isQuery: true });
    others.replaceChildren(...substitutions.map(substitute));
    if (substitutions.length === 0) others.replaceChildren(element("li", { textContent: "Nothing here could stand in for it." }));
  }, { kind: "small soft" });
  return [facts, ...(claims.length ? [says] : []), instead, others];
}

function substitute(product) {
  const why = product.differences.map((each) => each.what).join(", ");
  return row(product, { note: why || null });
}

function provenance({ price, priceMissing }) {
  if (!price) return priceMissing ?? "Nobody has said a price for it.";
  const sure = `${percent.format(price.confidence)} sure`;
  const when = day.format(new Date(price.observedAt));
  const store = price.store ? `, store ${price.store}` : "";
  const kind = price.method.startsWith("sample") ? "A sample price, not an offer" : "Price";
  return `${kind}: ${price.source.replaceAll("-", " ")} (${price.method.replaceAll("_", " ")})${store}, ${when}, ${sure}.`;
}

export function later(work, wait_ms) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => attempt(() => work(...given)), wait_ms);
  };
}
