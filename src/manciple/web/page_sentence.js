// Plain sentences: what the house understood, what it would do, and the yes that it waits for.
import { ask } from "./calls.js";
import { attempt, button, byId, element, priced } from "./page_parts.js";
import { showNewest } from "./page_list.js";

export async function tell(sentence) {
  await show(await ask("agent.ask", { sentence }));
}

async function show(answer) {
  const parts = [element("p", { textContent: answer.answer })];
  if (answer.plan) parts.push(...planned(answer));
  if (answer.question) parts.push(choices(answer.question));
  const links = answer.links.filter((href) => URL.canParse(href) && new URL(href).protocol === "https:");
  parts.push(...links.map((href) => element("a", { href, rel: "noreferrer", textContent: "Fill the shop's cart" })));
  byId("answer").replaceChildren(...parts);
  if (answer.done || answer.called.length) await showNewest();
}

function planned({ plan, token }) {
  const lines = plan.preview.map((each) => {
    const why = element("small", { textContent: each.why ?? "" });
    const price = element("span", { className: "price", textContent: each.isPriced ? priced(each.price) : "" });
    return element("li", {}, element("span", {}, each.text, why), price);
  });
  const open = plan.unknownPrices ? `, ${plan.unknownPrices} without a price` : "";
  const total = element("p", { className: "quiet", textContent: `About ${priced(plan.total)}${open}` });
  const yes = button("Yes, do it", async () => show(await ask("agent.confirm", { token })));
  const no = button("No", async () => {
    await ask("agent.drop", {});
    byId("answer").replaceChildren(element("p", { className: "quiet", textContent: "Nothing was changed." }));
  }, { kind: "small soft" });
  const hasPrices = plan.preview.some((each) => each.isPriced);
  return [element("ul", {}, ...lines), ...(hasPrices ? [total] : []), element("p", { className: "choices" }, yes, no)];
}

function choices(question) {
  const each = question.options.map((option) => {
    const price = option.price === null ? "" : `, ${priced(option.price)}`;
    return button(option.label + price, () => tell(option.label), { kind: "small soft" });
  });
  return element("p", { className: "choices" }, ...each);
}

byId("sentence").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = byId("words");
  const sentence = field.value.trim();
  if (!sentence) return;
  byId("answer").replaceChildren(element("p", { className: "quiet", textContent: "Thinking …" }));
  attempt(async () => {
    await tell(sentence);
    field.value = "";
  }, event.submitter);
});
