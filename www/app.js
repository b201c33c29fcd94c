// The desktop's frame: login, the choice of the view, and what all views share.

import { h, icon, theme, toggleTheme } from "./dom.js";

export { h, icon, theme, toggleTheme };

export const state = { user: "", csrf: "", open: false };

const ANSWER_MS = 30_000, CHANGE_MS = 60_000, LOOK_MS = 2000; // time limits for a reply, and for the reply to a change
const STALL_MS = 30_000; // without progress

export class Refused extends Error {
  constructor(status, text, told = false) { super(text); this.status = status; this.told = told; } // told: already shown
}

/** Send a request; returns the Response, or throws Refused with the board's message. Reads wait while memory is short. */
export async function ask(path, options = {}) {
  for (;;) {
    try {
      const response = await askOnce(path, options);
      shortage("");
      return response;
    } catch (error) {
      if (error.status !== 503 || options.method || options.json !== undefined) throw error;
      shortage(error.message);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

let waiting = null;
/** Show the board's message while it has no memory for a request; "" removes it. */
function shortage(text) {
  if (waiting && !text) { waiting.remove(); waiting = null; }
  if (!text) return;
  waiting ??= toast("", true, 0);
  waiting.textContent = `${text} This page goes on by itself.`;
}

async function askOnce(path, { json, headers = {}, ...options } = {}) {
  const fields = { ...headers };
  if (json !== undefined) { fields["Content-Type"] = "application/json"; options.body = JSON.stringify(json); options.method ??= "POST"; }
  if (state.csrf) fields["X-CSRF-Token"] = state.csrf;
  const late = new AbortController(), clock = setTimeout(() => late.abort(), options.method ? CHANGE_MS : ANSWER_MS);
  let response;
  try {
    response = await fetch(path, { ...options, headers: fields, cache: options.cache ?? "no-store", signal: late.signal });
  } catch {
    offline(true);
    throw new Refused(0, "The board does not answer.", true);
  } finally { clearTimeout(clock); }
  offline(false);
  if (response.ok || response.status === 304) return response;
  const text = await response.text();
  let reason = text.trim();
  try { reason = JSON.parse(text).error || reason; } catch { /* it is plain text */ }
  const over = response.status === 401 && path !== "/api/login" && json?.current === undefined; // a wrong password does not end the session
  if (over) showLogin();
  throw new Refused(response.status, reason || `${response.status} ${response.statusText}`, over);
}

export const get = async (path) => (await ask(path)).json();

/** The URL of a path in the API for files. */
export const url = (path) => "/fs" + path.split("/").map(encodeURIComponent).join("/");
/** The same in the desktop's own address. */
export const address = (path) => "#files" + path.split("/").map(encodeURIComponent).join("/");

/** Send a file with progress; returns its ETag. Throws with the board's message. */
export function upload(path, data, { headers = {}, progress = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url(path));
    for (const [name, value] of Object.entries({ ...headers, "X-CSRF-Token": state.csrf })) request.setRequestHeader(name, value);
    let clock = null;
    const wait = () => { clearTimeout(clock); clock = setTimeout(() => request.abort(), STALL_MS); };
    request.onloadend = () => clearTimeout(clock);
    request.upload.onprogress = (event) => { wait(); progress(event.loaded / (event.total || 1)); };
    request.onload = () => (request.status < 300 ? resolve(request.getResponseHeader("ETag")) : reject(Object.assign(new Error(request.responseText.trim() || `status ${request.status}`), { status: request.status })));
    request.onerror = request.onabort = () => reject(Object.assign(new Error("the connection was lost"), { status: -1 }));
    wait();
    request.send(data);
  });
}

/** The dropped files and directories, recursively, as [path, File]. */
export async function walk(entry, prefix = "") {
  if (entry.isFile) return [[prefix + entry.name, await new Promise((resolve, reject) => entry.file(resolve, reject))]];
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const inner of some) found.push(...(await walk(inner, `${prefix}${entry.name}/`)));
  }
}

/** Run a command; calls output(text) as output arrives, returns its status. */
export async function run(command, output = () => {}) {
  const response = await ask("/api/run", { json: { command } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "", status = null;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return status;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const found = JSON.parse(line);
      if (found.output) output(found.output);
      if ("status" in found) status = found.status;
    }
  }
}

let gone = null;
/** Say that the board does not answer, and poll it until it does. */
export function offline(yes, text = "No connection to the board. Trying again …") {
  if (yes && !gone) { gone = toast(text, true, 0); look(); }
  if (!yes && gone) {
    gone.remove();
    gone = null;
    if (loaded[current]?.failed) route();
  }
}

function look() {
  setTimeout(async () => {
    await get("/api/session").catch(() => null);
    if (gone) look();
  }, LOOK_MS);
}

export function toast(text, bad = false, ms = 4000) {
  const node = h("div", { class: bad ? "toast bad" : "toast" }, text);
  document.getElementById("toasts").append(node);
  if (ms) setTimeout(() => node.remove(), ms);
  return node;
}

/** Run something that may fail; show an error with its subject. */
export async function attempt(action, about = "") {
  try { return await action(); } catch (error) { if (!error.told) toast(about ? `${about}: ${error.message}` : error.message, true, 6000); }
}

/** A dialog; fields: [{name, label, value, type}]. Returns the values with `action`, or null. */
export function dialog(title, text, fields = [], actions = [["ok", "OK", "primary"]]) {
  return new Promise((resolve) => {
    const form = h("form", { method: "dialog" }, h("h2", {}, title), text && h("p", { class: "dim" }, text),
      fields.map((field) => h("label", {}, field.label, h("input", { ...field, label: undefined, autocomplete: field.autocomplete || "off", spellcheck: "false" }))),
      h("div", { class: "row" }, h("button", { value: "", formnovalidate: true, type: "button", onclick: () => box.close("") }, "Cancel"),
        actions.map(([value, label, kind]) => h("button", { value, class: kind || "" }, label))));
    const box = h("dialog", {}, form);
    box.addEventListener("close", () => {
      const values = Object.fromEntries(new FormData(form));
      box.remove();
      resolve(box.returnValue ? { ...values, action: box.returnValue } : null);
    });
    document.body.append(box);
    box.showModal();
    const first = form.querySelector("input");
    if (first) { first.focus(); const dot = first.value.lastIndexOf("."); first.setSelectionRange?.(0, dot > 0 ? dot : first.value.length); } else (actions[0][2] === "danger" ? form.querySelector("button") : form.querySelector(`button[value="${actions[0][0]}"]`)).focus();
  });
}

export const confirm = (title, text, label, danger = true) => dialog(title, text, [], [["ok", label, danger ? "danger" : "primary"]]);

export function size(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  if (bytes < 1024) return `${bytes} B`;
  const steps = ["KB", "MB", "GB"];
  let value = bytes, step = -1;
  while (value >= 1024 && step < 2) { value /= 1024; step++; }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${steps[step]}`;
}

export function since(seconds) {
  const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24, minutes = Math.floor(seconds / 60) % 60;
  return days ? `${days} d ${hours} h` : hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

// --- views

const VIEWS = [["dashboard", "Dashboard"], ["terminal", "Terminal"], ["files", "Files"], ["processes", "Processes"], ["gpio", "GPIO"],
  ["log", "Log"], ["settings", "Settings"], ["about", "About"], ["camera", "Camera"]]; // the last one where there is a camera
const loaded = {};
let current = null, started = false;

/** The view named by the address: #files/etc/profile is the view files with "/etc/profile". */
async function route() {
  let hash = location.hash.slice(1);
  try { hash = decodeURIComponent(hash); } catch { /* somebody has typed it */ }
  const [name] = hash.split("/", 1);
  const view = VIEWS.find(([id]) => id === name) || VIEWS[0];
  const rest = hash.slice(name.length), before = loaded[current];
  if (loaded[view[0]]?.failed) {
    loaded[view[0]].section.remove();
    delete loaded[view[0]];
  }
  if (!loaded[view[0]]) {
    const section = h("section", { "aria-label": view[1], hidden: true });
    document.getElementById("main").append(section);
    const entry = loaded[view[0]] = { section, failed: false };
    entry.ready = import(`./${view[0]}.js`).then((module) => module.view(section)).catch(() => {
      entry.failed = true;
      section.replaceChildren(h("h1", {}, view[1]), h("p", { class: "error" }, "This part of the desktop cannot be loaded from the board."), h("div", {}, h("button", { onclick: route }, "Try again")));
      get("/api/session").catch(() => null); // which reports a board that does not answer
    });
  }
  const entry = loaded[view[0]];
  for (const link of document.querySelectorAll("#views a")) link.toggleAttribute("aria-current", link.hash === `#${view[0]}`);
  for (const other of Object.values(loaded)) other.section.hidden = other !== entry;
  document.title = `${view[1]} – ${document.getElementById("name").textContent || "Diatom"}`;
  current = view[0];
  if (before && before !== entry) (await before.ready)?.leave?.();
  await attempt(async () => (await entry.ready)?.enter?.(rest));
}

async function showLogin() {
  if (!document.getElementById("login").hidden) return;
  for (const box of document.querySelectorAll("dialog")) box.close("");
  document.getElementById("app").hidden = true;
  document.getElementById("login").hidden = false;
  document.getElementById("host").textContent = location.host;
  document.querySelector("#login [name=password]").focus();
  (await loaded[current]?.ready)?.leave?.();
}

function showApp(session) {
  if (started && session.user !== state.user) return location.reload(); // the page shows another user's data
  Object.assign(state, session);
  document.getElementById("login").hidden = true;
  document.getElementById("app").hidden = false;
  document.getElementById("who").textContent = session.user;
  document.getElementById("logout").hidden = session.open;
  if (session.camera && !started) document.getElementById("views").append(entry(VIEWS.at(-1)));
  if (started) return route();
  started = true;
  attempt(async () => { document.getElementById("name").textContent = (await get("/cp/version.json")).hostname; });
  addEventListener("hashchange", route);
  route();
}

document.querySelector("#login form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, button = form.querySelector("button"), error = document.getElementById("login-error");
  button.disabled = true;
  error.textContent = "";
  try {
    const json = { user: form.user.value, password: form.password.value };
    const session = await (await ask("/api/login", { json })).json();
    form.password.value = "";
    showApp(session);
  } catch (problem) { error.textContent = problem.message; form.password.select(); }
  button.disabled = false;
});

document.getElementById("theme").append(icon("theme"));
document.getElementById("theme").addEventListener("click", toggleTheme);

export async function logOut() { await attempt(() => ask("/api/logout", { method: "POST" })); location.reload(); }
document.getElementById("logout").append(icon("logout"));
document.getElementById("logout").addEventListener("click", logOut);
function entry([id, label]) { return h("li", {}, h("a", { href: `#${id}` }, icon(id), h("span", {}, label))); }
document.getElementById("views").append(...VIEWS.slice(0, -1).map(entry));

get("/api/session").then(showApp).catch((error) => { if (error.status !== 401) showLogin(); });
