// Settings: name, time zone, Wi-Fi, password, restart.

import { ask, attempt, confirm, dialog, get, h, icon, logOut, offline, run, state, toast, toggleTheme } from "./app.js";

const card = (title, ...children) => h("form", { class: "card form", onsubmit: (event) => event.preventDefault() }, h("h2", {}, title), children);
const field = (label, props) => h("label", {}, label, h("input", { autocomplete: "off", spellcheck: "false", ...props }));
const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function view(section) {
  document.head.append(h("link", { rel: "stylesheet", href: "settings.css" }));
  const host = field("Host name", { name: "host", maxlength: 32, pattern: "[A-Za-z0-9][A-Za-z0-9\\-]*" });
  const zone = field("Time zone", { name: "zone", placeholder: "CET-1CEST,M3.5.0,M10.5.0/3" });
  const board = field("Board file", { name: "board", placeholder: "by the firmware's name" });
  const system = card("System", host, zone, board, h("div", { class: "row" }, h("button", { class: "primary", onclick: () => save() }, "Save")), h("small", {}, "The host name and the board are used from the next start on."));

  const current = field("Your password now", { type: "password", autocomplete: "current-password" });
  const first = field("New password", { type: "password", autocomplete: "new-password", minlength: 4, required: true });
  const again = field("Again", { type: "password", autocomplete: "new-password" });
  const account = card(`Password of ${state.user}`, !state.open && current, first, again, h("div", { class: "row" }, h("button", { class: "primary", onclick: () => password() }, "Change")));

  const network = field("Network", { name: "ssid", list: "networks" }), secret = field("Password", { type: "password", autocomplete: "off" });
  const found = h("datalist", { id: "networks" }), report = h("pre", { class: "report", role: "status" });
  network.querySelector("input").setAttribute("list", "networks");
  const wifi = card("Wi-Fi", found, network, secret, h("div", { class: "row" }, h("button", { class: "primary", onclick: () => connect() }, "Connect"), h("button", { onclick: () => command("wifi sta scan") }, "Scan"), h("button", { onclick: () => command("wifi sta status; wifi sta ifconfig") }, "Status")), report);

  const people = h("ul", { class: "people" }), progress = h("pre", { class: "report", role: "status" });
  const users = card("Users", people, h("div", { class: "row" }, h("button", { onclick: () => addUser() }, "Add a user")), h("small", {}, "Everybody here may do everything with the board, but only root adds and removes users."));
  const update = card("Update", h("p", { class: "dim" }, "A release is used only if the project has signed it. The board restarts, and goes back by itself if the new system does not work."), h("div", { class: "row" }, h("button", { class: "primary", onclick: () => upgrade() }, "Look for an update"), h("button", { onclick: () => shown(progress, "upgrade --status") }, "Status")), progress);
  const power = card("Board", h("p", { class: "dim" }, "Restarting ends all sessions; services that are enabled start again."),
    h("div", { class: "row" }, h("button", { class: "danger", onclick: () => reboot() }, "Restart the board"), h("button", { onclick: toggleTheme }, "Dark or light"), !state.open && h("button", { onclick: logOut }, "Log out")));
  section.append(h("div", { class: "head" }, h("h1", {}, "Settings")), h("div", { class: "forms" }, system, wifi, account, users, update, power));
  const value = (label) => label.querySelector("input").value;
  let config = {};

  async function save() {
    if (!system.reportValidity()) return;
    await attempt(async () => {
      await ask("/api/config", { method: "PATCH", json: { hostname: value(host) || null, board: value(board) || null, env: { ...config.env, TZ: value(zone) || "0" } } });
      toast("Saved");
    });
  }

  async function password() {
    if (!account.reportValidity()) return;
    if (value(first) !== value(again)) return toast("The two new passwords differ.", true);
    await attempt(async () => {
      await ask(`/api/users/${encodeURIComponent(state.user)}`, { method: "PUT", json: { password: value(first), ...(state.open ? {} : { current: value(current) }) } });
      toast("The password has been changed.");
      account.reset();
    });
  }

  async function addUser() {
    const fields = [{ name: "name", label: "Name", required: true, pattern: "[a-z_][a-z0-9_\\-]{0,30}" }, { name: "password", label: "Password", type: "password", required: true, minlength: 4, autocomplete: "new-password" }];
    if (!state.open) fields.push({ name: "current", label: "Your own password", type: "password", required: true, autocomplete: "current-password" });
    const found = await dialog("Add a user", null, fields, [["ok", "Add", "primary"]]);
    if (!found) return;
    await attempt(async () => {
      await ask(`/api/users/${encodeURIComponent(found.name)}`, { method: "PUT", json: { password: found.password, ...(state.open ? {} : { current: found.current }) } });
      toast(`${found.name} may come in now.`);
    });
    await attempt(showPeople);
  }

  async function removeUser(name) {
    if (!(await confirm("Remove the user?", `${name} cannot log in any more; the files stay.`, "Remove"))) return;
    let said = "";
    const status = await attempt(() => run(`userdel ${quote(name)}`, (text) => { said += text; }));
    if (status) toast(said.trim() || `status ${status}`, true, 6000);
    await attempt(showPeople);
  }

  async function showPeople() {
    people.replaceChildren(...(await get("/api/users")).map((user) => h("li", {}, h("b", {}, user.name), h("span", { class: "dim grow" }, `${user.home}${user.password ? "" : ", no password"}`),
      user.name !== "root" && user.name !== state.user && h("button", { class: "plain", "aria-label": `Remove ${user.name}`, title: "Remove", onclick: () => removeUser(user.name) }, icon("close")))));
  }

  async function shown(target, line) {
    target.textContent = "";
    const add = (text) => { target.textContent = (target.textContent + text).slice(-8192); target.scrollTop = target.scrollHeight; };
    const status = await attempt(() => run(line, add));
    if (!target.textContent && status !== undefined) add(status ? `It has failed with status ${status}.` : "Done.");
    return status;
  }

  async function upgrade() {
    if (!(await confirm("Get an update?", "It is downloaded now and used from the next restart on.", "Update", false))) return;
    if ((await shown(progress, "upgrade -f")) === 0) toast("Restart the board to use it.", false, 8000);
  }

  async function command(line) {
    await shown(report, line);
    const names = report.textContent.split("\n").map((row) => row.match(/^(.+?) +(?:[\da-f]{2}:){5}[\da-f]{2} /i)?.[1]).filter((name) => name && name !== "(hidden)");
    if (line.includes("scan")) found.replaceChildren(...names.map((name) => h("option", { value: name })));
  }

  const connect = () => !value(network).trim() ? toast("Which network?", true) : command(`wifi sta on; wifi sta connect ${quote(value(network))} ${quote(value(secret))} 15`);

  async function reboot() {
    const again = await attempt(() => get("/api/services/httpd"));
    const text = again?.enabled ? "All sessions end." : "All sessions end, and this page with them: httpd does not start at boot. Processes has the switch for that.";
    if (!(await confirm("Restart the board?", text, "Restart"))) return;
    await attempt(async () => {
      await ask("/api/power", { json: { action: "reboot" } });
      toast("Restarting …", false, 3000);
      setTimeout(() => offline(true, "The board restarts …"), 3000);
    });
  }

  return { async enter() {
    config = await get("/api/config");
    const put = (label, text) => { label.querySelector("input").value = text ?? ""; };
    put(host, config.hostname);
    put(board, config.board);
    put(zone, config.env?.TZ);
    await showPeople();
  } };
}
