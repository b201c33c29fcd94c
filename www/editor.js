// The editor: text with line numbers and colors for Python, shell and JSON. It notices when somebody else changes the file.

import { address, ask, attempt, confirm, dialog, h, icon, toast, upload, url } from "./app.js";

const PYTHON = "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(" ");
const PYTHON_NAMES = "print len range open str int float bytes list dict set tuple self super isinstance enumerate zip min max sum sorted proc const".split(" ");
const SHELL = "if then elif else fi for while until do done case esac in function return exit break continue local export unset readonly goto skip shift trap".split(" ");
const SHELL_NAMES = "echo cd read printf test set source eval exec alias run wait kill".split(" ");

const rules = (words, names, text) => [new RegExp(text + `|\\b(?<n>0[xXbo][\\da-fA-F]+|\\d+\\.?\\d*)\\b|\\b(?<w>[A-Za-z_]\\w*)\\b`, "g"), new Set(words), new Set(names)];
const KINDS = {
  py: rules(PYTHON, PYTHON_NAMES, `(?<c>#[^\\n]*)|(?<s>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?))|(?<b>@[\\w.]+)`),
  sh: rules(SHELL, SHELL_NAMES, `(?<c>(?<![^\\s;])#[^\\n]*)|(?<s>"(?:\\\\.|[^"\\\\])*"?|'[^']*'?)|(?<b>\\$(?:\\w+|[?$!#@*]|\\{[^}]*\\}?))`),
  json: rules(["true", "false", "null"], [], `(?<b>"(?:\\\\.|[^"\\\\\\n])*"(?=\\s*:))|(?<s>"(?:\\\\.|[^"\\\\\\n])*"?)|(?<c>\\b\\B)`),
};
const ENDINGS = { py: "py", sh: "sh", json: "json", conf: "json", board: "json" };

function kindOf(path, text) {
  const ending = path.split("/").at(-1).split(".").at(-1);
  if (text.startsWith("{")) return "json";
  if (/^#!.*sh/.test(text) || path.endsWith("profile") || path.includes("/services/")) return "sh";
  return ENDINGS[ending] ?? null;
}

/** A text as nodes: spans with the class of their token. */
function colored(text, kind) {
  if (!kind || text.length > 60_000) return [text];
  const [pattern, words, names] = KINDS[kind], nodes = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const { c, s, n, b, w } = match.groups;
    const name = c ? "t-c" : s ? "t-s" : n ? "t-n" : b ? "t-b" : words.has(w) ? "t-k" : names.has(w) ? "t-b" : null;
    if (!name) continue;
    nodes.push(text.slice(at, match.index), h("span", { class: name }, match[0]));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

export class Editor {
  constructor(path, pane) {
    this.path = path;
    this.pane = pane;
    this.saved = "";
    this.etag = null;
  }

  /** Read the file; false if it is not text, because saving would change it. */
  async read() {
    const response = await ask(url(this.path)), data = await response.arrayBuffer();
    let text;
    try { text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data); } catch { return false; }
    if (text.includes("\0")) return false;
    this.etag = response.headers.get("ETag");
    this.end = text.includes("\r\n") ? "\r\n" : "\n"; // a textarea uses only the second
    this.saved = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
    return true;
  }

  async open() {
    if (!(await this.read())) return false;
    this.kind = kindOf(this.path, this.saved);
    this.lines = h("div", { class: "lines", "aria-hidden": "true" });
    this.shown = h("pre", { "aria-hidden": "true" });
    this.text = h("textarea", { spellcheck: "false", autocapitalize: "none", autocomplete: "off", wrap: "off", "aria-label": this.path, oninput: () => this.draw(), onkeydown: (event) => this.key(event) });
    this.text.value = this.saved;
    this.button = h("button", { class: "primary", onclick: () => this.save() }, icon("save"), "Save");
    this.mark = h("span", { class: "dim" });
    this.pane.replaceChildren(h("div", { class: "head" }, h("a", { class: "button", "aria-label": "Back to the directory", href: address(this.path.slice(0, this.path.lastIndexOf("/")) || "/") }, icon("back")),
      h("h1", { class: "mono" }, this.path), this.mark, this.button), h("div", { class: "card code" }, this.lines, h("div", { class: "both" }, this.shown, this.text)));
    this.draw();
    this.guard = (event) => { if (this.changed && !this.pane.hidden) event.preventDefault(); };
    addEventListener("beforeunload", this.guard);
    return true;
  }

  /** Set the focus; the pane must be visible already. */
  focus() {
    this.text.focus();
    this.text.setSelectionRange(0, 0);
  }

  get changed() { return this.text.value !== this.saved; }

  draw() {
    const text = this.text.value, count = text.split("\n").length;
    this.shown.replaceChildren(...colored(text, this.kind), "\n");
    if (count !== this.count) { this.count = count; this.lines.textContent = Array.from({ length: count }, (_, i) => i + 1).join("\n"); }
    this.mark.textContent = this.changed ? "not saved" : "";
    this.button.disabled = !this.changed;
  }

  key(event) {
    const area = this.text;
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); this.save(); }
    if (event.key === "Escape") { this.free = true; return; } // then Tab leaves the text, for users without a mouse
    if (event.key === "Tab" && !this.free && !event.shiftKey && !event.ctrlKey && !event.altKey) { event.preventDefault(); document.execCommand("insertText", false, "    "); }
    if (event.key === "Enter" && !event.ctrlKey) {
      const line = area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
      const indent = line.match(/^[ \t]*/)[0] + (this.kind === "py" && line.trimEnd().endsWith(":") ? "    " : "");
      if (indent) { event.preventDefault(); document.execCommand("insertText", false, "\n" + indent); }
    }
    this.free = false;
  }

  async save(over = false) {
    const text = this.text.value;
    this.button.disabled = true;
    try {
      this.etag = await upload(this.path, text.replaceAll("\n", this.end), { headers: over || !this.etag ? {} : { "If-Match": this.etag } });
      this.saved = text;
      toast("Saved");
    } catch (error) {
      if (error.status === 412) await this.conflict(); else toast(`${this.path} is not saved: ${error.message}`, true, 6000);
    }
    this.draw();
  }

  async conflict() {
    const found = await dialog("Changed meanwhile", `Somebody else has written ${this.path} since it was opened here.`, [], [["reload", "Take theirs"], ["mine", "Keep mine", "primary"]]);
    if (found?.action === "mine") await this.save(true);
    if (found?.action === "reload") {
      await attempt(async () => {
        if (await this.read()) this.text.value = this.saved; else toast(`${this.path} is no text any more.`, true, 6000);
      });
    }
  }

  /** Whether the editor may be closed. */
  async leave() {
    if (this.changed && !(await confirm("Leave without saving?", `${this.path} has been changed.`, "Leave"))) return false;
    removeEventListener("beforeunload", this.guard);
    return true;
  }
}
