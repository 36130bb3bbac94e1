// The small things that the parts of the page share.
export const byId = (id) => document.getElementById(id);
const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

export const priced = (amount) =>
  amount === null || amount === undefined ? "no price" : money.format(amount);

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function button(text, work, { label = null, kind = "small" } = {}) {
  const made = element("button", { type: "button", className: kind, textContent: text });
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", () => attempt(work, made));
  return made;
}

export function say(text) {
  byId("said").textContent = text;
}

export async function attempt(work, control = null) {
  if (control) control.disabled = true;
  try {
    await work();
  } catch (error) {
    say(error.message);
  } finally {
    if (control) control.disabled = false;
  }
}
