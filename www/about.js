// About: the system, and other ways to reach the board.

import { get, h } from "./app.js";

export function view(section) {
  const facts = h("dl");
  section.append(h("div", { class: "head" }, h("h1", {}, "About")), h("div", { class: "cards" },
    h("div", { class: "card" }, h("h2", {}, "This board"), facts),
    h("div", { class: "card" }, h("h2", {}, "Diatom"), h("p", {}, "A POSIX-like shell operating system for microcontrollers, written in MicroPython. Under the MIT license. A diatom is a microscopic organism that lives in a shell of silica."), h("p", { class: "dim", style: "margin-top:.7rem" }, "With microdot by Miguel Grinberg and xterm.js by its authors, both under the MIT license.")),
    h("div", { class: "card" }, h("h2", {}, "For programs"), h("dl", {}, [["/api/openapi.json", "the JSON API"], ["/fs/", "files, as CircuitPython's web workflow has them"], ["/metrics", "for Prometheus"]].flatMap(([href, text]) => [h("dt", {}, h("a", { href }, href)), h("dd", {}, text)]))),
    h("div", { class: "card" }, h("h2", {}, "Keys"), h("dl", {}, [["Ctrl-S", "saves in the editor"], ["Esc, Tab", "leaves the editor's text"], ["F2, Delete", "rename and delete a file"]].flatMap(([key, text]) => [h("dt", { class: "mono" }, key), h("dd", {}, text)])))));
  return { async enter() {
    const s = await get("/api/status"), v = await get("/cp/version.json");
    facts.replaceChildren(...[["Host name", s.hostname], ["Board", v.board_name], ["Machine", s.machine], ["Diatom", s.version], ["MicroPython", s.micropython], ["Platform", s.platform]].flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value || "–")]));
  } };
}
