// The widgets of Load Modules. Each is {node, enter(), leave()}; enter and leave begin and end what it asks by itself.
//
// A widget's callback is a command with :range: or :options: for what the user chooses. context.call runs one, and
// context.listen tells what the module's status says of itself.

import { h } from "../dom.js";
import { graph } from "./graph.js";

const SEND_MS = 200; // the least time between two commands of a widget that is dragged
const KINDS = { button, slider, color, white, joystick, textbox, graph: plot, embed };
const NAMES = { True: "On", False: "Off", None: "Toggle" };

/** The widget for an entry of a module's help; null for a kind that we do not know. */
export function widget(entry, context) {
  const make = KINDS[entry.type];
  return make ? { enter() {}, leave() {}, ...make(entry, context) } : null;
}

/** What stands above a widget: its function, and an argument where several widgets have the same. */
function title(entry, context) {
  if (entry.title) return entry.title;
  const [name, ...rest] = (entry.callback || "").split(/\s+/);
  const same = context.widgets.filter((other) => (other.callback || "").split(/\s+/)[0] === name).length > 1;
  const own = same ? rest.find((word) => !word.includes(":")) : "";
  return [name, own].filter(Boolean).join(" ").replaceAll("_", " ");
}

const frame = (text, ...children) => h("div", { class: "widget" }, h("h3", {}, text), children);
const fill = (command, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`${name}=:range:`, `${name}=${value}`), command);
const number = (value) => (typeof value === "number" || (typeof value === "string" && value.trim()) ? Number(value) : NaN);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const span = (entry) => [entry.range?.[0] ?? 0, entry.range?.[1] ?? 100, entry.range?.[2] || 1];

/** A value as micrOS writes it: numbers and names of Python as they are, all else in quotes. */
const literal = (text) => (["True", "False", "None"].includes(text) || (text.trim() && !isNaN(text)) ? text : `"${text}"`);

/** Sends what command() says, not more often than a board can follow; the last one always. */
function sender(command, context) {
  let busy = false, again = false, last = 0;
  async function send(wait) {
    if (busy) { again = true; return; }
    busy = true;
    if (wait) await new Promise((go) => setTimeout(go, Math.max(0, last + SEND_MS - performance.now())));
    last = performance.now();
    try {
      const { result, state } = await context.call(command());
      if (!state) context.fail(new Error(String(result)));
      else if (!again) context.changed();
    } catch (error) { context.fail(error); again = false; }
    busy = false;
    if (again) { again = false; send(true); }
  }
  return () => send(true);
}

function button(entry, context) {
  const text = title(entry, context), options = entry.options || ["None"], states = {};
  const box = h("pre", { class: "result", role: "status", hidden: true });
  const press = async (option) => {
    try {
      const { result, state } = await context.call(entry.callback.replace(":options:", literal(option)));
      box.textContent = typeof result === "string" ? result : JSON.stringify(result, null, 2);
      box.hidden = !entry.result;
      if (!state) context.fail(new Error(String(result)));
      context.changed();
    } catch (error) { context.fail(error); }
  };
  const buttons = options.map((option) => {
    const node = h("button", { onclick: () => press(option) }, options.length > 1 ? NAMES[option] || option : text);
    if (options.length > 1 && (option === "True" || option === "False")) states[option] = node;
    return node;
  });
  context.listen((status) => {
    const on = number(status.S);
    if (isNaN(on)) return;
    states.True?.setAttribute("aria-pressed", on > 0);
    states.False?.setAttribute("aria-pressed", on === 0);
  });
  const row = h("div", { class: "row", role: "group", "aria-label": text }, buttons);
  return { node: options.length > 1 ? frame(text, row, box) : h("div", { class: "widget" }, row, box) };
}

/** A range field with its value beside the title. */
function range([min, max, step], text, command, context, shown = (value) => value) {
  const value = h("output", {});
  const field = h("input", { type: "range", min: String(min), max: String(max), step: String(step), "aria-label": text });
  field.value = String(Math.round((min + max) / 2));
  const send = sender(() => command(Number(field.value)), context);
  const show = () => { value.textContent = shown(Number(field.value)); };
  field.addEventListener("input", () => { show(); send(); });
  show();
  const set = (to) => { // what the status says, but not under the finger of who is dragging
    if (isNaN(to) || field.matches(":active")) return;
    field.value = String(clamp(to, min, max));
    show();
  };
  return { field, set, node: h("div", { class: "widget" }, h("h3", {}, text, value), field) };
}

function slider(entry, context) {
  const made = range(span(entry), title(entry, context), (value) => (entry.callback.includes(":range:") ? entry.callback.replace(":range:", value) : `${entry.callback} ${value}`), context);
  const key = entry.callback.startsWith("brightness") ? "BR" : "X";
  context.listen((status) => made.set(number(status[key])));
  return { node: made.node };
}

function white(entry, context) {
  const [min, max, step] = span(entry);
  const made = range([min, max, step], title(entry, context), (warm) => fill(entry.callback, { cw: min + max - warm, ww: warm }), context, (warm) => `${Math.round((100 * (warm - min)) / (max - min || 1))} % warm`);
  made.node.append(h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, "Cold"), h("span", {}, "Warm")));
  context.listen((status) => {
    const cold = number(status.CW), warm = number(status.WW);
    if (cold + warm > 0) made.set(min + (warm / (cold + warm)) * (max - min));
  });
  return { node: made.node };
}

function color(entry, context) {
  const [, max] = span(entry), text = title(entry, context);
  const field = h("input", { type: "color", value: "#2cc5b3", "aria-label": text });
  const command = () => {
    const [r, g, b] = [1, 3, 5].map((at) => Math.round((parseInt(field.value.slice(at, at + 2), 16) * max) / 255));
    return fill(entry.callback, { r, g, b });
  };
  const send = sender(command, context);
  field.addEventListener("input", send);
  context.listen((status) => {
    const parts = ["R", "G", "B"].map((name) => number(status[name]));
    if (parts.some(isNaN) || document.activeElement === field) return;
    field.value = "#" + parts.map((part) => clamp(Math.round((part * 255) / max), 0, 255).toString(16).padStart(2, "0")).join("");
  });
  return { node: frame(text, field) };
}

function joystick(entry, context) {
  const [min, max, step] = span(entry), text = title(entry, context), half = Math.round((min + max) / 2);
  const knob = h("i", {}), value = h("output", {});
  const pad = h("div", { class: "stick", role: "slider", tabindex: "0", "aria-label": text, "aria-valuemin": String(min), "aria-valuemax": String(max) }, knob);
  let x = half, y = half, held = false;
  const send = sender(() => fill(entry.callback, { x, y }), context);
  const set = (newX, newY) => {
    x = clamp(Math.round(newX), min, max);
    y = clamp(Math.round(newY), min, max);
    knob.style.left = `${(100 * (x - min)) / (max - min || 1)}%`;
    knob.style.top = `${(100 * (y - min)) / (max - min || 1)}%`;
    value.textContent = `x ${x}, y ${y}`;
    pad.setAttribute("aria-valuenow", x);
    pad.setAttribute("aria-valuetext", value.textContent);
  };
  const drag = (event) => {
    const box = pad.getBoundingClientRect();
    set(min + ((event.clientX - box.left) / box.width) * (max - min), min + ((event.clientY - box.top) / box.height) * (max - min));
    send();
  };
  pad.addEventListener("pointerdown", (event) => { held = true; pad.setPointerCapture(event.pointerId); drag(event); });
  pad.addEventListener("pointermove", (event) => { if (held) drag(event); });
  for (const kind of ["pointerup", "pointercancel"]) pad.addEventListener(kind, () => { held = false; });
  pad.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!move) return;
    event.preventDefault();
    set(x + move[0], y + move[1]);
    send();
  });
  context.listen((status) => { if (!held && !isNaN(number(status.X) + number(status.Y))) set(number(status.X), number(status.Y)); });
  set(half, half);
  return { node: h("div", { class: "widget" }, h("h3", {}, text, value), pad) };
}

/** Calls update() now and again each so many ms, while somebody looks at the page. */
function polling(every, update, context) {
  let timer = null;
  async function tick() {
    if (!document.hidden) await update().catch((error) => { if (error.status === 401) context.fail(error); });
    if (timer !== null && every > 0) timer = setTimeout(tick, every);
  }
  return { enter() { if (timer === null) { timer = 0; tick(); } }, leave() { clearTimeout(timer); timer = null; } };
}

function textbox(entry, context) {
  const box = h("pre", { class: "result" }, "…"), command = entry.callback.replace(/\w+=:range:|\w+=:options:/g, "").trim();
  const update = async () => {
    const { result, state } = await context.call(command);
    box.textContent = typeof result === "object" && result ? Object.entries(result).map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join("\n") : String(result);
    box.classList.toggle("bad", !state);
  };
  return { node: frame(title(entry, context), box), ...polling(entry.refresh ?? 10_000, update, context) };
}

function plot(entry, context) {
  const made = graph(entry.limit || 30, title(entry, context));
  const update = async () => {
    const { result, state } = await context.call(entry.callback.trim());
    if (state && result && typeof result === "object") made.add(result);
    else made.say(String(result));
  };
  return { node: frame(title(entry, context), made.node), ...polling(entry.refresh ?? 3000, update, context) };
}

function embed(entry, context) {
  const path = `/${(entry.callback || "").trim().split(/\s+/).join("/").replace(/^\/+/, "")}`, text = title(entry, context) || path;
  if (!entry.image) return { node: frame(text, h("iframe", { class: "embed", src: path, title: text, loading: "lazy" })) };
  const image = h("img", { class: "embed", alt: text });
  return { node: frame(text, image), enter() { image.src = path; }, leave() { image.removeAttribute("src"); } };
}
