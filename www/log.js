// Log: the system's log, live.

import { attempt, get, h } from "./app.js";

const EVERY_MS = 2000, SHOWN = 500;
const LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

export function view(section) {
  document.head.append(h("link", { rel: "stylesheet", href: "log.css" }));
  const list = h("div", { class: "card log", role: "log", "aria-label": "Log", tabindex: "0" });
  const words = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter", oninput: draw });
  const least = h("select", { "aria-label": "Level", onchange: draw }, [["debug", "Everything"], ["notice", "Notices"], ["warning", "Warnings"], ["err", "Errors"]].map(([value, label]) => h("option", { value }, label)));
  section.append(h("div", { class: "head" }, h("h1", {}, "Log"), words, least), list);
  let lines = [], next = 0, timer = null;

  function fits(line) {
    return LEVELS.indexOf(line.level) <= LEVELS.indexOf(least.value) && `${line.source} ${line.text}`.toLowerCase().includes(words.value.toLowerCase());
  }

  function draw() {
    const bottom = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const shown = lines.filter(fits);
    list.replaceChildren(...shown.map((line) => h("div", { class: `l ${line.level}` }, h("time", {}, new Date(line.time * 1000).toLocaleTimeString()), h("b", {}, line.source), h("span", {}, line.text))));
    if (!shown.length) list.append(h("p", { class: "dim" }, lines.length ? "Nothing fits the filter." : "Nothing has been noted yet."));
    if (bottom) list.scrollTop = list.scrollHeight;
  }

  async function update() {
    const found = await get(`/api/log?since=${next}`);
    if (found.next < next) { lines = []; next = 0; return; } // the board has restarted
    if (found.lines.length || !next) { lines = [...lines, ...found.lines].slice(-SHOWN); draw(); }
    next = found.next;
  }

  const tick = async () => { await attempt(update); if (timer !== null) timer = setTimeout(tick, EVERY_MS); };
  return { enter() { if (timer === null) { timer = 0; tick(); } }, leave() { clearTimeout(timer); timer = null; } };
}
