// Camera: the live picture, the controls, a snapshot.

import { ask, attempt, get, h } from "./app.js";

const LABELS = { frame_size: "Frame size", quality: "Quality", special_effect: "Effect", vflip: "Upside down", hmirror: "Mirrored", wb_mode: "Light",
  whitebal: "White balance", awb_gain: "White balance gain", exposure_ctrl: "Automatic exposure", aec2: "Night mode", ae_level: "Exposure level", aec_value: "Exposure",
  gain_ctrl: "Automatic gain", agc_gain: "Gain", gainceiling: "Gain ceiling", lenc: "Lens correction", bpc: "Black pixels", wpc: "White pixels",
  raw_gma: "Gamma", dcw: "Downsize", colorbar: "Test picture", settle: "Frames to settle" };
const WORDS = { special_effect: ["None", "Negative", "Grey", "Red", "Green", "Blue", "Sepia"], wb_mode: ["Automatic", "Sunny", "Cloudy", "Office", "Home"],
  gainceiling: ["2x", "4x", "8x", "16x", "32x", "64x", "128x"] };
const FIRST = 9; // controls that are always shown

export function view(section) {
  document.head.append(h("link", { rel: "stylesheet", href: "camera.css" }));
  const image = h("img", { alt: "The camera's picture", onerror: failed }), note = h("p", { class: "error", role: "alert", hidden: true });
  const form = h("form", { class: "card", onsubmit: (event) => event.preventDefault() });
  const play = h("button", { onclick: () => (image.hasAttribute("src") ? stop() : start()) });
  section.append(h("div", { class: "head" }, h("h1", {}, "Camera"), play, h("a", { class: "button", href: "/capture.jpg", download: "capture.jpg" }, "Snapshot"),
    h("button", { onclick: () => attempt(reset) }, "Defaults")), note, h("div", { class: "camera" }, h("figure", {}, image), form));
  let here = false;

  function start() { note.hidden = true; image.src = `/stream?${Date.now()}`; play.textContent = "Pause"; }
  function stop() { image.removeAttribute("src"); play.textContent = "Play"; }
  function failed() {
    if (!image.hasAttribute("src")) return;
    stop();
    attempt(() => ask("/capture.jpg")).then(() => { note.textContent = "The stream has ended."; note.hidden = false; }); // or the board's reason
  }
  document.addEventListener("visibilitychange", () => { if (here) (document.hidden ? stop : start)(); });

  const change = (name, value) => attempt(async () => show(await (await ask("/api/camera", { method: "PATCH", json: { [name]: value } })).json()), LABELS[name] || name);
  const reset = async () => {
    const names = [...form.querySelectorAll("[name]")].map((field) => [field.name, null]);
    show(await (await ask("/api/camera", { method: "PATCH", json: Object.fromEntries(names) })).json());
  };

  function field({ name, value, least, most }) {
    const label = LABELS[name] || name[0].toUpperCase() + name.slice(1);
    const words = WORDS[name] || (Array.isArray(least) ? least : null);
    if (words) {
      const select = h("select", { name, onchange: () => change(name, least === words ? select.value : Number(select.value)) }, words.map((word, i) => h("option", { value: least === words ? word : String(i) }, word)));
      select.value = String(value);
      return h("label", { class: "row" }, label, select);
    }
    if (least === 0 && most === 1) return h("label", { class: "row" }, label, h("input", { type: "checkbox", name, checked: value === 1, onchange: (event) => change(name, Number(event.target.checked)) }));
    const text = h("output", {}, String(value));
    const range = h("input", { type: "range", name, min: String(least), max: String(most), value: String(value), oninput: () => { text.textContent = range.value; }, onchange: () => change(name, Number(range.value)) });
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
