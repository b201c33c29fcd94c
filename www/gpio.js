// GPIO: live levels of the pins, outputs, PWM and the board's addressable LED.

import { ask, attempt, get, h } from "./app.js";

const EVERY_MS = 1000;
const MODES = [["in", "Input"], ["up", "Input, pull-up"], ["down", "Input, pull-down"], ["out", "Output"], ["pwm", "PWM"]];

export function view(section) {
  document.head.append(h("link", { rel: "stylesheet", href: "gpio.css" }));
  const grid = h("div", { class: "pins" }), rgb = h("div", { class: "card row", hidden: true });
  section.append(h("div", { class: "head" }, h("h1", {}, "GPIO"), h("small", { class: "dim" }, "Looking changes nothing; a pin gets a direction when you choose one.")), rgb, grid);
  const pins = new Map();
  let timer = null, changes = 0, waiting = 0;

  const put = (number, json) => attempt(async () => {
    const shown = pins.get(number); // the LED is not a pin
    const turn = ++changes;
    const newest = () => shown?.turn === turn; // the answer to an older choice says nothing about a newer one
    if (shown) shown.turn = turn;
    waiting++;
    try {
      const now = await (await ask(`/api/gpio/${number}`, { method: "PUT", json })).json();
      if (newest()) shown.show(now);
    } catch (error) {
      if (error.status && newest()) shown.show(await get(`/api/gpio/${number}`), true); // show the real state instead of the choice
      throw error;
    } finally { changes++; waiting--; }
  });

  function pin(entry) {
    const number = entry.gpio;
    const level = h("button", { class: "level", role: "switch", onclick: () => put(number, { value: level.getAttribute("aria-checked") === "true" ? 0 : 1 }) });
    const mode = h("select", { "aria-label": `Mode of GPIO ${number}`, onchange: () => put(number, mode.value === "pwm" ? { frequency: 1000, duty: 0.5 } : { mode: mode.value }) }, h("option", { value: "", disabled: true }, "not set here"), MODES.map(([value, label]) => h("option", { value }, label)));
    const duty = h("input", { type: "range", min: "0", max: "100", "aria-label": `Duty of GPIO ${number}`, oninput: () => { text.textContent = `${duty.value} %`; }, onchange: change });
    const frequency = h("input", { type: "number", min: "1", max: "40000000", "aria-label": `Frequency of GPIO ${number}, Hz`, onchange: change });
    const text = h("span", { class: "num" }), pulse = h("div", { class: "pulse" }, h("div", { class: "row" }, duty, text), h("div", { class: "row" }, frequency, "Hz"));
    function change() { put(number, { duty: duty.value / 100, frequency: Number(frequency.value) || 1000 }); }
    const node = h("div", { class: "card pin" }, h("div", { class: "row" }, h("strong", {}, `GPIO ${number}`), h("small", {}, `pin ${entry.pin}`), level), mode, pulse);
    return { node, show(now, all = false) {
      const high = now.value === 1, output = now.mode === "out";
      level.setAttribute("aria-checked", high);
      level.setAttribute("aria-label", `GPIO ${number} is ${now.value === null ? "not free" : high ? "high" : "low"}`);
      level.textContent = now.value === null ? "–" : high ? "High" : "Low";
      level.disabled = !output;
      node.classList.toggle("high", high);
      if (all || document.activeElement !== mode) mode.value = now.mode || "";
      pulse.hidden = now.mode !== "pwm";
      if (now.mode === "pwm" && (all || document.activeElement !== duty)) { duty.value = Math.round(now.duty * 100); text.textContent = `${duty.value} %`; }
      if (now.mode === "pwm" && (all || document.activeElement !== frequency)) frequency.value = now.frequency;
    } };
  }

  async function update() {
    const before = changes;
    const found = await get("/api/gpio");
    if (waiting || changes !== before) return; // it may be older than a choice made meanwhile
    if (!pins.size) {
      for (const entry of found.pins) { const made = pin(entry); pins.set(entry.gpio, made); grid.append(made.node); }
      if (!found.pins.length) grid.append(h("p", { class: "dim" }, "The board file names no pins."));
      if (Object.keys(found.rgb).length) {
        const color = h("input", { type: "color", value: "#000000", "aria-label": "Color of the LED", onchange: () => put("rgb", { color: [1, 3, 5].map((at) => parseInt(color.value.slice(at, at + 2), 16)) }) });
        rgb.hidden = false;
        rgb.append(h("strong", { class: "grow" }, "RGB LED"), color, h("button", { onclick: () => { color.value = "#000000"; color.dispatchEvent(new Event("change")); } }, "Off"));
      }
    }
    for (const entry of found.pins) pins.get(entry.gpio)?.show(entry);
  }

  const tick = async () => { await attempt(update); if (timer !== null) timer = setTimeout(tick, EVERY_MS); };
  return { enter() { if (timer === null) { timer = 0; tick(); } }, leave() { clearTimeout(timer); timer = null; } };
}
