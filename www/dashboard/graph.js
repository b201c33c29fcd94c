// A graph of numbers over time, a line for each name.

import { h } from "../dom.js";

const COLORS = ["var(--accent)", "var(--warn)", "var(--bad)", "#8b7cf0", "#4a9ff5", "var(--good)"];
const SPACE = "http://www.w3.org/2000/svg";

const short = (value) => String(Number(value.toPrecision(4)));
const clock = (time) => new Date(time).toLocaleTimeString();

/** {node, add(values), say(text)}; limit: how many measurements are kept. */
export function graph(limit, label) {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const top = h("span", {}), bottom = h("span", {}), from = h("span", {}), until = h("span", {}), legend = h("div", { class: "legend" }, "…");
  const samples = [], lines = new Map(); // name: its path

  function line(name) {
    if (!lines.has(name)) {
      const path = document.createElementNS(SPACE, "path");
      path.style.stroke = COLORS[lines.size % COLORS.length];
      svg.append(path);
      lines.set(name, path);
    }
    return lines.get(name);
  }

  function draw() {
    const all = samples.flatMap(({ values }) => Object.values(values));
    const lowest = Math.min(...all), highest = Math.max(...all), margin = (highest - lowest) * 0.08 || Math.abs(highest) * 0.05 || 1;
    const high = highest + margin, low = lowest < 0 ? lowest - margin : Math.max(lowest - margin, 0);
    const first = samples[0].time, latest = samples.at(-1), width = latest.time - first || 1;
    const x = (time) => (samples.length > 1 ? ((time - first) / width) * 100 : 100), y = (value) => 100 - ((value - low) / (high - low)) * 100;
    for (const [name, path] of lines) {
      const points = samples.filter(({ values }) => name in values).map(({ time, values }) => `${x(time).toFixed(2)},${y(values[name]).toFixed(2)}`);
      path.setAttribute("d", points.length > 1 ? "M" + points.join("L") : `M${points[0]}h0`);
    }
    top.textContent = short(high);
    bottom.textContent = short(low);
    from.textContent = clock(first);
    until.textContent = clock(latest.time);
    legend.replaceChildren(...[...lines].map(([name, path]) => h("span", {}, h("i", { style: `background: ${path.style.stroke}` }), `${name} `, h("b", {}, name in latest.values ? short(latest.values[name]) : "–"))));
  }

  return {
    node: h("div", {}, h("div", { class: "graph" }, h("div", { class: "scale" }, top, bottom), svg, h("div", { class: "ends" }, from, until)), legend),
    say(text) { legend.textContent = text; },
    add(found) {
      const values = Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value === "number" && isFinite(value)));
      if (!Object.keys(values).length) return;
      Object.keys(values).forEach(line);
      samples.push({ time: Date.now(), values });
      if (samples.length > limit) samples.shift();
      draw();
    },
  };
}
