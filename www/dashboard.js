// Dashboard: memory, storage, processor and temperature over time.

import { get, h, since, size, attempt } from "./app.js";

const KEPT = 150, LEAST = 30, EVERY_MS = 2000; // measurements in a plot, and the least number that fills its width

function plot() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "plot");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const area = document.createElementNS(space, "path"), line = document.createElementNS(space, "path");
  area.setAttribute("class", "area");
  line.setAttribute("class", "line");
  svg.append(area, line);
  return { svg, draw(values, low, high) {
    const width = Math.max(LEAST, values.length), from = width - values.length;
    svg.setAttribute("viewBox", `0 0 ${width - 1} 100`);
    const points = values.map((value, i) => `${from + i},${(100 - ((value - low) / (high - low || 1)) * 96).toFixed(1)}`);
    if (points.length < 2) return;
    line.setAttribute("d", "M" + points.join("L"));
    area.setAttribute("d", `M${from},100L${points.join("L")}L${width - 1},100Z`);
  } };
}

function card(title) {
  const value = h("div", { class: "big" }, "–"), note = h("span", {}), graph = plot();
  return { node: h("div", { class: "card" }, h("h2", {}, title, note), value, graph.svg), value, note, graph, values: [] };
}

export function view(section) {
  const cards = { cpu: card("Processor"), memory: card("Memory"), storage: card("Storage"), heat: card("Temperature"), signal: card("Wi-Fi") };
  const bar = h("i"), facts = h("dl"), net = h("dl");
  cards.storage.graph.svg.replaceWith(h("div", { class: "bar" }, bar));
  section.append(h("div", { class: "head" }, h("h1", {}, "Dashboard")),
    h("div", { class: "cards" }, Object.values(cards).map((c) => c.node), h("div", { class: "card" }, h("h2", {}, "System"), facts), h("div", { class: "card" }, h("h2", {}, "Network"), net)));
  let timer = null, last = null;

  const rows = (list, entries) => list.replaceChildren(...entries.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  function add(c, value, low, high) {
    c.values.push(value);
    if (c.values.length > KEPT) c.values.shift();
    c.graph.draw(c.values, low ?? Math.min(...c.values) - 2, high ?? Math.max(...c.values) + 2);
  }

  async function update() {
    const s = await get("/api/status");
    const now = performance.now();
    if (last) {
      const load = Math.min(100, Math.max(0, ((s.cpu_us - last.cpu) / 10) / (now - last.at)));
      cards.cpu.value.replaceChildren(load.toFixed(load < 10 ? 1 : 0), h("small", {}, " %"));
      add(cards.cpu, load, 0, 100);
    }
    last = { cpu: s.cpu_us, at: now };
    cards.cpu.note.textContent = s.frequency ? `${Math.round(s.frequency / 1e6)} MHz` : "";
    const used = s.memory.total - s.memory.free;
    cards.memory.value.replaceChildren(size(s.memory.free), h("small", {}, " free"));
    cards.memory.note.textContent = `${size(used)} of ${size(s.memory.total)}`;
    add(cards.memory, used, 0, s.memory.total);
    const full = s.storage.total - s.storage.free;
    cards.storage.value.replaceChildren(size(s.storage.free), h("small", {}, " free"));
    cards.storage.note.textContent = `${size(full)} of ${size(s.storage.total)}`;
    bar.style.width = `${(full / s.storage.total) * 100}%`;
    cards.heat.node.hidden = s.temperature === null;
    if (s.temperature !== null) {
      cards.heat.value.replaceChildren(s.temperature.toFixed(1), h("small", {}, " °C"));
      add(cards.heat, s.temperature);
    }
    cards.signal.node.hidden = !s.wifi?.rssi;
    if (s.wifi?.rssi) {
      cards.signal.value.replaceChildren(`${s.wifi.rssi}`, h("small", {}, " dBm"));
      cards.signal.note.textContent = s.wifi.ssid || "";
      add(cards.signal, s.wifi.rssi, -95, -30);
    }
    rows(facts, [["Uptime", since(s.uptime)], ["Processes", s.processes], ["Connections", s.connections], ["Diatom", s.version], ["MicroPython", s.micropython], ["Machine", s.machine]]);
    const w = s.wifi;
    rows(net, [["Host name", s.hostname], ["Address", location.hostname], ["Wi-Fi", !w ? "none" : w.connected ? w.ssid || "connected" : w.active ? "not connected" : "off"], ...(w?.rssi ? [["Signal", `${w.rssi} dBm`]] : []), ["Clock", new Date(s.time * 1000).toLocaleString()]]);
  }

  const tick = async () => { await attempt(update); if (timer !== null) timer = setTimeout(tick, EVERY_MS); };
  return { enter() { if (timer === null) { timer = 0; tick(); } }, leave() { clearTimeout(timer); timer = null; last = null; } };
}
