// How the page of services draws what it knows: rows, dots, figures and small curves.
const [WIDTH, HEIGHT] = [160, 24];

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
export const count = (value) => NUMBER.format(value);
export const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
export const bytes = (value) => (value >= 2 ** 20 ? `${count(value / 2 ** 20)} MB` : `${count(value / 1024)} kB`);

export function millis(value) {
  if (value === null || value === undefined) return "–";
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

export function duration(seconds) {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(0)} h` : `${(seconds / 86_400).toFixed(0)} days`;
}

// A curve of values over time, oldest first; gaps where there were no calls.
export function spark(values, label) {
  const svg = document.getElementById("spark").content.firstElementChild.cloneNode(true);
  svg.setAttribute("aria-label", label);
  const [, path, dot] = svg.children;
  const known = values.filter((value) => value !== null);
  if (known.length === 0) {
    dot.remove();
    return svg;
  }
  const most = Math.max(...known, 1);
  const x = (nth) => ((nth + 1) / values.length) * (WIDTH - 2);
  const y = (value) => HEIGHT - 2 - (value / most) * (HEIGHT - 5);
  const step = (value, nth) => `${(values[nth - 1] ?? null) === null ? "M" : "L"}${x(nth).toFixed(1)} ${y(value).toFixed(1)}`;
  path.setAttribute("d", values.map((value, nth) => (value === null ? "" : step(value, nth))).join(""));
  const last = values.findLastIndex((value) => value !== null);
  dot.setAttribute("cx", x(last));
  dot.setAttribute("cy", y(values[last]));
  return svg;
}

export const number = (text) => element("td", { className: "number", textContent: text });

export function fill(list, pairs, nothing) {
  const parts = pairs.flatMap(([name, value, mood]) => [
    element("dt", {}, name),
    element("dd", { className: mood ? `dot ${mood}` : "", textContent: value }),
  ]);
  list.replaceChildren(...(parts.length ? parts : [element("p", { className: "quiet", textContent: nothing })]));
}
