// The page of services: asks every two seconds how they are, and hears events as they happen.
import { bytes, count, duration, element, fill, millis, number, percent, spark } from "./mesh_drawing.js";

const byId = (id) => document.getElementById(id);
const EVERY_MS = 2000;
const KEPT = 60;
const MAX_EVENTS = 12;
const MAX_ROWS = 10;
const MOODS = { ready: "good", starting: "busy", draining: "busy", stopping: "busy", healthy: "good", degraded: "busy", unhealthy: "wrong", off: "hollow", closed: "good", half_open: "busy", open: "wrong" };
const WORDS = { half_open: "trying again", closed: "closed", open: "open" };

const clock = (at) => new Date(at).toLocaleTimeString("en-US", { hour12: false });

class NotAllowed extends Error {}

async function ask(path) {
  const answer = await fetch(`trpc/${path}`);
  const { result, error } = await answer.json();
  if (error && [401, 403].includes(error.data.httpStatus)) throw new NotAllowed(error.message);
  if (error) throw new Error(error.message);
  return result.data;
}

function breaker(instance) {
  if (!instance.seen) return element("td", { className: "quiet", textContent: "–" });
  const mood = instance.seen.isEjected ? "wrong" : MOODS[instance.seen.breaker];
  const word = instance.seen.isEjected ? "left out" : WORDS[instance.seen.breaker];
  return element("td", {}, element("span", { className: `phase ${mood}`, textContent: word }));
}

function figures(instance) {
  if (instance.id === "this-process") return [element("td", { colSpan: 6, className: "quiet", textContent: "in this process" })];
  return [
    number(instance.cpuShare ? percent(instance.cpuShare) : "–"),
    number(instance.memoryBytes ? bytes(instance.memoryBytes) : "–"),
    number(count(instance.inFlight)),
    number(millis((instance.responseS ?? instance.seen?.responseS ?? null) * 1000 || null)),
    number(instance.loopLagS ? millis(instance.loopLagS * 1000) : "–"),
    breaker(instance),
  ];
}

function instanceRow(instance) {
  const name = element("span", { className: `phase ${MOODS[instance.phase]}`, textContent: instance.id });
  const about = instance.phase === "ready" ? "" : ` – ${instance.phase}`;
  return element("tr", { className: "instance" }, element("th", { scope: "row" }, name, about), ...figures(instance));
}

// A service with one instance is one row; with several, a row for each below its name.
function serviceRows(service) {
  const name = service.name.replace("walmart-", "");
  const [only, ...more] = service.instances;
  // One process has two doors, whatever it runs.
  const port = only?.id === "this-process" ? "" : ` · port ${service.port}`;
  const about = element("small", { textContent: `${service.purpose}${port}` });
  const isRunning = service.status === "running";
  const mood = only && more.length === 0 ? MOODS[only.phase] : isRunning ? "good" : "hollow";
  const head = element("th", { scope: "row" }, element("span", { className: `phase ${mood}`, textContent: name }), about);
  if (!only) return [element("tr", {}, head, element("td", { colSpan: 6, className: "quiet", textContent: "not running" }))];
  if (more.length === 0) return [element("tr", {}, head, ...figures(only))];
  const told = element("td", { colSpan: 6, className: "quiet", textContent: `${service.instances.length} instances` });
  return [element("tr", {}, head, told), ...service.instances.map(instanceRow)];
}

const seen = new Map();

// What a procedure took between two looks: the differences of what it took since start.
function remember(procedures) {
  for (const { path, calls, meanMs } of procedures) {
    const known = seen.get(path) ?? { calls: null, sumMs: 0, recent: [] };
    const sumMs = calls * (meanMs ?? 0);
    const fresh = known.calls === null ? 0 : calls - known.calls;
    known.recent.push(fresh > 0 ? Math.max(0, (sumMs - known.sumMs) / fresh) : null);
    known.recent.splice(0, known.recent.length - KEPT);
    seen.set(path, { ...known, calls, sumMs });
  }
}

function latencyRow(procedure) {
  const recent = seen.get(procedure.path).recent;
  const curve = [...Array(KEPT - recent.length).fill(null), ...recent];
  const now = recent.at(-1);
  return element("tr", {},
    element("th", { scope: "row", className: "path", textContent: procedure.path }),
    element("td", { className: "curve" }, spark(curve, `Latency of ${procedure.path}, now ${millis(now)}`)),
    number(millis(now)), number(millis(procedure.p50Ms)), number(millis(procedure.p95Ms)), number(millis(procedure.p99Ms)),
    number(count(procedure.calls)));
}

// What this page itself asks would fill the list with itself.
const isOfOthers = ({ path }) => !path.startsWith("monitoring.") && path !== "unknown";

function showLatency(procedures) {
  remember(procedures);
  const rows = procedures.filter(isOfOthers).slice(0, MAX_ROWS).map(latencyRow);
  const nothing = element("tr", {}, element("td", { colSpan: 7, className: "quiet", textContent: "No calls yet but those of this page." }));
  byId("latency").replaceChildren(...(rows.length ? rows : [nothing]));
}

function showState(health, services, metrics) {
  const running = services.filter((one) => one.status === "running").length;
  const ids = services.flatMap((one) => one.instances.map((each) => each.id));
  const isOne = ids.every((id) => id === "this-process");
  const how = isOne ? `one process of ${bytes(metrics.memoryBytes)}` : `${ids.length} instances`;
  byId("state").className = `state ${MOODS[health.status]}`;
  byId("state").textContent = `${health.status} · ${running} of ${services.length} services, ${how} · up ${duration(metrics.uptimeS)}`;
  byId("services").parentElement.classList.toggle("one", isOne);
  byId("note").hidden = !isOne;
  byId("note").textContent = "This house is one process. “manciple up” runs each service as processes of its own, which heal and scale.";
}

function failure(error) {
  const at = element("time", { dateTime: error.at, textContent: clock(error.at) });
  const what = element("span", { textContent: `${error.kind} in ${error.procedure}` });
  return element("li", { title: error.where }, at, what, element("code", { textContent: error.reference }));
}

function showAside(health, targets, queues, metrics, errors) {
  const parts = Object.entries(health.services);
  fill(byId("parts"), parts.map(([name, part]) => [name, part.status === "healthy" ? millis(part.latency) : part.status, MOODS[part.status]]), "");
  fill(byId("targets"), targets.map((one) => [one.name, `${count(one.calls)} asked`, MOODS[one.breaker]]), "Nobody was asked yet.");
  fill(byId("queues"), queues.map((one) => [one.queue, `${count(one.waiting)} waiting, ${count(one.running)} at work${one.dead ? `, ${count(one.dead)} dead` : ""}`, one.dead ? "wrong" : "good"]), "Nothing waits.");
  const asked = metrics.cacheHits + metrics.cacheMisses;
  fill(byId("cache"), [
    ["answers kept", count(metrics.cachedAnswers)],
    ["size", bytes(metrics.cachedBytes)],
    ["found there", asked ? percent(metrics.cacheHits / asked) : "–"],
  ], "");
  byId("errors").replaceChildren(...errors.slice(0, 5).map(failure));
  byId("no-errors").hidden = errors.length > 0;
}

async function look() {
  const paths = ["health", "services", "performance", "targets", "queues", "metrics", "errors"];
  const [health, services, performance, targets, queues, metrics, errors] = await Promise.all(paths.map((path) => ask(`monitoring.${path}`)));
  showState(health, services, metrics);
  byId("services").replaceChildren(...services.flatMap(serviceRows));
  showLatency(performance);
  showAside(health, targets, queues, metrics, errors);
}

async function keepLooking() {
  try {
    if (!document.hidden) await look();
  } catch (error) {
    byId("state").className = "state wrong";
    byId("state").textContent = error instanceof NotAllowed ? "Sign in first: this house has people in it." : "The house does not answer. Trying again …";
  }
  setTimeout(keepLooking, EVERY_MS);
}

function showEvent({ type, timestamp, data }) {
  const at = element("time", { textContent: clock(timestamp ?? Date.now()) });
  const about = element("span", { textContent: Object.entries(data ?? {}).filter(([name, value]) => typeof value !== "object" && !/id$/i.test(name)).map(([name, value]) => `${name} ${value}`).join(" · ") });
  byId("events").prepend(element("li", {}, at, element("code", { textContent: type }), about));
  while (byId("events").children.length > MAX_EVENTS) byId("events").lastChild.remove();
  byId("no-events").hidden = true;
}

function listen() {
  const input = encodeURIComponent(JSON.stringify({ channels: ["*"] }));
  const source = new EventSource(`trpc/events.on?input=${input}`);
  source.onopen = () => { byId("listening").textContent = "as they happen"; };
  source.onmessage = ({ data }) => showEvent(JSON.parse(data));
  source.onerror = () => { byId("listening").textContent = "connecting …"; };
}

keepLooking();
listen();
