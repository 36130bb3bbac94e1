// The page people use: it searches, listens and keeps a list through the calls of any other client.
import { ask } from "./calls.js";
import { showNewest } from "./page_list.js";
import { attempt, button, byId } from "./page_parts.js";
import { later, search, suggest } from "./page_products.js";
import "./page_sentence.js";

const SUGGEST_AFTER_MS = 120;
const field = byId("query");

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const query = field.value.trim();
  if (!query) return;
  history.replaceState(null, "", `?q=${encodeURIComponent(query)}`);
  attempt(() => search(query));
});

field.addEventListener("input", later(() => suggest(field.value), SUGGEST_AFTER_MS));

function showWho(user) {
  const leave = button("Sign out", async () => {
    await ask("auth.signOut");
    location.assign("sign-in");
  }, { kind: "plain" });
  byId("who").replaceChildren(user.displayName, leave);
  byId("who").hidden = false;
}

attempt(async () => {
  const { user, via } = await ask("auth.me", {}, { isQuery: true });
  if (!user) return location.replace("sign-in");
  if (via === "cookie") showWho(user);
  const wanted = new URLSearchParams(location.search).get("q");
  if (wanted) {
    field.value = wanted;
    await search(wanted);
  }
  await showNewest();
});
