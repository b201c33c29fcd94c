// Files: a tree, the contents of a directory, uploads, and opening the editor.

import { address, ask, attempt, confirm, dialog, h, icon, size, toast, upload, url, walk } from "./app.js";

const join = (directory, name) => (directory === "/" ? "" : directory) + "/" + name;
const parent = (path) => path.slice(0, path.lastIndexOf("/")) || "/";
const NAME = { label: "Name", name: "name", required: true, pattern: "(?!\\.{1,2}$)[^\\/]+", title: "a name without /" };
const BINARY = /\.(mpy|gz|png|jpe?g|gif|ico|bin|img|romfs|uf2|wav|mp3|zip|tar|tgz)$/i;

async function list(path) {
  const response = await ask(url(path).replace(/\/?$/, "/"), { headers: { Accept: "application/json" } });
  const found = await response.json();
  found.files.sort((a, b) => b.directory - a.directory || a.name.localeCompare(b.name));
  return found;
}

export function view(section) {
  document.head.append(h("link", { rel: "stylesheet", href: "files.css" }));
  section.classList.add("browser");
  let here = "/", editor = null, names = new Set(), room = Infinity;
  const open = new Set(["/"]);
  const crumbs = h("nav", { class: "crumbs", "aria-label": "Path" });
  const tree = h("ul", { class: "tree", role: "tree", "aria-label": "Directories" });
  const body = h("tbody");
  const space = h("small", { class: "hide-s" });
  const jobs = h("div", { class: "jobs" });
  const picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { send([...picker.files].map((file) => [file.name, file])); picker.value = ""; } });
  const listing = h("div", { class: "listing" },
    h("div", { class: "head" }, crumbs, space,
      h("button", { onclick: () => create(false) }, icon("plus"), "File"), h("button", { onclick: () => create(true) }, icon("folder"), "Folder"),
      h("button", { class: "primary", onclick: () => picker.click() }, icon("upload"), "Upload"), picker),
    jobs, h("div", { class: "card table drop" }, h("div", { class: "scroll" }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", {}, "Name"), h("th", { class: "num" }, "Size"), h("th", { class: "hide-s" }, "Changed"), h("th", {}, h("span", { class: "sr" }, "Actions")))), body))),
    h("p", { class: "dim hint hide-s" }, "Drop files anywhere here to upload them."));
  const pane = h("div", { class: "editor-pane", hidden: true });
  section.append(h("aside", { class: "card" }, tree), listing, pane);

  // --- the directory

  async function show(path) {
    const found = await list(path);
    here = path;
    const parts = path === "/" ? [] : path.slice(1).split("/");
    crumbs.replaceChildren(h("a", { href: address("/") }, "/"), ...parts.flatMap((part, i) => [i ? "/" : "", h("a", { href: address("/" + parts.slice(0, i + 1).join("/")) }, part)]));
    room = found.free * found.block_size;
    names = new Set(found.files.map((entry) => entry.name));
    space.textContent = `${size(room)} free`;
    const rows = found.files.map((entry) => row(path, entry));
    if (path !== "/") rows.unshift(h("tr", {}, h("td", { colspan: "4" }, h("a", { class: "name", href: address(parent(path)) }, icon("back"), "up"))));
    body.replaceChildren(...rows);
    if (!found.files.length) body.append(h("tr", {}, h("td", { colspan: "4", class: "dim" }, "Nothing is in here.")));
    for (let at = path; at !== "/"; at = parent(at)) open.add(at);
    await branch(tree, "/");
  }

  function row(directory, entry) {
    const path = join(directory, entry.name);
    const when = entry.modified_ns > 1e18 ? new Date(entry.modified_ns / 1e6).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "";
    const menu = h("button", { class: "plain", "aria-label": `Actions for ${entry.name}`, title: "Actions", onclick: () => actions(path, entry) }, icon("more"));
    const node = h("tr", {}, h("td", { class: "wide" }, h("a", { class: "name", href: address(path), draggable: "true" }, icon(entry.directory ? "folder" : "file"), entry.name)),
      h("td", { class: "num dim" }, entry.directory ? "" : size(entry.file_size)), h("td", { class: "dim hide-s" }, when), h("td", { class: "act" }, menu));
    node.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/diatom", path));
    if (entry.directory) takesDrops(node, path);
    node.addEventListener("keydown", (event) => { if (event.key === "Delete") erase(path, entry); if (event.key === "F2") rename(path); });
    return node;
  }

  async function branch(node, path) {
    const found = await list(path);
    node.replaceChildren(...found.files.filter((entry) => entry.directory).map((entry) => {
      const below = join(path, entry.name), inner = h("ul", { role: "group" });
      const toggle = h("button", { class: "plain", "aria-label": `Open ${below}`, "aria-expanded": String(open.has(below)), onclick: () => {
        if (open.delete(below)) inner.replaceChildren(); else { open.add(below); attempt(() => branch(inner, below)); }
        toggle.setAttribute("aria-expanded", open.has(below));
      } }, icon("back"));
      const link = h("a", { href: address(below), "aria-current": here === below ? "true" : undefined }, entry.name);
      const item = h("li", { role: "treeitem" }, h("div", {}, toggle, link), inner);
      takesDrops(link, below);
      if (open.has(below)) attempt(() => branch(inner, below));
      return item;
    }));
  }

  // --- changing it

  async function actions(path, entry) {
    const buttons = [["rename", "Rename"], ["move", "Move"], ...(entry.directory ? [] : [["download", "Download"]]), ["erase", "Delete", "danger"]];
    const chosen = await dialog(entry.name, path, [], buttons);
    if (chosen?.action === "rename") rename(path);
    if (chosen?.action === "move") moveTo(path);
    if (chosen?.action === "erase") erase(path, entry);
    if (chosen?.action === "download") h("a", { href: url(path), download: entry.name }).click();
  }

  /** Make a change; returns whether it succeeded. */
  async function change(about, action) {
    const done = await attempt(async () => { await action(); return true; }, about);
    await attempt(() => show(here));
    return done;
  }

  const move = (from, to) => change(to, async () => { await ask(url(from), { method: "MOVE", headers: { "X-Destination": url(to) } }); toast(`Moved to ${to}`); });

  async function rename(path) {
    const old = path.split("/").at(-1), found = await dialog("Rename", path, [{ ...NAME, label: "New name", value: old }], [["ok", "Rename", "primary"]]);
    if (found && found.name !== old) await move(path, join(parent(path), found.name));
  }

  async function moveTo(path) {
    const found = await dialog("Move", path, [{ name: "name", label: "To", value: path, required: true, pattern: "/.*", title: "a path that begins with /" }], [["ok", "Move", "primary"]]);
    if (!found || found.name === path) return;
    const to = found.name.replace(/\/+$/, "") || "/";
    const into = to === "/" || (await list(parent(to)).catch(() => null))?.files.some((other) => other.directory && other.name === to.split("/").at(-1));
    await move(path, into ? join(to, path.split("/").at(-1)) : to);
  }

  async function erase(path, entry) {
    const text = entry.directory ? `${path} and everything in it will be gone.` : `${path} will be gone.`;
    if (await confirm("Delete?", text, "Delete")) await change(path, () => ask(url(path) + (entry.directory ? "/" : ""), { method: "DELETE" }));
  }

  async function create(directory) {
    const found = await dialog(directory ? "New folder" : "New file", `in ${here}`, [NAME], [["ok", "Create", "primary"]]);
    if (!found) return;
    const path = join(here, found.name);
    if (names.has(found.name)) return toast(`${path}: already exists`, true, 6000);
    const done = await change(path, () => (directory ? ask(url(path) + "/", { method: "PUT" }) : upload(path, "", { headers: { "If-None-Match": "*" } })));
    if (done && !directory) location.hash = address(path);
  }

  // --- uploads

  async function send(files, directory = here) {
    const held = directory === here ? names : new Set((await attempt(() => list(directory), directory))?.files.map((entry) => entry.name));
    const twice = files.map(([name]) => name).filter((name) => held.has(name));
    if (twice.length && !(await confirm("Replace?", `${twice.join(", ")}: already exists.`, "Replace"))) files = files.filter(([name]) => !held.has(name));
    for (const [name, file] of files) {
      if (file.size > room) { toast(`${name}: not enough space: ${size(file.size)} needed, ${size(room)} free`, true, 8000); continue; }
      const bar = h("progress", { max: 1, value: 0 }), note = h("span", {}, name);
      const job = h("div", { class: "job" }, note, bar);
      jobs.append(job);
      await attempt(async () => {
        let at = directory;
        for (const part of name.split("/").slice(0, -1)) { at = join(at, part); await ask(url(at) + "/", { method: "PUT" }); }
        await upload(join(directory, name), file, { progress: (part) => { bar.value = part; note.textContent = `${name} ${Math.round(part * 100)} %`; } });
      }, name);
      job.remove();
    }
    await attempt(() => show(here));
  }

  function takesDrops(node, path) {
    node.addEventListener("dragover", (event) => { event.preventDefault(); event.stopPropagation(); node.classList.add("over"); });
    node.addEventListener("dragleave", () => node.classList.remove("over"));
    node.addEventListener("drop", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      node.classList.remove("over");
      const into = path ?? here, moved = event.dataTransfer.getData("text/diatom");
      if (moved) { if (parent(moved) !== into && moved !== into) await move(moved, join(into, moved.split("/").at(-1))); return; }
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean), files = [];
      if (!entries.length) files.push(...[...event.dataTransfer.files].map((file) => [file.name, file]));
      for (const entry of entries) files.push(...(await walk(entry)));
      await send(files, into);
    });
  }
  takesDrops(listing, null);

  // --- the path in the address

  async function enter(rest) {
    const path = rest.length > 1 ? rest.replace(/\/$/, "") : "/";
    if (editor && editor.path === path) return;
    if (editor && !(await editor.leave())) { history.replaceState(null, "", address(editor.path)); return; }
    editor = null;
    pane.hidden = true;
    listing.hidden = false;
    if (path === "/") return show(path);
    const back = (to) => { history.replaceState(null, "", address(to)); return show(to); }; // so that the same link works again
    const beside = await list(parent(path)).catch((error) => { if (error.status === 404) return { files: [] }; throw error; });
    const entry = beside.files.find((other) => other.name === path.split("/").at(-1));
    if (!entry) { toast(`${path} is not there.`, true); return back("/"); }
    if (entry.directory) return show(path);
    let opened = null;
    if (!BINARY.test(path) && entry.file_size <= 262144) {
      try {
        const { Editor } = await import("./editor.js");
        opened = new Editor(path, pane);
        if (!(await opened.open())) opened = null;
      } catch (error) {
        await attempt(() => back(parent(path)));
        error.message = `${path}: ${error.message}`;
        throw error;
      }
    }
    if (!opened) {
      await back(parent(path));
      return actions(path, entry);
    }
    editor = opened;
    listing.hidden = true;
    pane.hidden = false;
    editor.focus();
    here = parent(path);
    for (let at = here; at !== "/"; at = parent(at)) open.add(at);
    await branch(tree, "/");
  }
  return { enter };
}
