// The pages to set a house up, to join it and to sign in: each is one form and one call.
import { ask } from "./calls.js";

const form = document.querySelector("form");
const said = document.getElementById("said");
const button = form.querySelector("button");
const code = document.getElementById("code");

// The code of a link stands behind the #, which browsers keep to themselves; and not for long.
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  code.closest("label").hidden = true;
  history.replaceState(null, "", location.pathname);
}

function tell(message, field = null) {
  said.textContent = message;
  for (const each of form.elements) each.removeAttribute("aria-invalid");
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

function tellRefusal(error) {
  const [name, problems] = Object.entries(error.fields ?? {})[0] ?? [];
  const field = form.elements[name];
  if (!field?.id) return tell(error.message);
  const label = form.querySelector(`label[for="${field.id}"]`) ?? field.closest("label");
  tell(`${label.firstChild.textContent.trim()} ${problems[0]}.`, field);
}

async function enter() {
  const wanted = Object.fromEntries(new FormData(form));
  await ask(form.dataset.call, { ...wanted, browser: true });
  const { via } = await ask("auth.me", {}, { isQuery: true });
  if (via === "cookie") return location.assign("./");
  tell("That was right, but this browser takes no sign-in over this address: use https:, or localhost on the machine itself.");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  tell("");
  button.disabled = true;
  try {
    await enter();
  } catch (error) {
    tellRefusal(error);
  } finally {
    button.disabled = false;
  }
});

// Without its script the form can do nothing, so until now it could not be sent.
button.disabled = false;

if (form.dataset.call === "auth.setup") {
  const { needsSetup } = await ask("auth.me", {}, { isQuery: true });
  form.hidden = !needsSetup;
  document.getElementById("taken").hidden = needsSetup;
}
