// The dashboard of micrOS's Load Modules: a card for each that is loaded, with the widgets that its help names.

import { h, icon, toggleTheme } from "../dom.js";
import { settings } from "./config.js";
import { call, enter, Refused, session } from "./rest.js";
import { widget } from "./widgets.js";

const byId = (id) => document.getElementById(id);
const STATIC = ["task"]; // what `modules` names beside Load Modules
const TOAST_MS = 6000;

function toast(text, bad = true) {
  const node = h("div", { class: bad ? "toast bad" : "toast" }, text);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), TOAST_MS);
}

function show(id) {
  byId("login").hidden = id !== "login";
  byId("board").hidden = id !== "board";
}

/** Report an error: a login that is missing asks for one. */
function report(error) {
  if (error.status !== 401) return toast(error.message);
  leave();
  show("login");
  byId("login").querySelector("[name=password]").focus();
}

let shown = []; // what polls, and ends with leave()
function leave() {
  for (const one of shown) one.leave();
  shown = [];
}

/** The widgets that the help of a module names. */
async function widgetsOf(name) {
  const found = [];
  const { result, state } = await call(`${name} help True`);
  for (const line of state && Array.isArray(result) ? result : []) {
    try { found.push(JSON.parse(line)); } catch { /* a line of a help that knows no widgets */ }
  }
  return found.filter((entry) => entry && typeof entry === "object");
}

/** The card of a module; null if it has no widgets. */
async function card(name) {
  const widgets = await widgetsOf(name);
  const status = widgets.find((entry) => entry.type === "status");
  const listeners = [];
  const sync = async () => {
    if (!listeners.length) return;
    const { result } = await call(`${name} ${status.callback}`);
    if (result && typeof result === "object") for (const listen of listeners) listen(result);
  };
  const context = {
    name, widgets, fail: report,
    call: (command) => call(`${name} ${command}`),
    changed: () => status && sync().catch(report), // something has been set: show what is so now
    listen: (listener) => { if (status) listeners.push(listener); },
  };
  const made = widgets.filter((entry) => entry.type !== "status").map((entry) => widget(entry, context)).filter(Boolean);
  if (!made.length) return null;
  shown.push(...made);
  context.changed();
  return h("article", { class: "card", "aria-label": name }, h("h2", {}, name), made.map((one) => one.node));
}

async function refresh() {
  leave();
  const place = byId("modules"), note = byId("note");
  note.textContent = "Looking for modules …";
  const names = (await call("modules")).result.filter((name) => !STATIC.includes(name)).sort();
  const all = (await call("modules all")).result;
  place.replaceChildren();
  for (const name of names) {
    const found = await card(name);
    if (found) place.append(found);
  }
  const others = all.filter((name) => !names.includes(name) && !STATIC.includes(name));
  byId("more").replaceChildren(h("option", { value: "" }, "Load a module"), ...others.map((name) => h("option", { value: name }, name)));
  byId("more").disabled = !others.length;
  for (const one of shown) one.enter();
  note.textContent = place.childElementCount ? "" : "None of the loaded modules has anything to show. Load one above.";
}

async function start() {
  const { result } = await call("");
  byId("name").textContent = document.title = result.node;
  show("board");
  await refresh();
  byId("config").open = location.hash === "#config";
}

/** Do something that the user has asked for; an error is shown. */
async function attempt(action) {
  try { await action(); } catch (error) {
    show("board");
    report(error);
    byId("note").textContent = error instanceof Refused ? error.message : String(error);
  }
}

byId("refresh").append(icon("refresh"));
byId("refresh").addEventListener("click", () => attempt(refresh));
byId("theme").append(icon("theme"));
byId("theme").addEventListener("click", toggleTheme);
byId("more").addEventListener("change", (event) => attempt(async () => {
  const name = event.target.value;
  if (!name) return;
  const { result, state } = await call(`${name} help`);
  if (!state) toast(String(result));
  await refresh();
}));
byId("login").querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, button = form.querySelector("button"), error = byId("login-error");
  button.disabled = true;
  error.textContent = "";
  try {
    await enter(form.user.value, form.password.value);
    form.password.value = "";
    await attempt(start);
  } catch (problem) { error.textContent = problem.message; form.password.select(); }
  button.disabled = false;
});
byId("command").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = event.target.querySelector("pre");
  attempt(async () => {
    const { result, state } = await call(event.target.line.value);
    box.textContent = typeof result === "string" ? result : JSON.stringify(result, null, 2);
    box.classList.toggle("bad", !state);
    box.hidden = false;
  });
});

byId("config").addEventListener("toggle", () => { if (byId("config").open) attempt(() => settings(byId("config").querySelector("form"), toast)); });

await session();
attempt(start);
