// Terminal: tabs, each with a session on the board that survives a lost connection and a reload of the page.

import { ask, get, h, icon, theme, toast, attempt } from "./app.js";

const DARK = { background: "#0d1417", foreground: "#e4ecee", cursor: "#2cc5b3", selectionBackground: "#2cc5b355", black: "#273439", brightBlack: "#6f848b", red: "#f2727a", green: "#4cc38a", yellow: "#e5b454", blue: "#6aa9ff", magenta: "#c792ea", cyan: "#2cc5b3", white: "#d5dfe1" };
const LIGHT = { background: "#ffffff", foreground: "#16262a", cursor: "#0b8074", selectionBackground: "#0b807433", black: "#16262a", brightBlack: "#56696e", red: "#c0313c", green: "#17804d", yellow: "#94650a", blue: "#1d63c9", magenta: "#8a3ea8", cyan: "#0b8074", white: "#8fa3a9", brightWhite: "#56696e" };
const PIECE = 1024; // bytes in a message: the board refuses longer ones
const EARLY = 64; // keys and pastes that wait for a connection
const KEYS = [["Esc", "\x1b"], ["Tab", "\t"], ["Ctrl", null], ["↑", "\x1b[A"], ["↓", "\x1b[B"], ["←", "\x1b[D"], ["→", "\x1b[C"], ["|", "|"], ["/", "/"], ["-", "-"], ["~", "~"]];
const encoder = new TextEncoder();

function script(source) {
  return new Promise((resolve, reject) => document.head.append(h("script", { src: source, onload: resolve, onerror: () => reject(new Error(`${source} cannot be loaded`)) })));
}

let library = null;
function load() {
  library ??= (async () => {
    document.head.append(h("link", { rel: "stylesheet", href: "xterm.css" }), h("link", { rel: "stylesheet", href: "terminal.css" }));
    await script("xterm.js");
    await script("addon-fit.js");
  })().catch((error) => { library = null; throw error; });
  return library;
}

class Tab {
  constructor(desk, name = "") {
    this.desk = desk;
    this.name = name; // of the session on the board; "" until the board has reported it
    this.seen = 0;
    this.tries = 0;
    this.over = false;
    this.early = []; // what is typed before the first answer of a new connection; sent with it
    this.term = new Terminal({ fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"), fontSize: innerWidth < 760 ? 13 : 14, cursorBlink: true, scrollback: 4000, theme: theme() === "light" ? LIGHT : DARK, screenReaderMode: localStorage.getItem("reader") === "1" });
    this.fit = new FitAddon.FitAddon();
    this.term.loadAddon(this.fit);
    this.pane = h("div", { class: "pane", role: "tabpanel" });
    this.note = h("div", { class: "lost", role: "status", hidden: true });
    this.label = h("span", {}, `Shell ${++desk.count}`);
    this.button = h("button", { role: "tab", onclick: () => desk.select(this), onauxclick: (e) => e.button === 1 && this.close() }, this.label);
    this.cross = h("button", { class: "plain cross", title: "Close this shell", "aria-label": "Close this shell", onclick: () => this.close() }, icon("close"));
    this.item = h("div", { class: "tab" }, this.button, this.cross);
    desk.bar.insertBefore(this.item, desk.add);
    desk.panes.append(this.pane);
    this.pane.append(this.note);
    this.term.open(this.pane);
    this.term.onData((text) => this.type(text));
    this.term.onBinary((text) => this.send(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    this.term.onResize(({ cols, rows }) => this.socket?.readyState === 1 && this.socket.send(JSON.stringify({ columns: cols, rows })));
    this.term.onTitleChange((title) => { this.label.textContent = title.slice(0, 24); });
  }

  type(text) {
    if (this.desk.control && text.length === 1) {
      text = String.fromCharCode(text.toUpperCase().charCodeAt(0) & 31);
      this.desk.setControl(false);
    }
    this.send(encoder.encode(text));
  }

  send(data) {
    if (this.over) return this.close();
    if (this.socket?.readyState === 0 && this.note.hidden && this.early.length < EARLY) this.early.push(data);
    if (this.socket?.readyState !== 1) return;
    for (let at = 0; at < data.length; at += PIECE) this.socket.send(data.slice(at, at + PIECE));
  }

  connect() {
    const words = new URLSearchParams({ columns: this.term.cols, rows: this.term.rows });
    if (this.name) { words.set("terminal", this.name); words.set("seen", this.seen); }
    const socket = this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/terminal?${words}`);
    socket.binaryType = "arraybuffer";
    let opened = false;
    socket.onopen = () => { opened = true; this.tries = 0; this.note.hidden = true; for (const data of this.early.splice(0)) this.send(data); };
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") {
        const { terminal, position } = JSON.parse(data);
        if (this.name && position !== this.seen) this.term.reset();
        this.name = terminal;
        this.seen = position;
        this.desk.remember();
      } else { this.seen += data.byteLength; this.term.write(new Uint8Array(data)); }
    };
    socket.onclose = async ({ code, reason }) => {
      if (this.closed || socket !== this.socket) return;
      if (code === 1000 || code === 1008) return this.end(code === 1008 ? reason : "The shell has ended.");
      if (code === 1013) return this.again(reason, 3000); // continue automatically when there is memory
      if (!opened) { // is the session gone, the login, or the board?
        const living = await get("/api/terminal").catch(() => null);
        if (living && this.name && !living.some((other) => other.terminal === this.name)) return this.end("This shell is no longer there.");
      }
      const wait = Math.min(500 * 2 ** this.tries++, 10_000);
      this.again("Connection lost; connecting again …", wait);
    };
  }

  /** The page is being left: tell the board, even if the browser keeps the page for "back". */
  leave() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    this.early = [];
    socket?.close();
  }

  /** Show why there is no connection, and try again after a while. */
  again(text, wait) {
    this.early = [];
    this.note.replaceChildren(text + " ", h("button", { onclick: () => { clearTimeout(this.timer); this.connect(); } }, "Now"));
    this.note.hidden = false;
    this.timer = setTimeout(() => this.connect(), wait);
  }

  end(text) {
    this.over = true;
    this.name = "";
    this.term.write(`\r\n\x1b[2m${text} Press a key to close.\x1b[0m`);
    this.desk.remember();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    if (this.name) attempt(() => ask(`/api/terminal/${this.name}`, { method: "DELETE" }));
    this.socket?.close();
    this.term.dispose();
    this.pane.remove();
    this.item.remove();
    this.desk.drop(this);
  }
}

export async function view(section) {
  section.classList.add("terminals");
  await load();
  const desk = { tabs: [], count: 0, control: false, active: null };
  desk.add = h("button", { class: "plain", title: "New shell", "aria-label": "New shell", onclick: () => open() }, icon("plus"));
  desk.bar = h("div", { class: "tabs", role: "tablist" }, desk.add);
  desk.panes = h("div", { class: "panes" });
  const control = h("button", { "aria-pressed": "false", onclick: () => { desk.setControl(!desk.control); desk.active?.term.focus(); } }, "Ctrl");
  desk.setControl = (on) => { desk.control = on; control.setAttribute("aria-pressed", on); };
  const keys = h("div", { class: "keys" }, KEYS.map(([label, text]) => (text === null ? control : h("button", { onclick: () => { desk.active?.send(encoder.encode(text)); desk.active?.term.focus(); } }, label))));
  section.append(desk.bar, desk.panes, keys);

  desk.remember = () => sessionStorage.setItem("terminals", JSON.stringify(desk.tabs.map((tab) => tab.name).filter(Boolean)));
  desk.select = (tab) => {
    desk.active = tab;
    for (const other of desk.tabs) {
      other.pane.hidden = other !== tab;
      other.item.classList.toggle("active", other === tab);
      other.button.setAttribute("aria-selected", other === tab);
    }
    if (tab) { tab.fit.fit(); tab.term.focus(); }
  };
  desk.drop = (tab) => {
    desk.tabs.splice(desk.tabs.indexOf(tab), 1);
    desk.remember();
    if (desk.active === tab) desk.select(desk.tabs.at(-1) || null);
  };
  function open(name) {
    if (desk.tabs.length >= 8) return toast("No more than eight shells.", true);
    const tab = new Tab(desk, name);
    desk.tabs.push(tab);
    desk.select(tab);
    tab.connect();
  }
  new ResizeObserver(() => { if (desk.active && !section.hidden) desk.active.fit.fit(); }).observe(desk.panes);
  addEventListener("theme", () => { for (const tab of desk.tabs) tab.term.options.theme = theme() === "light" ? LIGHT : DARK; });
  addEventListener("pagehide", () => { for (const tab of desk.tabs) tab.leave(); });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    for (const tab of desk.tabs) if (!tab.over) tab.connect();
    if (!section.hidden) desk.active?.term.focus();
  });
  const wanted = JSON.parse(sessionStorage.getItem("terminals") || "[]");
  const living = wanted.length ? await get("/api/terminal") : [];
  for (const name of wanted) if (living.some((other) => other.terminal === name)) open(name);
  return { enter() { if (!desk.tabs.length) open(); else desk.select(desk.active); } };
}
