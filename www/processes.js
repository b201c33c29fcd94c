// Processes, jobs and services.

import { ask, attempt, dialog, get, h, icon, since, size } from "./app.js";

const EVERY_MS = 2000;
const STATES = { R: ["running", "good"], H: ["held", "warn"], S: ["ending", "warn"], Z: ["ended", ""] };
const PAGES = { micros: "/dashboard" }; // of services that have one of their own
const SERVICE = { running: "good", failed: "bad", damaged: "bad", waiting: "warn", stopping: "warn", starting: "warn" };

const table = (columns, body) => h("div", { class: "card table" }, h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, columns.map(([name, kind]) => h("th", { class: kind || "" }, name)))), body)));

export function view(section) {
  const processes = h("tbody"), services = h("tbody"), jobs = h("tbody");
  const jobsTable = h("div", { hidden: true }, table([["Job"], ["Shell", "num"], ["State"], ["Command"]], jobs));
  section.append(h("div", { class: "head" }, h("h1", {}, "Services")), table([["Service"], ["State"], ["At boot"], ["What it is", "hide-s"], [""]], services),
    h("div", { class: "head" }, h("h1", {}, "Processes")), jobsTable, table([["PID", "num"], ["Command"], ["State"], ["User", "hide-s"], ["CPU", "num"], ["Time", "num hide-s"], ["Memory", "num hide-s"], [""]], processes));
  let timer = null, before = {};

  async function act(action) { await attempt(action); await attempt(update); }

  function service(entry) {
    const post = (action) => act(() => ask(`/api/services/${entry.name}`, { json: { action } }));
    const on = ["running", "starting", "waiting"].includes(entry.state); // a waiting service restarts by itself
    return h("tr", {}, h("td", {}, h("strong", {}, on && PAGES[entry.name] ? h("a", { href: PAGES[entry.name] }, entry.name) : entry.name)), h("td", {}, h("span", { class: `tag ${SERVICE[entry.state] || ""}` }, entry.state)),
      h("td", {}, h("input", { type: "checkbox", checked: entry.enabled, "aria-label": `Start ${entry.name} at boot`, onchange: (e) => post(e.target.checked ? "enable" : "disable") })),
      h("td", { class: "wide dim hide-s" }, entry.about), h("td", { class: "act" }, h("div", { class: "row", style: "justify-content:flex-end;flex-wrap:nowrap" }, on && h("button", { class: "hide-s", title: "Restart", "aria-label": `Restart ${entry.name}`, disabled: entry.name === "httpd", onclick: () => post("restart") }, icon("refresh")),
        h("button", { "aria-label": `${on ? "Stop" : "Start"} ${entry.name}`, disabled: on && entry.name === "httpd", title: entry.name === "httpd" ? "It serves this page." : "", onclick: () => post(on ? "stop" : "start") }, on ? "Stop" : "Start"))));
  }

  async function signal(entry) {
    const found = await dialog(`Process ${entry.pid}`, [entry.name, ...entry.args].join(" "), [], [...(entry.state === "H" ? [["CONT", "Resume"]] : [["STOP", "Hold"]]), ["KILL", "Kill", "danger"], ["TERM", "End", "primary"]]);
    if (found) await act(() => ask(`/api/processes/${entry.pid}`, { json: { signal: found.action } }));
  }

  function process(entry, now) {
    const old = before[entry.pid], load = old ? Math.max(0, (entry.cpu_us - old.cpu) / 10 / (now - old.at)) : 0;
    const [text, kind] = STATES[entry.state];
    return h("tr", {}, h("td", { class: "num dim" }, entry.pid), h("td", { class: "wide mono" }, [entry.name, ...entry.args].join(" ")), h("td", {}, h("span", { class: `tag ${kind}` }, text)),
      h("td", { class: "dim hide-s" }, entry.user || ""), h("td", { class: "num" }, `${load.toFixed(load < 10 ? 1 : 0)} %`), h("td", { class: "num dim hide-s" }, since(entry.elapsed)), h("td", { class: "num dim hide-s" }, entry.memory ? size(entry.memory) : ""),
      h("td", { class: "act" }, entry.pid !== 1 && entry.state !== "Z" && h("button", { class: "plain", "aria-label": `Signal for process ${entry.pid}`, disabled: entry.name === "httpd", title: entry.name === "httpd" ? "It serves this page." : "Signal", onclick: () => signal(entry) }, icon("more"))));
  }

  async function update() {
    const [list, found, running] = [await get("/api/processes"), await get("/api/services"), await get("/api/jobs")];
    const now = performance.now(), focus = document.activeElement?.getAttribute("aria-label");
    processes.replaceChildren(...list.map((entry) => process(entry, now)));
    services.replaceChildren(...found.map(service));
    jobsTable.hidden = !running.length;
    jobs.replaceChildren(...running.map((job) => h("tr", {}, h("td", {}, `%${job.number}`), h("td", { class: "num dim" }, job.session), h("td", {}, job.state), h("td", { class: "wide mono" }, job.text))));
    before = Object.fromEntries(list.map((entry) => [entry.pid, { cpu: entry.cpu_us, at: now }]));
    if (focus && document.activeElement === document.body) section.querySelector(`[aria-label="${CSS.escape(focus)}"]`)?.focus();
  }

  const tick = async () => { await attempt(update); if (timer !== null) timer = setTimeout(tick, EVERY_MS); };
  return { enter() { if (timer === null) { timer = 0; tick(); } }, leave() { clearTimeout(timer); timer = null; } };
}
