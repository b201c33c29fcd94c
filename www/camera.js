// Camera: the live picture, the controls, a snapshot.

import { ask, attempt, get, h } from "./app.js";

const LABELS = { vflip: "Upside down", hmirror: "Mirrored" };
const WORDS = { special_effect: ["None", "Negative", "Grey", "Red", "Green", "Blue", "Sepia"], wb_mode: ["Automatic", "Sunny", "Cloudy", "Office", "Home"] };
const FIRST = 9; // always shown

export function view(section) {
  const image = h("img", { alt: "The camera's picture", onerror: failed });
  const form = h("form", { class: "card", onsubmit: (event) => event.preventDefault() });
  const play = h("button", { onclick: () => (image.hasAttribute("src") ? stop() : start()) });
  section.append(h("div", { class: "head" }, h("h1", {}, "Camera"), play, h("a", { class: "button", href: "/capture.jpg", download: "capture.jpg" }, "Snapshot"),
    h("button", { onclick: () => reset() }, "Defaults")), h("div", { class: "camera" }, h("figure", {}, image), form));
  let here = false;

  function start() { image.src = `/stream?${Date.now()}`; play.textContent = "Pause"; }
  function stop() { image.removeAttribute("src"); play.textContent = "Play"; }
  function failed() {
    if (!image.hasAttribute("src")) return;
    stop();
    attempt(() => ask("/capture.jpg")); // tells why
  }
  document.addEventListener("visibilitychange", () => { if (here) (document.hidden ? stop : start)(); });

  const set = (json) => attempt(async () => show(await (await ask("/api/camera", { method: "PATCH", json })).json()));
  const reset = () => set(Object.fromEntries([...form.querySelectorAll("[name]")].map((field) => [field.name, null])));

  function field({ name, value, least, most }) {
    const label = LABELS[name] || name[0].toUpperCase() + name.slice(1).replace("_", " ");
    const words = WORDS[name] || (Array.isArray(least) ? least : null);
    if (words) {
      const select = h("select", { name, onchange: () => set({ [name]: least === words ? select.value : Number(select.value) }) }, words.map((word, i) => h("option", { value: least === words ? word : String(i) }, word)));
      select.value = String(value);
      return h("label", { class: "row" }, label, select);
    }
    if (least === 0 && most === 1) return h("label", { class: "row" }, label, h("input", { type: "checkbox", name, checked: value === 1, onchange: (event) => set({ [name]: Number(event.target.checked) }) }));
    const text = h("output", {}, String(value));
    const range = h("input", { type: "range", name, min: String(least), max: String(most), value: String(value), oninput: () => { text.textContent = range.value; }, onchange: () => set({ [name]: Number(range.value) }) });
    return h("label", { class: "row" }, label, h("span", { class: "row" }, range, text));
  }

  function show(found) {
    const open = form.querySelector("details")?.open || false;
    const fields = found.controls.map(field);
    form.replaceChildren(field({ name: "frame_size", value: found.frame_size, least: found.sizes }), ...fields.slice(0, FIRST),
      h("details", { open }, h("summary", {}, "More"), ...fields.slice(FIRST)));
  }

  return {
    async enter() { here = true; start(); show(await get("/api/camera")); },
    leave() { here = false; stop(); },
  };
}
